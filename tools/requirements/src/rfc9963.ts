import { both, client, type Register, section, server, withAdvice } from "./register.ts";

/** PKCS#1 v1.5 for clients of TLS 1.3 whose keys can do nothing else. */
export const rfc9963: Register = {
  rfc: 9963,
  title: "PKCS#1 v1.5 for client certificates in TLS 1.3",
  extent: "sections 3 and 4",
  counted: withAdvice,
  keyWords: 8,
  sections: [
    section("3", "PKCS#1 v1.5 SignatureScheme Types", 5, [
      client("not-offered", [1], "doesn't list these schemes in its ClientHello"),
      client("not-taken", [2], "takes no server's CertificateVerify by them"),
      server("asked-for", [3], "takes them only if its CertificateRequest lists them"),
      client("pss-first", [4], "should not use them with a key that can do RSASSA-PSS"),
      both("off", [5], "should have them off by default"),
    ]),
    section("4", "Security Considerations", 3, [
      both("rfc8017", [1], "makes and verifies these signatures as RFC 8017 §8.2 says"),
      client("null-parameters", [2], "says NULL for the hash's parameters, in DER"),
      server("encoding-checked", [3], "refuses any other encoding"),
    ]),
  ],
  contents: "1 2 3 4 5 6 6.1 6.2".split(" "),
};
