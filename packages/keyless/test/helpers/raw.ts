import { asciiBytes, concat } from "@tlskit/wire";

/** A message, whatever it says: written down once more, for what no client of ours sends. */
export function rawMessage(
  type: number,
  id: number,
  body: Uint8Array,
  { version = 1, length = body.length }: { readonly version?: number; readonly length?: number } = {},
): Uint8Array {
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint8(0, version);
  view.setUint8(1, type);
  view.setUint32(2, id);
  view.setUint16(6, length);
  return concat(header, body);
}

export const lengthPrefixed = (bytes: Uint8Array): Uint8Array => concat(Uint8Array.of(bytes.length), bytes);

/** The body of a request to sign. */
export function signBody(key: string, algorithm: string, form: number, parts: Uint8Array): Uint8Array {
  return concat(lengthPrefixed(asciiBytes(key)), lengthPrefixed(asciiBytes(algorithm)), Uint8Array.of(form), parts);
}
