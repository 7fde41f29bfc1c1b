import { Alert, type ByteQueue, notTls, peerError } from "@tlskit/wire";

/** What comes to the ports of TLS besides TLS, by how it begins: what that is, and the code of the refusal. */
const texts: readonly (readonly [begins: string, what: string, code: string])[] = [
  // RFC 9110 §9.3, RFC 5789 §2
  ...["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"].map(
    (method) => [`${method} `, "a request of plain HTTP", "http_request"] as const,
  ),
  ["PRI * HTTP/2", "a request of plain HTTP/2", "http_request"], // RFC 9113 §3.4
  ["CONNECT ", "a request to an HTTP proxy", "http_proxy_request"],
  ["HTTP/", "an answer of plain HTTP", "http_response"],
  ["SSH-", "the identification of SSH", "ssh_identification"], // RFC 4253 §4.2
  // RFC 5321 §4.2, RFC 959 §5.4: by these three digits nobody can tell the two.
  ...["220 ", "220-"].map(
    (ready) => [ready, "the greeting of SMTP or FTP, which may want STARTTLS first", "smtp_greeting"] as const,
  ),
  // RFC 9051 §7.1
  ...["* OK", "* PREAUTH", "* BYE"].map(
    (status) => [status, "the greeting of IMAP, which may want STARTTLS first", "imap_greeting"] as const,
  ),
  ["+OK", "the greeting of POP3, which may want STLS first", "pop3_greeting"], // RFC 1939 §4
];

/**
 * Refuses what a stream begins with, if that is known to be something else than TLS. No record begins like one of these,
 * whose first bytes are 20 to 23. More isn't read than it takes to tell them apart.
 * @param input whose first byte is no record's.
 * @returns whether it can't be told yet.
 * @throws {TlsError} `ssl_2_client_hello`, `ssl_2_server_hello`; without an alert, which would be data for a peer that has no TLS:
 * `http_request`, `http_proxy_request`, `http_response`, `ssh_identification`, `smtp_greeting`, `imap_greeting`,
 * `pop3_greeting`
 */
export function mayBeOtherProtocol(input: ByteQueue): boolean {
  for (const [begins, what, code] of texts) {
    if (startsLike(input, begins) && input.length >= begins.length) {
      throw notTls(code, `the peer sent ${what}, where TLS was expected`);
    }
  }
  return mayBeSsl2(input) || texts.some(([begins]) => startsLike(input, begins));
}

/** Whether what is there of as many bytes is the same. */
function startsLike(input: ByteQueue, begins: string): boolean {
  const length = Math.min(input.length, begins.length);
  for (let at = 0; at < length; at += 1) if (input.at(at) !== begins.charCodeAt(at)) return false;
  return true;
}

/** Hellos of SSL 2.0, which a byte of type and, further on, a version tell: `MSG-CLIENT-HELLO`, `MSG-SERVER-HELLO`. */
const ssl2Hellos: readonly (readonly [type: number, versionAt: number, name: string, code: string])[] = [
  [1, 3, "ClientHello", "ssl_2_client_hello"],
  [4, 5, "ServerHello", "ssl_2_server_hello"],
];

/** RFC 5246 §E.2: two bytes of length, of which the highest bit is set, and a message. */
function mayBeSsl2(input: ByteQueue): boolean {
  const { length } = input;
  if (input.at(0) < 0x80) return false;
  if (length < 3) return true;
  const [, versionAt, name, code] = ssl2Hellos.find(([type]) => type === input.at(2)) ?? [];
  if (versionAt === undefined || code === undefined) return false;
  if (length <= versionAt) return true;
  const major = input.at(versionAt);
  if (major !== 0 && major !== 3) return false;
  if (length <= versionAt + 1) return true;
  const minor = input.at(versionAt + 1);
  if (major === 0 && minor !== 2) return false;
  const version = major === 0 ? "SSL 2.0" : minor === 0 ? "SSL 3.0" : `TLS 1.${minor - 1}`;
  // RFC 6176 §3: a server may take a client's. None here does, since there is no room in it for an extension.
  throw peerError(code, Alert.protocolVersion, `the peer sent a ${name} in the form of SSL 2.0, for ${version}`);
}
