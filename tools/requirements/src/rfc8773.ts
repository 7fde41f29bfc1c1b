import { application, both, client, type Register, section, server, withAdvice } from "./register.ts";

/** A certificate besides a pre-shared key from outside. */
export const rfc8773: Register = {
  rfc: 8773,
  title: "certificates besides pre-shared keys",
  extent: "sections 3 to 7",
  counted: withAdvice,
  keyWords: 19,
  sections: [
    section("4", "Extension Overview", 5, [
      client("companions", [1], "sends key_share, psk_key_exchange_modes and pre_shared_key beside it"),
      client("no-early-data", [2], "sends no early_data beside it"),
      server("early-data-checked", [3], "answers early_data beside it with illegal_parameter"),
      server("companions-sent", [4], "answers it with key_share and pre_shared_key"),
      both("hash", [5], "has one hash for each key, SHA-256 unless told otherwise"),
    ]),
    section("5", "Certificate with External PSK Extension", 3, [
      both("place", [1], "sends it in ClientHello and ServerHello alone"),
      server("not-unasked", [2], "sends it only to a client that has sent it"),
      both("place-checked", [3], "answers it in another message with illegal_parameter"),
    ]),
    section("5.1", "Companion Extensions", 7, [
      client("psk-dhe-ke", [1], "lists psk_dhe_ke"),
      server("psk-dhe-ke-taken", [2], "takes psk_dhe_ke"),
      server("listed-later", [3], "takes a listed mode in later handshakes too"),
      client("external-alone", [4], "lists keys from outside alone"),
      server("resumption-checked", [5], "answers a session's key beside it with illegal_parameter"),
      client("age", [6], "should say an age of 0"),
      server("age-ignored", [6], "passes over the age"),
      server("binder-checked", [7], "answers a wrong binder with illegal_parameter"),
    ]),
    section("7", "Security Considerations", 2, [
      both("not-with-session", [1], "shows no certificate where a session is resumed"),
      both(
        "shared-by-more",
        [2],
        "doesn't rely on a key alone that others know",
        application("it knows who has the key"),
      ),
    ]),
  ],
  contents: "1 2 3 4 5 5.1 5.2 5.3 6 7 8 9 9.1 9.2".split(" "),
};
