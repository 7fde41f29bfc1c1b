/**
 * Recorded TLS: reads captures (pcap, pcapng), puts TCP connections together, and decrypts the TLS in them with a key log. Each
 * part serves by itself: the reader of packets, the TCP connections, the key log, the decrypter of one connection.
 * @module
 */
export { CaptureDecrypter, type CaptureEvent, decryptCapture } from "./capture-decrypter.ts";
export type { CapturedKeyLog, CapturedPacket, CaptureItem, Damage } from "./capture-item.ts";
export { CaptureReader, readCapture } from "./capture-reader.ts";
export { IpFragments } from "./ip-fragments.ts";
export { type IpFragment, type IpPacket, ipPacketIn } from "./ip-packet.ts";
export { KeyLog, type KeyLogProblem } from "./key-log.ts";
export * from "./limits.ts";
export { isKnownLinkType, type NetworkPacket, networkPacketIn } from "./link-layer.ts";
export type { Moment } from "./moment.ts";
export { type CapturedEndpoint, type TcpSegment, tcp, tcpSegmentIn } from "./tcp-segment.ts";
export { type TcpEnd, type TcpEvent, type TcpSender, TcpStreams } from "./tcp-streams.ts";
export { type DecrypterOptions, TlsDecrypter } from "./tls-decrypter.ts";
export type { TlsData, TlsEvent, TlsMessage, TlsSender, TlsUndecrypted } from "./tls-event.ts";
