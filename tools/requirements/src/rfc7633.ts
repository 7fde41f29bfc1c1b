import { application, client, others, type Register, repeated, section, server, withAdvice } from "./register.ts";

/** What a certificate promises of its server: a staple. */
export const rfc7633: Register = {
  rfc: 7633,
  title: "must-staple",
  extent: "sections 3 and 4",
  counted: withAdvice,
  keyWords: 20,
  sections: [
    section("3", "Purpose", 3, [
      repeated(1, "4.1#promise-kept"),
      others([2], "certification authorities"),
      repeated(3, "4.3.2#checked"),
    ]),
    section("4", "Syntax", 2, [others([1, 2], "certification authorities, and who reads critical extensions")]),
    section("4.1", "TLS Feature", 2, [
      server(
        "promise-kept",
        [1, 2],
        "does what its certificate promises, if the client asks for it",
        application("it gives the server its staples"),
      ),
    ]),
    section("4.2.2", "Certificate Signing Certificate", 1, [others([1], "certification authorities")]),
    section("4.2.3", "End-Entity Certificate", 1, [repeated(1, "4.1#promise-kept")]),
    section("4.2.3.1", "TLS status_request", 2, [
      client("staple-missed", [1], "should refuse a server that doesn't staple as promised"),
      client("not-secure", [2], "doesn't take it for secure"),
    ]),
    section("4.3.1", "Certification Authority", 2, [others([1, 2], "certification authorities")]),
    section("4.3.2", "Server", 4, [
      server(
        "checked",
        [1],
        "should check that it can do what its certificate promises",
        application("who runs a server knows what its certificate promises; a staple that is given is checked"),
      ),
      server(
        "new-certificate",
        [2],
        "should use a new certificate only once there are staples for it",
        application("it gives the server its certificates"),
      ),
      server("told", [3], "should tell who runs it where this isn't so"),
      server("request", [4], "should be able to ask for the promise in a certification request"),
    ]),
    section("4.3.3", "Client", 3, [
      client("invalid", [1], "takes a certificate for invalid whose promise isn't kept"),
      client("refused", [2, 3], "refuses the connection then, or doesn't take the certificate for valid"),
    ]),
  ],
  contents: "1 2 2.1 2.2 3 4 4.1 4.2 4.2.1 4.2.2 4.2.3 4.2.3.1 4.3 4.3.1 4.3.2 4.3.3 5 5.1 5.2 5.3 6 7 A".split(" "),
};
