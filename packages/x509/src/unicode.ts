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
