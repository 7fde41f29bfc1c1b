import { type HashFunction, hkdfExtract } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { bytes, check, checkArguments } from "@tlskit/wire/arguments";
import { deriveSecret, expandLabel } from "./expand-label.ts";
import { aHash, checkTranscriptHash } from "./expectations.ts";
import { Exporter, TrafficSecret } from "./traffic-secret.ts";

/**
 * RFC 9846 §7.1: the key schedule as a chain of stages. Each hands out what exists at that stage, takes the transcript
 * up to the message that its diagram names, and goes over into the next stage once.
 */
class Stage {
  protected readonly hash: HashFunction;
  #secret: Uint8Array | undefined;

  protected constructor(hash: HashFunction, secret: Uint8Array) {
    this.hash = hash;
    this.#secret = secret;
  }

  protected derive(label: string, transcriptHash: Uint8Array): Uint8Array {
    return deriveSecret(this.hash, this.#current(), label, transcriptHash);
  }

  /** HKDF-Extract of the next input with what this stage leaves; this stage is over then. */
  protected extractNext(inputKeyingMaterial: Uint8Array): Uint8Array {
    const salt = this.derive("derived", this.hash.digest(new Uint8Array(0)));
    this.end();
    return hkdfExtract(this.hash, salt, inputKeyingMaterial);
  }

  /** Once everything has been derived from a secret it is forgotten (RFC 9846 §7.1). */
  protected end(): void {
    this.#current().fill(0);
    this.#secret = undefined;
  }

  #current(): Uint8Array {
    if (this.#secret === undefined) throw callerError("stage_over", "this stage of the key schedule is over");
    return this.#secret;
  }
}

/** The first stage: before the key exchange. */
export class EarlyStage extends Stage {
  /** Without a pre-shared key. */
  static withoutPsk(hash: HashFunction): EarlyStage {
    check(hash, "hash", aHash);
    const zeros = new Uint8Array(hash.length);
    return new EarlyStage(hash, hkdfExtract(hash, zeros, zeros));
  }

  /** @param transcriptHash of ClientHello to ServerHello */
  withSharedSecret(sharedSecret: Uint8Array, transcriptHash: Uint8Array): HandshakeStage {
    checkArguments({ sharedSecret }, { sharedSecret: bytes });
    checkTranscriptHash(transcriptHash);
    return new HandshakeStage(this.hash, this.extractNext(sharedSecret), transcriptHash);
  }
}

/** The second stage: the handshake's traffic. Made by {@link EarlyStage.withSharedSecret}. */
export class HandshakeStage extends Stage {
  readonly client: TrafficSecret<"client handshake">;
  readonly server: TrafficSecret<"server handshake">;

  /** @internal */
  constructor(hash: HashFunction, secret: Uint8Array, transcriptHash: Uint8Array) {
    super(hash, secret);
    this.client = new TrafficSecret("client handshake", hash, this.derive("c hs traffic", transcriptHash));
    this.server = new TrafficSecret("server handshake", hash, this.derive("s hs traffic", transcriptHash));
  }

  /** @param transcriptHash of ClientHello to the server's Finished */
  atServerFinished(transcriptHash: Uint8Array): MainStage {
    checkTranscriptHash(transcriptHash);
    return new MainStage(this.hash, this.extractNext(new Uint8Array(this.hash.length)), transcriptHash);
  }
}

/** The third stage: application traffic and exporters. Made by {@link HandshakeStage.atServerFinished}. */
export class MainStage extends Stage {
  readonly client: TrafficSecret<"client application">;
  readonly server: TrafficSecret<"server application">;
  readonly exporter: Exporter;

  /** @internal */
  constructor(hash: HashFunction, secret: Uint8Array, transcriptHash: Uint8Array) {
    super(hash, secret);
    this.client = new TrafficSecret("client application", hash, this.derive("c ap traffic", transcriptHash));
    this.server = new TrafficSecret("server application", hash, this.derive("s ap traffic", transcriptHash));
    this.exporter = new Exporter(hash, this.derive("exp master", transcriptHash));
  }

  /**
   * The resumption secret, which ends the schedule.
   * @param transcriptHash of ClientHello to the client's Finished
   */
  atClientFinished(transcriptHash: Uint8Array): ResumptionSecret {
    checkTranscriptHash(transcriptHash);
    const secret = this.derive("res master", transcriptHash);
    this.end();
    return new ResumptionSecret(this.hash, secret);
  }
}

/** What tickets' pre-shared keys are derived from (RFC 9846 §4.7.1). */
export class ResumptionSecret {
  readonly #hash: HashFunction;
  readonly #secret: Uint8Array;

  /** @internal */
  constructor(hash: HashFunction, secret: Uint8Array) {
    this.#hash = hash;
    this.#secret = secret;
  }

  /** The pre-shared key of the ticket with this nonce. */
  presharedKey(ticketNonce: Uint8Array): Uint8Array {
    checkArguments({ ticketNonce }, { ticketNonce: bytes });
    return expandLabel(this.#hash, this.#secret, "resumption", ticketNonce, this.#hash.length);
  }
}
