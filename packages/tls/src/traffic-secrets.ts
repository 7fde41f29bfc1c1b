import type { CipherSuite } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import type { After } from "./after.ts";
import type { Incoming } from "./incoming.ts";
import type { Outgoing } from "./outgoing.ts";
import { type DirectionKeys, recordKeys } from "./record-keys.ts";

/** What another record layer goes on with in one direction. Whoever has it reads and writes there. */
export interface DirectionSecrets {
  /** The application traffic secret in use, which the next one comes from at a KeyUpdate (RFC 9846 §7.2). */
  readonly secret: Uint8Array;
  /** What the AEAD has, derived from the secret (RFC 9846 §7.3). */
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** The next record's (RFC 9846 §5.3): so many have gone under this key. */
  readonly sequenceNumber: number;
}

/** What another record layer goes on with, such as the kernel's. */
export interface TrafficSecrets {
  readonly cipherSuite: CipherSuite;
  /** Of what is written to the peer. */
  readonly sent: DirectionSecrets;
  /** Of what the peer writes. */
  readonly received: DirectionSecrets;
}

/** How far a direction has come. */
export interface DirectionState {
  readonly keys: DirectionKeys;
  readonly sequenceNumber: number;
}

/** @internal What of a connection says whether it can be handed over, and how that ends it. */
export interface HandOver {
  readonly isEstablished: boolean;
  /** Either side has closed, or the connection has failed. */
  readonly hasEnded: boolean;
  readonly after: After | undefined;
  readonly incoming: Pick<Incoming, "nothingIsLeft" | "sequenceNumber">;
  readonly outgoing: Pick<Outgoing, "nothingIsDue" | "state">;
  readonly owesMessages: boolean;
  /** To requests for certificates. */
  readonly owesAnswers: boolean;
  readonly hasToldAll: boolean;
  readonly provider: CryptoProvider;
  end(): void;
}

/**
 * Gives both directions of a connection to another record layer, such as the kernel's, which goes on where that one stops.
 * Whoever has these secrets reads and writes the connection's data. It can be done when the handshake is done, all that came has
 * been used and told, and all that was to be sent has been handed to `ciphertext`, an answer to the peer's wish for new
 * keys too (`updateKeys`); a ticket that a store hasn't made by then isn't sent. From here on the connection calls no
 * handler, and each of its methods but `discard` throws `traffic_secrets_taken`: key updates and the end are the other's.
 * @throws {TlsError} `not_established`; `closed` if either side has closed, or the connection has failed; `not_idle`;
 * `no_traffic_secrets` before TLS 1.3, whose keys come of no secrets of their own
 */
export function dangerouslyTakeTrafficSecrets({ handOver }: { readonly handOver: HandOver }): TrafficSecrets {
  const { after, incoming, outgoing, provider } = handOver;
  const [peerKeys, sent] = [after?.peerKeys, outgoing.state];
  if (!handOver.isEstablished) throw callerError("not_established", "the handshake is not done");
  if (after !== undefined && peerKeys === undefined) {
    throw callerError("no_traffic_secrets", "there are traffic secrets in TLS 1.3 alone");
  }
  if (handOver.hasEnded || peerKeys === undefined || sent === undefined) {
    throw callerError("closed", "a connection that is closed can't be gone on with");
  }
  const obstacle = obstacleTo(handOver);
  if (obstacle !== undefined) throw callerError("not_idle", `another record layer can't take over while ${obstacle}`);
  const received = { keys: peerKeys, sequenceNumber: incoming.sequenceNumber };
  const secrets = {
    cipherSuite: peerKeys.cipherSuite,
    sent: directionSecrets(provider, sent),
    received: directionSecrets(provider, received),
  };
  handOver.end();
  return secrets;
}

function obstacleTo({ incoming, outgoing, ...handOver }: HandOver): string | undefined {
  if (handOver.owesMessages || !outgoing.nothingIsDue) return "there is something to be sent";
  if (!incoming.nothingIsLeft) return "what came isn't used up";
  if (handOver.owesAnswers) return "a request for a certificate isn't answered";
  // Records are handed over by callbacks, as data is.
  return handOver.hasToldAll ? undefined : "callbacks are still to come";
}

function directionSecrets(provider: CryptoProvider, { keys, sequenceNumber }: DirectionState): DirectionSecrets {
  const { key, iv } = recordKeys(provider, keys);
  return { secret: keys.secret.dangerouslyExpose(), key, iv, sequenceNumber };
}
