/**
 * A TLS connection, sans-IO: handshake and record layer joined, certificates verified. Bytes in, bytes out.
 *
 * In comments, a name behind `#` (`RFC 9846 §4.2.4#second-retry-checked`) is that of a requirement in the register
 * (docs/requirements.md), which tells what proves it.
 * @module
 */

export type { CipherSuite, NamedGroup, SignatureScheme } from "@tlskit/ciphersuites";
export type { Awaitable, CryptoProvider, Random, Signer, SigningKey } from "@tlskit/crypto";
export {
  type AlpnOffer,
  type CertificateDemand,
  type ClientCredentialRequest,
  type ClientOffer,
  type ClientSessions,
  defaultMaxSkippedEarlyData,
  type Epoch,
  type ExternalPskFor,
  type ExternalPskOffers,
  externalPskOffers,
  type FindExternalPsk,
  type OfferedIdentity,
  type OwnExtensionsOffer,
  type PostHandshakeAuthentication,
  postHandshakeAuthentication,
  resumption,
  type SelectAlpnProtocol,
  type SessionResumption,
  type WantedPsk,
} from "@tlskit/handshake";
export { ExternalPsk, type ExternalPskOptions, type ImportedIdentity, type PskProtocol } from "@tlskit/keyschedule";
export type { RawExtension } from "@tlskit/messages";
export { type Allocate, type BufferUse, bufferSize, padToMultiple, type RecordPadding } from "@tlskit/record";
export {
  Alert,
  type AlertDescription,
  alertName,
  callerError,
  peerError,
  TlsError,
  type TlsErrorKind,
} from "@tlskit/wire";
export {
  Certificate,
  type CertificateCollection,
  certificatesFromPem,
  checkRevocation,
  describePassedOver,
  notChecked,
  type PassedOver,
  privateKeyFromPem,
  type RevocationChecks,
  type TrustAnchor,
  TrustAnchors,
  trustAnchorsFromPem,
  VerifiedChain,
  VerifiedSignatures,
  X509Error,
} from "@tlskit/x509";
export type { After } from "./after.ts";
export {
  CertificateCredential,
  type CertificateWithKey,
  type OcspResponseFor,
  selectClientCredential,
  selectCredential,
} from "./certificate-credential.ts";
export {
  attestationsWanted,
  type CertificateTrust,
  type TrustOptions,
} from "./certificate-trust.ts";
export type { ChannelBindingType } from "./channel-binding.ts";
export { type ClientInfo, type ClientTarget, TlsClient } from "./client.ts";
export type { ClientCertificates } from "./client-certificates.ts";
export type { EarlyDataOutcome } from "./client-early-data.ts";
export { ClientHelloReader, type FoundClientHello, readClientHello } from "./client-hello-reader.ts";
export { type CheckClient, type ClientTrust, clientVerifier } from "./client-verifier.ts";
export type { Connection, ConnectionInfo, FinishedMessages } from "./connection.ts";
export {
  ClientContext,
  type ClientOptions,
  ServerContext,
  type ServerOptions,
} from "./context.ts";
export { type DangerousClientInfo, type DangerousClientTarget, DangerousTlsClient } from "./dangerous-client.ts";
export { type DangerousServerInfo, DangerousTlsServer } from "./dangerous-server.ts";
export type { EarlierRecords } from "./earlier-host.ts";
export type { ClientAnswer, ConnectionHandlers } from "./handlers.ts";
export {
  defaultHandshakeTimeout,
  defaultMaxCertificates,
  defaultMaxChainLength,
  maxAuthoritiesLookedAt,
  maxHelloRequests,
  maxIgnoredAlerts,
  maxKeyUpdatesInARow,
  maxRenegotiations,
  maxRenegotiationsRefused,
  maxStapleLength,
  maxTicketsInARow,
  stapleRetryInterval,
} from "./limits.ts";
export {
  type FetchStaple,
  type OcspStapling,
  ocspStaple,
  type StapleQuestion,
  type StapleSource,
} from "./ocsp-staple.ts";
export {
  type CheckedCertificates,
  type ChooseCertificate,
  type OwnCertificates,
  ownCertificates,
} from "./own-certificates.ts";
export { PskClient, type PskClientInfo } from "./psk-client.ts";
export { PskClientContext, type PskClientOptions } from "./psk-client-context.ts";
export { type DirectionKeys, recordKeys } from "./record-keys.ts";
export { type ServerInfo, TlsServer } from "./server.ts";
export { type ServerTrust, serverVerifier } from "./server-verifier.ts";
export { type Tls12Options, tls12, tls12With } from "./tls12.ts";
export { type Direction, explainTraced, type TraceEvent } from "./trace.ts";
export { type DirectionSecrets, dangerouslyTakeTrafficSecrets, type TrafficSecrets } from "./traffic-secrets.ts";
export { UnverifiedPeer } from "./unverified-peer.ts";
export { type EarlierConnection, type TlsVersion, tls13 } from "./version.ts";
