import { application, both, client, others, repeated, type Section, section, server } from "../register.ts";

/** What §7 to §9 demand. */
export const compliance: readonly Section[] = [
  section("7.4.2", "Elliptic Curve Diffie-Hellman", 2, [
    both("leading-zeros", [1], "keeps the leading zeros of a shared secret"),
    both("all-zero", [2], "ends at an all-zero shared secret"),
  ]),
  section("7.5", "Exporters", 2, [
    both("exporter-secret", [1], "exports from exporter_secret unless the application asks for the early one"),
    others([2], "who defines uses of exporters"),
  ]),
  section("8", "0-RTT and Anti-Replay", 3, [
    client(
      "replay-safe",
      [1],
      "sends early data only if a replay does no harm",
      application("only it knows what a replay would do"),
    ),
    server("at-most-once", [2], "accepts the same early data at most once an instance"),
    both(
      "replays-elsewhere",
      [3],
      "bears replays to other instances",
      application("TLS can prevent none across instances"),
    ),
  ]),
  section("8.2", "Client Hello Recording", 2, [
    server("false-positives", [1], "with a store that may err refuses early data, and doesn't end the handshake"),
    server("storage-key", [2], "makes the storage key only of what it has validated"),
  ]),
  section("9.1", "Mandatory-to-Implement Cipher Suites", 3, [
    both("cipher-suite", [1], "has TLS_AES_128_GCM_SHA256"),
    both("signatures", [2], "has rsa_pkcs1_sha256 for certificates, rsa_pss_rsae_sha256, ecdsa_secp256r1_sha256"),
    both("group", [3], "has secp256r1"),
  ]),
  section("9.2", "Mandatory-to-Implement Extensions", 13, [
    both(
      "extensions",
      [1, 2],
      "has supported_versions, cookie, signature_algorithms, signature_algorithms_cert, supported_groups, key_share, server_name",
    ),
    repeated(3, "4.2.3#version-sent", "4.2.4#version-sent", "4.3.1#sent"),
    repeated(4, "4.3.3#sent"),
    client("sent-together", [5, 6, 9, 10, 11], "sends signature_algorithms, supported_groups and key_share"),
    both("psk-extensions", [7, 8], "sends pre_shared_key and psk_key_exchange_modes for PSKs"),
    server("missing-checked", [12], "answers a ClientHello without what it needs with missing_extension"),
    both("server-name", [13], "can use server_name"),
  ]),
  section("9.3", "Protocol Invariants", 9, [
    others([1, 2], "headings: what follows says it"),
    client("supports-offers", [3], "can do everything that it offers"),
    repeated(4, "4.2.2#unknown-suites", "4.2.2#unknown-extensions", "4.3.1#versions-known"),
    repeated(5, "4.4.2#unknown-extensions", "4.7.1#unknown-extensions"),
    others([6, 7, 8, 9], "middleboxes"),
  ]),
];
