import { type Aead, type AeadAlgorithm, type AeadName, aeadOf, type CryptoProvider } from "@tlskit/crypto";
import { maxPlaintextLength, recordHeaderLength } from "@tlskit/record";
import type { Measure } from "../row.ts";
import { perSecond } from "../stopwatch.ts";

/** AEADs that are measured: who has AES in hardware takes the one, who hasn't the other. */
export const measuredAeads: readonly AeadName[] = ["AES-128-GCM", "CHACHA20-POLY1305"];

/** A full record's parts, laid out as in a record. */
export class FullRecord {
  readonly algorithm: AeadAlgorithm;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly header: Uint8Array = Uint8Array.of(23, 3, 3, 0x40, 0x11);
  readonly content: Uint8Array = new Uint8Array(maxPlaintextLength).fill(3);
  /** Content and type. */
  readonly pieces: readonly Uint8Array[] = [this.content, Uint8Array.of(23)];

  constructor(provider: CryptoProvider, aead: AeadName) {
    this.algorithm = aeadOf(provider, aead);
    this.key = new Uint8Array(this.algorithm.keyLength).fill(1);
    this.nonce = new Uint8Array(this.algorithm.nonceLength).fill(2);
  }

  get sealedLength(): number {
    return maxPlaintextLength + 1 + this.algorithm.tagLength;
  }

  /** MB/s of the AEAD alone, sealing into a place. */
  sealing(milliseconds: number): Measure {
    const { nonce, header, pieces } = this;
    const aead: Aead = this.algorithm.withKey(this.key);
    const into = new Uint8Array(recordHeaderLength + this.sealedLength);
    return () => megabytesPerSecond(() => aead.seal(nonce, header, pieces, into, recordHeaderLength), milliseconds);
  }

  /** MB/s of the AEAD alone, opening into a place. */
  async opening(milliseconds: number): Promise<Measure> {
    const { nonce, header, pieces } = this;
    const aead: Aead = this.algorithm.withKey(this.key);
    const sealed = new Uint8Array(this.sealedLength);
    await aead.seal(nonce, header, pieces, sealed, 0);
    const into = new Uint8Array(maxPlaintextLength + 1);
    return () => megabytesPerSecond(() => aead.open(nonce, header, sealed, into, 0), milliseconds);
  }
}

/** @param run does a full record's content. */
export async function megabytesPerSecond(run: () => unknown, milliseconds: number): Promise<number> {
  return ((await perSecond(run, milliseconds)) * maxPlaintextLength) / 1e6;
}
