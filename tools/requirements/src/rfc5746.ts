import { both, client, notOffered, type Register, repeated, section, server, withAdvice } from "./register.ts";

const noServers = notOffered("no server here renegotiates");
const notInsecurely = notOffered("nobody here renegotiates without the extension");
const noSsl3 = notOffered("SSL 3.0 is refused");

/** Renegotiation that can't be spliced in. */
export const rfc5746: Register = {
  rfc: 5746,
  title: "renegotiation_info",
  extent: "sections 3 to 5",
  counted: withAdvice,
  keyWords: 46,
  sections: [
    section("3.4", "Client Behavior: Initial Handshake", 4, [
      client("sent", [1], "sends an empty renegotiation_info or the SCSV that stands for it"),
      client("not-both", [2], "should not send both"),
      client("checked", [3], "looks whether the ServerHello has renegotiation_info"),
      client("empty-checked", [4], "answers one that isn't empty with handshake_failure"),
    ]),
    section("3.5", "Client Behavior: Secure Renegotiation", 5, [
      client("sent", [1], "sends renegotiation_info with its last verify_data"),
      client("no-scsv", [2], "doesn't send the SCSV"),
      client("presence-checked", [3], "ends if the ServerHello has no renegotiation_info"),
      client("value-checked", [4, 5], "ends if it isn't the client's and the server's last verify_data"),
    ]),
    section("3.6", "Server Behavior: Initial Handshake", 6, [
      server("checked", [1, 2], "looks whether the ClientHello has the SCSV or renegotiation_info"),
      server("empty-checked", [3], "ends if renegotiation_info isn't empty"),
      server("sent", [4], "answers either with an empty renegotiation_info"),
      server("later-hellos", [5], "passes over unknown extensions, and negotiates down from versions to come"),
      server("nothing-else-unasked", [6], "sends no other extension that the client didn't send"),
    ]),
    section("3.7", "Server Behavior: Secure Renegotiation", 5, [
      server("scsv-checked", [1, 2], "ends if the ClientHello has the SCSV", noServers),
      server("presence-checked", [3], "ends if it has no renegotiation_info", noServers),
      server("value-checked", [4], "ends if that isn't the client's last verify_data", noServers),
      server("sent", [5], "answers with both last verify_data", noServers),
    ]),
    section("4.1", "Client Considerations", 1, [
      client("alert", [1], "answers a server without the extension with handshake_failure, if it wants none"),
    ]),
    section("4.2", "Client Behavior: Legacy (Insecure) Renegotiation", 7, [
      client("refused", [1], "should refuse to renegotiate without the extension"),
      client("alert", [2], "refuses it by the warning no_renegotiation"),
      client(
        "insecurely",
        [3, 4, 5, 6, 7],
        "if it renegotiates all the same offers the extension, and ends if the ServerHello has it",
        notInsecurely,
      ),
    ]),
    section("4.3", "Server Considerations", 1, [
      server("minimum", [1], "has the extension even if it doesn't renegotiate"),
    ]),
    section("4.4", "Server Behavior: Legacy (Insecure) Renegotiation", 5, [
      server("refused", [1], "should not let clients renegotiate without the extension"),
      server("insecurely", [2, 3, 4, 5], "if it does ends at an SCSV or renegotiation_info", notInsecurely),
    ]),
    section("4.5", "SSLv3", 3, [
      client("ssl3", [1, 3], "does the same in SSL 3.0, but for handshake_failure as the refusal", noSsl3),
      server("ssl3-answered", [2], "does the same in SSL 3.0", noSsl3),
    ]),
    section("5", "Security Considerations", 2, [
      repeated(1, "4.4#refused"),
      both("option", [2], "should let users choose whether it renegotiates"),
    ]),
  ],
  contents: "1 2 3 3.1 3.2 3.3 3.4 3.5 3.6 3.7 4 4.1 4.2 4.3 4.4 4.5 5 6 7 8 8.1 8.2".split(" "),
};
