import {
  both,
  byChoice,
  client,
  notOffered,
  type Register,
  repeated,
  section,
  server,
  withAdvice,
} from "./register.ts";

const withoutIt = byChoice("peers that are without it are taken, but bind no channels and export nothing");

/** A main secret that belongs to one handshake alone. */
export const rfc7627: Register = {
  rfc: 7627,
  title: "extended_main_secret",
  extent: "sections 3 to 6",
  counted: withAdvice,
  keyWords: 26,
  sections: [
    section("4", "The Extended Master Secret", 1, [
      both("required", [1], "should take no handshake without it", withoutIt),
    ]),
    section("5.1", "Extension Definition", 1, [
      both("derived", [1], "derives the extended main secret in a full handshake with it"),
    ]),
    section("5.2", "Client and Server Behavior: Full Handshake", 6, [
      client("sent", [1], "sends the extension in every ClientHello"),
      server("answered", [2], "answers it in the ServerHello"),
      server("required", [3], "should end at a ClientHello without it unless it wants older clients", withoutIt),
      server("not-unasked", [4], "doesn't send it then"),
      client("answer-required", [5], "should end at a ServerHello without it unless it wants older servers", withoutIt),
      both("derived-without", [6], "derives the main secret of old in a full handshake without it"),
    ]),
    section("5.3", "Client and Server Behavior: Abbreviated Handshake", 10, [
      client("session-without", [1, 2], "should offer no session that is without it, but a full handshake"),
      client("sent", [3], "sends the extension where it offers a session"),
      server("hello-alone", [4, 5], "answers a hello with it and a session without by a full handshake"),
      server("session-alone", [6], "ends at a hello without it and a session with it"),
      server(
        "neither",
        [7],
        "should end if both are without it",
        byChoice("there is a full handshake, or by an option called dangerous the session is resumed"),
      ),
      server("answered", [8], "answers the extension in the ServerHello"),
      client("answer-alone", [9], "ends at a ServerHello with it for a session without"),
      client("answer-without", [10], "ends at a ServerHello without it for a session with it"),
    ]),
    section("5.4", "Interoperability Considerations", 5, [
      both("no-export", [1, 2], "exports no keying material from a main secret that isn't extended"),
      both("no-binding", [3], "gives no verify_data to applications then"),
      client("no-renegotiation", [4], "doesn't renegotiate then, and gives no tls-unique"),
      repeated(5, "5.3#session-alone", "5.3#answer-alone", "5.3#answer-without"),
    ]),
    section("6.2", "Cryptographic Properties of the Hash Function", 1, [
      both("hash", [1], "should not hash the session by MD5 or SHA-1"),
    ]),
    section("6.4", "No SSL 3.0 Support", 2, [
      both("no-ssl3", [1], "should refuse SSL 3.0"),
      both("ssl3", [2], "derives the main secret of old in SSL 3.0", notOffered("SSL 3.0 is refused")),
    ]),
  ],
  contents: "1 2 3 4 5 5.1 5.2 5.3 5.4 6 6.1 6.2 6.3 6.4 7 8 8.1 8.2".split(" "),
};
