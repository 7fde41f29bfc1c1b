import { both, client, notOffered, others, type Register, repeated, section, server, withAdvice } from "./register.ts";

const noAnonymous = notOffered("there are no anonymous suites of elliptic curves");

/** Elliptic curves before TLS 1.3. */
export const rfc8422: Register = {
  rfc: 8422,
  title: "elliptic curves in TLS 1.2",
  extent: "sections 2 to 6",
  counted: withAdvice,
  keyWords: 52,
  sections: [
    section("2", "Key Exchange Algorithm", 1, [others([1], "applications that use ECDH_anon")]),
    section("2.1", "ECDHE_ECDSA", 2, [
      server("key", [1], "for ECDHE_ECDSA has a certificate with an ECDSA or EdDSA key"),
      server("signed", [2], "signs its parameters with this key"),
    ]),
    section("2.2", "ECDHE_RSA", 1, [
      server(
        "key",
        [1],
        "for ECDHE_RSA has a certificate with an RSA key that may sign, and signs its parameters with it",
      ),
    ]),
    section("2.3", "ECDH_anon", 3, [
      both("no-certificates", [1], "sends neither certificates nor signatures in ECDH_anon", noAnonymous),
      server("parameters", [2, 3], "sends its parameters unsigned", noAnonymous),
    ]),
    section("3", "Client Authentication", 2, [
      client("empty", [1], "should send an empty Certificate if it has none that fits"),
      client("no-verify", [2], "goes on with ClientKeyExchange then, and without CertificateVerify"),
    ]),
    section("3.1", "ECDSA_sign", 1, [
      client("key", [1], "for ECDSA_sign has a certificate with an ECDSA or EdDSA key"),
    ]),
    section("4", "TLS Extensions for ECC", 3, [
      client("sent", [1], "should send supported_groups and ec_point_formats with suites of elliptic curves"),
      server("respected", [2], "takes such a suite only if it can do with the client's curves"),
      client("not-sent", [3], "sends neither without such suites"),
    ]),
    section("5.1", "Client Hello Extensions", 6, [
      repeated(1, "4#sent"),
      repeated(2, "4#sent"),
      client("uncompressed", [3], "lists uncompressed in ec_point_formats"),
      server("considered", [4, 5], "chooses the suite by both extensions"),
      repeated(6, "4#respected"),
    ]),
    section("5.1.2", "Supported Point Formats Extension", 3, [
      both("uncompressed-alone", [1], "has uncompressed points, and no others"),
      server("checked", [2], "answers ec_point_formats without uncompressed with illegal_parameter"),
      client("octets", [3], "sends uncompressed alone"),
    ]),
    section("5.2", "Server Hello Extension", 2, [
      server("uncompressed", [1], "lists uncompressed, if it sends ec_point_formats"),
      client("respected", [2], "keeps to the point formats that the server chose"),
    ]),
    section("5.3", "Server Certificate", 4, [
      repeated(1, "5.9#rfc3279", "5.9#rfc8410"),
      repeated(2, "2.1#key", "2.2#key"),
      server("curve", [3, 4], "takes such a suite only with a key on one of the client's curves"),
    ]),
    section("5.4", "Server Key Exchange", 1, [
      server("eddsa", [1], "encodes an EdDSA signature as itself, not as ECDSA's two numbers"),
    ]),
    section("5.6", "Client Certificate", 1, [repeated(1, "3.1#key")]),
    section("5.9", "Elliptic Curve Certificates", 5, [
      both("rfc3279", [1], "has elliptic keys and ECDSA signatures in certificates as RFC 3279 says"),
      both("rfc8410", [2], "has EdDSA keys and signatures in certificates as RFC 8410 says"),
      client("curves", [3], "should use the curves of standards"),
      both("eddsa", [4, 5], "uses EdDSA keys for their own algorithm alone"),
    ]),
    section("5.10", "ECDH, ECDSA, and RSA Computations", 7, [
      both("leading-zeros", [1], "keeps the leading zeros of a shared secret"),
      both("all-zero", [2], "ends at an all-zero secret of X25519"),
      both("ecdsa", [3], "computes ECDSA as X9.62 says"),
      both("hash", [4], "signs by a secure hash"),
      both("eddsa", [5, 6], "computes EdDSA as RFC 8032 says, with an empty context"),
      both("intrinsic", [7], "says 8 as the hash of EdDSA"),
    ]),
    section("5.11", "Public Key Validation", 3, [
      both("on-curve", [1, 2], "checks that the peer's point lies on the curve"),
      both("all-zero", [3], "ends at an all-zero secret of X25519 and X448"),
    ]),
    section("6", "Cipher Suites", 1, [
      server("suites", [1], "should have the suites of ECDHE with AES-GCM and AES-CBC"),
      client("suite", [1], "should have one of these"),
    ]),
  ],
  contents:
    "1 1.1 2 2.1 2.2 2.3 2.4 3 3.1 4 5 5.1 5.1.1 5.1.2 5.1.3 5.2 5.3 5.4 5.4.1 5.5 5.6 5.7 5.8 5.9 5.10 5.11 6 7 8 9 10 10.1 10.2 A B".split(
      " ",
    ),
};
