import { cryptoError } from "@tlskit/crypto";

/** The little of DER (X.690) that keys of Diffie-Hellman take. */

const tags = { integer: 0x02, bitString: 0x03, sequence: 0x30 } as const;

/** PKCS #3: `dhKeyAgreement`, an object identifier. */
const dhKeyAgreement = Buffer.from("06092a864886f70d010301", "hex");

function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const lengthOctets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...lengthOctets), content]);
}

/** Of an unsigned big-endian integer, with or without leading zeros. */
function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const magnitude = first === -1 ? Uint8Array.of(0) : bytes.subarray(first);
  return (magnitude[0] ?? 0) < 0x80
    ? element(tags.integer, magnitude)
    : element(tags.integer, Uint8Array.of(0), magnitude);
}

/** PKCS #3 §9 in RFC 5280 §4.1: a SubjectPublicKeyInfo of Diffie-Hellman. */
export function dhPublicKey(prime: Uint8Array, generator: number, publicValue: Uint8Array): Buffer {
  const g = Uint8Array.of(generator >>> 24, generator >>> 16, generator >>> 8, generator);
  const parameters = element(tags.sequence, integer(prime), integer(g));
  return element(
    tags.sequence,
    element(tags.sequence, dhKeyAgreement, parameters),
    element(tags.bitString, Uint8Array.of(0), integer(publicValue)),
  );
}

/** The public value in a SubjectPublicKeyInfo, whose parameters runtimes write differently. */
export function dhPublicValue(spki: Uint8Array): Uint8Array {
  const [algorithm, bits] = elements(elements(spki)[0]);
  const [value] = elements(bits?.subarray(1));
  if (algorithm === undefined || value === undefined)
    throw cryptoError("provider_failed", "no public key of Diffie-Hellman");
  return value;
}

/** The contents of elements that lie end to end, as a runtime has written them. */
function elements(der: Uint8Array = new Uint8Array(0)): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < der.length; ) {
    const first = der[at + 1] ?? 0;
    const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthOctets;
    const length = lengthOctets === 0 ? first : der.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
    found.push(der.subarray(start, start + length));
    at = start + length;
  }
  return found;
}
