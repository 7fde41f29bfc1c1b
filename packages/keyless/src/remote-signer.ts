import { type Awaitable, cryptoError, type SignatureAlgorithm, type Signer } from "@tlskit/crypto";
import { aFunction, aString, bytes, checkArguments, listOf, objectWith } from "@tlskit/wire/arguments";

/** Keys that are at a key server: a connection to one, or what makes connections as they are needed. */
export interface RemoteKeys {
  /** A signature by a key, of what a TLS server signs in a handshake. */
  sign(key: string, algorithm: SignatureAlgorithm, message: Uint8Array): Awaitable<Uint8Array>;
}

/** A key at a key server, as what signs: the `key` of a TLS server's certificate. */
export class RemoteSigner implements Signer {
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly #keys: RemoteKeys;
  readonly #key: string;

  /**
   * @param key its name at the key server.
   * @param algorithms what it signs with, best first, which `algorithms(key)` of a connection tells.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  constructor(keys: RemoteKeys, key: string, algorithms: readonly SignatureAlgorithm[]) {
    checkArguments(
      { keys, key, algorithms },
      { keys: objectWith("keys at a key server", { sign: aFunction }), key: aString, algorithms: listOf(aString) },
    );
    this.algorithms = [...algorithms];
    this.#keys = keys;
    this.#key = key;
  }

  /** @throws {CryptoError} `unsupported`; what `keys` throws, or rejects with */
  sign(algorithm: SignatureAlgorithm, message: Uint8Array): Awaitable<Uint8Array> {
    checkArguments({ algorithm, message }, { algorithm: aString, message: bytes });
    if (!this.algorithms.includes(algorithm)) {
      throw cryptoError("unsupported", `the key ${this.#key} doesn't sign by ${algorithm}`);
    }
    return this.#keys.sign(this.#key, algorithm, message);
  }
}
