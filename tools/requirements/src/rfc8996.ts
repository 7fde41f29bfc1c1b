import { both, byChoice, client, others, type Register, repeated, section, server, withAdvice } from "./register.ts";

const legacy = byChoice(
  "off unless `tls11` and `tls10` of `@tlskit/tls/legacy` are listed, for old devices and diagnosis",
);

/** TLS 1.0 and 1.1 no more. */
export const rfc8996: Register = {
  rfc: 8996,
  title: "no TLS 1.0 and 1.1",
  extent: "sections 2 to 7",
  counted: withAdvice,
  keyWords: 21,
  sections: [
    section("4", "Do Not Use TLS 1.0", 6, [
      both("not-used", [1, 2], "doesn't negotiate TLS 1.0", legacy),
      client("not-sent", [3], "says no {03,01} in client_version", legacy),
      server("not-answered", [4], "says no {03,01} in server_version", legacy),
      both("answered", [5], "answers a hello of {03,01} with protocol_version"),
      server("record-version", [6], "takes any 0x03XX as the version of a ClientHello's record"),
    ]),
    section("5", "Do Not Use TLS 1.1", 6, [
      both("not-used", [1, 2], "doesn't negotiate TLS 1.1", legacy),
      client("not-sent", [3], "says no {03,02} in client_version", legacy),
      server("not-answered", [4], "says no {03,02} in server_version", legacy),
      both("answered", [5], "answers a hello of {03,02} with protocol_version"),
      repeated(6, "4#record-version"),
    ]),
    section("6", "Updates to RFC 7525", 5, [
      repeated(1, "4#not-used", "5#not-used"),
      repeated(2, "4#not-used"),
      repeated(3, "5#not-used"),
      others([4, 5], "DTLS"),
    ]),
  ],
  contents: "1 1.1 1.2 2 3 4 5 6 7 8 9 10 10.1 10.2".split(" "),
};
