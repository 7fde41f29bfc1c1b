import { asciiBytes } from "@tlskit/wire";

/** Parts of what sessions belong to, as bytes: other parts are other bytes, wherever one ends and the next begins. */
export function bindingOf(...parts: readonly unknown[]): Uint8Array {
  return asciiBytes(JSON.stringify(parts).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)};`));
}
