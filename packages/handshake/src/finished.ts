import { constantTimeEqual } from "@tlskit/crypto";
import { TrafficSecret } from "@tlskit/keyschedule";
import type { Finished } from "@tlskit/messages";
import { Alert, callerError, decodeError, peerError } from "@tlskit/wire";
import { bytes, checkArguments, instanceOf, objectWith } from "@tlskit/wire/arguments";

const given = {
  message: objectWith("a Finished", { verifyData: bytes }),
  baseKey: instanceOf(TrafficSecret, "@tlskit/keyschedule"),
  transcriptHash: bytes,
};

/** Proof that a peer saw the same handshake and has its keys: only {@link VerifiedFinished.verify} makes one. */
export class VerifiedFinished {
  /** What it was made with. A look-alike lacks this field: only the constructor can add it. */
  readonly #baseKey: TrafficSecret;

  private constructor(baseKey: TrafficSecret) {
    this.#baseKey = baseKey;
  }

  /**
   * RFC 9846 §4.5.3#verified: verifies a Finished.
   * @param baseKey the sender's handshake traffic secret.
   * @throws {TlsError} `decode_error`, `decrypt_error`
   */
  static verify(message: Finished, baseKey: TrafficSecret, transcriptHash: Uint8Array): VerifiedFinished {
    checkArguments({ message, baseKey, transcriptHash }, given);
    const expected = baseKey.verifyData(transcriptHash);
    // RFC 9846 §4.5.3: verify_data[Hash.length].
    if (message.verifyData.length !== expected.length) {
      throw decodeError(`Finished has ${message.verifyData.length} bytes, ${expected.length} expected`);
    }
    if (!constantTimeEqual(message.verifyData, expected)) {
      throw peerError("bad_finished", Alert.decryptError, "the verify_data in Finished is wrong");
    }
    return new VerifiedFinished(baseKey);
  }

  /**
   * Refuses what only looks like a proof.
   * @throws {TlsError} `no_proof` (the caller's fault)
   */
  static check(proof: VerifiedFinished): void {
    if (typeof proof !== "object" || proof === null || !(#baseKey in proof))
      throw callerError("no_proof", "no verification made this proof");
  }

  /** Whether it was made with this very secret. */
  isMadeWith(baseKey: TrafficSecret): boolean {
    return this.#baseKey === baseKey;
  }
}
