import { decodeError, Reader } from "@tlskit/wire";
import type { IpPacket } from "./ip-packet.ts";

/** The number of TCP among what IP carries. */
export const tcp = 6;

/** One end of a connection. */
export interface CapturedEndpoint {
  /** As text: `192.0.2.1`, `2001:db8::1`. */
  readonly address: string;
  readonly port: number;
}

/** A segment of TCP (RFC 9293 §3.1). */
export interface TcpSegment {
  readonly source: CapturedEndpoint;
  readonly destination: CapturedEndpoint;
  readonly sequenceNumber: number;
  readonly syn: boolean;
  readonly ack: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  /** As much as was captured. */
  readonly payload: Uint8Array;
  /** Bytes at the payload's end that weren't captured. */
  readonly missing: number;
}

/**
 * Reads a segment of TCP. Its checksum isn't looked at: network cards fill it in behind whoever captures.
 * @throws {TlsError} `decode_error` for what is none
 */
export function tcpSegmentIn({ source, destination, payload, missing }: IpPacket): TcpSegment {
  const reader = new Reader(payload);
  const [sourcePort, destinationPort] = [reader.u16(), reader.u16()];
  const sequenceNumber = reader.u32();
  reader.u32(); // what is acknowledged
  const offsetAndFlags = reader.u16();
  reader.bytes(6);
  const options = (offsetAndFlags >> 12) * 4 - 20;
  if (options < 0) throw decodeError("a segment of TCP is shorter than its header");
  reader.bytes(options);
  return {
    source: { address: source, port: sourcePort },
    destination: { address: destination, port: destinationPort },
    sequenceNumber,
    fin: (offsetAndFlags & 0x01) !== 0,
    syn: (offsetAndFlags & 0x02) !== 0,
    rst: (offsetAndFlags & 0x04) !== 0,
    ack: (offsetAndFlags & 0x10) !== 0,
    payload: reader.rest(),
    missing,
  };
}
