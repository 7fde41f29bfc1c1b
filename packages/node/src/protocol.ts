/** A version's name, as in `node:tls`. */
export type ProtocolName = "TLSv1.3" | "TLSv1.2";

/** @param version ProtocolVersion of what was negotiated. */
export function protocolName(version: number): ProtocolName {
  return version === 0x0303 ? "TLSv1.2" : "TLSv1.3";
}
