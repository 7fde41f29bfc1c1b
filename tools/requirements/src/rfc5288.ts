import { both, client, notOffered, type Register, section, server, withAdvice } from "./register.ts";

const oneProcessor = notOffered("one sequence counts the records of a direction");

/** AES-GCM in TLS 1.2. */
export const rfc5288: Register = {
  rfc: 5288,
  title: "AES-GCM in TLS 1.2",
  extent: "sections 3 to 6",
  counted: withAdvice,
  keyWords: 11,
  sections: [
    section("3", "AES-GCM Cipher Suites", 4, [
      both("nonce", [1], "makes nonces of four bytes of the key block and eight that stand in the record"),
      both("distinct", [2], "takes no explicit nonce twice with a key"),
      both("prf", [3], "has the PRF of SHA-256 with SHA256's suites, of SHA-384 with SHA384's"),
      both("bad-record-mac", [4], "answers every failure with bad_record_mac"),
    ]),
    section("4", "TLS Versions", 4, [
      server("version", [1, 3], "takes these suites in TLS 1.2 alone"),
      client("offered-version", [2], "offers them only if it offers TLS 1.2 or later"),
      client("version-checked", [4], "answers them in an older version with illegal_parameter"),
    ]),
    section("6.2", "Recommendations for Multiple Encryption Processors", 3, [
      both("processors", [1, 2, 3], "keeps several processors from the same nonce", oneProcessor),
    ]),
  ],
  contents: "1 2 3 4 5 6 6.1 6.2 7 8 8.1 8.2".split(" "),
};
