import { readFileSync } from "node:fs";
import type { ClientSession } from "@tlskit/sessions";
import {
  type ClientCredentialRequest,
  type ClientInfo,
  type DangerousClientInfo,
  type EarlyDataOutcome,
  type PskClientInfo,
  type ServerInfo,
  UnverifiedPeer,
} from "@tlskit/tls";
import { certificatesFromPem } from "@tlskit/x509";
import { credentialsOf } from "./certificates.ts";
import { acceptsUnverified } from "./contexts.ts";
import { reasonAtClient, reasonAtServer } from "./early-data-reason.ts";
import type { Config } from "./flags.ts";
import { Unexpected } from "./unexpected.ts";

/** Before it signatures had no names. */
const tls12 = 0x0303;

/** What is known of a connection, at whatever end. */
export type Info = ClientInfo | DangerousClientInfo | PskClientInfo | ServerInfo;

/** Holds what was negotiated against what the runner expects. */
export function check(config: Config, info: Info): void {
  const [own, peers] = config.server
    ? [info.serverCertificates, info.clientCertificates]
    : [info.clientCertificates, info.serverCertificates];
  const signatureScheme = config.server ? info.clientSignatureScheme : info.signatureScheme;
  const expected: readonly (readonly [what: string, wanted: unknown, got: unknown])[] = [
    ["version", config.expectVersion, info.version],
    ["curve", config.expectCurveId, info.namedGroup?.code],
    ["cipher", config.expectCipher, info.cipherSuite.code],
    ["ALPN", config.expectAlpn, info.alpnProtocol ?? ""],
    ["server name", config.expectServerName, info.serverName],
    ["signature algorithm", config.expectPeerSignatureAlgorithm, info.version < tls12 ? 0 : signatureScheme?.code],
  ];
  for (const [what, wanted, got] of expected) {
    if (wanted !== undefined && wanted !== got) throw new Unexpected(`${what}: ${wanted} expected, got ${got}`);
  }
  if (config.expectNoServerName && info.serverName !== undefined) throw new Unexpected("a server name");
  if (config.expectHrr && !info.helloRetryRequest) throw new Unexpected("no HelloRetryRequest");
  if (config.expectNoHrr && info.helloRetryRequest) throw new Unexpected("a HelloRetryRequest");
  if (config.expectSelectedCredential !== undefined) {
    // The runner counts from the first; -1 is the one beside the others, which comes last.
    const shown = credentialsOf(config).at(config.expectSelectedCredential);
    if (shown?.importedPsk === undefined) checkChain("ours", own, shown?.certFile);
    else if (
      info.externalPsk === undefined ||
      Buffer.compare(info.externalPsk.identity, shown.importedPsk.identity) !== 0
    ) {
      throw new Unexpected("another pre-shared key, or none");
    }
  }
  if (config.expectNoPeerCert && peers.length > 0) throw new Unexpected("a certificate");
  if (config.expectPeerCertFile !== undefined) checkChain("the peer's", peers, config.expectPeerCertFile);
  checkVerdict(config, info);
  checkAttestations(config, info);
}

function checkChain(whose: string, shown: readonly Uint8Array[], file: string | undefined): void {
  const wanted = file === undefined ? [] : certificatesFromPem(readFileSync(file)).certificates;
  const isSame =
    wanted.length === shown.length && wanted.every(({ der }, at) => Buffer.compare(der, shown[at] ?? der) === 0);
  if (wanted.length === 0 || !isSame) {
    throw new Unexpected(`other certificates, ${whose}`);
  }
}

/**
 * Whom a client accepts that can't be verified: whoever it wants to, or a server that is verified but for an OCSP response
 * that isn't one, which the client wants to see.
 */
function checkVerdict(config: Config, { peer }: Info): void {
  const isUnverified = peer instanceof UnverifiedPeer;
  if (acceptsUnverified(config)) {
    if (!isUnverified) throw new Unexpected("a server that is verified");
  } else if (isUnverified && peer.refusal.code !== "certificate_bad_staple") throw peer.refusal;
}

function checkAttestations(config: Config, { serverAttestations: [ofLeaf] }: Info): void {
  const { expectOcspResponse: response, expectSignedCertTimestamps: timestamps } = config;
  if (response !== undefined && Buffer.compare(response, ofLeaf?.ocspResponse ?? nothing) !== 0) {
    throw new Unexpected("another OCSP response, or none");
  }
  if (timestamps !== undefined && Buffer.compare(timestamps, asList(ofLeaf?.signedCertificateTimestamps ?? [])) !== 0) {
    throw new Unexpected("other certificate timestamps, or none");
  }
}

const nothing = Buffer.alloc(0);

/** RFC 6962 §3.3: each timestamp, and all together, behind a length of two bytes. */
function asList(timestamps: readonly Uint8Array[]): Uint8Array {
  return behindLength(Buffer.concat(timestamps.map(behindLength)));
}

function behindLength(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

/** Holds what a server said when it asked for a certificate against what the runner expects. */
export function checkRequest(config: Config, request: ClientCredentialRequest | undefined): void {
  const { expectClientCaList: authorities, expectPeerVerifyPrefs: schemes } = config;
  const named = request?.certificateAuthorities ?? [];
  if (
    authorities !== undefined &&
    (authorities.length !== named.length ||
      !authorities.every((name, at) => Buffer.compare(name, named[at] ?? nothing) === 0))
  ) {
    throw new Unexpected("other authorities, or none");
  }
  if (schemes.length > 0 && schemes.join() !== request?.signatureSchemesInCertificates.join()) {
    throw new Unexpected("other signature schemes, or none");
  }
}

/** What was there of earlier connections when this one began. */
export interface Before {
  readonly isResume: boolean;
  /** The session that a client offers. */
  readonly session: ClientSession | undefined;
}

/** Holds what became of a session, and of early data, against what the runner expects. */
export function checkResumption(
  config: Config,
  { isResume, session }: Before,
  info: Info,
  outcome: EarlyDataOutcome | undefined,
): void {
  if (info.resumed !== (isResume && !config.expectSessionMiss)) {
    throw new Unexpected(info.resumed ? "a session that is resumed" : "a session that isn't resumed");
  }
  const accepted = info.earlyData === "accepted";
  if (isResume && config.expectAcceptEarlyData && !accepted) throw new Unexpected("early data that isn't accepted");
  if (isResume && config.expectRejectEarlyData && accepted) throw new Unexpected("early data that is accepted");
  if (isResume && config.expectNoOfferEarlyData && info.earlyData !== undefined) {
    throw new Unexpected("early data that is offered");
  }
  const reason = config.server ? reasonAtServer(info, config) : reasonAtClient(info, config, session, outcome);
  const { expectEarlyDataReason: wanted } = config;
  if (wanted !== undefined && wanted !== reason) throw new Unexpected(`early data: ${wanted} expected, got ${reason}`);
}

/**
 * Holds the session that a client has got, at the end of its connection, against what the runner expects.
 * @param offered the one that it had at its beginning.
 */
export function checkNewSession(
  config: Config,
  session: ClientSession | undefined,
  offered: ClientSession | undefined,
): void {
  // Whoever shuts down at once reads no tickets.
  if (config.shimShutsDown) return;
  if (config.expectNoSession !== (session === undefined)) {
    throw new Unexpected(session === undefined ? "no session" : "a session");
  }
  if (session === undefined) return;
  if (offered !== undefined && config.expectTicketRenewal && Buffer.compare(session.ticket, offered.ticket) === 0) {
    throw new Unexpected("a ticket that isn't renewed");
  }
  if (config.expectTicketSupportsEarlyData !== session.maxEarlyData > 0) {
    throw new Unexpected(`a session for ${session.maxEarlyData} bytes of early data`);
  }
  if (session.acrossNames ? config.expectNotResumableAcrossNames : config.expectResumableAcrossNames) {
    throw new Unexpected(session.acrossNames ? "a session for all names" : "a session for its name alone");
  }
}
