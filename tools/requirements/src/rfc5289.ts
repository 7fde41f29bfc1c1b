import { both, type Register, section, withAdvice } from "./register.ts";

/** Elliptic curves with SHA-256, SHA-384 and AES-GCM. */
export const rfc5289: Register = {
  rfc: 5289,
  title: "elliptic curves with SHA-2 and AES-GCM in TLS 1.2",
  extent: "sections 3 to 5",
  counted: withAdvice,
  keyWords: 2,
  sections: [
    section("3.1", "HMAC-Based Cipher Suites", 1, [
      both("prf", [1], "has the PRF of SHA-256 with SHA256's suites, of SHA-384 with SHA384's"),
    ]),
    section("3.2", "Galois Counter Mode-Based Cipher Suites", 1, [
      both("prf", [1], "has the PRF of SHA-256 with SHA256's suites, of SHA-384 with SHA384's"),
    ]),
  ],
  contents: "1 2 3 3.1 3.2 4 5 6 7 7.1 7.2".split(" "),
};
