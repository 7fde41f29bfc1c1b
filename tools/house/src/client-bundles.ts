import type { Use } from "./bundle.ts";

const tls = (...names: readonly string[]): Use => ({ path: "packages/tls", names });
const noble = (...names: readonly string[]): Use => ({ path: "packages/crypto-noble", names });

/** A client of TLS 1.3 over a stream, with certificates verified. */
export const client: Use = tls("TlsClient", "ClientContext");

type Named = readonly [name: string, use: Use];

/** The providers that there are for a page. */
export const clientProvider: readonly Named[] = [
  [
    "WebCrypto, `createWebProvider` of `@tlskit/crypto-web`",
    { path: "packages/crypto-web", names: ["createWebProvider"] },
  ],
  ["`nobleProvider`, which has everything", noble("nobleProvider")],
];

/** Providers of a few of noble's primitives. */
export const nobleChoices: readonly Named[] = [
  [
    "some of noble: X25519 with ML-KEM, X25519, P-256, P-384; ChaCha20-Poly1305, AES-GCM; ECDSA, RSA",
    noble(
      ...["sha256", "sha384", "sha512", "chacha20Poly1305", "aes128Gcm", "aes256Gcm"],
      ...["x25519MlKem768", "x25519", "p256", "p384", "ecdsaP256", "ecdsaP384", "rsa"],
    ),
  ],
  [
    "less of noble: X25519, P-256; ChaCha20-Poly1305; ECDSA with P-256 and P-384, `rsaVerification`",
    noble("sha256", "sha384", "chacha20Poly1305", "x25519", "p256", "ecdsaP256", "ecdsaP384", "rsaVerification"),
  ],
  [
    "least of noble: P-256; ChaCha20-Poly1305; ECDSA with P-256 and P-384, `rsaVerification`",
    noble("sha256", "sha384", "chacha20Poly1305", "p256", "ecdsaP256", "ecdsaP384", "rsaVerification"),
  ],
];

/** What a client may name besides. */
export const values: readonly Named[] = [
  ["`resumption`", tls("resumption")],
  ["`ownCertificates`", tls("ownCertificates")],
  ["`postHandshakeAuthentication`, with `ownCertificates`", tls("postHandshakeAuthentication", "ownCertificates")],
  ["`externalPskOffers`, with `ExternalPsk`", tls("externalPskOffers", "ExternalPsk")],
  ["`checkRevocation`", tls("checkRevocation")],
  ["`checkTransparency` of `@tlskit/x509`", { path: "packages/x509", names: ["checkTransparency"] }],
  ["`trustAnchorsFromPem`", tls("trustAnchorsFromPem")],
  ["`VerifiedSignatures`", tls("VerifiedSignatures")],
  ["`explainTraced`, with all names of code points", tls("explainTraced")],
  ["`tls12`", tls("tls12")],
  [
    "`connect` and `createClientContext` of `@tlskit/web`, with WebCrypto",
    { path: "packages/web", names: ["connect", "createClientContext"] },
  ],
];
