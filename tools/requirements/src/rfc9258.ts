import {
  application,
  both,
  later,
  notOffered,
  others,
  type Register,
  repeated,
  section,
  withAdvice,
} from "./register.ts";

/** Pre-shared keys from outside, made for one use each. */
export const rfc9258: Register = {
  rfc: 9258,
  title: "importing pre-shared keys",
  extent: "sections 1 and 3 to 9",
  counted: withAdvice,
  keyWords: 14,
  sections: [
    section("1", "Introduction", 1, [
      both("separate", [1], "should have other keys for TLS 1.2", application("it hands out the keys")),
    ]),
    section("4", "Overview", 2, [
      both("no-other-use", [1], "uses a key that it imports for nothing else, nor what comes of it"),
      both("one-hash", [2], "goes with one hash for each key"),
    ]),
    section("5.1", "External PSK Diversification", 8, [
      both("tls13-alone", [1], "imports no key for TLS 1.2 and earlier", later("tls12")),
      both("context", [2], "puts the context, if there is one, into ImportedIdentity"),
      both(
        "channel-binding",
        [3],
        "puts a binding to the protocol that made the key into it",
        application("it knows that protocol"),
      ),
      both("target-protocol", [4], "says there which version the key is for"),
      both("size", [5], "should refuse an identity that doesn't fit"),
      both("default-hash", [6], "should take SHA-256 where a key has no hash"),
      both("each-hash", [7], "should import a key for the hash of each cipher suite that it offers"),
      both(
        "early-data",
        [8],
        "has what early data needs (ALPN and more) beside the key",
        notOffered("no early data goes with keys from outside"),
      ),
    ]),
    section("8", "Security Considerations", 1, [repeated(1, "1#separate")]),
    section("9", "Privacy Considerations", 1, [others([1], "applications, which name keys")]),
  ],
  contents: "1 2 3 4 5 5.1 5.2 6 7 8 9 10 11 11.1 11.2 A B".split(" "),
};
