import { asciiBytes, type Codec, decodeError, mapped, opaqueVector, printable } from "@tlskit/wire";

/** Visible ASCII behind its length, 1 to `max` characters: names that look the same are the same. */
export function visibleText(max: number): Codec<string> {
  return mapped(opaqueVector(1, max), {
    read: (bytes) => {
      if (!bytes.every((byte) => byte > 0x20 && byte < 0x7f)) throw decodeError(`${printable(bytes)} is no name`);
      return printable(bytes);
    },
    write: asciiBytes,
    meaning: (text) => text,
  });
}

export function isVisibleText(text: string, max: number): boolean {
  return text.length >= 1 && text.length <= max && /^[\x21-\x7e]*$/.test(text);
}
