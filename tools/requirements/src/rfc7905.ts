import { both, type Register, section } from "./register.ts";

/** ChaCha20-Poly1305 in TLS 1.2. It has no key words. */
export const rfc7905: Register = {
  rfc: 7905,
  title: "ChaCha20-Poly1305 in TLS 1.2",
  extent: "section 2",
  counted: "rules without key words (how the nonce is formed, that no part of it is sent, which PRF it is)",
  keyWords: 4,
  sections: [
    section("2", "ChaCha20 Cipher Suites", 4, [
      both("nonce", [1, 2], "puts the record's number over an IV of twelve bytes out of the key block"),
      both("nothing-explicit", [3], "sends no part of the nonce"),
      both("prf", [4], "has the PRF of SHA-256"),
    ]),
  ],
  contents: "1 2 3 4 5 5.1 5.2".split(" "),
};
