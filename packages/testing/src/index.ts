/**
 * What tests of TLS need: an in-memory network with its own clock and seeded randomness, a throw-away PKI, a peer that
 * breaks the protocol in one named way at a time, a provider that answers late, and the suite for transports.
 * @module
 */
export {
  ethernetFrame,
  ipPacket,
  type RecordedEndpoint,
  type RecordedPacket,
  type RecordedSegment,
  TcpFlag,
  tcpPacket,
} from "./capture/packets.ts";
export { type PcapOptions, pcapFile } from "./capture/pcap-file.ts";
export {
  RecordedConnection,
  type RecordedConnectionOptions,
  type RecordedSender,
} from "./capture/recorded-connection.ts";
export { type LateSchedule, lateProvider } from "./late/late-provider.ts";
export { type LateOrder, LateTasks } from "./late/late-tasks.ts";
export {
  asWritten,
  type Chunking,
  everythingAtOnce,
  oneByteAtATime,
  randomChunks,
  splitAt,
} from "./network/chunking.ts";
export type { Endpoint } from "./network/endpoint.ts";
export { type Intercept, Link, LinkEnd, type LinkOptions, type Side } from "./network/link.ts";
export { InMemoryNetwork, type NetworkOptions } from "./network/network.ts";
export { ocspResponse, revokedSince, ThrowawayLog } from "./pki/attest.ts";
export { type BadChain, type BadChainName, badChains } from "./pki/bad-chains.ts";
export type { Issuer, TestCertificate } from "./pki/certify.ts";
export { ThrowawayPki, type ThrowawayPkiOptions, throwawayPki } from "./pki/throwaway-pki.ts";
export { privateUse } from "./private-use.ts";
export { randomBelow, seededRandom } from "./random.ts";
export { ended, type Refusal, refused } from "./refusal.ts";
export { ScriptedClient, type ScriptedClientOptions } from "./scripted/client.ts";
export {
  authenticatingScript,
  clientScript,
  earlyDataScript,
  laterAuthenticatingScript,
} from "./scripted/client-script.ts";
export type { Deviation, Expectation, Needs, Negotiates } from "./scripted/deviation.ts";
export { askingServerDeviations, laterAskingServerDeviations } from "./scripted/deviations/asking-server.ts";
export {
  authenticatingClientDeviations,
  laterAuthenticatingClientDeviations,
} from "./scripted/deviations/authenticating-client.ts";
export { clientDeviations } from "./scripted/deviations/client.ts";
export {
  certWithExternPskClientDeviations,
  externalPskClientDeviations,
} from "./scripted/deviations/external-psk-client.ts";
export {
  certWithExternPskServerDeviations,
  externalPskServerDeviations,
} from "./scripted/deviations/external-psk-server.ts";
export { earlyDataClientDeviations, resumingClientDeviations } from "./scripted/deviations/resuming-client.ts";
export { earlyDataServerDeviations, resumingServerDeviations } from "./scripted/deviations/resuming-server.ts";
export { serverDeviations } from "./scripted/deviations/server.ts";
export {
  tls12AuthenticatingClientDeviations,
  tls12UnaskedClientDeviations,
  tls12UncertifiedClientDeviations,
} from "./scripted/deviations/tls12/authenticating-client.ts";
export { tls12ClientDeviations } from "./scripted/deviations/tls12/client.ts";
export { tls12BestDeviations, tls12FallbackDeviations } from "./scripted/deviations/tls12/client-hello.ts";
export { tls12DheClientDeviations, tls12RsaClientDeviations } from "./scripted/deviations/tls12/client-key-exchange.ts";
export { tls12ResumingClientDeviations } from "./scripted/deviations/tls12/resuming-client.ts";
export {
  tls12ResumingServerDeviations,
  tls12UnextendedServerDeviations,
} from "./scripted/deviations/tls12/resuming-server.ts";
export { tls12ServerDeviations } from "./scripted/deviations/tls12/server.ts";
export { tls12DowngradeDeviations, tls12EncryptThenMacDeviations } from "./scripted/deviations/tls12/server-hello.ts";
export { tls12DheServerDeviations } from "./scripted/deviations/tls12/server-key-exchange.ts";
export {
  tls12EarlyTicketDeviations,
  tls12TicketDeviations,
  tls12UnaskedTicketDeviations,
} from "./scripted/deviations/tls12/tickets.ts";
export { RecordType, ScriptedPeer, type ScriptedPeerOptions, scriptedData } from "./scripted/peer.ts";
export {
  RawCertificate,
  RawCertificateRequest,
  RawCertificateVerify,
  RawClientHello,
  RawEncryptedExtensions,
  type RawExtended,
  type RawExtension,
  RawFinished,
  RawServerHello,
  rawExtension,
} from "./scripted/raw-messages.ts";
export {
  after,
  altered,
  alteredBytes,
  before,
  type Edit,
  edits,
  instantStep,
  instead,
  leftOut,
  type MakeMessage,
  messageStep,
  moved,
  type Script,
  type Step,
  sentTwice,
  step,
} from "./scripted/script.ts";
export { scriptedClient, scriptedServer } from "./scripted/scripted-peers.ts";
export { ScriptedServer, type ScriptedServerOptions } from "./scripted/server.ts";
export { askingScript, laterAskingScript, resumingScript, serverScript } from "./scripted/server-script.ts";
export { type ScriptedSession, scriptedEarlyData, scriptedPsk, scriptedPskKey } from "./scripted/session.ts";
export { ScriptedTls12Client, type ScriptedTls12ClientOptions, type VerifyOdds } from "./scripted/tls12/client.ts";
export { ScriptedTls12Peer } from "./scripted/tls12/peer.ts";
export { Tls12CbcProtection } from "./scripted/tls12/protection.ts";
export { scriptedTls12Client, scriptedTls12Server } from "./scripted/tls12/scripted-peers.ts";
export {
  tls12AskingScript,
  tls12AuthenticatingScript,
  tls12ClientScript,
  tls12RenewingServerScript,
  tls12ResumingClientScript,
  tls12ResumingServerScript,
  tls12RsaServerScript,
  tls12ServerScript,
  tls12StaplingScript,
  tls12TicketScript,
} from "./scripted/tls12/scripts.ts";
export { type KeyExchangeOdds, ScriptedTls12Server, type ScriptedTls12ServerOptions } from "./scripted/tls12/server.ts";
export type { ScriptedTls12Session } from "./scripted/tls12/session.ts";
export { ScriptedTls13Peer } from "./scripted/tls13-peer.ts";
export { transportConformance } from "./transport/conformance.ts";
export type {
  Attempt,
  Attempted,
  ClientPeer,
  ClientWishes,
  OpenPeers,
  Peers,
  PeersFeature,
  PeersInfo,
  PeersLacks,
  PeersSocket,
  PeersVersion,
  PeersWishes,
  PemIdentity,
  ServerPeer,
  ServerWishes,
  Wire,
} from "./transport/peers.ts";
export { type PeersConformanceOptions, peersConformance } from "./transport/peers-conformance.ts";
export type {
  TransportCase,
  TransportFactory,
  TransportLacks,
  TransportOptions,
  TransportPair,
  TransportSocket,
} from "./transport/transport.ts";
