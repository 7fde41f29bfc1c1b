import { byCode, type SignatureScheme, type Tls12CipherSuite } from "@tlskit/ciphersuites";
import { type Steps, wait } from "@tlskit/crypto";
import { type ExternalPsk, mainSecretLength } from "@tlskit/keyschedule";
import { Certificate, type ClientHello, extendedMainSecret, extensionIn, sessionTicket } from "@tlskit/messages";
import { decodeServerSession, type ServerSession } from "@tlskit/sessions";
import { Alert, encode, equalBytes, peerError } from "@tlskit/wire";
import type { Credential } from "../credential.ts";
import { isMarkOf, takesPsk } from "../external-psks.ts";
import { defaultEarlyDataTolerance } from "../limits.ts";
import { bindingOf } from "../psk-selection.ts";
import { ResumedClient } from "../resumed-client.ts";
import type { ServerHandshakeSettings } from "../settings.ts";
import type { NamedSession } from "./given-session.ts";
import type { EarlierProtocol } from "./protocol.ts";
import { findPsk } from "./psks.ts";

/** A session that a server resumes. */
export interface FoundSession<Evidence> {
  readonly session: ServerSession;
  readonly cipherSuite: Tls12CipherSuite;
  /** What the server signed its key exchange with; nothing where it decrypted the client's. */
  readonly signatureScheme: SignatureScheme | undefined;
  /** Nothing with a suite that has no certificate. */
  readonly credential: Credential | undefined;
  /** Who showed a certificate before the session was made; nothing for a client that showed none. */
  readonly client: ResumedClient<Evidence> | undefined;
  /** The pre-shared key from outside that it began with, which the server still has. */
  readonly externalPsk: ExternalPsk | undefined;
  /** Where it is, if it is in a store. */
  readonly named: NamedSession | undefined;
}

/** A session, and where it is. */
interface OfferedSession {
  readonly session: ServerSession;
  readonly named: NamedSession | undefined;
}

/**
 * The session of the client's ticket or identifier. What isn't known, is over or belongs elsewhere means a full handshake. That
 * the client has the secret of it isn't known yet.
 * @param credential that the client would be shown in that, if it would be shown one.
 * @throws {TlsError} `resumption_without_extended_main_secret`
 */
export function* findSession<Evidence>(
  { code, signatures }: EarlierProtocol,
  context: ServerHandshakeSettings<Evidence>,
  suites: readonly Tls12CipherSuite[],
  hello: ClientHello,
  credential: Credential | undefined,
): Steps<FoundSession<Evidence> | undefined> {
  const { session, named } = (yield* offeredSession(context, hello)) ?? {};
  if (session === undefined || session.version !== code) return undefined;
  const isExtended = extensionIn(hello, extendedMainSecret) !== undefined;
  // RFC 7627 §5.3#hello-alone, and where both are without it.
  if (!session.extendedMainSecret && (isExtended || !context.dangerousResumptionWithoutExtendedMainSecret)) {
    return undefined;
  }
  // RFC 7627 §5.3#session-alone
  if (session.extendedMainSecret && !isExtended) {
    throw peerError(
      "resumption_without_extended_main_secret",
      Alert.handshakeFailure,
      "the client resumes a session without extended_main_secret, with which it was made",
    );
  }
  // RFC 5246 §7.4.1.2: the client offers the session's cipher suite.
  const cipherSuite = byCode(
    suites.filter((suite) => hello.cipherSuites.includes(suite.code)),
    session.cipherSuite,
  );
  const signatureScheme = byCode(signatures.schemes(context.signatureSchemes), session.signatureScheme);
  if (cipherSuite === undefined || (session.signatureScheme !== 0 && signatureScheme === undefined)) return undefined;
  const shown = cipherSuite.certificateKey === undefined ? undefined : credential;
  const binding = bindingOf(context, cipherSuite, hello, shown);
  if (!isUsable(context, session, binding)) return undefined;
  const externalPsk = yield* pskOf(context, session, cipherSuite);
  if (externalPsk === undefined && takesPsk(cipherSuite)) return undefined;
  const client = yield* ResumedClient.recall(context, session, signatures.schemes(context.clientSignatureSchemes));
  if (client === undefined) return undefined;
  return {
    session,
    cipherSuite,
    signatureScheme,
    credential: shown,
    externalPsk,
    client: client === "anonymous" ? undefined : client,
    named,
  };
}

/** The pre-shared key from outside that a session began with, if it is still the same under its name. */
function* pskOf(
  { externalPsks, provider }: ServerHandshakeSettings,
  { externalIdentity, externalMark }: ServerSession,
  { hash }: Tls12CipherSuite,
): Steps<ExternalPsk | undefined> {
  if (externalMark.length === 0) return undefined;
  const known = yield* findPsk(externalPsks, externalIdentity);
  return known !== undefined && isMarkOf(provider, known, hash, externalMark) ? known : undefined;
}

function* offeredSession(
  { tickets, resumptionFailed }: ServerHandshakeSettings,
  hello: ClientHello,
): Steps<OfferedSession | undefined> {
  const ticket = extensionIn(hello, sessionTicket) ?? new Uint8Array(0);
  const identifiers = tickets?.identifiers;
  // RFC 5077 §3.4#ticket-alone, §3.4#session-id-unused: beside a ticket an identifier means nothing.
  const name = ticket.length === 0 && identifiers !== undefined ? hello.legacySessionId : ticket;
  if (tickets === undefined || name.length === 0) return undefined;
  try {
    const bytes = yield* wait(tickets.sessionOf(name));
    const session = bytes && decodeServerSession(bytes);
    const isNamed = identifiers !== undefined && (ticket.length === 0 || identifiers.besideTickets !== true);
    return session && { session, named: isNamed ? { identifiers, identifier: name.slice() } : undefined };
  } catch (error) {
    // RFC 5077 §3.1: as good as an unknown one.
    resumptionFailed?.(error);
    return undefined;
  }
}

function isUsable(
  { clock, sessionLifetime }: ServerHandshakeSettings,
  session: ServerSession,
  binding: Uint8Array,
): boolean {
  const now = clock();
  return (
    session.secret.length === mainSecretLength &&
    // Another server of the fleet may have made it, whose clock is a little ahead.
    session.issuedAt <= now + defaultEarlyDataTolerance &&
    session.verifiedAt <= now + defaultEarlyDataTolerance &&
    // RFC 9325 §3.4#session-age
    now < session.verifiedAt + 1000 * sessionLifetime &&
    equalBytes(session.binding, binding)
  );
}

/** What a client showed, as sessions keep it. */
export function certificateOfSession(certificates: readonly Uint8Array[]): Uint8Array {
  if (certificates.length === 0) return new Uint8Array(0);
  return encode(Certificate.body, {
    certificateRequestContext: new Uint8Array(0),
    certificateList: certificates.map((certData) => ({ certData, extensions: [] })),
  });
}
