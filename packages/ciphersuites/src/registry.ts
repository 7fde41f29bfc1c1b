import { cipherSuites } from "./cipher-suite.ts";
import { namedGroups } from "./named-group.ts";
import { signatureSchemes } from "./signature-scheme.ts";

/** Something registered under a name and a code point, perhaps with other names. */
interface Registered {
  readonly name: string;
  readonly code: number;
  readonly aliases?: readonly string[];
}

/** What can be negotiated, found by code point. */
export function byCode<T extends Registered>(list: readonly T[], code: number): T | undefined {
  return list.find((entry) => entry.code === code);
}

/** What can be negotiated, found by IANA's name or by an alias, whatever the case. */
export function byName<T extends Registered>(list: readonly T[], name: string): T | undefined {
  const wanted = name.toLowerCase();
  return list.find((entry) => [entry.name, ...(entry.aliases ?? [])].some((known) => known.toLowerCase() === wanted));
}

/** RFC 8701: values that mean nothing, sent to keep peers used to the unknown. */
export function isGrease(code: number): boolean {
  return (code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 0xff);
}

/**
 * Code points that peers commonly send and that cannot be negotiated here: names for what is shown to people.
 * From the IANA registries "TLS Cipher Suites", "TLS Supported Groups" and "TLS SignatureScheme".
 */
const otherCipherSuites: Readonly<Record<number, string>> = {
  0x002f: "TLS_RSA_WITH_AES_128_CBC_SHA",
  0x0033: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
  0x0035: "TLS_RSA_WITH_AES_256_CBC_SHA",
  0x0039: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
  0x003c: "TLS_RSA_WITH_AES_128_CBC_SHA256",
  0x003d: "TLS_RSA_WITH_AES_256_CBC_SHA256",
  0x0067: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
  0x006b: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
  0x009c: "TLS_RSA_WITH_AES_128_GCM_SHA256",
  0x009d: "TLS_RSA_WITH_AES_256_GCM_SHA384",
  0x009e: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
  0x009f: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
  0x00ff: "TLS_EMPTY_RENEGOTIATION_INFO_SCSV",
  0x1304: "TLS_AES_128_CCM_SHA256",
  0x1305: "TLS_AES_128_CCM_8_SHA256",
  0x5600: "TLS_FALLBACK_SCSV",
  0xc009: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
  0xc00a: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
  0xc013: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
  0xc014: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
  0xc023: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
  0xc024: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
  0xc027: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
  0xc028: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
  0xc02b: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  0xc02c: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  0xc02f: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  0xc030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  0xcca8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  0xcca9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  0xccaa: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
};

const otherNamedGroups: Readonly<Record<number, string>> = {
  0x001a: "brainpoolP256r1",
  0x001b: "brainpoolP384r1",
  0x001c: "brainpoolP512r1",
  0x001e: "x448",
  0x001f: "brainpoolP256r1tls13",
  0x0020: "brainpoolP384r1tls13",
  0x0021: "brainpoolP512r1tls13",
  0x0100: "ffdhe2048",
  0x0101: "ffdhe3072",
  0x0102: "ffdhe4096",
  0x0103: "ffdhe6144",
  0x0104: "ffdhe8192",
  0x0200: "MLKEM512",
  0x0201: "MLKEM768",
  0x0202: "MLKEM1024",
  0x11eb: "SecP256r1MLKEM768",
  0x11ed: "SecP384r1MLKEM1024",
  0x6399: "X25519Kyber768Draft00",
};

const otherSignatureSchemes: Readonly<Record<number, string>> = {
  0x0201: "rsa_pkcs1_sha1",
  0x0202: "dsa_sha1",
  0x0203: "ecdsa_sha1",
  0x0303: "ecdsa_sha224",
  0x0301: "rsa_pkcs1_sha224",
  0x0402: "dsa_sha256",
  0x0502: "dsa_sha384",
  0x0602: "dsa_sha512",
  0x0808: "ed448",
  0x081a: "ecdsa_brainpoolP256r1tls13_sha256",
  0x081b: "ecdsa_brainpoolP384r1tls13_sha384",
  0x081c: "ecdsa_brainpoolP512r1tls13_sha512",
  0x0904: "mldsa44",
  0x0905: "mldsa65",
  0x0906: "mldsa87",
};

function nameFrom(
  negotiable: readonly Registered[],
  others: Readonly<Record<number, string>>,
): (code: number) => string | undefined {
  return (code) => byCode(negotiable, code)?.name ?? others[code] ?? (isGrease(code) ? "GREASE" : undefined);
}

/** A cipher suite's name, if it is one that peers commonly send. */
export const cipherSuiteName: (code: number) => string | undefined = nameFrom(cipherSuites, otherCipherSuites);
/** A group's name, if it is one that peers commonly send. */
export const namedGroupName: (code: number) => string | undefined = nameFrom(namedGroups, otherNamedGroups);
/** A signature scheme's name, if it is one that peers commonly send. */
export const signatureSchemeName: (code: number) => string | undefined = nameFrom(
  signatureSchemes,
  otherSignatureSchemes,
);
