/** The text of UTF-8 (RFC 3629), or nothing if the bytes aren't that: overlong forms and surrogates aren't. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i++] ?? 0;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const more =
      first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
    if (more === 0) return undefined;
    let code = first & (0x3f >> more);
    for (let k = 0; k < more; k += 1) {
      const next = bytes[i++];
      if (next === undefined || (next & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (next & 0x3f);
    }
    if (!isScalar(code) || (more === 2 && code < 0x800) || (more === 3 && code < 0x10000)) return undefined;
    text += String.fromCodePoint(code);
  }
  return text;
}

/**
 * The text of a file: UTF-16 if a byte order mark says so, else octet by octet, which is enough for what is ASCII and lets
 * whatever else there is be. The mark itself is no part of it.
 */
export function decodeFileText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decodeCodeUnits(bytes, 1, 0);
  if (first === 0xfe && second === 0xff) return decodeCodeUnits(bytes, 0, 1);
  const start = first === 0xef && second === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  // in pieces: a call takes only so many arguments
  let text = "";
  for (let i = start; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

function decodeCodeUnits(bytes: Uint8Array, high: 0 | 1, low: 0 | 1): string {
  let text = "";
  for (let i = 2; i + 1 < bytes.length; i += 2) {
    text += String.fromCharCode(((bytes[i + high] ?? 0) << 8) | (bytes[i + low] ?? 0));
  }
  return text;
}

/** UTF-8 of a text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0) ?? 0;
    if (!isScalar(code)) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }
  }
  return Uint8Array.from(bytes);
}

/** The text of a BMPString (two octets a character) or UniversalString (four), or nothing if it isn't one. */
export function decodeFixedWidth(bytes: Uint8Array, width: 2 | 4): string | undefined {
  if (bytes.length % width !== 0) return undefined;
  let text = "";
  for (let i = 0; i < bytes.length; i += width) {
    let code = 0;
    for (let k = 0; k < width; k += 1) code = code * 256 + (bytes[i + k] ?? 0);
    if (!isScalar(code)) return undefined;
    text += String.fromCodePoint(code);
  }
  return text;
}

function isScalar(code: number): boolean {
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}
