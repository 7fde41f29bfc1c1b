import { byCode, type CipherSuite, type SignatureScheme } from "@tlskit/ciphersuites";
import { constantTimeEqual, type HashFunction, hashOf, type Steps, wait } from "@tlskit/crypto";
import { EarlyStage, type ExternalPsk, PresharedKey, type PskStage, type Transcript } from "@tlskit/keyschedule";
import {
  type ClientHello,
  extensionIn,
  type OfferedPsks,
  offeredPsks,
  pskKeyExchangeModes,
  truncateBeforeBinders,
} from "@tlskit/messages";
import { decodeServerSession, type ServerSession } from "@tlskit/sessions";
import { Alert, asciiBytes, concat, equalBytes, peerError, type TlsError } from "@tlskit/wire";
import type { Credential } from "./credential.ts";
import { illegalParameter, missingExtension } from "./extension-rules.ts";
import { findExternalPsk, isMarkOf, type OfferedExternalPsk } from "./external-psks.ts";
import { defaultEarlyDataTolerance, maxIdentitiesTried } from "./limits.ts";
import { PskKeyExchangeMode, pskModes } from "./psk-extensions.ts";
import { ResumedClient } from "./resumed-client.ts";
import { hostNameOf } from "./server-name.ts";
import type { ServerHandshakeSettings } from "./settings.ts";
import { tls13 } from "./version.ts";

/** A pre-shared key that a server has taken: its binder was right. */
interface TakenPsk {
  /** Of its identity in the ClientHello. */
  readonly index: number;
  readonly stage: PskStage;
  readonly binder: Uint8Array;
}

/** A session's. */
export interface SelectedSession<Evidence = unknown> extends TakenPsk {
  readonly session: ServerSession;
  /** What the server's CertificateVerify was signed with; nothing if the session began with a key from outside. */
  readonly signatureScheme: SignatureScheme | undefined;
  readonly externalPsk: ExternalPsk | undefined;
  /** Who showed a certificate before the session was made; nothing for a client that showed none. */
  readonly client: ResumedClient<Evidence> | undefined;
  readonly ticket: Uint8Array;
  /** RFC 9846 §8.3: by how much the ClientHello comes later than its ticket's age says, in milliseconds. */
  readonly delay: number;
}

/** One from outside. */
export interface SelectedExternalPsk extends TakenPsk {
  readonly externalPsk: ExternalPsk;
}

export type SelectedPsk<Evidence = unknown> = SelectedSession<Evidence> | SelectedExternalPsk;

/** RFC 9846 §4.2.1#psk-mode, §4.3.9#listed: the best mode that client and server have; none if no pre-shared key can be taken. */
export function chooseMode(
  context: ServerHandshakeSettings,
  hello: ClientHello,
  canExchangeKeys: boolean,
): number | undefined {
  if (!takesPsks(context) || extensionIn(hello, offeredPsks) === undefined) return undefined;
  const listed = extensionIn(hello, pskKeyExchangeModes) ?? [];
  const { pskDheKe } = PskKeyExchangeMode;
  return pskModes(context).find((mode) => listed.includes(mode) && (canExchangeKeys || mode !== pskDheKe));
}

/** Whether there can be a handshake with a pre-shared key at all. */
export function takesPsks({ tickets, externalPsks }: ServerHandshakeSettings): boolean {
  return tickets !== undefined || typeof externalPsks === "function" || externalPsks.length > 0;
}

/** What a pre-shared key is taken out of. */
export interface PskSource<Evidence> {
  readonly context: ServerHandshakeSettings<Evidence>;
  readonly cipherSuite: CipherSuite;
  /** The keys from outside that the client offered in its first ClientHello, best first. */
  readonly external: readonly OfferedExternalPsk[];
  /** What sessions that began with a certificate belong to, and those that began with a key from outside. */
  readonly binding: () => Uint8Array;
  readonly externalBinding: () => Uint8Array;
  /** Whether a certificate is shown as well (RFC 8773): then there are no sessions, and another alert. */
  readonly withCertificate: boolean;
}

/**
 * RFC 9846 §4.3.11: takes the first identity whose session can be resumed, otherwise the best key from outside that goes with
 * the cipher suite, and checks its binder before anything of it is believed. Identities that aren't known, or whose session
 * is over or belongs elsewhere, are passed over.
 * @param bytes of the ClientHello, which isn't in the transcript yet
 * @throws {TlsError} `bad_binder`, `resumption_with_certificate`
 */
export function* selectPsk<Evidence>(
  source: PskSource<Evidence>,
  hello: ClientHello,
  bytes: Uint8Array,
  transcript: Transcript,
): Steps<SelectedPsk<Evidence> | undefined> {
  const { context, cipherSuite, external, withCertificate } = source;
  const psks = extensionIn(hello, offeredPsks);
  if (psks === undefined) {
    // RFC 9846 §4.2.2: only keys that don't go with the cipher suite may be left out of a second ClientHello.
    if (external.some(({ hash }) => hash === cipherSuite.hash)) throw missingExtension("pre_shared_key", "ClientHello");
    return undefined;
  }
  const hash = hashOf(context.provider, cipherSuite.hash);
  const check = (index: number, stage: PskStage): Uint8Array =>
    checkBinder(psks, index, stage, transcript.before(hash, truncateBeforeBinders(bytes, psks)), withCertificate);
  // RFC 9257 §6.1.2: a name that is both is one from outside.
  const isExternal = (identity: Uint8Array): boolean => external.some((known) => equalBytes(known.identity, identity));
  for (const [index, { identity, obfuscatedTicketAge }] of psks.identities.slice(0, maxIdentitiesTried).entries()) {
    if (isExternal(identity)) continue;
    const session = yield* sessionOf(context, identity);
    if (session === undefined) continue;
    // RFC 8773 §5.1#external-alone-checked
    if (withCertificate)
      throw illegalParameter("resumption_with_certificate", "a session is offered with tls_cert_with_extern_psk");
    const proved = isUsable(source, session, hash) ? yield* provedIn(context, session, cipherSuite) : undefined;
    if (proved === undefined) continue;
    const stage = EarlyStage.withPsk(PresharedKey.ofTicket(hash, session.secret));
    // RFC 9846 §4.3.11#binder-checked: of the one that is taken, and of no other.
    const binder = check(index, stage);
    const client = yield* ResumedClient.recall(context, session, context.clientSignatureSchemes);
    if (client === undefined || (client !== "anonymous" && !(yield* client.isAdmitted(context)))) continue;
    // RFC 9846 §4.3.11.1, modulo 2^32
    const age = (obfuscatedTicketAge - session.ticketAgeAdd) >>> 0;
    const delay = context.clock() - session.issuedAt - age;
    return {
      index,
      session,
      ...proved,
      client: client === "anonymous" ? undefined : client,
      stage,
      binder,
      ticket: identity,
      delay,
    };
  }
  for (const { identity, psk: externalPsk, hash: own } of external) {
    // RFC 9846 §4.3.11#compatible
    if (own !== cipherSuite.hash) continue;
    // In a second ClientHello it may be at another place (RFC 9846 §4.2.2). RFC 9846 §4.3.11#external-age, RFC 8773 §5.1#age: its age says nothing.
    const index = psks.identities.findIndex((offered) => equalBytes(offered.identity, identity));
    if (index < 0)
      throw illegalParameter("psk_withdrawn", "the second ClientHello hasn't got a pre-shared key of the first");
    const stage = EarlyStage.withPsk(externalPsk.keyFor(context.provider, own));
    return { index, externalPsk, stage, binder: check(index, stage) };
  }
  return undefined;
}

function* sessionOf(context: ServerHandshakeSettings, ticket: Uint8Array): Steps<ServerSession | undefined> {
  try {
    const bytes = context.tickets && (yield* wait(context.tickets.sessionOf(ticket)));
    return bytes && decodeServerSession(bytes);
  } catch (error) {
    // RFC 9846 §4.3.11: as good as an unknown one.
    context.resumptionFailed?.(error);
    return undefined;
  }
}

/** RFC 9846 §4.3.11#compatible, §4.7.1#same-hash */
function isUsable(
  { context: { clock, sessionLifetime }, binding, externalBinding }: PskSource<unknown>,
  session: ServerSession,
  hash: HashFunction,
): boolean {
  const now = clock();
  return (
    session.version === tls13 &&
    // A pre-shared key has the length of its hash, of which TLS 1.3 has none twice.
    session.secret.length === hash.length &&
    // Another server of the fleet may have made it, whose clock is a little ahead.
    session.issuedAt <= now + defaultEarlyDataTolerance &&
    session.verifiedAt <= now + defaultEarlyDataTolerance &&
    // RFC 9325 §3.4#session-age
    now < session.verifiedAt + 1000 * sessionLifetime &&
    equalBytes(session.binding, session.externalMark.length > 0 ? externalBinding() : binding())
  );
}

/** What a session began with: a CertificateVerify, or a key from outside that the server still has. */
function* provedIn(
  { provider, signatureSchemes, externalPsks }: ServerHandshakeSettings,
  session: ServerSession,
  { hash }: CipherSuite,
): Steps<Pick<SelectedSession, "signatureScheme" | "externalPsk"> | undefined> {
  if (session.externalMark.length === 0) {
    const signatureScheme = byCode(signatureSchemes, session.signatureScheme);
    return signatureScheme && { signatureScheme, externalPsk: undefined };
  }
  const known = yield* findExternalPsk(externalPsks, session.externalIdentity);
  if (known === undefined || known.hash !== hash) return undefined;
  const isSame = isMarkOf(provider, known.psk, hash, session.externalMark);
  return isSame ? { signatureScheme: undefined, externalPsk: known.psk } : undefined;
}

function checkBinder(
  { binders }: OfferedPsks,
  index: number,
  stage: PskStage,
  transcriptHash: Uint8Array,
  withCertificate: boolean,
): Uint8Array {
  const binder = binders[index] ?? new Uint8Array(0);
  const expected = stage.binder(transcriptHash);
  if (constantTimeEqual(binder, expected)) return expected;
  // RFC 8773 §5.1#binder-checked
  throw withCertificate ? illegalParameter("bad_binder", badBinder) : pskRefused();
}

const badBinder = "no pre-shared key of the client's has a right binder";

/**
 * RFC 9846 §4.3.11#binder-checked, §F.6: a binder that is wrong, and no key at all where there is nothing else to go on
 * with, look alike.
 */
export function pskRefused(): TlsError {
  return peerError("bad_binder", Alert.decryptError, badBinder);
}

/** What a session of this context belongs to: whatever may differ between servers that share ticket keys. */
export function bindingOf(
  context: ServerHandshakeSettings,
  cipherSuite: Pick<CipherSuite, "hash">,
  hello: ClientHello,
  credential: Credential | undefined,
): Uint8Array {
  const name = context.resumptionAcrossNames ? "" : (hostNameOf(hello) ?? "").toLowerCase();
  const parts = [
    context.sessionBinding ?? new Uint8Array(0),
    credential?.certificates[0] ?? new Uint8Array(0),
    asciiBytes(name),
  ];
  const withLengths = parts.flatMap((part) => [Uint8Array.of(part.length >> 16, part.length >> 8, part.length), part]);
  return hashOf(context.provider, cipherSuite.hash).digest(concat(...withLengths));
}
