import { CryptoError } from "../error.ts";
import type { HashName } from "../hash.ts";
import { hkdfExpand, hkdfExtract } from "../hkdf.ts";
import type { KeyExchange } from "../key-exchange.ts";
import { openOnce, sealOnce } from "../once.ts";
import { type CryptoProvider, hashOf, keyExchangeOf, verifierFor } from "../provider.ts";
import type { Random } from "../random.ts";
import type { CurveName, RsaPrivateKey, SignatureAlgorithm } from "../signature.ts";
import { hex, unhex } from "./case.ts";

/** A file of C2SP/wycheproof, `testvectors_v1`, as far as it is read here. */
export interface WycheproofFile {
  readonly testGroups: readonly WycheproofGroup[];
}

export interface WycheproofGroup {
  readonly tests: readonly WycheproofTest[];
  readonly keySize?: number;
  readonly ivSize?: number;
  readonly tagSize?: number;
  readonly sha?: string;
  readonly mgfSha?: string;
  readonly sLen?: number;
  readonly curve?: string;
  readonly publicKey?: {
    readonly uncompressed?: string;
    readonly pk?: string;
    readonly modulus?: string;
    readonly publicExponent?: string;
  };
  readonly privateKey?: Readonly<Record<keyof Omit<RsaPrivateKey, "type">, string>>;
}

export type WycheproofTest = {
  readonly tcId: number;
  readonly comment: string;
  readonly result: "valid" | "invalid" | "acceptable";
} & Readonly<Record<string, unknown>>;

/** What became of a file's tests. */
export interface WycheproofVerdicts {
  /** How many succeeded, as they should. */
  valid: number;
  /** How many failed, as they should. */
  invalid: number;
  /** How many may do either, and did. */
  acceptable: number;
  /** How many have parameters that no interface here has, such as another length of nonce. */
  notApplicable: number;
  /** A sentence for each test that came out wrong. */
  readonly failures: string[];
}

/** Whether a test's operation succeeds with its output; `undefined` for parameters that no interface here has. */
export type WycheproofOperation<Subject> = (
  subject: Subject,
  group: WycheproofGroup,
  test: WycheproofTest,
) => Promise<boolean | undefined>;

type Operation = WycheproofOperation<CryptoProvider>;

/**
 * Runs a file's tests, and counts them, so that none is left out silently.
 * @param file its name without `_test.json`: `aes_gcm`.
 */
export async function wycheproofVerdicts(
  provider: CryptoProvider,
  file: string,
  vectors: WycheproofFile,
): Promise<WycheproofVerdicts> {
  return await countVerdicts(operationFor(file), provider, file, vectors);
}

/** Runs one operation on all tests of a file. */
export async function countVerdicts<Subject>(
  operation: WycheproofOperation<Subject> | undefined,
  subject: Subject,
  file: string,
  vectors: WycheproofFile,
): Promise<WycheproofVerdicts> {
  const verdicts: WycheproofVerdicts = { valid: 0, invalid: 0, acceptable: 0, notApplicable: 0, failures: [] };
  for (const group of vectors.testGroups) {
    for (const test of group.tests) {
      const succeeded = operation && (await verdict(operation, subject, group, test));
      if (succeeded === undefined) verdicts.notApplicable += 1;
      else if (test.result === "acceptable" || succeeded === (test.result === "valid")) verdicts[test.result] += 1;
      else verdicts.failures.push(`${file} ${test.tcId}: ${test.comment} (${test.result})`);
    }
  }
  return verdicts;
}

async function verdict<Subject>(
  operation: WycheproofOperation<Subject>,
  subject: Subject,
  group: WycheproofGroup,
  test: WycheproofTest,
): Promise<boolean | undefined> {
  try {
    return await operation(subject, group, test);
  } catch (error) {
    // A provider refuses with a CryptoError; anything else is a fault of its own.
    if (error instanceof CryptoError) return false;
    throw error;
  }
}

/** A test's field that is text. */
export function text(test: WycheproofTest, field: string): string {
  const value = test[field];
  return typeof value === "string" ? value : "";
}

/** A test's field that is hexadecimal. */
export function bytes(test: WycheproofTest, field: string): Uint8Array {
  return unhex(text(test, field));
}

export const wycheproofHashes: Readonly<Record<string, HashName>> = {
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

const curves: Readonly<Record<string, CurveName>> = { secp256r1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

function operationFor(file: string): Operation | undefined {
  if (file === "aes_cbc_pkcs5") return blockCipherOperation;
  if (file.startsWith("rsa_pkcs1_")) return rsaDecryptionOperation;
  if (/^aes_[a-z]+$|^chacha20_poly1305$/.test(file)) return aeadOperation(file);
  const [family = "", ...rest] = file.split("_");
  if (family === "hmac" || family === "hkdf") {
    const hash = wycheproofHashes[rest[0] ?? ""];
    return hash === undefined ? undefined : family === "hmac" ? hmacOperation(hash) : hkdfOperation(hash);
  }
  if (family === "ecdsa") {
    const curve = curves[rest[0] ?? ""];
    const hash = wycheproofHashes[rest[1] ?? ""];
    if (curve === undefined || hash === undefined || hash === "SHA-1") return undefined;
    // RFC 8422 §5.10#ecdsa
    return signatureOperation(() => `ECDSA/${curve}/${hash}`);
  }
  // RFC 8422 §5.10#eddsa
  if (file === "ed25519") return signatureOperation(() => "Ed25519");
  if (file === "ed448") return signatureOperation(() => "Ed448");
  // RFC 5246 §4.7#digest-info, §4.7#null-parameters, RFC 9963 §4#null-parameters, §4#encoding-checked, §4#rfc8017
  if (file.startsWith("rsa_signature_")) return signatureOperation(({ sha }) => rsaAlgorithm("RSA-PKCS1", sha));
  // The salt is as long as the hash, and MGF1 is over the same one; other parameters have no name here.
  if (file.startsWith("rsa_pss_")) {
    return signatureOperation(({ sha, mgfSha, sLen }) =>
      mgfSha === sha && sLen === saltLengths[sha ?? ""] ? rsaAlgorithm("RSA-PSS", sha) : undefined,
    );
  }
  if (file === "x25519") return montgomeryOperation("X25519");
  if (file === "x448") return montgomeryOperation("X448");
  if (file === "mlkem_768" || file === "mlkem_768_keygen_seed") return kemOfferOperation;
  if (file === "mlkem_768_encaps") return kemRespondOperation;
  if (file.startsWith("ecdh_") && file.endsWith("_ecpoint")) {
    const curve = curves[rest[0] ?? ""];
    return curve === undefined ? undefined : ecdhPointOperation(curve);
  }
  return undefined;
}

const saltLengths: Readonly<Record<string, number>> = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 };

function rsaAlgorithm(family: "RSA-PKCS1" | "RSA-PSS", sha: string | undefined): SignatureAlgorithm | undefined {
  return sha === "SHA-256" || sha === "SHA-384" || sha === "SHA-512" ? `${family}/${sha}` : undefined;
}

/** The file's name, the key's size and a short tag's are the AEAD's name: `aes_gcm` and 128 are AES-128-GCM. */
function aeadOperation(file: string): Operation {
  return async (provider, { keySize, ivSize, tagSize }, test) => {
    const ofTag = file === "aes_ccm" && tagSize === 64 ? "-8" : "";
    const name = file.toUpperCase().replace("_", file.startsWith("aes_") ? `-${keySize}-` : "-") + ofTag;
    const algorithm = provider.aeads.find((candidate) => candidate.name === name);
    if (algorithm === undefined || ivSize !== algorithm.nonceLength * 8 || tagSize !== algorithm.tagLength * 8) {
      return undefined;
    }
    const key = bytes(test, "key");
    const [iv, aad] = [bytes(test, "iv"), bytes(test, "aad")];
    const sealed = text(test, "ct") + text(test, "tag");
    const opened = await openOnce(algorithm, key, iv, aad, unhex(sealed));
    return hex(opened) === text(test, "msg") && hex(await sealOnce(algorithm, key, iv, aad, opened)) === sealed;
  };
}

/** With the padding that the vectors have, which block ciphers here haven't. */
const blockCipherOperation: Operation = async ({ blockCiphers = [] }, { keySize }, test) => {
  const algorithm = blockCiphers.find(({ name }) => name === `AES-${keySize}-CBC`);
  if (algorithm === undefined) return undefined;
  const cipher = algorithm.withKey(bytes(test, "key"));
  const ciphertext = bytes(test, "ct");
  const plaintext = new Uint8Array(ciphertext.length);
  cipher.decrypt(bytes(test, "iv"), ciphertext, plaintext, 0);
  const padding = plaintext.at(-1) ?? 0;
  const isPadded = padding > 0 && padding <= 16 && plaintext.subarray(-padding).every((byte) => byte === padding);
  const again = new Uint8Array(ciphertext.length);
  cipher.encrypt(bytes(test, "iv"), [plaintext], again, 0);
  const isSame = hex(again) === hex(ciphertext);
  return isSame && isPadded && hex(plaintext.subarray(0, -padding)) === text(test, "msg");
};

/** RFC 8017 §7.2.2, with what a decrypter gives: these messages are of any length, and no secret. */
const rsaDecryptionOperation: Operation = async ({ rsaEncryption }, { privateKey }, test) => {
  if (rsaEncryption?.decrypter === undefined || privateKey === undefined) return undefined;
  const part = (name: keyof typeof privateKey): Uint8Array => unhex(privateKey[name]);
  const key: RsaPrivateKey = {
    type: "RSA",
    modulus: part("modulus"),
    publicExponent: part("publicExponent"),
    privateExponent: part("privateExponent"),
    prime1: part("prime1"),
    prime2: part("prime2"),
    exponent1: part("exponent1"),
    exponent2: part("exponent2"),
    coefficient: part("coefficient"),
  };
  const block = await rsaEncryption.decrypter(key).decrypt(bytes(test, "ct"));
  const end = block.indexOf(0, 2);
  return block[0] === 0 && block[1] === 2 && end >= 10 && hex(block.subarray(end + 1)) === text(test, "msg");
};

function hmacOperation(hash: HashName): Operation {
  return async (provider, { tagSize }, test) => {
    const mac = hashOf(provider, hash).hmac(bytes(test, "key"), bytes(test, "msg"));
    return hex(mac.subarray(0, (tagSize ?? 0) / 8)) === text(test, "tag");
  };
}

function hkdfOperation(name: HashName): Operation {
  return async (provider, _group, test) => {
    const hash = hashOf(provider, name);
    const size = test["size"];
    const key = hkdfExtract(hash, bytes(test, "salt"), bytes(test, "ikm"));
    return hex(hkdfExpand(hash, key, bytes(test, "info"), typeof size === "number" ? size : 0)) === text(test, "okm");
  };
}

function signatureOperation(algorithmOf: (group: WycheproofGroup) => SignatureAlgorithm | undefined): Operation {
  return async (provider, group, test) => {
    const algorithm = algorithmOf(group);
    if (algorithm === undefined) return undefined;
    const { uncompressed = "", pk = "", modulus = "", publicExponent = "" } = group.publicKey ?? {};
    const curve = curveOf(algorithm);
    const key =
      curve !== undefined
        ? { type: curve, point: unhex(uncompressed) }
        : algorithm === "Ed25519" || algorithm === "Ed448"
          ? { type: algorithm, publicKey: unhex(pk) }
          : { type: "RSA" as const, modulus: unhex(modulus), publicExponent: unhex(publicExponent) };
    if (!provider.signatures.some(({ type }) => type === key.type)) return undefined;
    return await verifierFor(provider, key).verify(algorithm, bytes(test, "msg"), bytes(test, "sig"));
  };
}

function curveOf(algorithm: SignatureAlgorithm): CurveName | undefined {
  return Object.values(curves).find((curve) => algorithm.includes(curve));
}

/** With a provider that takes its private keys from the source of randomness: the vectors give them. */
function montgomeryOperation(name: "X25519" | "X448"): Operation {
  return async (provider, _group, test) => {
    const exchange = provider.keyExchanges.find(({ name: own }) => own === name);
    if (exchange === undefined) return undefined;
    const given: Random = () => bytes(test, "private");
    const offer = await exchange.offer(given);
    if (hex((await exchange.offer(given)).share) !== hex(offer.share)) return undefined; // it has a source of its own
    return hex(await offer.finish(bytes(test, "public"))) === text(test, "shared");
  };
}

/** X25519's base point: a valid share for the second half of the hybrid, which is not what is asked about. */
const basePoint: Uint8Array = Uint8Array.of(9, ...new Uint8Array(31));

/** The ML-KEM half of the hybrid, from the vectors' seed, where the source of randomness is what makes the key. */
const kemOfferOperation: Operation = async (provider, _group, test) => {
  const [exchange, seed] = [hybridOf(provider), bytes(test, "seed")];
  if (exchange === undefined || seed.length !== 64) return undefined;
  const given: Random = (length) => (length === seed.length ? seed : new Uint8Array(length).fill(1));
  const offer = await exchange.offer(given);
  if (hex((await exchange.offer(given)).share) !== hex(offer.share)) return undefined; // it has a source of its own
  const isEncapsulationKey = hex(offer.share).startsWith(text(test, "ek"));
  if (text(test, "c") === "") return isEncapsulationKey;
  const secret = await offer.finish(unhex(text(test, "c") + hex(basePoint)));
  return isEncapsulationKey && hex(secret).startsWith(text(test, "K"));
};

/**
 * Which encapsulation keys a provider takes; where the source of randomness is what the message is made of, also the
 * ciphertext and the secret.
 */
const kemRespondOperation: Operation = async (provider, _group, test) => {
  const exchange = hybridOf(provider);
  if (exchange === undefined) return undefined;
  let first = true;
  const given: Random = (length) => {
    const isMessage = first;
    first = false;
    return isMessage ? bytes(test, "m") : new Uint8Array(length).fill(1);
  };
  const { share, secret } = await exchange.respond(unhex(text(test, "ek") + hex(basePoint)), given);
  if (first) return true; // it has a source of its own: what it makes can't be compared
  return hex(share).startsWith(text(test, "c")) && hex(secret).startsWith(text(test, "K"));
};

/** Not every runtime has it. */
function hybridOf(provider: CryptoProvider): KeyExchange | undefined {
  return provider.keyExchanges.find(({ name }) => name === "X25519MLKEM768");
}

/**
 * Whether a provider takes a peer's point, whatever the private key: no interface takes one in. A point that is off the
 * curve, compressed or malformed must be refused; the arithmetic is for the providers' cross-check to judge.
 */
function ecdhPointOperation(curve: CurveName): Operation {
  return async (provider, _group, test) => {
    const exchange = keyExchangeOf(provider, curve);
    const point = bytes(test, "public");
    // RFC 9846 §4.3.8.2: the file also has compressed points, valid elsewhere, which TLS 1.3 doesn't have.
    if (test.result !== "invalid" && point[0] !== 4) return undefined;
    await exchange.respond(point, (length) => new Uint8Array(length).fill(1));
    return true;
  };
}
