import type { CipherSuite } from "@tlskit/ciphersuites";
import { type CryptoProvider, type HashFunction, hashOf } from "@tlskit/crypto";
import { EarlyStage, PresharedKey, type PskStage } from "@tlskit/keyschedule";
import { HandshakeType, offeredPsks, type PskIdentity } from "@tlskit/messages";
import { asciiBytes, concat } from "@tlskit/wire";
import { framed, RawClientHello, rawExtension } from "./raw-messages.ts";

/** What a scripted client sends early. */
export const scriptedEarlyData: Uint8Array = asciiBytes("what the scripted client has to say early");

/** A session that a scripted peer resumes. */
export interface ScriptedSession {
  readonly ticket: Uint8Array;
  readonly presharedKey: Uint8Array;
  /** Of the connection that it was made in. */
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
  return EarlyStage.withPsk(PresharedKey.ofTicket(sessionHash(provider, session), session.presharedKey));
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
