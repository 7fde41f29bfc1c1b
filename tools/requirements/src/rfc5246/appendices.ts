import { absent, both, byChoice, client, notOffered, type Section, section, server } from "../register.ts";

const noSsl2 = notOffered("no hello here has the form of SSL 2.0");

/** What the appendices demand. */
export const appendices: readonly Section[] = [
  section("A.5", "The Cipher Suite", 2, [
    both("null", [1], "doesn't negotiate TLS_NULL_WITH_NULL_NULL", absent("no suite has its code point")),
    both("anonymous", [2], "negotiates anonymous suites only if the application asks for them"),
  ]),
  section("E.1", "Compatibility with TLS 1.0/1.1 and SSL 3.0", 5, [
    client("version-checked", [1], "answers a version that it doesn't want with protocol_version"),
    server("later-version", [2], "answers a hello of a later version by its own latest one"),
    server("older-version", [3], "answers a hello of a version that is too old with protocol_version"),
    client(
      "known-version",
      [4],
      "should begin with the version that it knows a server to have",
      byChoice("a hello offers all versions, and the server chooses: what is known of a server may be a lie"),
    ),
    server("record-version", [5], "takes any 0x03XX as the version of a ClientHello's record"),
  ]),
  section("E.2", "Compatibility with SSL 2.0", 11, [
    client("hello", [1, 2, 4, 5, 6, 7, 8, 9, 10, 11], "sends hellos in the form of SSL 2.0 as told here", noSsl2),
    client("no-ssl2", [3], "should not have SSL 2.0", absent("it isn't there")),
  ]),
  section("E.3", "Avoiding Man-in-the-Middle Version Rollback", 4, [
    client("padding-sent", [1, 2], "marks the RSA padding in SSL 2.0", noSsl2),
    server("padding-checked", [3, 4], "should check this mark, and else go on with a random key", noSsl2),
  ]),
  section("F.1.1.3", "Diffie-Hellman Key Exchange with Authentication", 3, [
    both("subgroups", [1], "should be safe from small subgroups"),
    both("new-exponent", [2], "should make a new exponent for each handshake"),
    client("exponent-size", [3], "should check that the server's public value is of adequate size"),
  ]),
];
