import { both, client, notOffered, type Register, section, server, withAdvice } from "./register.ts";

/** A certificate besides a pre-shared key from outside. */
export const rfc8773: Register = {
  rfc: 8773,
  title: "tls_cert_with_extern_psk",
  extent: "sections 4 to 7, as draft-ietf-tls-8773bis has it,",
  counted: withAdvice,
  keyWords: 18,
  sections: [
    section("4", "Extension Overview", 5, [
      client("accompanied", [1], "sends key_share, psk_key_exchange_modes and pre_shared_key with it"),
      client("no-early-data", [2], "doesn't send it with early_data"),
      server("no-early-data-checked", [3], "answers it beside early_data with illegal_parameter"),
      server("answer-accompanied", [4], "sends key_share and pre_shared_key with it"),
      both("hash", [5], "has a hash for each key, SHA-256 unless told otherwise"),
    ]),
    section("5", "Certificate with External PSK Extension", 3, [
      both("places", [1], "sends it in ClientHello and ServerHello alone"),
      server("asked-for", [2], "sends it only if the client has"),
      both("places-checked", [3], "answers it in any other message with illegal_parameter"),
    ]),
    section("5.1", "Companion Extensions", 7, [
      client("psk-dhe-ke", [1], "lists psk_dhe_ke"),
      server("psk-dhe-ke-taken", [2], "takes psk_dhe_ke"),
      server(
        "resumption-mode",
        [3],
        "resumes with a mode that the client lists",
        notOffered("a connection with both gives no tickets, and is never resumed"),
      ),
      client("external-alone", [4], "offers keys from outside alone"),
      server("external-alone-checked", [5], "answers a session that is offered too with illegal_parameter"),
      both("age", [6], "sends an age of 0, and ignores it"),
      server("binder-checked", [7], "verifies the binder, and answers a wrong one with illegal_parameter"),
    ]),
    section("7", "Security Considerations", 1, [
      both("never-alone", [1], "takes nobody for who they are by the key alone"),
    ]),
  ],
  contents: "1 2 3 4 5 5.1 5.2 5.3 6 7 8 8.1 8.2".split(" "),
};
