/** A version's name, as in `node:tls`. */
export type ProtocolName = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** ProtocolVersion by the names of `node:tls`, oldest first. */
export const protocolVersions: Readonly<Record<ProtocolName, number>> = {
  TLSv1: 0x0301,
  "TLSv1.1": 0x0302,
  "TLSv1.2": 0x0303,
  "TLSv1.3": 0x0304,
};

export function isProtocolName(name: string): name is ProtocolName {
  return Object.hasOwn(protocolVersions, name);
}

/** @param version ProtocolVersion of what was negotiated. */
export function protocolName(version: number): ProtocolName {
  const name = Object.entries(protocolVersions).find(([, code]) => code === version)?.[0];
  return name !== undefined && isProtocolName(name) ? name : "TLSv1.3";
}
