import { absent, client, notOffered, type Register, section, server, withAdvice } from "./register.ts";

const noFallback = notOffered("no client here tries again with an older version");

/** A fallback to an older version that the server may notice. Made historic by RFC 8996. */
export const rfc7507: Register = {
  rfc: 7507,
  title: "TLS_FALLBACK_SCSV",
  extent: "sections 2 to 6",
  counted: withAdvice,
  keyWords: 7,
  sections: [
    section("3", "Server Behavior", 2, [
      server("checked", [1], "answers the SCSV in a hello of a version below its latest with inappropriate_fallback"),
      server("record-version", [2], "sends this alert in a record of the client's version"),
    ]),
    section("4", "Client Behavior", 5, [
      client("sent", [1], "should send the SCSV with a version below its latest", noFallback),
      client("last", [2], "should put it behind all other suites", noFallback),
      client("not-with-session", [3], "doesn't send it with a session's own version", absent("it is never sent")),
      client("not-with-latest", [4], "doesn't send it with its latest version", absent("it is never sent")),
      client("memory-cleared", [5], "forgets what version it took a server to have, if that answers so", noFallback),
    ]),
  ],
  contents: "1 2 3 4 5 6 7 8 8.1 8.2".split(" "),
};
