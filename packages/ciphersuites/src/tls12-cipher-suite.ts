import type { AeadName, CryptoProvider, HashName } from "@tlskit/crypto";

/** How client and server agree on a secret in TLS 1.2 (RFC 5246 §7.4.3, RFC 4279, RFC 5489); with the last two with anybody. */
export type Tls12KeyExchange =
  | "ECDHE"
  | "DHE"
  | "RSA"
  | "ECDHE_PSK"
  | "DHE_PSK"
  | "RSA_PSK"
  | "PSK"
  | "ECDH_anon"
  | "DH_anon";

/** Ciphers of blocks, chained. */
export type CbcCipherName = "AES-128-CBC" | "AES-256-CBC" | "3DES-EDE-CBC";

/** A cipher suite of TLS 1.2 (RFC 5246 §A.5; IANA "TLS Cipher Suites"). */
export interface Tls12CipherSuite {
  /** IANA's name. */
  readonly name: string;
  readonly code: number;
  /** OpenSSL's name, where it has one. */
  readonly aliases: readonly string[];
  readonly keyExchange: Tls12KeyExchange;
  /** The key of the server's certificate; ECDSA stands for EdDSA too (RFC 8422 §2). Nothing where a PSK alone authenticates, or nothing does. */
  readonly certificateKey: "ECDSA" | "RSA" | undefined;
  /** The PRF's hash, which is also that of the transcript (RFC 5246 §5, §7.4.9#hash, RFC 7627 §6.2#hash, RFC 5288 §3#prf, RFC 5289 §3.1#prf, §3.2#prf, RFC 7905 §2#prf). */
  readonly hash: HashName;
  readonly protection: Tls12Protection;
}

/** What records are protected by. */
export type Tls12Protection =
  | {
      readonly type: "AEAD";
      readonly aead: AeadName;
      /**
       * How a record's nonce is made: of four secret bytes and eight that stand in the record (RFC 5288 §3, RFC 6655 §3), or
       * of twelve secret ones and the record's number, as in TLS 1.3 (RFC 7905 §2).
       */
      readonly nonce: "explicit" | "xor";
      /** How many records may be sealed with one key. TLS 1.2 has no key update: then the connection ends. */
      readonly recordLimit: number;
    }
  | {
      readonly type: "CBC";
      readonly cipher: CbcCipherName;
      /** The hash of the HMAC over a record (RFC 5246 §6.2.3.1). */
      readonly mac: HashName;
      /** How many blocks may be encrypted with one key. */
      readonly blockLimit: number;
    }
  | { readonly type: "NULL"; readonly mac: HashName };

type KeyExchangePart = Pick<Tls12CipherSuite, "keyExchange" | "certificateKey">;
type ProtectionPart = Pick<Tls12CipherSuite, "hash" | "protection">;

export const ecdheEcdsa: KeyExchangePart = { keyExchange: "ECDHE", certificateKey: "ECDSA" };
export const ecdheRsa: KeyExchangePart = { keyExchange: "ECDHE", certificateKey: "RSA" };
export const dheRsa: KeyExchangePart = { keyExchange: "DHE", certificateKey: "RSA" };
export const rsa: KeyExchangePart = { keyExchange: "RSA", certificateKey: "RSA" };
export const ecdhePsk: KeyExchangePart = { keyExchange: "ECDHE_PSK", certificateKey: undefined };
export const dhePsk: KeyExchangePart = { keyExchange: "DHE_PSK", certificateKey: undefined };
export const rsaPsk: KeyExchangePart = { keyExchange: "RSA_PSK", certificateKey: "RSA" };
export const ecdhAnon: KeyExchangePart = { keyExchange: "ECDH_anon", certificateKey: undefined };
export const dhAnon: KeyExchangePart = { keyExchange: "DH_anon", certificateKey: undefined };
export const psk: KeyExchangePart = { keyExchange: "PSK", certificateKey: undefined };

/** As in TLS 1.3: RFC 9846 §5.5, RFC 9325 §4.4#limit for AES-GCM, RFC 9147 §4.5.3 for AES-CCM. */
const gcmRecordLimit = Math.floor(2 ** 24.5);
const ccmRecordLimit = 2 ** 23;

export const aes128Gcm: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "AEAD", aead: "AES-128-GCM", nonce: "explicit", recordLimit: gcmRecordLimit },
};
export const aes256Gcm: ProtectionPart = {
  hash: "SHA-384",
  protection: { type: "AEAD", aead: "AES-256-GCM", nonce: "explicit", recordLimit: gcmRecordLimit },
};
export const chacha20Poly1305: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "AEAD", aead: "CHACHA20-POLY1305", nonce: "xor", recordLimit: Number.MAX_SAFE_INTEGER },
};
export const aes128Ccm: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "AEAD", aead: "AES-128-CCM", nonce: "explicit", recordLimit: ccmRecordLimit },
};
export const aes256Ccm: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "AEAD", aead: "AES-256-CCM", nonce: "explicit", recordLimit: ccmRecordLimit },
};
export const aes128Ccm8: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "AEAD", aead: "AES-128-CCM-8", nonce: "explicit", recordLimit: ccmRecordLimit },
};
export const aes256Ccm8: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "AEAD", aead: "AES-256-CCM-8", nonce: "explicit", recordLimit: ccmRecordLimit },
};

/** As much as 2^24 full records, after which two equal blocks have a chance of 2^-61. */
const aesBlockLimit = 2 ** 34;
/** Blocks of 64 bits collide soon (Sweet32, RFC 9325 §4.1): a chance of 2^-25, after 8 MiB. */
const tripleDesBlockLimit = 2 ** 20;

export const aes128CbcSha256: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "CBC", cipher: "AES-128-CBC", mac: "SHA-256", blockLimit: aesBlockLimit },
};
export const aes256CbcSha256: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "CBC", cipher: "AES-256-CBC", mac: "SHA-256", blockLimit: aesBlockLimit },
};
export const aes256CbcSha384: ProtectionPart = {
  hash: "SHA-384",
  protection: { type: "CBC", cipher: "AES-256-CBC", mac: "SHA-384", blockLimit: aesBlockLimit },
};
export const aes128CbcSha: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "CBC", cipher: "AES-128-CBC", mac: "SHA-1", blockLimit: aesBlockLimit },
};
export const aes256CbcSha: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "CBC", cipher: "AES-256-CBC", mac: "SHA-1", blockLimit: aesBlockLimit },
};
export const tripleDesCbcSha: ProtectionPart = {
  hash: "SHA-256",
  protection: { type: "CBC", cipher: "3DES-EDE-CBC", mac: "SHA-1", blockLimit: tripleDesBlockLimit },
};

export const nullSha256: ProtectionPart = { hash: "SHA-256", protection: { type: "NULL", mac: "SHA-256" } };
export const nullSha384: ProtectionPart = { hash: "SHA-384", protection: { type: "NULL", mac: "SHA-384" } };
export const nullSha: ProtectionPart = { hash: "SHA-256", protection: { type: "NULL", mac: "SHA-1" } };

export function suite(
  name: string,
  code: number,
  { keyExchange, certificateKey }: KeyExchangePart,
  { hash, protection }: ProtectionPart,
  ...aliases: readonly string[]
): Tls12CipherSuite {
  return { name, code, aliases, keyExchange, certificateKey, hash, protection };
}

/**
 * Those of some suites whose hashes, AEADs and block ciphers a provider has, AEADs first and in the provider's order of
 * preference, and beyond that in the list's.
 */
export function availableTls12CipherSuites(
  provider: CryptoProvider,
  suites: readonly Tls12CipherSuite[],
): readonly Tls12CipherSuite[] {
  const hasHash = (name: HashName): boolean => provider.hashes.some((hash) => hash.name === name);
  const usable = suites.filter(({ hash }) => hasHash(hash));
  return [
    ...provider.aeads.flatMap(({ name }) =>
      usable.filter(({ protection }) => protection.type === "AEAD" && protection.aead === name),
    ),
    ...usable.filter(
      ({ protection }) =>
        protection.type !== "AEAD" &&
        hasHash(protection.mac) &&
        (protection.type === "NULL" || provider.blockCiphers?.some(({ name }) => name === protection.cipher) === true),
    ),
  ];
}
