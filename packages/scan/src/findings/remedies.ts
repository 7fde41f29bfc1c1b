/** What servers' configurations have to say so that a finding goes away. */
import type { Remedies } from "../finding.ts";

/**
 * Mozilla's intermediate suites of TLS 1.2 (Server Side TLS 6.0): ECDHE, authenticated encryption, and nothing else. By
 * OpenSSL's names, and by IANA's.
 */
export const currentSuites: readonly { readonly openssl: string; readonly iana: string }[] = [
  { openssl: "ECDHE-ECDSA-AES128-GCM-SHA256", iana: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
  { openssl: "ECDHE-RSA-AES128-GCM-SHA256", iana: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
  { openssl: "ECDHE-ECDSA-AES256-GCM-SHA384", iana: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
  { openssl: "ECDHE-RSA-AES256-GCM-SHA384", iana: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
  { openssl: "ECDHE-ECDSA-CHACHA20-POLY1305", iana: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
  { openssl: "ECDHE-RSA-CHACHA20-POLY1305", iana: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
];

const openssl = currentSuites.map((suite) => suite.openssl).join(":");
const iana = currentSuites.map((suite) => suite.iana).join(" ");
const suitesOfTls13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

/** TLS 1.2 and 1.3 and nothing else. */
export const allowCurrentVersions: Remedies = {
  nginx: "ssl_protocols TLSv1.2 TLSv1.3;",
  apache: "SSLProtocol -all +TLSv1.2 +TLSv1.3",
  haproxy: "ssl-default-bind-options ssl-min-ver TLSv1.2",
  caddy: "tls {\n\tprotocols tls1.2 tls1.3\n}",
  node: 'minVersion: "TLSv1.2", maxVersion: "TLSv1.3"',
};

/** Node takes TLS 1.3's suites from the same list, and speaks no TLS 1.3 without one of them there. */
export const allowCurrentSuites: Remedies = {
  nginx: `ssl_ciphers ${openssl};`,
  apache: `SSLCipherSuite ${openssl}`,
  haproxy: `ssl-default-bind-ciphers ${openssl}`,
  caddy: `tls {\n\tciphers ${iana}\n}`,
  node: `ciphers: "${suitesOfTls13}:${openssl}"`,
};

/** Of TLS 1.3 too, which has a setting of its own in most servers. */
export const allowCurrentSuitesOfTls13: Remedies = {
  nginx: `${allowCurrentSuites.nginx}\nssl_conf_command Ciphersuites ${suitesOfTls13};`,
  apache: `${allowCurrentSuites.apache}\nSSLCipherSuite TLSv1.3 ${suitesOfTls13}`,
  haproxy: `${allowCurrentSuites.haproxy}\nssl-default-bind-ciphersuites ${suitesOfTls13}`,
  caddy: allowCurrentSuites.caddy,
  node: allowCurrentSuites.node,
};

/** The server's order counts. HAProxy's does unless `prefer-client-ciphers` is set; Caddy's can't be changed. */
export const preferServersOrder: Remedies = {
  nginx: "ssl_prefer_server_ciphers on;",
  apache: "SSLHonorCipherOrder on",
  node: "honorCipherOrder: true",
};

export const allowCurrentGroups: Remedies = {
  nginx: "ssl_ecdh_curve X25519:prime256v1:secp384r1;",
  apache: "SSLOpenSSLConfCmd Groups X25519:prime256v1:secp384r1",
  haproxy: "ssl-default-bind-curves X25519:P-256:P-384",
  caddy: "tls {\n\tcurves x25519 secp256r1 secp384r1\n}",
  node: 'ecdhCurve: "X25519:P-256:P-384"',
};

/** By OpenSSL 3.5 or later; Caddy by Go 1.24 or later. */
export const allowPostQuantumGroups: Remedies = {
  nginx: "ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1:secp384r1;",
  apache: "SSLOpenSSLConfCmd Groups X25519MLKEM768:X25519:prime256v1:secp384r1",
  haproxy: "ssl-default-bind-curves X25519MLKEM768:X25519:P-256:P-384",
  caddy: "tls {\n\tcurves x25519mlkem768 x25519 secp256r1 secp384r1\n}",
  node: 'ecdhCurve: "X25519MLKEM768:X25519:P-256:P-384"',
};

const signatureAlgorithms =
  "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512";

/** No MD5 and no SHA-1. HAProxy has it since 2.8. */
export const signBySha2: Remedies = {
  nginx: `ssl_conf_command SignatureAlgorithms ${signatureAlgorithms};`,
  apache: `SSLOpenSSLConfCmd SignatureAlgorithms ${signatureAlgorithms}`,
  haproxy: `ssl-default-bind-sigalgs ${signatureAlgorithms}`,
  node: `sigalgs: "${signatureAlgorithms}"`,
};
