import type { Tls12CipherSuite, Tls12KeyExchange, Tls12Protection } from "@tlskit/ciphersuites";
import { oldestVersion } from "@tlskit/ciphersuites/openssl-names";

/** A suite as OpenSSL's words describe it. */
export interface CipherSuiteTraits {
  /** All words that are about it, its names among them. */
  readonly words: ReadonlySet<string>;
  /** How strong it is: bits that an attacker has to guess. */
  readonly bits: number;
  /** What sets it apart from suites with ECDHE and an AEAD: for each thing, the words that name it. */
  readonly apart: readonly (readonly string[])[];
}

const byRsa = ["kRSA", "RSA"] as const;
const byDhe = ["kDHE", "kEDH", "DHE", "EDH"] as const;
const byPsk = ["kPSK", "kECDHEPSK", "kDHEPSK", "PSK", "aPSK"] as const;
const byRsaPsk = ["kRSAPSK"] as const;
const withCbc = ["SHA", "SHA1", "SHA256", "SHA384", "CBC", "3DES"] as const;
const withTripleDes = ["3DES"] as const;
const withCcm = ["AESCCM", "AESCCM8"] as const;

interface KeyExchangeWords {
  readonly words: readonly string[];
  readonly apart: readonly (readonly string[])[];
}

/** How client and server agree on a secret. Nobody is anonymous here: what is, isn't in any list. */
const keyExchanges: Readonly<Record<Tls12KeyExchange, KeyExchangeWords>> = {
  ECDHE: { words: ["kECDHE", "kEECDH", "ECDHE", "EECDH"], apart: [] },
  DHE: { words: byDhe, apart: [byDhe] },
  RSA: { words: byRsa, apart: [byRsa] },
  ECDHE_PSK: { words: ["kECDHEPSK", "PSK", "aPSK"], apart: [byPsk] },
  DHE_PSK: { words: ["kDHEPSK", "PSK", "aPSK"], apart: [byPsk] },
  RSA_PSK: { words: ["kRSAPSK", "PSK"], apart: [byRsaPsk] },
  PSK: { words: ["kPSK", "PSK", "aPSK"], apart: [byPsk] },
  ECDH_anon: { words: ["kECDHE", "kEECDH", "aNULL", "AECDH"], apart: [["aNULL", "AECDH"]] },
  DH_anon: { words: ["kDHE", "kEDH", "aNULL", "ADH"], apart: [["aNULL", "ADH"]] },
};

interface CipherWords extends KeyExchangeWords {
  readonly bits: number;
}

const gcm = (bits: 128 | 256): CipherWords => ({ words: ["AES", `AES${bits}`, "AESGCM", "FIPS"], bits, apart: [] });
const ccm = (bits: 128 | 256): CipherWords => ({ words: ["AES", `AES${bits}`, "AESCCM"], bits, apart: [withCcm] });
const ccm8 = (bits: 128 | 256): CipherWords => ({
  words: ["AES", `AES${bits}`, "AESCCM", "AESCCM8"],
  bits,
  apart: [["AESCCM8"]],
});
const cbc = (bits: 128 | 256): CipherWords => ({ words: ["AES", `AES${bits}`, "CBC", "FIPS"], bits, apart: [withCbc] });

const ciphers: Readonly<Record<string, CipherWords>> = {
  "AES-128-GCM": gcm(128),
  "AES-256-GCM": gcm(256),
  "AES-128-CCM": ccm(128),
  "AES-256-CCM": ccm(256),
  "AES-128-CCM-8": ccm8(128),
  "AES-256-CCM-8": ccm8(256),
  "CHACHA20-POLY1305": { words: ["CHACHA20"], bits: 256, apart: [] },
  "AES-128-CBC": cbc(128),
  "AES-256-CBC": cbc(256),
  "3DES-EDE-CBC": { words: ["3DES", "CBC"], bits: 112, apart: [withTripleDes] },
};

const macs: Readonly<Record<string, readonly string[]>> = {
  "SHA-1": ["SHA1", "SHA"],
  "SHA-256": ["SHA256"],
  "SHA-384": ["SHA384"],
};

/** A suite as OpenSSL's words describe it: made once for each. */
export function cipherSuiteTraits(suite: Tls12CipherSuite): CipherSuiteTraits {
  const known = traits.get(suite) ?? traitsOf(suite);
  traits.set(suite, known);
  return known;
}

const traits = new WeakMap<Tls12CipherSuite, CipherSuiteTraits>();

function traitsOf(suite: Tls12CipherSuite): CipherSuiteTraits {
  const { name, aliases, protection, certificateKey, keyExchange } = suite;
  const exchange = keyExchanges[keyExchange];
  const cipher = cipherOf(protection);
  const version = oldestVersion(suite);
  const isDefault = !cipher.words.includes("AESCCM") && !cipher.words.includes("3DES");
  const words = [
    name,
    ...aliases,
    ...exchange.words,
    ...(certificateKey === "RSA" ? ["aRSA"] : certificateKey === "ECDSA" ? ["aECDSA", "ECDSA"] : []),
    ...cipher.words,
    ...(protection.type === "AEAD" ? [] : (macs[protection.mac] ?? [])),
    ...(protection.type === "NULL" ? ["COMPLEMENTOFALL"] : ["ALL", cipher.bits < 128 ? "MEDIUM" : "HIGH"]),
    ...(isDefault ? [] : ["COMPLEMENTOFDEFAULT"]),
    version === "TLSv1.0" ? "TLSv1" : version,
    ...(version === "TLSv1.0" ? ["TLSv1.0"] : []),
  ];
  return { words: new Set(words), bits: cipher.bits, apart: [...exchange.apart, ...cipher.apart] };
}

function cipherOf(protection: Tls12Protection): CipherWords {
  if (protection.type === "NULL") return { words: ["eNULL", "NULL"], bits: 0, apart: [["eNULL", "NULL"]] };
  return ciphers[protection.type === "AEAD" ? protection.aead : protection.cipher] ?? nothingKnown;
}

/** It goes by its own name alone. */
const nothingKnown: CipherWords = { words: [], bits: 0, apart: [[]] };
