import {
  aes128CbcSha,
  aes128CbcSha256,
  aes128Ccm,
  aes128Ccm8,
  aes128Gcm,
  aes256CbcSha,
  aes256CbcSha256,
  aes256CbcSha384,
  aes256Ccm,
  aes256Ccm8,
  aes256Gcm,
  chacha20Poly1305,
  dhePsk,
  dheRsa,
  ecdheEcdsa,
  ecdhePsk,
  ecdheRsa,
  psk,
  rsa,
  rsaPsk,
  suite,
  type Tls12CipherSuite,
  tripleDesCbcSha,
} from "./tls12-cipher-suite.ts";

// By key exchange; those without forward secrecy last. RFC 5289, 7905, 7251, 8422; 5288, 6655; 8442, 5489, 5487, 4279.
export const TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  0xc02b,
  ecdheEcdsa,
  aes128Gcm,
  "ECDHE-ECDSA-AES128-GCM-SHA256",
);
export const TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  0xc02c,
  ecdheEcdsa,
  aes256Gcm,
  "ECDHE-ECDSA-AES256-GCM-SHA384",
);
export const TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  0xcca9,
  ecdheEcdsa,
  chacha20Poly1305,
  "ECDHE-ECDSA-CHACHA20-POLY1305",
);
export const TLS_ECDHE_ECDSA_WITH_AES_128_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
  0xc0ac,
  ecdheEcdsa,
  aes128Ccm,
  "ECDHE-ECDSA-AES128-CCM",
);
export const TLS_ECDHE_ECDSA_WITH_AES_256_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
  0xc0ad,
  ecdheEcdsa,
  aes256Ccm,
  "ECDHE-ECDSA-AES256-CCM",
);
export const TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
  0xc0ae,
  ecdheEcdsa,
  aes128Ccm8,
  "ECDHE-ECDSA-AES128-CCM8",
);
export const TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
  0xc0af,
  ecdheEcdsa,
  aes256Ccm8,
  "ECDHE-ECDSA-AES256-CCM8",
);
export const TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
  0xc023,
  ecdheEcdsa,
  aes128CbcSha256,
  "ECDHE-ECDSA-AES128-SHA256",
);
export const TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
  0xc024,
  ecdheEcdsa,
  aes256CbcSha384,
  "ECDHE-ECDSA-AES256-SHA384",
);
export const TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
  0xc009,
  ecdheEcdsa,
  aes128CbcSha,
  "ECDHE-ECDSA-AES128-SHA",
);
export const TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
  0xc00a,
  ecdheEcdsa,
  aes256CbcSha,
  "ECDHE-ECDSA-AES256-SHA",
);
export const TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
  0xc008,
  ecdheEcdsa,
  tripleDesCbcSha,
  "ECDHE-ECDSA-DES-CBC3-SHA",
);
export const TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  0xc02f,
  ecdheRsa,
  aes128Gcm,
  "ECDHE-RSA-AES128-GCM-SHA256",
);
export const TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  0xc030,
  ecdheRsa,
  aes256Gcm,
  "ECDHE-RSA-AES256-GCM-SHA384",
);
export const TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  0xcca8,
  ecdheRsa,
  chacha20Poly1305,
  "ECDHE-RSA-CHACHA20-POLY1305",
);
export const TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
  0xc027,
  ecdheRsa,
  aes128CbcSha256,
  "ECDHE-RSA-AES128-SHA256",
);
export const TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
  0xc028,
  ecdheRsa,
  aes256CbcSha384,
  "ECDHE-RSA-AES256-SHA384",
);
export const TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
  0xc013,
  ecdheRsa,
  aes128CbcSha,
  "ECDHE-RSA-AES128-SHA",
);
export const TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
  0xc014,
  ecdheRsa,
  aes256CbcSha,
  "ECDHE-RSA-AES256-SHA",
);
export const TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
  0xc012,
  ecdheRsa,
  tripleDesCbcSha,
  "ECDHE-RSA-DES-CBC3-SHA",
);
export const TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
  0x009e,
  dheRsa,
  aes128Gcm,
  "DHE-RSA-AES128-GCM-SHA256",
);
export const TLS_DHE_RSA_WITH_AES_256_GCM_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
  0x009f,
  dheRsa,
  aes256Gcm,
  "DHE-RSA-AES256-GCM-SHA384",
);
export const TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  0xccaa,
  dheRsa,
  chacha20Poly1305,
  "DHE-RSA-CHACHA20-POLY1305",
);
export const TLS_DHE_RSA_WITH_AES_128_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_128_CCM",
  0xc09e,
  dheRsa,
  aes128Ccm,
  "DHE-RSA-AES128-CCM",
);
export const TLS_DHE_RSA_WITH_AES_256_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_256_CCM",
  0xc09f,
  dheRsa,
  aes256Ccm,
  "DHE-RSA-AES256-CCM",
);
export const TLS_DHE_RSA_WITH_AES_128_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_128_CCM_8",
  0xc0a2,
  dheRsa,
  aes128Ccm8,
  "DHE-RSA-AES128-CCM8",
);
export const TLS_DHE_RSA_WITH_AES_256_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_256_CCM_8",
  0xc0a3,
  dheRsa,
  aes256Ccm8,
  "DHE-RSA-AES256-CCM8",
);
export const TLS_DHE_RSA_WITH_AES_128_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
  0x0067,
  dheRsa,
  aes128CbcSha256,
  "DHE-RSA-AES128-SHA256",
);
export const TLS_DHE_RSA_WITH_AES_256_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
  0x006b,
  dheRsa,
  aes256CbcSha256,
  "DHE-RSA-AES256-SHA256",
);
export const TLS_DHE_RSA_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
  0x0033,
  dheRsa,
  aes128CbcSha,
  "DHE-RSA-AES128-SHA",
);
export const TLS_DHE_RSA_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
  0x0039,
  dheRsa,
  aes256CbcSha,
  "DHE-RSA-AES256-SHA",
);
export const TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA",
  0x0016,
  dheRsa,
  tripleDesCbcSha,
  "DHE-RSA-DES-CBC3-SHA",
);
export const TLS_RSA_WITH_AES_128_GCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_128_GCM_SHA256",
  0x009c,
  rsa,
  aes128Gcm,
  "AES128-GCM-SHA256",
);
export const TLS_RSA_WITH_AES_256_GCM_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_256_GCM_SHA384",
  0x009d,
  rsa,
  aes256Gcm,
  "AES256-GCM-SHA384",
);
export const TLS_RSA_WITH_AES_128_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_128_CCM",
  0xc09c,
  rsa,
  aes128Ccm,
  "AES128-CCM",
);
export const TLS_RSA_WITH_AES_256_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_256_CCM",
  0xc09d,
  rsa,
  aes256Ccm,
  "AES256-CCM",
);
export const TLS_RSA_WITH_AES_128_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_128_CCM_8",
  0xc0a0,
  rsa,
  aes128Ccm8,
  "AES128-CCM8",
);
export const TLS_RSA_WITH_AES_256_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_256_CCM_8",
  0xc0a1,
  rsa,
  aes256Ccm8,
  "AES256-CCM8",
);
export const TLS_RSA_WITH_AES_128_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_128_CBC_SHA256",
  0x003c,
  rsa,
  aes128CbcSha256,
  "AES128-SHA256",
);
export const TLS_RSA_WITH_AES_256_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_256_CBC_SHA256",
  0x003d,
  rsa,
  aes256CbcSha256,
  "AES256-SHA256",
);
export const TLS_RSA_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_128_CBC_SHA",
  0x002f,
  rsa,
  aes128CbcSha,
  "AES128-SHA",
);
export const TLS_RSA_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_AES_256_CBC_SHA",
  0x0035,
  rsa,
  aes256CbcSha,
  "AES256-SHA",
);
export const TLS_RSA_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
  0x000a,
  rsa,
  tripleDesCbcSha,
  "DES-CBC3-SHA",
);
export const TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256",
  0xd001,
  ecdhePsk,
  aes128Gcm,
);
export const TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384",
  0xd002,
  ecdhePsk,
  aes256Gcm,
);
export const TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
  0xccac,
  ecdhePsk,
  chacha20Poly1305,
  "ECDHE-PSK-CHACHA20-POLY1305",
);
export const TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256",
  0xd005,
  ecdhePsk,
  aes128Ccm,
);
export const TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256",
  0xd003,
  ecdhePsk,
  aes128Ccm8,
);
export const TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256",
  0xc037,
  ecdhePsk,
  aes128CbcSha256,
  "ECDHE-PSK-AES128-CBC-SHA256",
);
export const TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384",
  0xc038,
  ecdhePsk,
  aes256CbcSha384,
  "ECDHE-PSK-AES256-CBC-SHA384",
);
export const TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA",
  0xc035,
  ecdhePsk,
  aes128CbcSha,
  "ECDHE-PSK-AES128-CBC-SHA",
);
export const TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA",
  0xc036,
  ecdhePsk,
  aes256CbcSha,
  "ECDHE-PSK-AES256-CBC-SHA",
);
export const TLS_ECDHE_PSK_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_ECDHE_PSK_WITH_3DES_EDE_CBC_SHA",
  0xc034,
  ecdhePsk,
  tripleDesCbcSha,
  "ECDHE-PSK-3DES-EDE-CBC-SHA",
);
export const TLS_DHE_PSK_WITH_AES_128_GCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256",
  0x00aa,
  dhePsk,
  aes128Gcm,
  "DHE-PSK-AES128-GCM-SHA256",
);
export const TLS_DHE_PSK_WITH_AES_256_GCM_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384",
  0x00ab,
  dhePsk,
  aes256Gcm,
  "DHE-PSK-AES256-GCM-SHA384",
);
export const TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
  0xccad,
  dhePsk,
  chacha20Poly1305,
  "DHE-PSK-CHACHA20-POLY1305",
);
export const TLS_DHE_PSK_WITH_AES_128_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_AES_128_CCM",
  0xc0a6,
  dhePsk,
  aes128Ccm,
  "DHE-PSK-AES128-CCM",
);
export const TLS_DHE_PSK_WITH_AES_256_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_AES_256_CCM",
  0xc0a7,
  dhePsk,
  aes256Ccm,
  "DHE-PSK-AES256-CCM",
);
export const TLS_PSK_DHE_WITH_AES_128_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_DHE_WITH_AES_128_CCM_8",
  0xc0aa,
  dhePsk,
  aes128Ccm8,
  "DHE-PSK-AES128-CCM8",
);
export const TLS_PSK_DHE_WITH_AES_256_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_DHE_WITH_AES_256_CCM_8",
  0xc0ab,
  dhePsk,
  aes256Ccm8,
  "DHE-PSK-AES256-CCM8",
);
export const TLS_DHE_PSK_WITH_AES_128_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256",
  0x00b2,
  dhePsk,
  aes128CbcSha256,
  "DHE-PSK-AES128-CBC-SHA256",
);
export const TLS_DHE_PSK_WITH_AES_256_CBC_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384",
  0x00b3,
  dhePsk,
  aes256CbcSha384,
  "DHE-PSK-AES256-CBC-SHA384",
);
export const TLS_DHE_PSK_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_AES_128_CBC_SHA",
  0x0090,
  dhePsk,
  aes128CbcSha,
  "DHE-PSK-AES128-CBC-SHA",
);
export const TLS_DHE_PSK_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_AES_256_CBC_SHA",
  0x0091,
  dhePsk,
  aes256CbcSha,
  "DHE-PSK-AES256-CBC-SHA",
);
export const TLS_DHE_PSK_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_DHE_PSK_WITH_3DES_EDE_CBC_SHA",
  0x008f,
  dhePsk,
  tripleDesCbcSha,
  "DHE-PSK-3DES-EDE-CBC-SHA",
);
export const TLS_RSA_PSK_WITH_AES_128_GCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256",
  0x00ac,
  rsaPsk,
  aes128Gcm,
  "RSA-PSK-AES128-GCM-SHA256",
);
export const TLS_RSA_PSK_WITH_AES_256_GCM_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384",
  0x00ad,
  rsaPsk,
  aes256Gcm,
  "RSA-PSK-AES256-GCM-SHA384",
);
export const TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256",
  0xccae,
  rsaPsk,
  chacha20Poly1305,
  "RSA-PSK-CHACHA20-POLY1305",
);
export const TLS_RSA_PSK_WITH_AES_128_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_AES_128_CBC_SHA256",
  0x00b6,
  rsaPsk,
  aes128CbcSha256,
  "RSA-PSK-AES128-CBC-SHA256",
);
export const TLS_RSA_PSK_WITH_AES_256_CBC_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_AES_256_CBC_SHA384",
  0x00b7,
  rsaPsk,
  aes256CbcSha384,
  "RSA-PSK-AES256-CBC-SHA384",
);
export const TLS_RSA_PSK_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_AES_128_CBC_SHA",
  0x0094,
  rsaPsk,
  aes128CbcSha,
  "RSA-PSK-AES128-CBC-SHA",
);
export const TLS_RSA_PSK_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_AES_256_CBC_SHA",
  0x0095,
  rsaPsk,
  aes256CbcSha,
  "RSA-PSK-AES256-CBC-SHA",
);
export const TLS_RSA_PSK_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_RSA_PSK_WITH_3DES_EDE_CBC_SHA",
  0x0093,
  rsaPsk,
  tripleDesCbcSha,
  "RSA-PSK-3DES-EDE-CBC-SHA",
);
export const TLS_PSK_WITH_AES_128_GCM_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_128_GCM_SHA256",
  0x00a8,
  psk,
  aes128Gcm,
  "PSK-AES128-GCM-SHA256",
);
export const TLS_PSK_WITH_AES_256_GCM_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_256_GCM_SHA384",
  0x00a9,
  psk,
  aes256Gcm,
  "PSK-AES256-GCM-SHA384",
);
export const TLS_PSK_WITH_CHACHA20_POLY1305_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256",
  0xccab,
  psk,
  chacha20Poly1305,
  "PSK-CHACHA20-POLY1305",
);
export const TLS_PSK_WITH_AES_128_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_128_CCM",
  0xc0a4,
  psk,
  aes128Ccm,
  "PSK-AES128-CCM",
);
export const TLS_PSK_WITH_AES_256_CCM: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_256_CCM",
  0xc0a5,
  psk,
  aes256Ccm,
  "PSK-AES256-CCM",
);
export const TLS_PSK_WITH_AES_128_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_128_CCM_8",
  0xc0a8,
  psk,
  aes128Ccm8,
  "PSK-AES128-CCM8",
);
export const TLS_PSK_WITH_AES_256_CCM_8: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_256_CCM_8",
  0xc0a9,
  psk,
  aes256Ccm8,
  "PSK-AES256-CCM8",
);
export const TLS_PSK_WITH_AES_128_CBC_SHA256: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_128_CBC_SHA256",
  0x00ae,
  psk,
  aes128CbcSha256,
  "PSK-AES128-CBC-SHA256",
);
export const TLS_PSK_WITH_AES_256_CBC_SHA384: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_256_CBC_SHA384",
  0x00af,
  psk,
  aes256CbcSha384,
  "PSK-AES256-CBC-SHA384",
);
export const TLS_PSK_WITH_AES_128_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_128_CBC_SHA",
  0x008c,
  psk,
  aes128CbcSha,
  "PSK-AES128-CBC-SHA",
);
export const TLS_PSK_WITH_AES_256_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_AES_256_CBC_SHA",
  0x008d,
  psk,
  aes256CbcSha,
  "PSK-AES256-CBC-SHA",
);
export const TLS_PSK_WITH_3DES_EDE_CBC_SHA: Tls12CipherSuite = /* @__PURE__ */ suite(
  "TLS_PSK_WITH_3DES_EDE_CBC_SHA",
  0x008b,
  psk,
  tripleDesCbcSha,
  "PSK-3DES-EDE-CBC-SHA",
);

/** What is offered unless told otherwise, as far as the provider has it: ephemeral keys and an AEAD (RFC 9325 §4.2#suites, §4.1#forward-secrecy, RFC 8422 §6#suite). */
export const defaultTls12CipherSuites: readonly Tls12CipherSuite[] = [
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
];

/** All suites of TLS 1.2 that can be negotiated by whoever asks for them, but those of `@tlskit/ciphersuites/dangerous`. */
// RFC 8422 §6#suites
export const tls12CipherSuites: readonly Tls12CipherSuite[] = [
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_CCM,
  TLS_ECDHE_ECDSA_WITH_AES_256_CCM,
  TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
  TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
  TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
  TLS_DHE_RSA_WITH_AES_128_CCM,
  TLS_DHE_RSA_WITH_AES_256_CCM,
  TLS_DHE_RSA_WITH_AES_128_CCM_8,
  TLS_DHE_RSA_WITH_AES_256_CCM_8,
  TLS_DHE_RSA_WITH_AES_128_CBC_SHA256,
  TLS_DHE_RSA_WITH_AES_256_CBC_SHA256,
  TLS_DHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_DHE_RSA_WITH_AES_256_CBC_SHA,
  TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_256_GCM_SHA384,
  TLS_RSA_WITH_AES_128_CCM,
  TLS_RSA_WITH_AES_256_CCM,
  TLS_RSA_WITH_AES_128_CCM_8,
  TLS_RSA_WITH_AES_256_CCM_8,
  TLS_RSA_WITH_AES_128_CBC_SHA256,
  TLS_RSA_WITH_AES_256_CBC_SHA256,
  TLS_RSA_WITH_AES_128_CBC_SHA,
  TLS_RSA_WITH_AES_256_CBC_SHA,
  TLS_RSA_WITH_3DES_EDE_CBC_SHA,
  TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256,
  TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256,
  TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384,
  TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA,
  TLS_ECDHE_PSK_WITH_3DES_EDE_CBC_SHA,
  TLS_DHE_PSK_WITH_AES_128_GCM_SHA256,
  TLS_DHE_PSK_WITH_AES_256_GCM_SHA384,
  TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
  TLS_DHE_PSK_WITH_AES_128_CCM,
  TLS_DHE_PSK_WITH_AES_256_CCM,
  TLS_PSK_DHE_WITH_AES_128_CCM_8,
  TLS_PSK_DHE_WITH_AES_256_CCM_8,
  TLS_DHE_PSK_WITH_AES_128_CBC_SHA256,
  TLS_DHE_PSK_WITH_AES_256_CBC_SHA384,
  TLS_DHE_PSK_WITH_AES_128_CBC_SHA,
  TLS_DHE_PSK_WITH_AES_256_CBC_SHA,
  TLS_DHE_PSK_WITH_3DES_EDE_CBC_SHA,
  TLS_RSA_PSK_WITH_AES_128_GCM_SHA256,
  TLS_RSA_PSK_WITH_AES_256_GCM_SHA384,
  TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256,
  TLS_RSA_PSK_WITH_AES_128_CBC_SHA256,
  TLS_RSA_PSK_WITH_AES_256_CBC_SHA384,
  TLS_RSA_PSK_WITH_AES_128_CBC_SHA,
  TLS_RSA_PSK_WITH_AES_256_CBC_SHA,
  TLS_RSA_PSK_WITH_3DES_EDE_CBC_SHA,
  TLS_PSK_WITH_AES_128_GCM_SHA256,
  TLS_PSK_WITH_AES_256_GCM_SHA384,
  TLS_PSK_WITH_CHACHA20_POLY1305_SHA256,
  TLS_PSK_WITH_AES_128_CCM,
  TLS_PSK_WITH_AES_256_CCM,
  TLS_PSK_WITH_AES_128_CCM_8,
  TLS_PSK_WITH_AES_256_CCM_8,
  TLS_PSK_WITH_AES_128_CBC_SHA256,
  TLS_PSK_WITH_AES_256_CBC_SHA384,
  TLS_PSK_WITH_AES_128_CBC_SHA,
  TLS_PSK_WITH_AES_256_CBC_SHA,
  TLS_PSK_WITH_3DES_EDE_CBC_SHA,
];
