import { Alert, type ByteQueue, notTls, peerError } from "@tlskit/wire";

/** What comes to the ports of TLS besides TLS: by what it begins with (`|` between several), what it is, and the refusal's code. */
const texts: readonly (readonly [begins: string, what: string, code: string])[] = [
  // RFC 9110 §9.3, RFC 5789 §2, RFC 9113 §3.4
  ["GET |HEAD |POST |PUT |DELETE |OPTIONS |PATCH |TRACE |PRI * HTTP/2", "a request of plain HTTP", "http_request"],
  ["CONNECT ", "a request to an HTTP proxy", "http_proxy_request"],
  ["HTTP/", "an answer of plain HTTP", "http_response"],
  ["SSH-", "the identification of SSH", "ssh_identification"], // RFC 4253 §4.2
  // RFC 5321 §4.2, RFC 959 §5.4: by these three digits nobody can tell the two.
  ["220 |220-", "the greeting of SMTP or FTP, which may want STARTTLS first", "smtp_greeting"],
  // RFC 9051 §7.1
  ["* OK|* PREAUTH|* BYE", "the greeting of IMAP, which may want STARTTLS first", "imap_greeting"],
  ["+OK", "the greeting of POP3, which may want STLS first", "pop3_greeting"], // RFC 1939 §4
];

/** As many bytes as tell any of them. */
const longest = "PRI * HTTP/2".length;

/** Hellos of SSL 2.0 by their type, and at which byte their version stands (RFC 5246 §E.2). */
const ssl2Hellos: Readonly<Record<number, readonly [name: string, versionAt: number, code: string]>> = {
  1: ["ClientHello", 3, "ssl_2_client_hello"],
  4: ["ServerHello", 5, "ssl_2_server_hello"],
};

/**
 * Refuses what a stream begins with, if that is known to be something else than TLS. No record begins like one of these,
 * whose first bytes are 20 to 23. More isn't read than it takes to tell them apart.
 * @param input whose first byte is no record's.
 * @returns whether it can't be told yet.
 * @throws {TlsError} `ssl_2_client_hello`, `ssl_2_server_hello`; without an alert, which would be data for a peer that has
 * no TLS: `http_request`, `http_proxy_request`, `http_response`, `ssh_identification`, `smtp_greeting`, `imap_greeting`,
 * `pop3_greeting`
 */
export function mayBeOtherProtocol(input: ByteQueue): boolean {
  const begin = Array.from({ length: Math.min(input.length, longest) }, (_, at) => input.at(at));
  const text = String.fromCharCode(...begin);
  for (const [begins, what, code] of texts) {
    for (const word of begins.split("|")) {
      if (text.startsWith(word)) throw notTls(code, `the peer sent ${what}, where TLS was expected`);
      if (word.startsWith(text)) return true;
    }
  }
  return mayBeSsl2(begin);
}

/** RFC 5246 §E.2: two bytes of length, of which the highest bit is set, and a message. */
function mayBeSsl2([first = 0, , type, ...body]: readonly number[]): boolean {
  if (first < 0x80 || type === undefined) return first >= 0x80;
  const [name, versionAt = 0, code] = ssl2Hellos[type] ?? [];
  if (code === undefined) return false;
  const [major, minor] = body.slice(versionAt - 3);
  if (major === undefined || minor === undefined) return major === undefined || major === 0 || major === 3;
  if (!(major === 3 || (major === 0 && minor === 2))) return false;
  const version = major === 0 ? "SSL 2.0" : minor === 0 ? "SSL 3.0" : `TLS 1.${minor - 1}`;
  // RFC 6176 §3: a server may take a client's. None here does, since there is no room in it for an extension.
  throw peerError(code, Alert.protocolVersion, `the peer sent a ${name} in the form of SSL 2.0, for ${version}`);
}
