import { byCode, type CipherSuite, type SignatureScheme, type Tls12CipherSuite } from "@tlskit/ciphersuites";
import { type Steps, wait } from "@tlskit/crypto";
import type { ExternalPsk } from "@tlskit/keyschedule";
import { Certificate } from "@tlskit/messages";
import { type ClientSession, decodeClientSession, maxSessionLifetime } from "@tlskit/sessions";
import { asciiBytes, decode, equalBytes, TlsError } from "@tlskit/wire";
import type { ClientSessions } from "./client-sessions.ts";
import { provesEarlier } from "./earlier-proofs.ts";
import { isMarkOf } from "./external-psks.ts";
import { noBinding } from "./no-binding.ts";
import type { TrustedPeer } from "./peer-verifier.ts";
import type { ClientHandshakeSettings } from "./settings.ts";
import { tls13 } from "./version.ts";

/**
 * A session that a client may resume: its server proved by its certificate's key who it is, and its certificate is trusted
 * now, for the name that is asked for now, by whom the client trusts now; or it proved that it has a pre-shared key from
 * outside, which the client still has. Only {@link ResumableSession.recall} makes one.
 */
export class ResumableSession<Evidence> {
  readonly session: ClientSession;
  readonly cipherSuite: CipherSuite | Tls12CipherSuite;
  /** What it proved; one of the two is there, or both (RFC 4279 §4). */
  readonly server: ProvedServer<Evidence> | undefined;
  readonly externalPsk: ExternalPsk | undefined;
  /** RFC 9846 §4.3.11.1: milliseconds since the ticket came. */
  readonly age: number;
  private constructor(
    session: ClientSession,
    cipherSuite: CipherSuite | Tls12CipherSuite,
    { server, externalPsk }: Pick<ResumableSession<Evidence>, "server" | "externalPsk">,
    age: number,
  ) {
    this.session = session;
    this.cipherSuite = cipherSuite;
    this.server = server;
    this.externalPsk = externalPsk;
    this.age = age;
    provesEarlier(this, {
      evidence: server?.peer.evidence,
      signatureScheme: server?.signatureScheme,
      externalPsk,
      verifiedAt: session.verifiedAt,
    });
  }

  /**
   * The session to resume, if there is one that may be. Its certificate is verified once more, as in a full handshake: so
   * it doesn't outlive its certificates, and whoever has other trust anchors or another question to the server has it
   * answered. What fails means a full handshake, in which the same will fail again, or not. RFC 8773 §5.1#external-alone: none with a
   * certificate besides a pre-shared key, where there may be no other than from outside.
   */
  static *recall<Evidence>(
    context: ClientHandshakeSettings<Evidence>,
    sessions: ClientSessions,
  ): Steps<ResumableSession<Evidence> | undefined> {
    if (context.certificateWithExternalPsk) return undefined;
    try {
      // RFC 5077 §3.2#deleted-after-failure: it is kept again when it has been resumed.
      const bytes = yield* wait(sessions.take());
      const session = bytes === undefined ? undefined : decodeClientSession(bytes);
      if (session === undefined) return undefined;
      const now = context.clock();
      const cipherSuite = cipherSuiteOf(context, session);
      if (cipherSuite === undefined || !isUsable(context, session, now)) return undefined;
      const byPsk = session.externalMark.length > 0;
      const externalPsk = byPsk ? stillHas(context, session, cipherSuite) : undefined;
      // RFC 4279 §4: a certificate besides, in TLS 1.2.
      const byCertificate = !byPsk || ("certificateKey" in cipherSuite && cipherSuite.certificateKey !== undefined);
      const server = byCertificate ? yield* stillTrusted(context, session) : undefined;
      if ((byPsk && externalPsk === undefined) || (byCertificate && server === undefined)) return undefined;
      return new ResumableSession(session, cipherSuite, { server, externalPsk }, now - session.receivedAt);
    } catch (error) {
      // A server's certificate that isn't trusted any more is nothing that failed here.
      if (!(error instanceof TlsError && error.kind === "peer")) context.resumptionFailed?.(error);
      return undefined;
    }
  }
}

/** A session of TLS 1.3: its suite is one of that. */
export type Tls13Session<Evidence> = ResumableSession<Evidence> & { readonly cipherSuite: CipherSuite };

/** A server that is trusted by its certificate, and what it signed with. */
interface ProvedServer<Evidence> {
  readonly peer: TrustedPeer<Evidence>;
  /** Nothing where it decrypted instead, in TLS 1.2. */
  readonly signatureScheme: SignatureScheme | undefined;
}

function* stillTrusted<Evidence>(
  context: ClientHandshakeSettings<Evidence>,
  session: ClientSession,
): Steps<ProvedServer<Evidence> | undefined> {
  const { earlier } = context.versions.find(({ code }) => code === session.version) ?? {};
  const schemes = earlier?.signatureSchemes(context.signatureSchemes) ?? context.signatureSchemes;
  const signatureScheme = byCode(schemes, session.signatureScheme);
  // Only before TLS 1.3 a server may have decrypted instead.
  const isSigned = session.version === tls13 || session.signatureScheme !== 0;
  if (context.verifyPeer === undefined || (isSigned && signatureScheme === undefined)) return undefined;
  const { certificateList } = decode(Certificate.body, session.certificate);
  return { peer: yield* context.verifyPeer(certificateList, isSigned ? "sign" : "decrypt"), signatureScheme };
}

/** The pre-shared key that a session began with, if it is still one of the client's. */
function stillHas(
  { provider, externalPsks }: ClientHandshakeSettings<unknown>,
  { externalMark }: ClientSession,
  { hash }: Pick<CipherSuite, "hash">,
): ExternalPsk | undefined {
  return externalPsks.find((psk) => isMarkOf(provider, psk, hash, externalMark));
}

/** RFC 5246 §7.4.1.2#session-suite: the cipher suite of a session, if that and its version are offered. */
function cipherSuiteOf(
  { versions, cipherSuites, provider }: ClientHandshakeSettings<unknown>,
  { version, cipherSuite }: ClientSession,
): CipherSuite | Tls12CipherSuite | undefined {
  const offered = versions.find(({ code }) => code === version);
  if (offered?.earlier !== undefined) return byCode(offered.earlier.cipherSuites(provider), cipherSuite);
  return offered && byCode(cipherSuites, cipherSuite);
}

function isUsable(context: ClientHandshakeSettings<unknown>, session: ClientSession, now: number): boolean {
  const lifetime = Math.min(session.ticketLifetime, maxSessionLifetime);
  return (
    // RFC 9846 §4.3.11.1#lifetime, §4.7.1#seven-days: none that is too old, and none that comes from the future.
    session.receivedAt <= now &&
    now < session.receivedAt + 1000 * lifetime &&
    now < session.verifiedAt + 1000 * context.sessionLifetime &&
    // RFC 7627 §5.3#session-without
    (session.extendedMainSecret || context.dangerousResumptionWithoutExtendedMainSecret) &&
    equalBytes(session.binding, context.sessionBinding ?? noBinding) &&
    // RFC 9846 §4.7.1#name-checked, §4.7.1#new-name, RFC 6066 §3#session-name: for another name only if the server says that it will be taken. Whether
    // the certificate is for it is seen when that is verified.
    ((session.acrossNames && context.resumptionAcrossNames) ||
      equalBytes(session.serverName, asciiBytes(context.serverName ?? "")))
  );
}

/** Whether early data of so many bytes can be sent under a session. */
export function allowsEarlyData(context: ClientHandshakeSettings<unknown>, session: ClientSession): boolean {
  const { earlyDataLength } = context;
  return (
    earlyDataLength !== undefined &&
    earlyDataLength <= session.maxEarlyData &&
    session.maxEarlyData > 0 &&
    // RFC 9846 §4.3.10: what is sent is for the application protocol of the session.
    (session.alpnProtocol.length === 0 ||
      context.alpnProtocols.some((name) => equalBytes(asciiBytes(name), session.alpnProtocol)))
  );
}
