import { asciiBytes, concat, notTls, Reader } from "@tlskit/wire";
import { type Dialogue, malformed, nextOctet, noTls, octets, type Part } from "../dialogue.ts";
import { maxLineLength } from "../limits.ts";
import type { Protocol } from "../protocol.ts";

/** LDAP. */
export const ldap: Protocol = { name: "ldap", specification: "RFC 4511 §4.14", port: 389, client };

// BER: an LDAPMessage, its messageID, an ExtendedRequest and its name, an ExtendedResponse and its code.
const [sequence, integer, extendedRequest, requestName, extendedResponse, enumerated] = [
  0x30, 0x02, 0x77, 0x80, 0x78, 0x0a,
];
const messageId = 1;
const startTls = asciiBytes("1.3.6.1.4.1.1466.20037");
const success = 0;

function* client(): Dialogue {
  const request = element(extendedRequest, element(requestName, startTls));
  yield element(sequence, concat(element(integer, Uint8Array.of(messageId)), request));
  if ((yield nextOctet) !== sequence) throw malformed("something that is no LDAPMessage");
  const message = new Reader(yield* octets(yield* lengthOfMessage()));
  const id = contents(message, integer);
  if (id.length !== 1) throw malformed("an answer to another request");
  // RFC 4511 §4.4.1: the server says that it closes the connection.
  if (id[0] === 0) throw noTls("sent a notice of disconnection");
  if (id[0] !== messageId) throw malformed("an answer to another request");
  const [code, ...more] = contents(new Reader(contents(message, extendedResponse)), enumerated);
  if (code === undefined || more.length > 0) throw malformed("a result that is none");
  if (code !== success) throw noTls(`answered StartTLS with the result ${code}`);
}

function* lengthOfMessage(): Part<number> {
  const first = yield nextOctet;
  if (first < 0x80) return first;
  const length = lengthOf(yield* octets(lengthOctets(first)));
  if (length > maxLineLength) {
    throw notTls("message_too_long", `the server sent a message of more than ${maxLineLength} octets before TLS`);
  }
  return length;
}

/** RFC 4511 §5.1: a length is definite; that it is as short as can be isn't asked. */
function lengthOctets(first: number): number {
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw malformed("a length that can't be");
  return count;
}

function lengthOf(bytes: Uint8Array): number {
  return bytes.reduce((length, octet) => length * 256 + octet, 0);
}

function contents(reader: Reader, tag: number): Uint8Array {
  if (reader.u8() !== tag) throw malformed("something that is no answer to StartTLS");
  const first = reader.u8();
  return reader.bytes(first < 0x80 ? first : lengthOf(reader.bytes(lengthOctets(first))));
}

function element(tag: number, content: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(tag, content.length), content);
}
