import { type CurveName, cryptoError, type KeyExchange, type KeyShareOffer } from "@tlskit/crypto";
import { isPoint } from "./curves.ts";
import { isAboutData, webCryptoFailed } from "./failures.ts";
import { copied, generatePair, type SubtleAlgorithm, type SubtleCryptography } from "./subtle.ts";

/** A curve as WebCrypto has it. */
interface Agreement {
  readonly name: CurveName | "X25519";
  readonly algorithm: SubtleAlgorithm;
  /** In bytes. */
  readonly secretLength: number;
}

const x25519: Agreement = { name: "X25519", algorithm: { name: "X25519" }, secretLength: 32 };
const onCurve = (name: CurveName, secretLength: number): Agreement => ({
  name,
  algorithm: { name: "ECDH", namedCurve: name },
  secretLength,
});

/** What key agreement WebCrypto has, best first. */
export const agreements: readonly Agreement[] = [
  x25519,
  onCurve("P-256", 32),
  onCurve("P-384", 48),
  onCurve("P-521", 66),
];

/**
 * RFC 9846 §4.3.8.2#point-checked, RFC 8422 §5.1.2#uncompressed-alone, §5.11#on-curve: not left to runtimes, which take compressed points, and don't
 * agree on how to fail.
 */
function isShare(name: Agreement["name"], share: Uint8Array): boolean {
  return name === "X25519" ? share.length === 32 : isPoint(name, share);
}

/**
 * Key agreement by WebCrypto: keys of the runtime's own randomness, which can't be extracted and are used for one
 * connection.
 */
export function keyAgreement<K>(
  subtle: SubtleCryptography<K>,
  { name, algorithm, secretLength }: Agreement,
): KeyExchange {
  const invalid = () => cryptoError("invalid_key_share", `not a valid ${name} key share`);
  const makePair = async (): Promise<{ readonly privateKey: K; readonly share: Uint8Array }> => {
    try {
      const { privateKey, publicKey } = await generatePair(subtle, algorithm, false, ["deriveBits"]);
      return { privateKey, share: new Uint8Array(await subtle.exportKey("raw", publicKey)) };
    } catch (error) {
      throw webCryptoFailed(`a key of ${name}`, error);
    }
  };
  const offer = async (): Promise<KeyShareOffer> => {
    const { privateKey, share } = await makePair();
    let ours: K | undefined = privateKey;
    return {
      share,
      finish: async (peerShare) => {
        if (ours === undefined) throw cryptoError("invalid_argument", "the offer was disposed of");
        if (!isShare(name, peerShare)) throw invalid();
        const secret = await derived(ours, copied(peerShare));
        // RFC 7748 §6.1, RFC 9846 §7.4.2#all-zero, RFC 8422 §5.11#all-zero
        if (secret.every((byte) => byte === 0)) throw invalid();
        return secret;
      },
      dispose: () => {
        ours = undefined;
      },
    };
  };
  /** WebCrypto refuses secrets of nothing but zeros. */
  const derived = async (privateKey: K, peerShare: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => {
    try {
      const theirs = await subtle.importKey("raw", peerShare, algorithm, false, []);
      const parameters = { name: algorithm.name, public: theirs };
      return new Uint8Array(await subtle.deriveBits(parameters, privateKey, 8 * secretLength));
    } catch (error) {
      throw isAboutData(error) ? invalid() : webCryptoFailed(`key agreement by ${name}`, error);
    }
  };
  return {
    name,
    offer,
    respond: async (peerShare) => {
      const { share, finish, dispose } = await offer();
      try {
        return { share, secret: await finish(peerShare) };
      } finally {
        dispose();
      }
    },
  };
}
