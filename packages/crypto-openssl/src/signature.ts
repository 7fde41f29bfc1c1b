import {
  cryptoError,
  type HashFunction,
  type PublicKey,
  rsaSignatureLength,
  type SignatureAlgorithm,
  type SignatureKeys,
} from "@tlskit/crypto";
import { check, checkAddress, failure } from "./answers.ts";
import type { Address } from "./foreign.ts";
import { KeyDesk } from "./keys.ts";
import type { Libcrypto } from "./libcrypto.ts";
import type { Owned } from "./owned.ts";
import { PublicKeys } from "./public-keys.ts";
import { type KeyKind, keyKinds } from "./signature-keys.ts";

/** How OpenSSL is told an algorithm. */
type Method =
  /** It takes the whole message. */
  | { readonly hash?: undefined; readonly padding?: undefined }
  /** It takes a digest. */
  | { readonly hash: Pick<HashFunction, "digest">; readonly padding: RsaPadding | undefined };

interface RsaPadding {
  /** openssl/rsa.h: `RSA_PKCS1_PADDING`, `RSA_PKCS1_PSS_PADDING` */
  readonly number: 1n | 6n;
  /** OpenSSL's hash function, for what PKCS#1 writes into the signature and for PSS's mask; nothing where that isn't said. */
  readonly digest: Address | undefined;
}

const pkcs1Padding = 1n;
const pssPadding = 6n;
/** RFC 9846 §4.3.3#pss-salt; openssl/rsa.h: `RSA_PSS_SALTLEN_DIGEST`, which is -1 */
const saltAsLongAsDigest = 0xffff_ffff_ffff_ffffn;

/** Bytes of the longest signature, RSA's with 8192 bits. */
const maxSignatureLength = 1024;

/** What this libcrypto has, in order of preference. */
export function signatures(
  libcrypto: Libcrypto,
  hashes: readonly HashFunction[],
  md5: HashFunction<"MD5">,
): readonly SignatureKeys[] {
  const desk = new KeyDesk(libcrypto);
  const publicKeys = new PublicKeys();
  return keyKinds(desk).map((kind) => signatureKeys(desk, kind, methodsOf(libcrypto, kind, hashes, md5), publicKeys));
}

function methodsOf(
  { call }: Libcrypto,
  { algorithms }: KeyKind,
  hashes: readonly HashFunction[],
  md5: HashFunction<"MD5">,
): ReadonlyMap<SignatureAlgorithm, Method> {
  const digests: Readonly<Partial<Record<string, Address>>> = {
    "SHA-256": call.EVP_sha256(),
    "SHA-384": call.EVP_sha384(),
    "SHA-512": call.EVP_sha512(),
  };
  const method = (algorithm: SignatureAlgorithm): Method => {
    if (algorithm === "RSA-PKCS1/MD5-SHA-1") {
      return { hash: md5AndSha1(md5, hashes), padding: { number: pkcs1Padding, digest: undefined } };
    }
    const hash = hashes.find(({ name }) => algorithm.endsWith(`/${name}`));
    if (hash === undefined) return {};
    if (!algorithm.startsWith("RSA-")) return { hash, padding: undefined };
    const number = algorithm.startsWith("RSA-PSS/") ? pssPadding : pkcs1Padding;
    return { hash, padding: { number, digest: digests[hash.name] } };
  };
  return new Map(algorithms.map((algorithm) => [algorithm, method(algorithm)]));
}

/** RFC 4346 §4.7: both digests, MD5's first. */
function md5AndSha1(md5: HashFunction<"MD5">, hashes: readonly HashFunction[]): Pick<HashFunction, "digest"> {
  const sha1 = hashes.find(({ name }) => name === "SHA-1");
  if (sha1 === undefined) throw cryptoError("unsupported", "this libcrypto has no SHA-1");
  return { digest: (message) => Uint8Array.of(...md5.digest(message), ...sha1.digest(message)) };
}

function signatureKeys(
  desk: KeyDesk,
  kind: KeyKind,
  methods: ReadonlyMap<SignatureAlgorithm, Method>,
  publicKeys: PublicKeys,
): SignatureKeys {
  const { type, algorithms, generator, fromSecret } = kind;
  const methodOf = (algorithm: SignatureAlgorithm): Method => {
    const method = methods.get(algorithm);
    if (method === undefined) throw cryptoError("unsupported", `a key of type ${type} has no ${algorithm} signatures`);
    return method;
  };
  const importPublic = (encoded: Uint8Array): Owned => {
    const key = kind.importPublic(encoded);
    if (key === undefined) throw cryptoError("invalid_public_key", `not a valid ${type} public key`);
    return key;
  };
  return {
    type,
    algorithms,
    ...(fromSecret === undefined ? {} : { fromSecret }),
    verifier: (publicKey) => {
      const encoded = kind.encoded(publicKey);
      const key = publicKeys.key(() => importPublic(encoded));
      // Whether it is valid is to be known now.
      void key.owned;
      const hasLength = lengthCheck(publicKey);
      return {
        algorithms,
        verify: (algorithm, message, signature) => {
          const method = methodOf(algorithm);
          return hasLength(signature.length) && verifies(desk, method, key.owned, message, signature);
        },
      };
    },
    signer: (privateKey) => {
      const key = kind.importPrivate(privateKey);
      return { algorithms, sign: (algorithm, message) => signature(desk, methodOf(algorithm), key, message) };
    },
    generate: (_random, modulusBits = 2048) => {
      kind.setLength?.(generator, modulusBits);
      const key = desk.generate(generator);
      try {
        return kind.parts(key);
      } finally {
        key.dispose();
      }
    },
  };
}

function lengthCheck(key: PublicKey): (length: number) => boolean {
  if (key.type !== "RSA") return (length) => length <= maxSignatureLength;
  const expected = rsaSignatureLength(key);
  return (length) => length === expected;
}

function signature(desk: KeyDesk, method: Method, key: Owned, message: Uint8Array): Uint8Array {
  const { call } = desk.libcrypto;
  const made =
    method.hash === undefined
      ? withDigestContext(desk, (context) => {
          check(desk.libcrypto, call.EVP_DigestSignInit_ex(context, 0n, 0n, 0n, 0n, key.address, 0n), "EVP_DigestSign");
          return desk.withInput(message, (bytes, length) =>
            desk.output(maxSignatureLength, (place, placeLength) =>
              call.EVP_DigestSign(context, place, placeLength, bytes, length),
            ),
          );
        })
      : desk.withContext(key, (context) => {
          check(desk.libcrypto, call.EVP_PKEY_sign_init(context), "EVP_PKEY_sign_init");
          setPadding(desk, context, method.padding);
          return desk.withInput(method.hash.digest(message), (digest, length) =>
            desk.output(maxSignatureLength, (place, placeLength) =>
              call.EVP_PKEY_sign(context, place, placeLength, digest, length),
            ),
          );
        });
  if (made !== undefined) return made;
  if (method.padding === undefined) throw failure(desk.libcrypto, "a signature");
  // A modulus too short for the padding, or numbers that don't fit together, which nobody has checked before.
  throw cryptoError("invalid_private_key", "the RSA key can't sign like this");
}

function verifies(desk: KeyDesk, method: Method, key: Owned, message: Uint8Array, signature: Uint8Array): boolean {
  const { call } = desk.libcrypto;
  const answer =
    method.hash === undefined
      ? withDigestContext(desk, (context) => {
          const begun = call.EVP_DigestVerifyInit_ex(context, 0n, 0n, 0n, 0n, key.address, 0n);
          check(desk.libcrypto, begun, "EVP_DigestVerify");
          return desk.withInputs(signature, message, (bytes, length, messageBytes, messageLength) =>
            call.EVP_DigestVerify(context, bytes, length, messageBytes, messageLength),
          );
        })
      : desk.withContext(key, (context) => {
          check(desk.libcrypto, call.EVP_PKEY_verify_init(context), "EVP_PKEY_verify_init");
          setPadding(desk, context, method.padding);
          return desk.withInputs(signature, method.hash.digest(message), (bytes, length, digest, digestLength) =>
            call.EVP_PKEY_verify(context, bytes, length, digest, digestLength),
          );
        });
  if (answer === 1) return true;
  // Zero for a signature that is wrong, less for one that can't be read.
  call.ERR_clear_error();
  return false;
}

function setPadding(desk: KeyDesk, context: Address, padding: RsaPadding | undefined): void {
  if (padding === undefined) return;
  const { call } = desk.libcrypto;
  const set = (answer: number): void => check(desk.libcrypto, answer, "RSA padding");
  set(call.EVP_PKEY_CTX_set_rsa_padding(context, padding.number));
  if (padding.digest !== undefined) set(call.EVP_PKEY_CTX_set_signature_md(context, padding.digest));
  if (padding.number === pssPadding) set(call.EVP_PKEY_CTX_set_rsa_pss_saltlen(context, saltAsLongAsDigest));
}

function withDigestContext<T>(desk: KeyDesk, work: (context: Address) => T): T {
  const { call } = desk.libcrypto;
  const context = checkAddress(desk.libcrypto, call.EVP_MD_CTX_new(), "EVP_MD_CTX_new");
  try {
    return work(context);
  } finally {
    call.EVP_MD_CTX_free(context);
  }
}
