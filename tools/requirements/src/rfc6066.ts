import {
  absent,
  application,
  both,
  byChoice,
  client,
  notOffered,
  others,
  type Register,
  section,
  server,
  withAdvice,
} from "./register.ts";

const noFragmentLength = notOffered("max_fragment_length is passed over");
const noUrls = notOffered("client_certificate_url is passed over");
const noTrustedKeys = notOffered("trusted_ca_keys is passed over: RFC 9846 has certificate_authorities instead");
const noTruncation = notOffered("truncated_hmac is passed over: RFC 9325 §4.6 forbids it");

/** The first extensions of hellos. */
export const rfc6066: Register = {
  rfc: 6066,
  title: "the first extensions",
  extent: "sections 1.1 and 3 to 11",
  counted: withAdvice,
  keyWords: 58,
  sections: [
    section("1.1", "Specific Extensions Covered", 3, [
      both("hashed", [1], "hashes the messages that the extensions bring"),
      client("with-session", [2], "should send the same extensions with a session as without"),
      server("resumed", [3], "sends none of these extensions where it resumes a session"),
    ]),
    section("3", "Server Name Indication", 13, [
      client("sent", [1, 6], "should send the name by which it found a server"),
      client("one-name", [2], "sends one name of a type"),
      server("unknown-name", [3], "should end at a name that it doesn't know, or go on"),
      server(
        "no-warning",
        [4],
        "should not warn of a name that it doesn't know",
        absent("no warning about a name is ever sent"),
      ),
      others([5], "who defines types of names"),
      server("acknowledged", [7, 8], "says by an empty server_name that it used the name"),
      client("kept", [9], "should send the same name with a session"),
      server("session-name", [10], "doesn't resume a session under another name"),
      server("not-resumed", [11], "sends no server_name where it resumes a session"),
      client(
        "protocol-name",
        [12, 13],
        "should send the name that the application's protocol has",
        application("it says which name it means"),
      ),
    ]),
    section("4", "Maximum Fragment Length Negotiation", 7, [
      client("asked", [1], "asks for one of four lengths", noFragmentLength),
      client("answer-checked", [4], "answers another length with illegal_parameter", noFragmentLength),
      server("answered", [2], "answers the length that was asked for", noFragmentLength),
      server("checked", [3], "answers another value with illegal_parameter", noFragmentLength),
      both("kept", [5, 6], "keeps to the length, and answers more with record_overflow", noFragmentLength),
      others([7], "DTLS"),
    ]),
    section("5", "Client Certificate URLs", 13, [
      both("extension", [1, 2], "sends the extension empty", noUrls),
      client("urls", [3, 4, 8], "sends absolute URLs that need no redirection", noUrls),
      client("unobtainable", [13], "should go on where a certificate can't be had", noUrls),
      server(
        "fetched",
        [5, 6, 7, 9, 10, 11, 12],
        "fetches certificates by HTTP without redirections, and checks their hashes",
        noUrls,
      ),
    ]),
    section("6", "Trusted CA Indication", 3, [
      client("sent", [1], "lists authorities", noTrustedKeys),
      server("answered", [2, 3], "answers with an empty extension", noTrustedKeys),
    ]),
    section("7", "Truncated HMAC", 2, [
      both("extension", [1], "sends the extension empty", noTruncation),
      both("truncated", [2], "cuts MACs to ten bytes", noTruncation),
    ]),
    section("8", "Certificate Status Request", 6, [
      client("sent", [1], "asks by status_request with a CertificateStatusRequest"),
      client(
        "nonce",
        [2],
        "wraps a nonce as an OCTET STRING in another",
        notOffered("no nonce is asked for: responses that come along are made in advance"),
      ),
      server(
        "request-respected",
        [3],
        "should choose responder and request by what the extension says",
        byChoice("responses are had in advance, whoever asks"),
      ),
      server("announced", [4, 5], "sends CertificateStatus only if both hellos have status_request"),
      client("checked", [6], "answers a response that won't do with bad_certificate_status_response"),
    ]),
    section("9", "Error Alerts", 1, [
      both(
        "alerts",
        [1],
        "sends these alerts only where there are extensions",
        absent("what they say is about extensions"),
      ),
    ]),
    section("10.1", "pkipath MIME Type Registration", 3, [others([1, 2, 3], "who uses application/pkix-pkipath")]),
    section("11.1", "Security Considerations for server_name", 2, [
      server(
        "application-name",
        [1],
        "compares the name with that of its protocol if it relies on it",
        application("it has the protocol"),
      ),
      both("lengths", [2], "is safe from every length in server_name"),
    ]),
    section("11.3", "Security Considerations for client_certificate_url", 3, [
      server("enabled", [1, 2, 3], "should have client_certificate_url and its schemes only where enabled", noUrls),
    ]),
    section("11.6", "Security Considerations for status_request", 1, [
      client("no-response", [1], "should ask the responder or end if it needs a response and gets none"),
    ]),
  ],
  contents: "1 1.1 1.2 2 3 4 5 6 7 8 9 10 10.1 10.2 11 11.1 11.2 11.3 11.4 11.5 11.6 12 13 A B".split(" "),
};
