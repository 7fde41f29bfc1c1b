/**
 * Whether bytes are one SEQUENCE or SET whose contents are elements, end to end: the least that is true of whatever X.509
 * and CMS have signed. Lengths are read as leniently as anybody may read them.
 */
export function mayBeDer(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30 && bytes[0] !== 0x31) return false;
  const whole = contentsAt(bytes, 0);
  if (whole === "indefinite") return bytes.at(-1) === 0 && bytes.at(-2) === 0;
  if (whole?.end !== bytes.length) return false;
  for (let at = whole.start; at < bytes.length; ) {
    const element = contentsAt(bytes, at);
    if (element === "indefinite") return true;
    if (element === undefined) return false;
    at = element.end;
  }
  return true;
}

interface Contents {
  readonly start: number;
  readonly end: number;
}

/** Where the contents of the element at an offset begin and end (X.690 §8.1); nothing if that is beyond the bytes. */
function contentsAt(bytes: Uint8Array, at: number): Contents | "indefinite" | undefined {
  let lengthAt = at + 1;
  // X.690 §8.1.2.4: a tag number above 30 has further bytes, all but the last with their first bit set
  if (((bytes[at] ?? 0) & 0x1f) === 0x1f) while ((bytes[lengthAt++] ?? 0) >= 0x80);
  const first = bytes[lengthAt];
  if (first === undefined) return undefined;
  if (first === 0x80) return "indefinite";
  const start = lengthAt + 1 + (first < 0x80 ? 0 : first - 0x80);
  let length = first < 0x80 ? first : 0;
  for (const byte of bytes.subarray(lengthAt + 1, start)) length = length * 256 + byte;
  return start + length > bytes.length ? undefined : { start, end: start + length };
}
