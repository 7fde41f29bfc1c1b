/** How a suite's keys come about before TLS 1.3: what decides which messages a server sends. */
export type Exchange = "RSA" | "RSA_EXPORT" | "DHE" | "DHE_EXPORT" | "ECDHE" | "DH_anon" | "ECDH_anon" | "DH" | "ECDH";

/** A suite that a pretended server has. */
export interface PretendedSuite {
  readonly code: number;
  readonly exchange: Exchange;
  /** Whether it is one of those that RFC 7366 is for. */
  readonly cbc?: boolean;
  /** Whether it needs TLS 1.2: those of an AEAD. */
  readonly aead?: boolean;
}

/** Suites of all times, those that servers of this machine don't have any more among them. */
export const TLS_RSA_WITH_NULL_MD5: PretendedSuite = { code: 0x0001, exchange: "RSA" };
export const TLS_RSA_WITH_NULL_SHA: PretendedSuite = { code: 0x0002, exchange: "RSA" };
export const TLS_RSA_EXPORT_WITH_RC4_40_MD5: PretendedSuite = { code: 0x0003, exchange: "RSA_EXPORT" };
export const TLS_RSA_WITH_RC4_128_MD5: PretendedSuite = { code: 0x0004, exchange: "RSA" };
export const TLS_RSA_WITH_RC4_128_SHA: PretendedSuite = { code: 0x0005, exchange: "RSA" };
export const TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5: PretendedSuite = { code: 0x0006, exchange: "RSA_EXPORT", cbc: true };
export const TLS_RSA_WITH_IDEA_CBC_SHA: PretendedSuite = { code: 0x0007, exchange: "RSA", cbc: true };
export const TLS_RSA_EXPORT_WITH_DES40_CBC_SHA: PretendedSuite = { code: 0x0008, exchange: "RSA_EXPORT", cbc: true };
export const TLS_RSA_WITH_DES_CBC_SHA: PretendedSuite = { code: 0x0009, exchange: "RSA", cbc: true };
export const TLS_RSA_WITH_3DES_EDE_CBC_SHA: PretendedSuite = { code: 0x000a, exchange: "RSA", cbc: true };
export const TLS_DH_RSA_WITH_AES_128_CBC_SHA: PretendedSuite = { code: 0x0031, exchange: "DH", cbc: true };
export const TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA: PretendedSuite = {
  code: 0x0014,
  exchange: "DHE_EXPORT",
  cbc: true,
};
export const TLS_DH_anon_WITH_RC4_128_MD5: PretendedSuite = { code: 0x0018, exchange: "DH_anon" };
export const TLS_RSA_WITH_AES_128_CBC_SHA: PretendedSuite = { code: 0x002f, exchange: "RSA", cbc: true };
export const TLS_DHE_DSS_WITH_AES_128_CBC_SHA: PretendedSuite = { code: 0x0032, exchange: "DHE", cbc: true };
export const TLS_DHE_RSA_WITH_AES_128_CBC_SHA: PretendedSuite = { code: 0x0033, exchange: "DHE", cbc: true };
export const TLS_DH_anon_WITH_AES_128_CBC_SHA: PretendedSuite = { code: 0x0034, exchange: "DH_anon", cbc: true };
export const TLS_RSA_WITH_SEED_CBC_SHA: PretendedSuite = { code: 0x0096, exchange: "RSA", cbc: true };
export const TLS_RSA_WITH_AES_128_GCM_SHA256: PretendedSuite = { code: 0x009c, exchange: "RSA", aead: true };
export const TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: PretendedSuite = { code: 0x009e, exchange: "DHE", aead: true };
export const TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256: PretendedSuite = { code: 0xc031, exchange: "ECDH", aead: true };
export const TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: PretendedSuite = { code: 0xc013, exchange: "ECDHE", cbc: true };
export const TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: PretendedSuite = { code: 0xc02f, exchange: "ECDHE", aead: true };
export const TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: PretendedSuite = { code: 0xc030, exchange: "ECDHE", aead: true };
export const TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: PretendedSuite = {
  code: 0xcca8,
  exchange: "ECDHE",
  aead: true,
};
export const TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: PretendedSuite = { code: 0xc02b, exchange: "ECDHE", aead: true };

/** SSL 2.0's cipher kinds (RFC 6101 §E.1), of three octets each. */
export const SSL_CK_RC4_128_WITH_MD5 = 0x01_00_80;
export const SSL_CK_RC4_128_EXPORT40_WITH_MD5 = 0x02_00_80;
export const SSL_CK_DES_192_EDE3_CBC_WITH_MD5 = 0x07_00_c0;
