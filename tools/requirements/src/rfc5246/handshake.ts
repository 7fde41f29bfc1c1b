import {
  absent,
  application,
  both,
  byChoice,
  client,
  notOffered,
  others,
  repeated,
  type Section,
  section,
  server,
  untestable,
} from "../register.ts";

const noStaticKeys = notOffered("no key exchange here uses a certificate's own Diffie-Hellman key");
const noDsa = notOffered("there is no DSA");

/** What §7.3 to §9 demand: messages, in the order in which they are sent. */
export const handshake: readonly Section[] = [
  section("7.3", "Handshake Protocol Overview", 4, [
    others([1], "who defines key exchanges"),
    client("certificate-sent", [2], "answers a CertificateRequest with a Certificate"),
    both("no-early-data", [3], "sends no application data before the first handshake is complete"),
    both("abbreviated", [4], "when a session is resumed goes on with ChangeCipherSpec and Finished"),
  ]),
  section("7.4", "Handshake Protocol", 2, [
    both("order", [1], "sends messages in the RFC's order, and ends at one that isn't in it"),
    client("hello-request-ignored", [2], "should pass over a HelloRequest in the middle of a handshake"),
  ]),
  section("7.4.1.1", "Hello Request", 3, [
    server(
      "not-at-once",
      [1],
      "should send no HelloRequest as soon as a client has connected",
      absent("no server here sends one"),
    ),
    server(
      "not-repeated",
      [2],
      "should send no second HelloRequest before the handshake",
      absent("no server here sends one"),
    ),
    both("not-hashed", [3], "leaves HelloRequest out of the transcript"),
  ]),
  section("7.4.1.2", "Client Hello", 7, [
    server("session-id", [1], "puts nothing confidential into session identifiers, and is safe from invented ones"),
    server("unknown-suites", [2], "passes over cipher suites that it doesn't know or want"),
    client("version", [3], "should say the latest version that it has"),
    client("session-suite", [4, 5], "offers the cipher suite and the compression method of a session that it offers"),
    both("null-compression", [6], "offers and has the null compression method"),
    server("format", [7], "takes a hello with or without extensions, and answers any other length with decode_error"),
  ]),
  section("7.4.1.3", "Server Hello", 2, [
    server("random", [1], "makes its random independently of the client's"),
    client("full-handshake", [2], "bears a full handshake where it offered a session"),
  ]),
  section("7.4.1.4", "Hello Extensions", 4, [
    server("extensions-sent", [1], "sends only extensions that the client sent"),
    client("extensions-checked", [2], "answers an extension that it didn't send with unsupported_extension"),
    both("no-duplicates", [3], "sends no two extensions of a type"),
    client("extensions-with-session", [4], "should send the same extensions with a session as without"),
  ]),
  section("7.4.1.4.1", "Signature Algorithms", 6, [
    client("anonymous", [1], "doesn't list anonymous signatures"),
    client("sent", [2], "sends signature_algorithms with all that it accepts"),
    server(
      "left-out",
      [3],
      "takes SHA-1 where a client sends no signature_algorithms",
      byChoice("such a hello is refused: RFC 9155 §2 has every client send them"),
    ),
    client(
      "versions",
      [4],
      "sends signature_algorithms only if it offers TLS 1.2 or later",
      absent("no version here is older"),
    ),
    server("not-sent", [5], "sends no signature_algorithms"),
    server("taken", [6], "takes signature_algorithms"),
  ]),
  section("7.4.2", "Server Certificate", 15, [
    server("sent", [1], "sends a Certificate if the key exchange has certificates"),
    server("key-exchange", [2, 6], "sends a certificate whose key fits key exchange and extensions"),
    server("own-first", [3], "puts its own certificate first"),
    server(
      "order",
      [4],
      "puts each certificate behind the one that it certifies",
      application("it gives its chain in this order; only the first certificate is looked at"),
    ),
    server("x509", [5], "sends X.509v3 certificates"),
    server("rsa-encryption", [7], "for RSA and RSA_PSK has an RSA key that may encrypt"),
    server("rsa-signing", [8], "for DHE_RSA and ECDHE_RSA has an RSA key that may sign"),
    server("dsa", [9], "for DHE_DSS has a DSA key that may sign", noDsa),
    server(
      "static-keys",
      [10, 11],
      "for static key exchanges has a key that may agree, on a curve of the client's",
      noStaticKeys,
    ),
    server("ecdsa", [12, 13], "for ECDHE_ECDSA has an ECDSA key that may sign, on a curve of the client's"),
    server(
      "signatures",
      [14],
      "sends certificates that are signed by what signature_algorithms lists",
      byChoice("such a chain is preferred, and where there is none another is shown, as in TLS 1.3"),
    ),
    server("single", [15], "should check this of its only certificate as well"),
  ]),
  section("7.4.3", "Server Key Exchange Message", 4, [
    others([1], "who defines key exchanges"),
    server("algorithm-offered", [2], "signs by what signature_algorithms lists"),
    server("suites-checked", [3], "takes no cipher suite for which it can't sign so"),
    server("algorithm-of-key", [4], "signs by what its certificate's key can do"),
  ]),
  section("7.4.4", "Certificate Request", 3, [
    client(
      "signatures",
      [1],
      "sends certificates that are signed by what supported_signature_algorithms lists",
      byChoice("such a chain is preferred, and where there is none another is shown, as in TLS 1.3"),
    ),
    client("types", [2], "sends a certificate with a key of certificate_types"),
    client("key", [3], "sends one whose key can sign by what is listed"),
  ]),
  section("7.4.5", "Server Hello Done", 1, [
    client("checked", [1], "should check certificate and parameters once ServerHelloDone has come"),
  ]),
  section("7.4.6", "Client Certificate", 10, [
    client("empty", [1], "without a fitting certificate sends an empty list"),
    client("key-exchange", [2], "sends a certificate that fits key exchange and extensions"),
    client("x509", [3], "sends X.509v3 certificates"),
    client("rsa", [4], "for rsa_sign has an RSA key that may sign"),
    client("dsa", [5], "for dss_sign has a DSA key that may sign", noDsa),
    client("ecdsa", [6], "for ecdsa_sign has an ECDSA key that may sign, on a curve of the server's"),
    client("static-keys", [7, 8], "for static key exchanges has a key with the server's parameters", noStaticKeys),
    client("authorities", [9], "should send a chain from one of certificate_authorities"),
    repeated(10, "7.4.4#signatures"),
  ]),
  section("7.4.7", "Client Key Exchange Message", 3, [
    client("position", [1, 2], "sends ClientKeyExchange behind its Certificate, or else first after ServerHelloDone"),
    client("static-keys", [3], "sends an empty one with a certificate for static Diffie-Hellman", noStaticKeys),
  ]),
  section("7.4.7.1", "RSA-Encrypted Premaster Secret Message", 9, [
    client("version-sent", [1], "puts the version of its hello into the secret"),
    server("version-checked", [2], "checks this version"),
    server("older-version-checked", [3], "should check it of TLS 1.0 too"),
    server(
      "no-oracle",
      [4, 5, 6, 7],
      "goes on with a random secret where anything is wrong, and sends no alert for it",
    ),
    both("length", [8], "puts the length in front of the encrypted secret"),
    server(
      "blinding",
      [9],
      "blinds the RSA operation, or hides its time otherwise",
      untestable("it is libcrypto that blinds; other providers have no RSA for servers"),
    ),
  ]),
  section("7.4.7.2", "Client Diffie-Hellman Public Value", 1, [
    client("static-keys", [1], "sends an empty one where its certificate has the key", noStaticKeys),
  ]),
  section("7.4.8", "Certificate Verify", 3, [
    client("position", [1], "sends CertificateVerify behind ClientKeyExchange"),
    client("algorithm-listed", [2], "signs by what supported_signature_algorithms lists"),
    client("algorithm-of-key", [3], "signs by what its certificate's key can do"),
  ]),
  section("7.4.9", "Finished", 4, [
    both("checked", [1], "verifies the peer's Finished"),
    both("hash", [2], "hashes the messages by the PRF's hash"),
    others([3, 4], "who defines cipher suites"),
  ]),
  section("9", "Mandatory Cipher Suites", 1, [
    both(
      "cipher-suite",
      [1],
      "has TLS_RSA_WITH_AES_128_CBC_SHA",
      byChoice("it is there for whoever lists it: it has no forward secrecy (RFC 9325 §4.2.1)"),
    ),
  ]),
];
