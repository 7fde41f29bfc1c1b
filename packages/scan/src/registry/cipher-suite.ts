import type { Version } from "../version.ts";
import {
  type CipherSuiteName,
  registeredCipherSuites,
  ssl2CipherSuites,
  unregisteredCipherSuites,
} from "./cipher-suite-names.ts";

/** How the two come to a secret. `any`: TLS 1.3 negotiates that apart. */
export type SuiteKeyExchange =
  | "any"
  | "ECDHE"
  | "DHE"
  | "ECDH"
  | "DH"
  | "RSA"
  | "PSK"
  | "DHE_PSK"
  | "ECDHE_PSK"
  | "RSA_PSK"
  | "SRP"
  | "KRB5"
  | "ECCPWD"
  | "GOST"
  | "KEA";

/** By what a server proves who it is. `any`: TLS 1.3 negotiates that apart; `anon`: by nothing. */
export type SuiteAuthentication =
  | "any"
  | "RSA"
  | "ECDSA"
  | "DSA"
  | "PSK"
  | "SRP"
  | "KRB5"
  | "ECCPWD"
  | "GOST"
  | "KEA"
  | "anon";

export type SuiteCipher =
  | "NULL"
  | "RC4"
  | "RC2"
  | "DES"
  | "3DES"
  | "IDEA"
  | "SEED"
  | "AES"
  | "CAMELLIA"
  | "ARIA"
  | "CHACHA20"
  | "AEGIS"
  | "SM4"
  | "GOST28147"
  | "KUZNYECHIK"
  | "MAGMA"
  | "FORTEZZA";

export type SuiteMode = "none" | "stream" | "CBC" | "CTR" | "GCM" | "CCM" | "CCM_8" | "POLY1305" | "AEGIS" | "MGM";

/** A cipher suite, and what it is made of. */
export interface KnownCipherSuite {
  readonly code: number;
  /** IANA's name, where IANA has one. */
  readonly name: string;
  /** OpenSSL's name, where it has, or had, one. */
  readonly opensslName?: string | undefined;
  readonly keyExchange: SuiteKeyExchange;
  readonly authentication: SuiteAuthentication;
  /** Whether a recording can't be read by whoever gets the server's key later. */
  readonly forwardSecrecy: boolean;
  readonly cipher: SuiteCipher;
  readonly mode: SuiteMode;
  /** Of the cipher's key, as far as they are secret: 40 of a 128-bit key in export suites, 112 of 3DES' 168 (RFC 9325 §4.1). */
  readonly bits: number;
  /** Of the cipher's block: 64 is too few for long connections (Sweet32, CVE-2016-2183). 0 where there are none. */
  readonly blockBits: number;
  /** What protects the integrity of records: `AEAD` if the cipher itself does. */
  readonly mac: "AEAD" | "MD5" | "SHA-1" | "SHA-256" | "SHA-384" | "GOST";
  /** Weakened for the laws of the nineties. */
  readonly exportGrade: boolean;
  /** The oldest version that has it, and the newest. */
  readonly oldest: Version;
  readonly newest: Version;
}

/** What comes before `_WITH_`, without `TLS_` and what says `EXPORT`. */
const keyExchanges: Readonly<Record<string, readonly [SuiteKeyExchange, SuiteAuthentication]>> = {
  RSA: ["RSA", "RSA"],
  RSA_FIPS: ["RSA", "RSA"],
  DH_DSS: ["DH", "DSA"],
  DH_RSA: ["DH", "RSA"],
  DHE_DSS: ["DHE", "DSA"],
  DHE_RSA: ["DHE", "RSA"],
  DH_anon: ["DHE", "anon"],
  ECDH_ECDSA: ["ECDH", "ECDSA"],
  ECDH_RSA: ["ECDH", "RSA"],
  ECDHE_ECDSA: ["ECDHE", "ECDSA"],
  ECDHE_RSA: ["ECDHE", "RSA"],
  ECDH_anon: ["ECDHE", "anon"],
  PSK: ["PSK", "PSK"],
  DHE_PSK: ["DHE_PSK", "PSK"],
  PSK_DHE: ["DHE_PSK", "PSK"],
  ECDHE_PSK: ["ECDHE_PSK", "PSK"],
  RSA_PSK: ["RSA_PSK", "RSA"],
  SRP_SHA: ["SRP", "SRP"],
  SRP_SHA_RSA: ["SRP", "RSA"],
  SRP_SHA_DSS: ["SRP", "DSA"],
  KRB5: ["KRB5", "KRB5"],
  ECCPWD: ["ECCPWD", "ECCPWD"],
  GOSTR341094: ["GOST", "GOST"],
  GOSTR341001: ["GOST", "GOST"],
  GOSTR341112_256: ["GOST", "GOST"],
  FORTEZZA_KEA: ["KEA", "KEA"],
};

const forwardSecret: ReadonlySet<SuiteKeyExchange> = new Set([
  "any",
  "ECDHE",
  "DHE",
  "DHE_PSK",
  "ECDHE_PSK",
  "SRP",
  "ECCPWD",
]);

type CipherParts = Pick<KnownCipherSuite, "cipher" | "mode" | "bits" | "blockBits">;

const aead = (cipher: SuiteCipher, mode: SuiteMode, bits: number): CipherParts => ({
  cipher,
  mode,
  bits,
  blockBits: mode === "POLY1305" ? 0 : 128,
});
const block = (cipher: SuiteCipher, bits: number, blockBits: number, mode: SuiteMode = "CBC"): CipherParts => ({
  cipher,
  mode,
  bits,
  blockBits,
});
const stream = (cipher: SuiteCipher, bits: number): CipherParts => ({ cipher, mode: "stream", bits, blockBits: 0 });
const none: CipherParts = { cipher: "NULL", mode: "none", bits: 0, blockBits: 0 };

/** What comes after `_WITH_`, or after `TLS_`, without the hash at its end. */
const ciphers: Readonly<Record<string, CipherParts>> = {
  NULL: none,
  RC4_40: stream("RC4", 40),
  RC4_56: stream("RC4", 56),
  RC4_128: stream("RC4", 128),
  RC2_CBC_40: block("RC2", 40, 64),
  RC2_CBC_56: block("RC2", 56, 64),
  DES40_CBC: block("DES", 40, 64),
  DES_CBC_40: block("DES", 40, 64),
  DES_CBC: block("DES", 56, 64),
  "3DES_EDE_CBC": block("3DES", 112, 64),
  IDEA_CBC: block("IDEA", 128, 64),
  SEED_CBC: block("SEED", 128, 128),
  FORTEZZA_CBC: block("FORTEZZA", 80, 64),
  AES_128_CBC: block("AES", 128, 128),
  AES_256_CBC: block("AES", 256, 128),
  AES_128_GCM: aead("AES", "GCM", 128),
  AES_256_GCM: aead("AES", "GCM", 256),
  AES_128_CCM: aead("AES", "CCM", 128),
  AES_256_CCM: aead("AES", "CCM", 256),
  AES_128_CCM_8: aead("AES", "CCM_8", 128),
  AES_256_CCM_8: aead("AES", "CCM_8", 256),
  CAMELLIA_128_CBC: block("CAMELLIA", 128, 128),
  CAMELLIA_256_CBC: block("CAMELLIA", 256, 128),
  CAMELLIA_128_GCM: aead("CAMELLIA", "GCM", 128),
  CAMELLIA_256_GCM: aead("CAMELLIA", "GCM", 256),
  ARIA_128_CBC: block("ARIA", 128, 128),
  ARIA_256_CBC: block("ARIA", 256, 128),
  ARIA_128_GCM: aead("ARIA", "GCM", 128),
  ARIA_256_GCM: aead("ARIA", "GCM", 256),
  CHACHA20_POLY1305: aead("CHACHA20", "POLY1305", 256),
  AEGIS_256: aead("AEGIS", "AEGIS", 256),
  AEGIS_128L: aead("AEGIS", "AEGIS", 128),
  SM4_GCM: aead("SM4", "GCM", 128),
  SM4_CCM: aead("SM4", "CCM", 128),
  "28147_CNT": block("GOST28147", 256, 64, "CTR"),
  KUZNYECHIK_CTR: block("KUZNYECHIK", 256, 128, "CTR"),
  MAGMA_CTR: block("MAGMA", 256, 64, "CTR"),
  KUZNYECHIK_MGM_L: aead("KUZNYECHIK", "MGM", 256),
  KUZNYECHIK_MGM_S: aead("KUZNYECHIK", "MGM", 256),
  MAGMA_MGM_L: { ...aead("MAGMA", "MGM", 256), blockBits: 64 },
  MAGMA_MGM_S: { ...aead("MAGMA", "MGM", 256), blockBits: 64 },
};

/** SSL 2.0's. */
const ciphersOfSsl2: Readonly<Record<string, CipherParts>> = {
  RC4: stream("RC4", 128),
  RC2: block("RC2", 128, 64),
  IDEA: block("IDEA", 128, 64),
  DES: block("DES", 56, 64),
};

const macs: Readonly<Record<string, KnownCipherSuite["mac"]>> = {
  MD5: "MD5",
  SHA: "SHA-1",
  SHA256: "SHA-256",
  SHA384: "SHA-384",
  IMIT: "GOST",
  OMAC: "GOST",
  GOSTR3411: "GOST",
};

const aeadModes: ReadonlySet<SuiteMode> = new Set(["GCM", "CCM", "CCM_8", "POLY1305", "AEGIS", "MGM"]);

/** All but SSL 2.0's, by their codes in ascending order. */
export const knownCipherSuites: readonly KnownCipherSuite[] = [...registeredCipherSuites, ...unregisteredCipherSuites]
  .map(madeOf)
  .sort((a, b) => a.code - b.code);

/** SSL 2.0's. */
export const knownSsl2CipherSuites: readonly KnownCipherSuite[] = ssl2CipherSuites.map(ssl2MadeOf);

const byCode: ReadonlyMap<number, KnownCipherSuite> = new Map(
  [...knownCipherSuites, ...knownSsl2CipherSuites].map((suite) => [suite.code, suite]),
);

/** A cipher suite by its code: of two octets, or of three if it is SSL 2.0's. */
export function knownCipherSuite(code: number): KnownCipherSuite | undefined {
  return byCode.get(code);
}

/** Those that a version may have, by their codes in ascending order. */
export function cipherSuitesOf(version: Version): readonly KnownCipherSuite[] {
  if (version === "SSL 2.0") return knownSsl2CipherSuites;
  return knownCipherSuites.filter(({ oldest, newest }) =>
    version === "TLS 1.3" || version === "TLS 1.2" ? newest === version : newest !== "TLS 1.3" && oldest !== "TLS 1.2",
  );
}

/** Whether servers that are in use may have nothing but such suites. */
export function isCommon({ keyExchange, authentication, cipher, exportGrade }: KnownCipherSuite): boolean {
  return (
    ["any", "ECDHE", "DHE", "RSA"].includes(keyExchange) &&
    ["any", "RSA", "ECDSA"].includes(authentication) &&
    ["AES", "CHACHA20", "CAMELLIA", "3DES", "RC4"].includes(cipher) &&
    !exportGrade
  );
}

function madeOf([code, name, opensslName]: CipherSuiteName): KnownCipherSuite {
  const body = name.replace(/^(TLS|SSL)_/, "").replace(/_OLD$/, "");
  const [before, after] = body.includes("_WITH_") ? body.split("_WITH_") : [undefined, body];
  // TLS 1.3's GOST suites are named as those before are.
  const isTls13 = before === undefined || after?.includes("_MGM_") === true;
  const [keyExchange, authentication] = isTls13 ? (["any", "any"] as const) : keyExchangeOf(before);
  const { mac, parts } = protectionOf(after ?? "");
  const exportGrade = before?.includes("EXPORT") === true;
  return {
    code,
    name,
    opensslName: opensslName ?? (isTls13 ? name : undefined),
    keyExchange,
    authentication,
    forwardSecrecy: forwardSecret.has(keyExchange),
    ...parts,
    mac,
    exportGrade,
    oldest: isTls13 ? "TLS 1.3" : oldestOf(keyExchange, mac),
    newest: isTls13 ? "TLS 1.3" : "TLS 1.2",
  };
}

function keyExchangeOf(name: string): readonly [SuiteKeyExchange, SuiteAuthentication] {
  return keyExchanges[name.replace(/_EXPORT(1024)?$/, "")] ?? ["any", "any"];
}

function protectionOf(name: string): { readonly parts: CipherParts; readonly mac: KnownCipherSuite["mac"] } {
  const whole = ciphers[name];
  if (whole !== undefined) return { parts: whole, mac: "AEAD" };
  const at = name.lastIndexOf("_");
  const hash = name.slice(at + 1);
  // RFC 9150: integrity alone.
  const parts = ciphers[name.slice(0, at)] ?? none;
  return { parts, mac: aeadModes.has(parts.mode) ? "AEAD" : (macs[hash] ?? "AEAD") };
}

/** RFC 5246 §A.5, RFC 5288 §3, RFC 5289 §3, RFC 5487 §3 (its CBC suites are for every version), RFC 8422 §6, RFC 9189 §4.1. */
function oldestOf(keyExchange: SuiteKeyExchange, mac: KnownCipherSuite["mac"]): Version {
  const isPsk = keyExchange.endsWith("PSK");
  if (mac === "AEAD" || ((mac === "SHA-256" || mac === "SHA-384") && !isPsk)) return "TLS 1.2";
  return isPsk || keyExchange === "SRP" || keyExchange === "KRB5" || keyExchange === "GOST" ? "TLS 1.0" : "SSL 3.0";
}

/** SSL 2.0: keys go by RSA, what an export suite's key has besides 40 bits goes in the clear. */
function ssl2MadeOf([code, name, opensslName]: CipherSuiteName): KnownCipherSuite {
  const [, cipher = ""] = /^SSL_CK_([A-Z0-9]+)_/.exec(name) ?? [];
  const exportGrade = name.includes("EXPORT40");
  const parts = ciphersOfSsl2[cipher] ?? none;
  return {
    code,
    name,
    opensslName,
    keyExchange: "RSA",
    authentication: "RSA",
    forwardSecrecy: false,
    ...(name.includes("192_EDE3") ? block("3DES", 112, 64) : parts),
    ...(exportGrade ? { bits: 40 } : {}),
    mac: "MD5",
    exportGrade,
    oldest: "SSL 2.0",
    newest: "SSL 2.0",
  };
}
