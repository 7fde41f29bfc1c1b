import { type CurveName, cryptoError, type KeyExchange, type KeyShareOffer } from "@tlskit/crypto";
import { isAboutData, webCryptoFailed } from "./failures.ts";
import { copied, generatePair, type SubtleAlgorithm, type SubtleCryptography } from "./subtle.ts";

/** A curve as WebCrypto has it. */
interface Agreement {
  readonly name: CurveName | "X25519";
  readonly algorithm: SubtleAlgorithm;
  /** Bytes of a share, and of a secret. */
  readonly shareLength: number;
  readonly secretLength: number;
}

const x25519: Agreement = { name: "X25519", algorithm: { name: "X25519" }, shareLength: 32, secretLength: 32 };
const onCurve = (name: CurveName, secretLength: number): Agreement => ({
  name,
  algorithm: { name: "ECDH", namedCurve: name },
  shareLength: 1 + 2 * secretLength,
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
 * Key agreement by WebCrypto: keys of the runtime's own randomness, which can't be extracted and are used for one
 * connection.
 */
export function keyAgreement<K>(
  subtle: SubtleCryptography<K>,
  { name, algorithm, shareLength, secretLength }: Agreement,
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
        // RFC 8422 §5.1.2#uncompressed-alone, RFC 9846 §4.3.8.2: WebCrypto reads compressed points, too.
        if (peerShare.length !== shareLength || (name !== "X25519" && peerShare[0] !== 4)) throw invalid();
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
  /** WebCrypto refuses points off the curve, and secrets of nothing but zeros. */
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
