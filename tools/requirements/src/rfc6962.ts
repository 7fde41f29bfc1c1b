import { client, type Register, section, server, withAdvice } from "./register.ts";

/** Certificate transparency, as far as TLS is concerned. */
export const rfc6962: Register = {
  rfc: 6962,
  title: "certificate transparency",
  extent: "sections 3.3 and 5.2",
  counted: withAdvice,
  keyWords: 7,
  sections: [
    section("3.3", "Including the Signed Certificate Timestamp in the TLS Handshake", 3, [
      server("one-sent", [1], "sends one timestamp at least, if any"),
      client("all-ways", [2], "takes timestamps embedded, beside the certificate and in OCSP responses"),
      server("one-way", [3], "sends timestamps in one of these ways"),
    ]),
    section("3.3.1", "TLS Extension", 3, [
      client("sent", [1], "should ask by an empty extension"),
      server("sent-if-asked", [2], "sends a list only to clients that ask"),
      client("with-session", [3], "should ask where it resumes a session too"),
    ]),
    section("5.2", "TLS Client", 1, [client("future", [1], "takes no timestamp that lies in the future")]),
  ],
  contents:
    "1 1.1 1.2 1.3 2 2.1 2.1.1 2.1.2 2.1.3 2.1.4 3 3.1 3.2 3.3 3.3.1 3.4 3.5 4 4.1 4.2 4.3 4.4 4.5 4.6 4.7 4.8 5 5.1 5.2 5.3 5.4 6 7 7.1 7.2 7.3 8 9 10 11".split(
      " ",
    ),
};
