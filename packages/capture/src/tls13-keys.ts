import { byCode, cipherSuites, type SuitePrimitives, suitePrimitives } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { TrafficSecret, type TrafficSecretKind } from "@tlskit/keyschedule";
import { type Opening, tls13Opening } from "@tlskit/record";
import { callerError } from "@tlskit/wire";
import { cipherSuiteText, noSecret } from "./failures.ts";
import type { KeyLog } from "./key-log.ts";

/** What reads the records of one connection by TLS 1.3, as far as the key log goes. */
export class Tls13Keys {
  readonly #suite: SuitePrimitives;
  readonly #keyLog: KeyLog;
  readonly #clientRandom: Uint8Array;

  /** @throws {TlsError} `unknown_cipher_suite`; {CryptoError} `unsupported` */
  constructor(provider: CryptoProvider, keyLog: KeyLog, clientRandom: Uint8Array, cipherSuite: number) {
    const suite = byCode(cipherSuites, cipherSuite);
    if (suite === undefined) throw callerError("unknown_cipher_suite", `${cipherSuiteText(cipherSuite)} isn't known`);
    this.#suite = suitePrimitives(provider, suite);
    this.#keyLog = keyLog;
    this.#clientRandom = clientRandom;
  }

  /**
   * A secret, if the key log has it.
   * @throws {TlsError} `no_secret` if it is of another length than the cipher suite's
   */
  secret(kind: TrafficSecretKind): TrafficSecret | undefined {
    const secret = this.#keyLog.trafficSecret(this.#clientRandom, kind);
    if (secret === undefined) return undefined;
    const { hash } = this.#suite;
    if (secret.length === hash.length) return new TrafficSecret(kind, hash, secret);
    throw noSecret(
      `the key log's secret for ${kind} traffic has ${secret.length} bytes, and ${hash.name} ${hash.length}`,
    );
  }

  /** What opens records under a secret. */
  opening(secret: TrafficSecret): Opening {
    const { aead, suite } = this.#suite;
    // RFC 9846 §7.3
    const keys = secret.keys(aead.keyLength, aead.nonceLength);
    // An alert in the clear may come where the peer failed before it had any keys.
    const isFirst = secret.kind === "client handshake" || secret.kind === "server handshake";
    return tls13Opening({ aead, ...keys, recordLimit: suite.recordLimit }, isFirst);
  }
}
