import { toHex } from "@tlskit/wire";
import { oidName } from "./oid-names.ts";

/** Octets as people compare them: `0A:1B`. */
export function octetsText(bytes: Uint8Array): string {
  return toHex(bytes)
    .toUpperCase()
    .replaceAll(/(?<=.)(?=(?:..)+$)/g, ":");
}

/** The name of an object identifier, or its numbers. */
export function oidText(oid: string): string {
  return oidName(oid) ?? oid;
}
