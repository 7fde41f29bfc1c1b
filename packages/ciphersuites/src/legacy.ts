/**
 * What TLS 1.0 and 1.1 sign handshakes with and which cipher suites they have: for peers that can do nothing else.
 * @module
 */
import type { SignatureAlgorithm } from "@tlskit/crypto";
import type { CertificateKeyType, SignatureScheme } from "./signature-scheme.ts";
import type { Tls12CipherSuite } from "./tls12-cipher-suite.ts";
import {
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
} from "./tls12-cipher-suites.ts";

/** Neither says which scheme it is by: it goes without saying, and stands in no list. */
const nowhere = { inCertificateVerify: [], inCertificates: false } as const;

/**
 * RFC 2246 §4.7, RFC 4346 §4.7: RSA with the digests of MD5 and SHA-1, end to end. Since it is never written, IANA has no
 * number for it: this is one for private use.
 */
export const rsa_pkcs1_md5_sha1: SignatureScheme = {
  name: "rsa_pkcs1_md5_sha1",
  code: 0xff01,
  algorithm: "RSA-PKCS1/MD5-SHA-1",
  keyType: "rsaEncryption",
  ...nowhere,
};

/** RFC 4492 §5.4, RFC 8422 §5.10: ECDSA with SHA-1, on whatever curve the key is. */
export const ecdsa_sha1: SignatureScheme = {
  name: "ecdsa_sha1",
  code: 0x0203,
  algorithm: "ECDSA/P-256/SHA-1",
  keyType: "P-256",
  ...nowhere,
};

/** All of them: what handshakes of TLS 1.0 and 1.1 are signed with here. */
export const legacySignatureSchemes: readonly SignatureScheme[] = [ecdsa_sha1, rsa_pkcs1_md5_sha1];

/**
 * What such a scheme means with a certificate's key of this type; nothing if it doesn't go with it. EdDSA and RSA-PSS came
 * with TLS 1.2 (RFC 8422 §5.10).
 */
export function legacySignatureAlgorithm(
  { code }: SignatureScheme,
  keyType: CertificateKeyType,
): SignatureAlgorithm | undefined {
  if (code === rsa_pkcs1_md5_sha1.code) return keyType === "rsaEncryption" ? "RSA-PKCS1/MD5-SHA-1" : undefined;
  if (code !== ecdsa_sha1.code) return undefined;
  return keyType === "P-256" || keyType === "P-384" || keyType === "P-521" ? `ECDSA/${keyType}/SHA-1` : undefined;
}

/**
 * Whether TLS 1.0 and 1.1 have a suite. AEADs came with TLS 1.2 (RFC 5246 §A.5, RFC 5288 §4#version, RFC 5289 §4, RFC 7905 §2), and so
 * did MACs with other hashes than SHA-1.
 */
export function isLegacyCipherSuite({ protection }: Tls12CipherSuite): boolean {
  return protection.type !== "AEAD" && protection.mac === "SHA-1";
}

/** What is offered unless told otherwise, as far as the provider has it. */
export const defaultLegacyCipherSuites: readonly Tls12CipherSuite[] = [
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
];
