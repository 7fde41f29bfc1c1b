/**
 * Cipher suites of TLS 1.2 that authenticate records and don't encrypt them: everybody on the way reads everything. They
 * are for looking at a protocol on a wire of one's own.
 * @module
 */
import {
  dhePsk,
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
];
