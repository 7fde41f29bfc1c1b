/**
 * The handshakes of TLS 1.3 and 1.2, client and server, as generators over a narrow interface that knows nothing of records.
 *
 * In comments, a name behind `#` (`RFC 9846 §4.2.4#second-retry-checked`) is that of a requirement in the register
 * (docs/requirements.md), which tells what proves it.
 * @module
 */
export type { AttestationRequest, Attestations } from "./attestations.ts";
export { AuthenticatedPeer } from "./certificate-verify.ts";
export { clientHandshake } from "./client.ts";
export type { CertificateDemand, ClientAuthentication } from "./client-authentication.ts";
export type { AlpnOffer, ClientOffer, OwnExtensionsOffer, SelectAlpnProtocol } from "./client-offer.ts";
export type { ClientSessions } from "./client-sessions.ts";
export type { ClientCredentialRequest, Credential, CredentialRequest } from "./credential.ts";
export type { EarlyDataDecline, EarlyDataIo, EarlyDataKeys } from "./early-data.ts";
export {
  type EarlierSecrets,
  Established,
  type EstablishedSecrets,
  type LaterAuthentication,
  type Negotiated,
  type PreviousHandshake,
  type RenegotiationState,
  type Tls13Secrets,
  type VerifyData,
} from "./established.ts";
export type { ExternalPskFor, WantedPsk } from "./external-psk-for.ts";
export { type ExternalPskOffers, externalPskOffers } from "./external-psk-offers.ts";
export type { FindExternalPsk, OfferedIdentity } from "./external-psks.ts";
export { VerifiedFinished } from "./finished.ts";
export { type EarlierIo, type EarlierKeys, type Epoch, type HandshakeIo, type Received, received } from "./io.ts";
export {
  cookieLifetime,
  defaultEarlyDataTolerance,
  defaultMaxSkippedEarlyData,
  defaultTicketCount,
  maxCertificateRequests,
  maxExternalPskBytes,
  maxPendingCertificateRequests,
  maxTicketCount,
  maxTicketsKept,
} from "./limits.ts";
export { checkOwnExtensions } from "./own-extensions.ts";
export type { PeerKeyUse, PeerVerifier, TrustedPeer } from "./peer-verifier.ts";
export { type PostHandshake, receivePostHandshake } from "./post-handshake.ts";
export {
  dangerouslyRenegotiatingClient,
  mayBeDangerouslyRenegotiated,
  mayBeRenegotiated,
  renegotiatingClient,
} from "./renegotiating-client.ts";
export { ResumableSession } from "./resumable-session.ts";
export type { ClientIdentity, Resumption } from "./resumption.ts";
export { serverHandshake } from "./server.ts";
export { resumption, type SessionResumption } from "./session-resumption.ts";
export {
  type ClientHandshakeOptions,
  type ClientHandshakeSettings,
  type ClientSettings,
  clientExpectations,
  clientSettings,
  type EarlyDataSettings,
  hasExternalPsks,
  type ServerHandshakeOptions,
  type ServerHandshakeSettings,
  type ServerSettings,
  serverExpectations,
  serverSettings,
} from "./settings.ts";
export { dangerousDhAnon } from "./tls12/dh-anon.ts";
export { dhe } from "./tls12/dhe.ts";
export { dhePsk, dhePskWith } from "./tls12/dhe-psk.ts";
export { dangerousEcdhAnon } from "./tls12/ecdh-anon.ts";
export { ecdhePsk, ecdhePskWith } from "./tls12/ecdhe-psk.ts";
export type {
  Agreement,
  BegunExchange,
  ClientExchange,
  ClientSide,
  KeyExchangeMethod,
  ServerExchange,
  ServerMessage,
  SignedAnnouncement,
  SignedParams,
  UnsignedAnnouncement,
} from "./tls12/key-exchange.ts";
export { psk, pskWith } from "./tls12/psk.ts";
export type { PskOptions } from "./tls12/psks.ts";
export { rsa } from "./tls12/rsa.ts";
export { rsaPsk, rsaPskWith } from "./tls12/rsa-psk.ts";
export { tls12, tls12With } from "./tls12/version.ts";
export type { Tls12Options } from "./tls12/version-of.ts";
export {
  type CertificateAnswers,
  type PostHandshakeAuthentication,
  type PreparedAnswer,
  postHandshakeAuthentication,
} from "./tls13/certificate-answers.ts";
export type { CertificateAnswer, CertificateRequests } from "./tls13/certificate-requests.ts";
export type { IdentifiedClient } from "./tls13/client-certificate.ts";
export { type EarlierOffer, type EarlierVersion, tls13Version as tls13, type Version } from "./versions.ts";
