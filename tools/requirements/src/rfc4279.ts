import { application, both, client, others, type Register, section, server, withAdvice } from "./register.ts";

/** Pre-shared keys before TLS 1.3. */
export const rfc4279: Register = {
  rfc: 4279,
  title: "pre-shared keys",
  extent: "sections 2 to 7",
  counted: withAdvice,
  keyWords: 10,
  sections: [
    section("5", "Conformance Requirements", 1, [
      server(
        "prepared",
        [1],
        "should prepare an identity by its profile before it looks for it",
        application("a lookup knows what its names are; a list has them to the byte"),
      ),
    ]),
    section("5.1", "PSK Identity Encoding", 1, [
      both("utf8", [1], "has characters for an identity, in UTF-8", application("an identity is given as bytes")),
    ]),
    section("5.2", "Identity Hint", 2, [
      server("no-hint", [1], "should give no hint unless the application's protocol has one"),
      client("hint-ignored", [1], "ignores a hint unless the application's protocol has one"),
      others([2], "application protocols"),
    ]),
    section("5.3", "Requirements for TLS Implementations", 2, [
      both("lengths", [1], "takes any identity of up to 128 octets and any key of up to 64"),
      both("longer", [2], "should take longer ones, too"),
    ]),
    section("5.4", "Requirements for Management Interfaces", 2, [others([1, 2], "management interfaces")]),
    section("7.2", "Brute-Force and Dictionary Attacks", 1, [others([1], "who lets people enter keys")]),
  ],
  contents: "1 1.1 1.2 2 3 4 5 5.1 5.2 5.3 5.4 6 7 7.1 7.2 7.3 7.4 8 9 9.1 9.2".split(" "),
};
