import { constantTimeEqual } from "@tlskit/crypto";
import { type MainSecret, TrafficSecret } from "@tlskit/keyschedule";
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
  readonly #baseKey: TrafficSecret | MainSecret;

  private constructor(baseKey: TrafficSecret | MainSecret) {
    this.#baseKey = baseKey;
  }

  /**
   * RFC 9846 §4.5.3#verified: verifies a Finished.
   * @param baseKey the sender's handshake traffic secret.
   * @throws {TlsError} `decode_error`, `decrypt_error`
   */
  static verify(message: Finished, baseKey: TrafficSecret, transcriptHash: Uint8Array): VerifiedFinished {
    checkArguments({ message, baseKey, transcriptHash }, given);
    return VerifiedFinished.#compare(message, baseKey, baseKey.verifyData(transcriptHash));
  }

  /**
   * RFC 5246 §7.4.9#checked: verifies a Finished of TLS 1.2 or earlier.
   * @throws {TlsError} `decode_error`, `decrypt_error`
   */
  static verifyEarlier(
    message: Finished,
    mainSecret: MainSecret,
    sender: "client" | "server",
    transcriptHash: Uint8Array,
  ): VerifiedFinished {
    return VerifiedFinished.#compare(message, mainSecret, mainSecret.verifyData(sender, transcriptHash));
  }

  static #compare(message: Finished, baseKey: TrafficSecret | MainSecret, expected: Uint8Array): VerifiedFinished {
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
  isMadeWith(baseKey: TrafficSecret | MainSecret): boolean {
    return this.#baseKey === baseKey;
  }
}
