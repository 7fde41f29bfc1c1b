/** The little of DER (X.690) that keys take. */

const tags = { integer: 0x02, octetString: 0x04, sequence: 0x30 } as const;

function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  const lengthOctets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const whole = new Uint8Array(1 + lengthOctets.length + length);
  whole.set([tag, ...lengthOctets]);
  let offset = 1 + lengthOctets.length;
  for (const content of contents) {
    whole.set(content, offset);
    offset += content.length;
  }
  return whole;
}

/** Of an unsigned big-endian integer, with or without leading zeros. */
function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const magnitude = first === -1 ? Uint8Array.of(0) : bytes.subarray(first);
  return (magnitude[0] ?? 0) < 0x80
    ? element(tags.integer, magnitude)
    : element(tags.integer, Uint8Array.of(0), magnitude);
}

/** RFC 8017 appendix A.1.1, A.1.2: RSAPublicKey and, with a version in front, RSAPrivateKey. */
export function integers(...values: readonly Uint8Array[]): Uint8Array {
  return element(tags.sequence, ...values.map(integer));
}

/** RFC 5915 §3: ECPrivateKey without a public key, which OpenSSL then computes. */
export function ecPrivateKey(scalar: Uint8Array, curve: Uint8Array): Uint8Array {
  const parameters = element(0xa0, curve);
  return element(tags.sequence, integer(Uint8Array.of(1)), element(tags.octetString, scalar), parameters);
}
