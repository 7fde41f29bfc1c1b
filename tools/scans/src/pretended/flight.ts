import { createHash, randomBytes } from "node:crypto";
import { ffdheGroup } from "@tlskit/crypto";
import { Writer } from "@tlskit/wire";

/** What a server of SSL 3.0 to TLS 1.2 sends, octet by octet, and SSL 2.0's one message. */

/** A message of the handshake. */
export function message(type: number, body: (writer: Writer) => void): Uint8Array {
  const writer = new Writer();
  writer.u8(type);
  writer.vector(3, body);
  return writer.finish();
}

/** A record, whatever is in it. */
export function record(type: number, version: number, body: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.u8(type);
  writer.u16(version);
  writer.vector(2, (content) => content.bytes(body));
  return writer.finish();
}

/** Messages in records, as few as may be. */
export function handshakeRecord(version: number, messages: Uint8Array): Uint8Array {
  const most = 1 << 14;
  const records: Uint8Array[] = [];
  for (let at = 0; at < messages.length; at += most) {
    records.push(record(22, version, messages.subarray(at, at + most)));
  }
  return Buffer.concat(records);
}

/** A fatal one. */
export function alert(version: number, description: number): Uint8Array {
  return record(21, version, Uint8Array.of(2, description));
}

/** RFC 5246 §7.4.2 */
export function certificate(chain: readonly Uint8Array[]): Uint8Array {
  return message(11, (writer) => {
    writer.vector(3, (list) => {
      for (const der of chain) list.vector(3, (one) => one.bytes(der));
    });
  });
}

/** RFC 6066 §8 */
export function certificateStatus(ocspResponse: Uint8Array): Uint8Array {
  return message(22, (writer) => {
    writer.u8(1);
    writer.vector(3, (response) => response.bytes(ocspResponse));
  });
}

/** RFC 5246 §7.4.4 */
export function certificateRequest(version: number, authorities: readonly Uint8Array[]): Uint8Array {
  return message(13, (writer) => {
    writer.vector(1, (types) => types.bytes(Uint8Array.of(1, 64)));
    if (version === 0x0303) writer.vector(2, (schemes) => schemes.u16(0x0401));
    writer.vector(2, (list) => {
      for (const name of authorities) list.vector(2, (one) => one.bytes(name));
    });
  });
}

/** ServerECDHParams with a named curve (RFC 8422 §5.4). */
export function ecdhParameters(group: number, share: Uint8Array): Uint8Array {
  const writer = new Writer();
  writer.u8(3);
  writer.u16(group);
  writer.vector(1, (point) => point.bytes(share));
  return writer.finish();
}

/** Vectors of 16 bits' length, one behind the other: ServerDHParams, ServerRSAParams (RFC 2246 §7.4.3). */
export function vectors(...values: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer();
  for (const value of values) writer.vector(2, (one) => one.bytes(value));
  return writer.finish();
}

const shareLengths: ReadonlyMap<number, number> = new Map([
  [19, 49], // secp192r1
  [21, 57], // secp224r1
  [23, 65], // secp256r1
  [24, 97], // secp384r1
  [25, 133], // secp521r1
  [29, 32], // x25519
  [30, 56], // x448
]);

/** How long a share of a group is: as of secp256r1 for groups that aren't known here. */
export function shareLength(group: number): number {
  return shareLengths.get(group) ?? 65;
}

export const defaultDh: { readonly prime: Uint8Array; readonly generator: Uint8Array } = ffdheGroup("ffdhe2048");

/** Of 512 bits, as export suites had to have: an odd number, since nobody here needs it to be a prime. */
export const exportDh: { readonly prime: Uint8Array; readonly generator: Uint8Array } = {
  prime: new Uint8Array(64).fill(0xff),
  generator: Uint8Array.of(2),
};

/** RFC 9846 §4.2.4: the random that makes a ServerHello a HelloRetryRequest. */
const retryRandom = createHash("sha256").update("HelloRetryRequest").digest();

/** A ServerHello of TLS 1.3, or without a share a HelloRetryRequest that asks for one of the group. */
export function tls13ServerHello(
  sessionId: Uint8Array,
  cipherSuite: number,
  group: number,
  share: Uint8Array | undefined,
): Uint8Array {
  return message(2, (writer) => {
    writer.u16(0x0303);
    writer.bytes(share === undefined ? retryRandom : randomBytes(32));
    writer.vector(1, (id) => id.bytes(sessionId));
    writer.u16(cipherSuite);
    writer.u8(0);
    writer.vector(2, (extensions) => {
      extensions.u16(43);
      extensions.vector(2, (version) => version.u16(0x0304));
      extensions.u16(51);
      extensions.vector(2, (entry) => {
        entry.u16(group);
        if (share !== undefined) entry.vector(2, (key) => key.bytes(share));
      });
    });
  });
}

/** SERVER-HELLO of SSL 2.0: in a record whose header has two octets. */
export function ssl2ServerHello(leaf: Uint8Array, cipherKinds: readonly number[]): Uint8Array {
  const writer = new Writer();
  writer.u8(4);
  writer.u8(0); // no session is resumed
  writer.u8(1); // an X.509 certificate
  writer.u16(0x0002);
  writer.u16(leaf.length);
  writer.u16(cipherKinds.length * 3);
  writer.u16(16);
  writer.bytes(leaf);
  for (const kind of cipherKinds) writer.u24(kind);
  writer.bytes(randomBytes(16));
  const body = writer.finish();
  return Buffer.concat([Uint8Array.of(0x80 | (body.length >> 8), body.length & 0xff), body]);
}
