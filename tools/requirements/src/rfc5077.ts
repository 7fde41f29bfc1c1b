import {
  absent,
  client,
  notOffered,
  others,
  type Register,
  repeated,
  section,
  server,
  withAdvice,
} from "./register.ts";

/** Tickets before TLS 1.3. */
export const rfc5077: Register = {
  rfc: 5077,
  title: "session tickets of TLS 1.2",
  extent: "sections 3 to 5",
  counted: withAdvice,
  keyWords: 20,
  sections: [
    section("3.2", "SessionTicket TLS Extension", 5, [
      client("sent", [1], "sends an empty SessionTicket if it has no ticket and wants one"),
      client("not-wanted", [2], "sends none if it wants none and has none"),
      server("announced", [3], "sends SessionTicket in the ServerHello if it is going to issue a ticket"),
      server("not-unasked", [4], "sends it only to a client that has sent it"),
      client("deleted-after-failure", [5], "should delete a ticket with which the handshake failed"),
    ]),
    section("3.3", "NewSessionTicket Handshake Message", 6, [
      server("issued", [1], "sends NewSessionTicket if it has announced it"),
      server("only-announced", [2], "sends it only then"),
      server("finished-first", [3], "in a full handshake verifies the client's Finished first"),
      client("valid-after-finished", [4], "takes the ticket for valid once the server's Finished is verified"),
      server(
        "not-received-before-finished",
        [5],
        "takes a renewed ticket for received once the client's Finished is verified",
        absent("servers keep no account of which tickets a client has"),
      ),
      client("lifetime", [6], "should delete a ticket when its time is over"),
    ]),
    section("3.4", "Interaction with TLS Session ID", 4, [
      server("no-session-id", [1], "should send an empty session id with a first ticket"),
      server("session-id-echoed", [2], "answers a ticket that it takes with the client's session id"),
      server("session-id-unused", [3], "doesn't rely upon the session id when it validates a ticket"),
      server("ticket-alone", [4], "looks for no session by identifier where there is a ticket"),
    ]),
    section("4", "Recommended Ticket Construction", 1, [
      client("opaque", [1], "doesn't look into tickets", absent("tickets are bytes to clients")),
    ]),
    section("5.2", "Stolen Tickets", 1, [server("protected", [1], "encrypts and authenticates tickets strongly")]),
    section("5.5", "Ticket Protection Key Management", 1, [others([1], "nobody: a list of practices")]),
    section("5.7", "Alternate Ticket Formats and Distribution Schemes", 2, [
      server(
        "other-ways",
        [1],
        "hands out keys over secure communication, if it does so otherwise than here",
        notOffered("tickets are handed out as here alone"),
      ),
      repeated(2, "5.2#protected"),
    ]),
  ],
  contents: "1 2 3 3.1 3.2 3.3 3.4 4 5 5.1 5.2 5.3 5.4 5.5 5.6 5.7 5.8 6 7 8 8.1 8.2 A".split(" "),
};
