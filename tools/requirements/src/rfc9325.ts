import {
  absent,
  application,
  both,
  byChoice,
  client,
  others,
  type Register,
  repeated,
  section,
  server,
  withAdvice,
} from "./register.ts";

const legacy = byChoice(
  "off unless `tls11` and `tls10` of `@tlskit/tls/legacy` are listed, for old devices and diagnosis",
);
const chosen = byChoice("off by default, for peers that have nothing better");
const endsInstead = byChoice("TLS 1.2 has no new keys without a new handshake: it closes at the limit");
const upToApplication = application("it is the application's protocol");

/** What is recommended: BCP 195, with RFC 8996. */
export const rfc9325: Register = {
  rfc: 9325,
  title: "recommendations for TLS",
  extent: "sections 3 to 7",
  counted: withAdvice,
  keyWords: 85,
  sections: [
    section("3.1.1", "SSL/TLS Protocol Versions", 9, [
      both("no-ssl", [1, 2], "negotiates neither SSL 2 nor SSL 3"),
      both("no-tls10", [3], "doesn't negotiate TLS 1.0", legacy),
      both("no-tls11", [4], "doesn't negotiate TLS 1.1", legacy),
      both("tls12", [5], "has TLS 1.2"),
      both("tls13-preferred", [6], "should have TLS 1.3, and prefers it"),
      others([7], "all of TLS 1.2, which what follows is about"),
      others([8, 9], "new protocols"),
    ]),
    section("3.1.2", "DTLS Protocol Versions", 3, [others([1, 2, 3], "DTLS")]),
    section("3.1.3", "Fallback to Lower Versions", 1, [
      client(
        "no-fallback",
        [1],
        "doesn't try again with an older version",
        absent("nobody here tries again with an older version"),
      ),
    ]),
    section("3.2", "Strict TLS", 4, [others([1, 2, 3, 4], "application protocols, Web servers and administrators")]),
    section("3.3", "Compression", 1, [both("no-compression", [1], "should not compress")]),
    section("3.4", "TLS Session Resumption", 8, [
      server("protected", [1, 2], "encrypts and authenticates tickets as strongly as the connection"),
      server("keys-change", [3, 4], "changes the keys of tickets regularly, and destroys old ones"),
      server("lifetime", [5], "limits how long a ticket is valid"),
      server("session-age", [6], "should resume no session that is too old"),
      client("key-share", [7], "should send a key share where it offers a session of TLS 1.3"),
      server("psk-dhe", [8], "should take psk_dhe_ke"),
    ]),
    section("3.5", "Renegotiation in TLS 1.2", 4, [
      both("renegotiation-info", [1], "has renegotiation_info"),
      client("sent", [2], "sends it in TLS 1.2"),
      client("acknowledged", [3], "answers a server without it with handshake_failure"),
      both("extended-main-secret", [4], "has extended_main_secret"),
    ]),
    section("3.6", "Post-Handshake Authentication", 1, [
      both("multiplexed", [1], "should not ask for certificates after the handshake under HTTP/2"),
    ]),
    section("3.7", "Server Name Indication (SNI)", 4, [
      both("server-name", [1], "has server_name"),
      server(
        "unknown-name",
        [2],
        "should answer a name that it doesn't know with unrecognized_name",
        byChoice("a server shows its first certificate, as others do, unless its application refuses the name"),
      ),
      repeated(3, "3.7#unknown-name"),
      client("certificate-name", [4], "should end at a certificate of another name"),
    ]),
    section("3.8", "Application-Layer Protocol Negotiation (ALPN)", 3, [
      both("alpn", [1], "has ALPN"),
      server("nothing-in-common", [2], "without a protocol in common answers with no_application_protocol"),
      client("not-of-list", [3], "should end at a protocol that it didn't list"),
    ]),
    section("3.9", "Multi-Server Deployment", 3, [others([1, 2, 3], "service providers")]),
    section("3.10", "Zero Round-Trip Time (0-RTT) Data in TLS 1.3", 1, [
      both("replay-safe", [1], "sends and takes early data only where its protocol says when", upToApplication),
    ]),
    section("4.1", "General Guidelines", 9, [
      both(
        "no-null",
        [1],
        "negotiates no suites without encryption",
        byChoice("only what is imported as dangerous is without encryption"),
      ),
      both("no-rc4", [2], "negotiates no RC4", absent("there is none")),
      both("bits-112", [3], "negotiates no suites of less than 112 bits", absent("there are none")),
      both("bits-128", [4], "should negotiate no algorithms of less than 128 bits", chosen),
      both("no-rsa", [5], "should negotiate no suites of RSA key transport", chosen),
      both("no-static-dh", [6, 7], "should negotiate no static Diffie-Hellman", absent("there is none")),
      both("forward-secrecy", [8], "has suites of forward secrecy, and prefers them"),
      both("no-dhe", [9], "should negotiate no suites of DHE", chosen),
    ]),
    section("4.2", "Cipher Suites for TLS 1.2", 4, [
      both("suites", [1], "should have the suites of ECDHE with AES-GCM"),
      both("cbc", [2], "should use CBC only with encrypt_then_mac", chosen),
      both("p256", [3], "should use P-256 for ECDSA"),
      both(
        "deterministic",
        [4],
        "should sign by deterministic ECDSA",
        byChoice("@tlskit/crypto-noble does; OpenSSL mixes key and message into its random nonces instead"),
      ),
    ]),
    section("4.2.1", "Implementation Details", 7, [
      client(
        "first",
        [1],
        "should offer TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 first",
        byChoice("the same suite with ECDSA stands before it"),
      ),
      server("preferred", [2], "prefers it to weaker suites"),
      server(
        "stronger",
        [3],
        "should prefer stronger suites to it",
        byChoice("AES-128 is as far from being broken, and quicker"),
      ),
      both("no-mandatory-suite", [4], "should not have TLS_RSA_WITH_AES_128_CBC_SHA", chosen),
      both("supported-groups", [5], "should use supported_groups"),
      both("groups", [6], "should have secp256r1 and x25519"),
      client("uncompressed", [7], "lists uncompressed points alone"),
    ]),
    section("4.4", "Limits on Key Usage", 3, [
      both("new-keys", [1], "should make new keys near the confidentiality limit", endsInstead),
      both("integrity-limit", [2], "should close at the integrity limit"),
      both("limit", [3], "should seal at most 2^24.5 records by a key of AES-GCM"),
    ]),
    section("4.5", "Public Key Length", 5, [
      both("dh-bits", [1], "needs 2,048 bits for DHE"),
      both("curve-bits", [2], "uses no curves of less than 224 bits", absent("there are none")),
      server(
        "rsa-bits",
        [3],
        "has RSA certificates of 2,048 bits or more",
        application("who runs a server chooses its key; clients here take no shorter one"),
      ),
      both("hash", [4], "doesn't sign certificates by SHA-1 or MD5, and should by SHA-256"),
      client("asks-for-sha256", [5], "asks for SHA-256 by signature_algorithms"),
    ]),
    section("4.6", "Truncated HMAC", 1, [both("not-used", [1], "doesn't use truncated_hmac", absent("there is none"))]),
    section("7.1", "Host Name Validation", 1, [
      client(
        "indirect-name",
        [1],
        "should not take a name from an insecure look-up for the server's",
        application("it says which name it means"),
      ),
    ]),
    section("7.2.1", "Nonce Reuse in TLS 1.2", 1, [
      both("sequence-number", [1], "should take the record's number as the explicit nonce of AES-GCM"),
    ]),
    section("7.4", "Diffie-Hellman Exponent Reuse", 2, [
      both("new-exponent", [1], "should use no exponent of a finite field twice"),
      server("curve-reuse", [2], "should check points if it reuses a key of a curve"),
    ]),
    section("7.5", "Certificate Revocation", 2, [
      both("revocation", [1], "has a strategy against revoked certificates"),
      server("stapling", [2], "should staple OCSP responses"),
    ]),
  ],
  contents:
    "1 2 3 3.1 3.1.1 3.1.2 3.1.3 3.2 3.3 3.3.1 3.4 3.5 3.6 3.7 3.8 3.9 3.10 4 4.1 4.2 4.2.1 4.3 4.4 4.5 4.6 5 5.1 5.2 6 7 7.1 7.2 7.2.1 7.3 7.4 7.5 8 8.1 8.2 A".split(
      " ",
    ),
};
