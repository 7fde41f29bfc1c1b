/**
 * Cipher suites of TLS 1.2 that leave out what TLS is for. Those with `NULL` authenticate records and don't encrypt them:
 * everybody on the way reads everything. Those with `anon` authenticate nobody: whoever is on the way reads and changes
 * everything. They are for looking at a protocol on a wire of one's own.
 * @module
 */
import {
  aes128CbcSha,
  aes128CbcSha256,
  aes128Gcm,
  aes256CbcSha,
  aes256CbcSha256,
  aes256Gcm,
  dhAnon,
  dhePsk,
  ecdhAnon,
  ecdheEcdsa,
  ecdhePsk,
  ecdheRsa,
  nullSha,
  nullSha256,
  nullSha384,
  psk,
  rsa,
  rsaPsk,
  suite,
  type Tls12CipherSuite,
  tripleDesCbcSha,
} from "./tls12-cipher-suite.ts";

// RFC 4279, 4785, 5246, 5487, 5489, 8422
export const TLS_ECDHE_ECDSA_WITH_NULL_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_NULL_SHA",
  0xc006,
  ecdheEcdsa,
  nullSha,
  "ECDHE-ECDSA-NULL-SHA",
);
export const TLS_ECDHE_RSA_WITH_NULL_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_RSA_WITH_NULL_SHA",
  0xc010,
  ecdheRsa,
  nullSha,
  "ECDHE-RSA-NULL-SHA",
);
export const TLS_RSA_WITH_NULL_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_NULL_SHA256",
  0x003b,
  rsa,
  nullSha256,
  "NULL-SHA256",
);
export const TLS_RSA_WITH_NULL_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_NULL_SHA",
  0x0002,
  rsa,
  nullSha,
  "NULL-SHA",
);
export const TLS_ECDHE_PSK_WITH_NULL_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_NULL_SHA256",
  0xc03a,
  ecdhePsk,
  nullSha256,
  "ECDHE-PSK-NULL-SHA256",
);
export const TLS_ECDHE_PSK_WITH_NULL_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_NULL_SHA384",
  0xc03b,
  ecdhePsk,
  nullSha384,
  "ECDHE-PSK-NULL-SHA384",
);
export const TLS_ECDHE_PSK_WITH_NULL_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_NULL_SHA",
  0xc039,
  ecdhePsk,
  nullSha,
  "ECDHE-PSK-NULL-SHA",
);
export const TLS_DHE_PSK_WITH_NULL_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_NULL_SHA256",
  0x00b4,
  dhePsk,
  nullSha256,
  "DHE-PSK-NULL-SHA256",
);
export const TLS_DHE_PSK_WITH_NULL_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_NULL_SHA384",
  0x00b5,
  dhePsk,
  nullSha384,
  "DHE-PSK-NULL-SHA384",
);
export const TLS_DHE_PSK_WITH_NULL_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_NULL_SHA",
  0x002d,
  dhePsk,
  nullSha,
  "DHE-PSK-NULL-SHA",
);
export const TLS_RSA_PSK_WITH_NULL_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_NULL_SHA256",
  0x00b8,
  rsaPsk,
  nullSha256,
  "RSA-PSK-NULL-SHA256",
);
export const TLS_RSA_PSK_WITH_NULL_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_NULL_SHA384",
  0x00b9,
  rsaPsk,
  nullSha384,
  "RSA-PSK-NULL-SHA384",
);
export const TLS_RSA_PSK_WITH_NULL_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_NULL_SHA",
  0x002e,
  rsaPsk,
  nullSha,
  "RSA-PSK-NULL-SHA",
);
export const TLS_PSK_WITH_NULL_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_NULL_SHA256",
  0x00b0,
  psk,
  nullSha256,
  "PSK-NULL-SHA256",
);
export const TLS_PSK_WITH_NULL_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_NULL_SHA384",
  0x00b1,
  psk,
  nullSha384,
  "PSK-NULL-SHA384",
);
export const TLS_PSK_WITH_NULL_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_NULL_SHA",
  0x002c,
  psk,
  nullSha,
  "PSK-NULL-SHA",
);

// RFC 5246, 5288, 8422
export const TLS_ECDH_anon_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
  0xc018,
  ecdhAnon,
  aes128CbcSha,
  "AECDH-AES128-SHA",
);
export const TLS_ECDH_anon_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDH_anon_WITH_AES_256_CBC_SHA",
  0xc019,
  ecdhAnon,
  aes256CbcSha,
  "AECDH-AES256-SHA",
);
export const TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA",
  0xc017,
  ecdhAnon,
  tripleDesCbcSha,
  "AECDH-DES-CBC3-SHA",
);
export const TLS_ECDH_anon_WITH_NULL_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDH_anon_WITH_NULL_SHA",
  0xc015,
  ecdhAnon,
  nullSha,
  "AECDH-NULL-SHA",
);
export const TLS_DH_anon_WITH_AES_128_GCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
  0x00a6,
  dhAnon,
  aes128Gcm,
  "ADH-AES128-GCM-SHA256",
);
export const TLS_DH_anon_WITH_AES_256_GCM_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DH_anon_WITH_AES_256_GCM_SHA384",
  0x00a7,
  dhAnon,
  aes256Gcm,
  "ADH-AES256-GCM-SHA384",
);
export const TLS_DH_anon_WITH_AES_128_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DH_anon_WITH_AES_128_CBC_SHA256",
  0x006c,
  dhAnon,
  aes128CbcSha256,
  "ADH-AES128-SHA256",
);
export const TLS_DH_anon_WITH_AES_256_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DH_anon_WITH_AES_256_CBC_SHA256",
  0x006d,
  dhAnon,
  aes256CbcSha256,
  "ADH-AES256-SHA256",
);
export const TLS_DH_anon_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DH_anon_WITH_AES_128_CBC_SHA",
  0x0034,
  dhAnon,
  aes128CbcSha,
  "ADH-AES128-SHA",
);
export const TLS_DH_anon_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DH_anon_WITH_AES_256_CBC_SHA",
  0x003a,
  dhAnon,
  aes256CbcSha,
  "ADH-AES256-SHA",
);
export const TLS_DH_anon_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA",
  0x001b,
  dhAnon,
  tripleDesCbcSha,
  "ADH-DES-CBC3-SHA",
);

/** All of them. */
export const dangerousCipherSuites: readonly Tls12CipherSuite[] = [
  TLS_ECDHE_ECDSA_WITH_NULL_SHA,
  TLS_ECDHE_RSA_WITH_NULL_SHA,
  TLS_RSA_WITH_NULL_SHA256,
  TLS_RSA_WITH_NULL_SHA,
  TLS_ECDHE_PSK_WITH_NULL_SHA256,
  TLS_ECDHE_PSK_WITH_NULL_SHA384,
  TLS_ECDHE_PSK_WITH_NULL_SHA,
  TLS_DHE_PSK_WITH_NULL_SHA256,
  TLS_DHE_PSK_WITH_NULL_SHA384,
  TLS_DHE_PSK_WITH_NULL_SHA,
  TLS_RSA_PSK_WITH_NULL_SHA256,
  TLS_RSA_PSK_WITH_NULL_SHA384,
  TLS_RSA_PSK_WITH_NULL_SHA,
  TLS_PSK_WITH_NULL_SHA256,
  TLS_PSK_WITH_NULL_SHA384,
  TLS_PSK_WITH_NULL_SHA,
  TLS_ECDH_anon_WITH_AES_128_CBC_SHA,
  TLS_ECDH_anon_WITH_AES_256_CBC_SHA,
  TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA,
  TLS_ECDH_anon_WITH_NULL_SHA,
  TLS_DH_anon_WITH_AES_128_GCM_SHA256,
  TLS_DH_anon_WITH_AES_256_GCM_SHA384,
  TLS_DH_anon_WITH_AES_128_CBC_SHA256,
  TLS_DH_anon_WITH_AES_256_CBC_SHA256,
  TLS_DH_anon_WITH_AES_128_CBC_SHA,
  TLS_DH_anon_WITH_AES_256_CBC_SHA,
  TLS_DH_anon_WITH_3DES_EDE_CBC_SHA,
];
