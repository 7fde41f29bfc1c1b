import { type HashFunction, hkdfExtract } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { bytes, check, checkArguments, instanceOf } from "@tlskit/wire/arguments";
import { expanded, finishedMac } from "./expand-label.ts";
import { aHash, checkTranscriptHash } from "./expectations.ts";
import type { ExternalPsk } from "./external-psk.ts";
import { binderLabels, keyBytes, PresharedKey, type PskKind } from "./preshared-key.ts";
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
    return expanded(this.hash, this.#current(), label, transcriptHash, this.hash.length);
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
  /** The key from outside that everything comes of, if there is one. */
  readonly externalPsk: ExternalPsk | undefined;

  protected constructor(hash: HashFunction, secret: Uint8Array, externalPsk: ExternalPsk | undefined) {
    super(hash, secret);
    this.externalPsk = externalPsk;
  }

  /** Without a pre-shared key. */
  static withoutPsk(hash: HashFunction): EarlyStage {
    check(hash, "hash", aHash);
    return new EarlyStage(hash, earlySecret(hash, new Uint8Array(hash.length)), undefined);
  }

  /** With a pre-shared key, of a kind that its binder depends on. */
  static withPsk(presharedKey: PresharedKey): PskStage {
    checkArguments({ presharedKey }, { presharedKey: instanceOf(PresharedKey, "@tlskit/keyschedule") });
    return new PskStage(presharedKey);
  }

  /** @param transcriptHash of ClientHello to ServerHello */
  withSharedSecret(sharedSecret: Uint8Array, transcriptHash: Uint8Array): HandshakeStage {
    checkArguments({ sharedSecret }, { sharedSecret: bytes });
    checkTranscriptHash(transcriptHash);
    return new HandshakeStage(this.hash, this.extractNext(sharedSecret), transcriptHash, this.externalPsk);
  }
}

function earlySecret(hash: HashFunction, presharedKey: Uint8Array): Uint8Array {
  return hkdfExtract(hash, new Uint8Array(hash.length), presharedKey);
}

/** The first stage with a pre-shared key. Made by {@link EarlyStage.withPsk}. */
export class PskStage extends EarlyStage {
  readonly #kind: PskKind;

  /** @internal */
  constructor(presharedKey: PresharedKey) {
    const { hash, externalPsk } = presharedKey;
    super(hash, earlySecret(hash, keyBytes(presharedKey)), externalPsk);
    this.#kind = presharedKey.kind;
  }

  /**
   * RFC 9846 §4.3.11.2: what proves that whoever sends a ClientHello has the pre-shared key.
   * @param transcriptHash of everything up to the ClientHello's binders, without these
   */
  binder(transcriptHash: Uint8Array): Uint8Array {
    checkTranscriptHash(transcriptHash);
    const binderKey = this.derive(binderLabels[this.#kind], this.hash.digest(new Uint8Array(0)));
    return finishedMac(this.hash, binderKey, transcriptHash);
  }

  /** Forgets the pre-shared key, which wasn't taken. */
  abandon(): void {
    this.end();
  }

  /** What protects early data. @param transcriptHash of the ClientHello */
  clientEarly(transcriptHash: Uint8Array): TrafficSecret<"client early"> {
    checkTranscriptHash(transcriptHash);
    return new TrafficSecret("client early", this.hash, this.derive("c e traffic", transcriptHash));
  }

  /**
   * What exports keying material before the handshake: it is fresh at neither end (RFC 9846 §7.5).
   * @param transcriptHash of the ClientHello
   */
  exporter(transcriptHash: Uint8Array): Exporter {
    checkTranscriptHash(transcriptHash);
    return new Exporter(this.hash, this.derive("e exp master", transcriptHash), "early exporter");
  }

  /**
   * RFC 9846 §7.1: without a key exchange (psk_ke), which gives no forward secrecy.
   * @param transcriptHash of ClientHello to ServerHello
   */
  withoutSharedSecret(transcriptHash: Uint8Array): HandshakeStage {
    return this.withSharedSecret(new Uint8Array(this.hash.length), transcriptHash);
  }
}

/** The second stage: the handshake's traffic. Made by {@link EarlyStage.withSharedSecret}. */
export class HandshakeStage extends Stage {
  readonly client: TrafficSecret<"client handshake">;
  readonly server: TrafficSecret<"server handshake">;
  /** The key from outside that these come of, if there is one: a Finished under them proves that its sender has it. */
  readonly externalPsk: ExternalPsk | undefined;

  /** @internal */
  constructor(
    hash: HashFunction,
    secret: Uint8Array,
    transcriptHash: Uint8Array,
    externalPsk: ExternalPsk | undefined,
  ) {
    super(hash, secret);
    this.externalPsk = externalPsk;
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
    return expanded(this.#hash, this.#secret, "resumption", ticketNonce, this.#hash.length);
  }
}
