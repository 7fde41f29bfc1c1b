import { byCode, type CipherSuite, type SignatureScheme } from "@tlskit/ciphersuites";
import { constantTimeEqual, type HashFunction, hashOf, type Steps, wait } from "@tlskit/crypto";
import { EarlyStage, PresharedKey, type PskStage, type Transcript } from "@tlskit/keyschedule";
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
import { defaultEarlyDataTolerance, maxIdentitiesTried } from "./limits.ts";
import { PskKeyExchangeMode, pskModes } from "./psk-offer.ts";
import { hostNameOf } from "./server-name.ts";
import type { ServerHandshakeSettings } from "./settings.ts";
import { tls13 } from "./version.ts";

/** A pre-shared key that a server has taken: its binder was right. */
export interface SelectedPsk {
  /** Of its identity in the ClientHello. */
  readonly index: number;
  readonly session: ServerSession;
  /** What the server's CertificateVerify was signed with, and when. */
  readonly signatureScheme: SignatureScheme;
  readonly verifiedAt: number;
  readonly stage: PskStage;
  readonly binder: Uint8Array;
  readonly ticket: Uint8Array;
  /** RFC 9846 §8.3: by how much the ClientHello comes later than its ticket's age says, in milliseconds. */
  readonly delay: number;
}

/** RFC 9846 §4.2.1#psk-mode, §4.3.9#listed: the best mode that client and server have; none if no pre-shared key can be taken. */
export function chooseMode(
  context: ServerHandshakeSettings,
  hello: ClientHello,
  canExchangeKeys: boolean,
): number | undefined {
  if (context.tickets === undefined || extensionIn(hello, offeredPsks) === undefined) return undefined;
  const listed = extensionIn(hello, pskKeyExchangeModes) ?? [];
  const { pskDheKe } = PskKeyExchangeMode;
  return pskModes(context).find((mode) => listed.includes(mode) && (canExchangeKeys || mode !== pskDheKe));
}

/**
 * RFC 9846 §4.3.11: takes the first identity whose session can be resumed, and checks its binder before anything of it is
 * believed. Identities that aren't known, or whose session is over or belongs elsewhere, are passed over.
 * @param bytes of the ClientHello, which isn't in the transcript yet
 * @throws {TlsError} `bad_binder`
 */
export function* selectPsk(
  context: ServerHandshakeSettings,
  cipherSuite: CipherSuite,
  hello: ClientHello,
  bytes: Uint8Array,
  transcript: Transcript,
  binding: Uint8Array,
): Steps<SelectedPsk | undefined> {
  const psks = extensionIn(hello, offeredPsks);
  if (psks === undefined || context.tickets === undefined) return undefined;
  const hash = hashOf(context.provider, cipherSuite.hash);
  for (const [index, { identity, obfuscatedTicketAge }] of psks.identities.slice(0, maxIdentitiesTried).entries()) {
    const session = yield* sessionOf(context, identity);
    if (session === undefined || !isUsable(context, session, hash, binding)) continue;
    const signatureScheme = byCode(context.signatureSchemes, session.signatureScheme);
    if (signatureScheme === undefined) continue;
    const stage = EarlyStage.withPsk(PresharedKey.ofTicket(hash, session.presharedKey));
    // RFC 9846 §4.3.11#binder-checked: of the one that is taken, and of no other.
    const binder = checkBinder(psks, index, stage, transcript.before(hash, truncateBeforeBinders(bytes, psks)));
    // RFC 9846 §4.3.11.1, modulo 2^32
    const age = (obfuscatedTicketAge - session.ticketAgeAdd) >>> 0;
    const delay = context.clock() - session.issuedAt - age;
    const { verifiedAt } = session;
    return { index, session, signatureScheme, verifiedAt, stage, binder, ticket: identity, delay };
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
  { clock, sessionLifetime }: ServerHandshakeSettings,
  session: ServerSession,
  hash: HashFunction,
  binding: Uint8Array,
): boolean {
  const now = clock();
  return (
    session.version === tls13 &&
    // A pre-shared key has the length of its hash, of which TLS 1.3 has none twice.
    session.presharedKey.length === hash.length &&
    // Another server of the fleet may have made it, whose clock is a little ahead.
    session.issuedAt <= now + defaultEarlyDataTolerance &&
    session.verifiedAt <= now + defaultEarlyDataTolerance &&
    now < session.verifiedAt + 1000 * sessionLifetime &&
    // No server here asks for certificates: a session of a client that showed some belongs elsewhere.
    session.certificate.length === 0 &&
    equalBytes(session.binding, binding)
  );
}

function checkBinder({ binders }: OfferedPsks, index: number, stage: PskStage, transcriptHash: Uint8Array): Uint8Array {
  const binder = binders[index] ?? new Uint8Array(0);
  const expected = stage.binder(transcriptHash);
  if (!constantTimeEqual(binder, expected)) throw pskRefused();
  return expected;
}

/**
 * RFC 9846 §4.3.11#binder-checked, §F.6: a binder that is wrong, and no key at all where there is nothing else to go on
 * with, look alike.
 */
export function pskRefused(): TlsError {
  return peerError("bad_binder", Alert.decryptError, "no pre-shared key of the client's has a right binder");
}

/** What a session of this context belongs to: whatever may differ between servers that share ticket keys. */
export function bindingOf(
  context: ServerHandshakeSettings,
  cipherSuite: CipherSuite,
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
