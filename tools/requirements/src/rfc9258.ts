import { application, both, notOffered, type Register, section, withAdvice } from "./register.ts";

/** The importer of pre-shared keys from outside. */
export const rfc9258: Register = {
  rfc: 9258,
  title: "importing pre-shared keys",
  extent: "sections 4 to 10",
  counted: withAdvice,
  keyWords: 13,
  sections: [
    section("4", "Overview", 2, [
      both("importer-alone", [1], "uses a key that is imported, and what is made of it, for nothing else"),
      both("one-hash", [2], "has one hash at most for a key that is imported"),
    ]),
    section("5.1", "External PSK Diversification", 8, [
      both("tls13-alone", [1], "imports no key for TLS 1.2 and earlier"),
      both(
        "context",
        [2],
        "has in the context whatever determined the key",
        application("where a key comes from is known to who has it"),
      ),
      both(
        "channel-binding",
        [3],
        "has in it a channel binding of the protocols that the key comes of",
        application("where a key comes from is known to who has it"),
      ),
      both("target-protocol", [4], "names the version that the key is imported for"),
      both("length", [5], "should refuse an identity that is too long for the extension"),
      both("hash", [6], "should take SHA-256 for a key without a hash"),
      both("each-suite", [7], "should import a key for each hash of the cipher suites"),
      both(
        "early-data",
        [8],
        "has what early data depends on beside a key that is imported for it",
        notOffered("there is no early data with keys from outside"),
      ),
    ]),
    section("8", "Security Considerations", 1, [
      both("versions-apart", [1], "should have other keys for TLS 1.2 and earlier"),
    ]),
    section("9", "Privacy Considerations", 1, [
      both(
        "nothing-sensitive",
        [1],
        "should put nothing sensitive into the context",
        application("what the context says is up to who gives it"),
      ),
    ]),
  ],
  contents: "1 2 3 4 5 5.1 5.2 6 7 8 9 10 11 11.1 11.2 A".split(" "),
};
