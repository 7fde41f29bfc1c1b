import type { CipherSuite } from "@tlskit/ciphersuites";
import { type CryptoProvider, type HashFunction, hashOf } from "@tlskit/crypto";
import { EarlyStage, ExternalPsk, PresharedKey, type PskStage } from "@tlskit/keyschedule";
import { HandshakeType, offeredPsks, type PskIdentity } from "@tlskit/messages";
import { asciiBytes, callerError, concat } from "@tlskit/wire";
import { framed, RawClientHello, rawExtension } from "./raw-messages.ts";

/** What a scripted client sends early. */
export const scriptedEarlyData: Uint8Array = asciiBytes("what the scripted client has to say early");

/** A session that a scripted peer resumes; or a pre-shared key from outside, which goes the same way. */
export interface ScriptedSession {
  /** The identity. */
  readonly ticket: Uint8Array;
  /** A ticket's, or where one from outside comes from. */
  readonly presharedKey: Uint8Array | ExternalPsk;
  /** Of the connection that it was made in; or the one to be used, with a hash that the key is for. */
  readonly cipherSuite: CipherSuite;
  /** As it is sent: with the ticket's `ticket_age_add`. */
  readonly obfuscatedTicketAge: number;
  /** Whether early data is sent under it, or accepted. */
  readonly earlyData?: boolean;
}

export function sessionHash(provider: CryptoProvider, { cipherSuite }: ScriptedSession): HashFunction {
  return hashOf(provider, cipherSuite.hash);
}

export function sessionStage(provider: CryptoProvider, session: ScriptedSession): PskStage {
  const { presharedKey, cipherSuite } = session;
  if (!(presharedKey instanceof ExternalPsk)) {
    return EarlyStage.withPsk(PresharedKey.ofTicket(sessionHash(provider, session), presharedKey));
  }
  const [hash] = presharedKey.hashesAmong([cipherSuite.hash]);
  if (hash === undefined) throw callerError("psk_hash", `the pre-shared key is not for ${cipherSuite.name}`);
  return EarlyStage.withPsk(presharedKey.keyFor(provider, hash));
}

/** The key of a pre-shared key that deviations know: one that makes another binder of it needs it. */
export const scriptedPskKey: Uint8Array = new Uint8Array(32).fill(0x5a);

/** A pre-shared key from outside, under a cipher suite of a hash that it is for. */
export function scriptedPsk(presharedKey: ExternalPsk, cipherSuite: CipherSuite): ScriptedSession {
  const [hash] = presharedKey.hashesAmong([cipherSuite.hash]);
  if (hash === undefined) throw callerError("psk_hash", `the pre-shared key is not for ${cipherSuite.name}`);
  return { ticket: presharedKey.identityFor(hash), presharedKey, cipherSuite, obfuscatedTicketAge: 0 };
}

/**
 * A ClientHello that offers a session, with a right binder (RFC 9846 §4.3.11.2).
 * @param before what it is sent behind: nothing, or the hash of a first ClientHello and a HelloRetryRequest.
 * @param others identities in front of the session's, with binders that are wrong.
 */
export function offeringSession(
  provider: CryptoProvider,
  hello: RawClientHello,
  session: ScriptedSession,
  before: readonly Uint8Array[],
  others: readonly PskIdentity[] = [],
): RawClientHello {
  const hash = sessionHash(provider, session);
  const { ticket: identity, obfuscatedTicketAge } = session;
  const identities = [...others, { identity, obfuscatedTicketAge }];
  const withBinder = (binder: Uint8Array): RawClientHello => ({
    ...hello,
    extensions: [
      ...hello.extensions,
      rawExtension(offeredPsks, { identities, binders: [...others.map(() => new Uint8Array(hash.length)), binder] }),
    ],
  });
  const whole = framed(HandshakeType.clientHello, RawClientHello, withBinder(new Uint8Array(hash.length)));
  const binders = 2 + identities.length * (1 + hash.length);
  const partial = whole.subarray(0, whole.length - binders);
  return withBinder(sessionStage(provider, session).binder(hash.digest(concat(...before, partial))));
}
