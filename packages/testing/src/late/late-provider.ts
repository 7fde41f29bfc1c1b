import {
  type Aead,
  type AeadAlgorithm,
  type Awaitable,
  type CryptoProvider,
  type FiniteField,
  isWaitable,
  type KeyExchange,
  type KeyShareOffer,
  type RsaEncryption,
  type SignatureKeys,
  type Signer,
  type Verifier,
  type Waitable,
} from "@tlskit/crypto";

/** Where late answers wait: {@link LateTasks}, or a program's own. */
export interface LateSchedule {
  later(task: () => void): void;
}

/**
 * A provider that does what another does, but answers every operation that may be awaited later: sealing and opening,
 * key agreement, signing, verifying, RSA's encryption, making keys. Even the computation happens only then, so that whoever changes, in the
 * meantime, the bytes that it handed in gets a wrong result.
 *
 * Hashes, HMAC, HKDF and block ciphers stay synchronous: that they are is part of their interfaces.
 */
export function lateProvider(provider: CryptoProvider, schedule: LateSchedule): CryptoProvider {
  return {
    name: `${provider.name}, late`,
    hashes: provider.hashes,
    aeads: provider.aeads.map((aead) => lateAead(aead, schedule)),
    keyExchanges: provider.keyExchanges.map((keyExchange) => lateKeyExchange(keyExchange, schedule)),
    signatures: provider.signatures.map((keys) => lateSignatures(keys, schedule)),
    blockCiphers: provider.blockCiphers,
    rsaEncryption: provider.rsaEncryption && lateRsaEncryption(provider.rsaEncryption, schedule),
    finiteField: provider.finiteField && lateFiniteField(provider.finiteField, schedule),
    md5: provider.md5,
  };
}

/** What an operation answers, later. Asked for by several, or after it has come, it comes as well. */
class LateAnswer<T> implements Waitable<T> {
  #settled: ((done: (value: T) => void, failed: (error: unknown) => void) => void) | undefined;
  #waiting: [(value: T) => void, (error: unknown) => void][] = [];

  constructor(schedule: LateSchedule, compute: () => Awaitable<T>) {
    schedule.later(() => {
      try {
        const value = compute();
        if (isWaitable(value)) value.then(this.#done, this.#failed);
        else this.#done(value);
      } catch (error) {
        this.#failed(error);
      }
    });
  }

  // biome-ignore lint/suspicious/noThenProperty: being waited for is what it is for
  then(done: (value: T) => void, failed: (error: unknown) => void): void {
    if (this.#settled === undefined) this.#waiting.push([done, failed]);
    else this.#settled(done, failed);
  }

  readonly #done = (value: T): void => this.#settle((done) => done(value));
  readonly #failed = (error: unknown): void => this.#settle((_done, failed) => failed(error));

  #settle(settled: (done: (value: T) => void, failed: (error: unknown) => void) => void): void {
    this.#settled = settled;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const [done, failed] of waiting) settled(done, failed);
  }
}

function lateAead(algorithm: AeadAlgorithm, schedule: LateSchedule): AeadAlgorithm {
  const { headerProtection } = algorithm;
  return {
    ...algorithm,
    synchronous: false,
    headerProtection:
      headerProtection &&
      ((key) => {
        const protection = headerProtection(key);
        return { mask: (sample) => new LateAnswer(schedule, () => protection.mask(sample)) };
      }),
    withKey: (key): Aead => {
      const aead = algorithm.withKey(key);
      return {
        seal: (...what) => new LateAnswer(schedule, () => aead.seal(...what)),
        open: (...what) => new LateAnswer(schedule, () => aead.open(...what)),
        dispose: () => aead.dispose(),
      };
    },
  };
}

function lateRsaEncryption(encryption: RsaEncryption, schedule: LateSchedule): RsaEncryption {
  const { decrypter } = encryption;
  return {
    encrypter: (publicKey) => {
      const own = encryption.encrypter(publicKey);
      return {
        modulusLength: own.modulusLength,
        encrypt: (...what) => new LateAnswer(schedule, () => own.encrypt(...what)),
      };
    },
    decrypter:
      decrypter &&
      ((privateKey) => {
        const own = decrypter(privateKey);
        return {
          modulusLength: own.modulusLength,
          decrypt: (ciphertext) => new LateAnswer(schedule, () => own.decrypt(ciphertext)),
        };
      }),
  };
}

function lateFiniteField(field: FiniteField, schedule: LateSchedule): FiniteField {
  return { in: (group) => lateAgreement(field.in(group), schedule) };
}

function lateKeyExchange(keyExchange: KeyExchange, schedule: LateSchedule): KeyExchange {
  return { name: keyExchange.name, ...lateAgreement(keyExchange, schedule) };
}

/** On curves or in finite fields. */
function lateAgreement(
  keyExchange: Pick<KeyExchange, "offer" | "respond">,
  schedule: LateSchedule,
): Pick<KeyExchange, "offer" | "respond"> {
  const lateOffer = (offer: KeyShareOffer): KeyShareOffer => ({
    share: offer.share,
    finish: (peerShare) => new LateAnswer(schedule, () => offer.finish(peerShare)),
    dispose: () => offer.dispose(),
  });
  return {
    offer: (random) => new LateAnswer(schedule, () => mapped(keyExchange.offer(random), lateOffer)),
    respond: (peerShare, random) => new LateAnswer(schedule, () => keyExchange.respond(peerShare, random)),
  };
}

function lateSignatures(keys: SignatureKeys, schedule: LateSchedule): SignatureKeys {
  return {
    type: keys.type,
    algorithms: keys.algorithms,
    verifier: (publicKey): Verifier => {
      const verifier = keys.verifier(publicKey);
      return {
        algorithms: verifier.algorithms,
        verify: (algorithm, message, signature) =>
          new LateAnswer(schedule, () => verifier.verify(algorithm, message, signature)),
      };
    },
    signer: (privateKey, random): Signer => {
      const signer = keys.signer(privateKey, random);
      return {
        algorithms: signer.algorithms,
        sign: (algorithm, message) => new LateAnswer(schedule, () => signer.sign(algorithm, message)),
      };
    },
    generate: (random, modulusBits) => new LateAnswer(schedule, () => keys.generate(random, modulusBits)),
  };
}

function mapped<T, U>(value: Awaitable<T>, map: (value: T) => U): Awaitable<U> {
  if (!isWaitable(value)) return map(value);
  return {
    // biome-ignore lint/suspicious/noThenProperty: being waited for is what it is for
    then: (done, failed) => value.then((settled) => done(map(settled)), failed),
  };
}
