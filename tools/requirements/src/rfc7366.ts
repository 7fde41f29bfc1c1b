import { both, others, type Register, repeated, section, server, withAdvice } from "./register.ts";

/** CBC that authenticates before it decrypts. */
export const rfc7366: Register = {
  rfc: 7366,
  title: "encrypt_then_mac",
  extent: "sections 2 and 3",
  counted: withAdvice,
  keyWords: 12,
  sections: [
    section("2", "Negotiating Encrypt-then-MAC", 2, [
      both("extension", [1], "sends encrypt_then_mac as extension 22, empty"),
      both("both-sides", [2], "encrypts first only if both have sent the extension"),
    ]),
    section("3", "Applying Encrypt-then-MAC", 4, [
      server("cbc-alone", [1], "doesn't answer the extension if it takes an AEAD or a stream cipher"),
      both("mac-first", [2], "checks the MAC before it decrypts, and stops if it is wrong"),
      both("wrong-mac", [3], "answers a wrong MAC with bad_record_mac"),
      others([4], "DTLS"),
    ]),
    section("3.1", "Rehandshake Issues", 4, [
      both("kept", [1, 2], "should keep to it in a later handshake"),
      both("no-downgrade", [3], "doesn't go back to MAC first in a later handshake"),
      repeated(4, "3.1#kept"),
    ]),
  ],
  contents: "1 1.1 2 2.1 3 3.1 4 5 6 7 7.1 7.2".split(" "),
};
