import type { CertificateFact, FoundFacts, Outcome } from "../src/facts.ts";

/** What a check found out. */
export function found<T>(value: T): Outcome<T> {
  return { state: "found", value, evidence: [] };
}

/** One of a public authority. */
const certificate: CertificateFact = {
  shownTo: "name",
  keyType: "EC",
  keyBits: 256,
  curve: "P-256",
  signatureAlgorithm: "ECDSA with SHA-256",
  signatureHash: "SHA-256",
  chain: [],
  others: [],
  subject: "CN=example.com",
  issuer: "CN=Authority",
  selfIssued: false,
  serialNumber: "5f1d0c3b7a9e42d68801",
  dnsNames: ["example.com"],
  ipAddresses: [],
  notBefore: Date.UTC(2025, 11, 1),
  notAfter: Date.UTC(2026, 1, 28, 23, 59, 59),
  sha256: "00".repeat(32),
  mustStaple: false,
  noRevocation: false,
  ocspUrls: [],
  crlUrls: ["http://crl.example/authority.crl"],
  verdict: { trusted: true, publicRoot: true, nameMatches: true, problems: [], oddities: [] },
  staple: { state: "none" },
  timestamps: { inCertificate: 2, inHandshake: 0, inStaple: 0 },
};

/** What a scan finds out about a server that has nothing wrong. Tests change one thing of it. */
export const nothingWrong: FoundFacts = {
  versions: found([
    { version: "TLS 1.3", spoken: true },
    { version: "TLS 1.2", spoken: true },
    { version: "TLS 1.1", spoken: false, refusal: "alert protocol_version" },
    { version: "TLS 1.0", spoken: false, refusal: "alert protocol_version" },
    { version: "SSL 3.0", spoken: false, refusal: "alert protocol_version" },
    { version: "SSL 2.0", spoken: false, refusal: "closed" },
  ]),
  cipherSuites: found([
    {
      version: "TLS 1.3",
      accepted: [
        { code: 0x1301, name: "TLS_AES_128_GCM_SHA256" },
        { code: 0x1302, name: "TLS_AES_256_GCM_SHA384" },
        { code: 0x1303, name: "TLS_CHACHA20_POLY1305_SHA256" },
      ],
      order: "client",
    },
    {
      version: "TLS 1.2",
      accepted: [
        { code: 0xc02b, name: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
        { code: 0xc02c, name: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
        { code: 0xcca9, name: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
      ],
      order: "client",
    },
  ]),
  groups: found([
    {
      version: "TLS 1.3",
      accepted: [
        { code: 0x11ec, name: "X25519MLKEM768" },
        { code: 0x001d, name: "x25519" },
        { code: 0x0017, name: "secp256r1" },
      ],
      order: "server",
      retriesForPreferred: true,
      reusedShares: [],
    },
    {
      version: "TLS 1.2",
      accepted: [
        { code: 0x001d, name: "x25519" },
        { code: 0x0017, name: "secp256r1" },
      ],
      order: "server",
      reusedShares: [],
    },
  ]),
  diffieHellman: { state: "skipped", why: "inapplicable", reason: "the server takes no suite with DHE" },
  signatureSchemes: found([
    { version: "TLS 1.3", accepted: [{ code: 0x0403, name: "ecdsa_secp256r1_sha256" }] },
    { version: "TLS 1.2", accepted: [{ code: 0x0403, name: "ecdsa_secp256r1_sha256" }] },
  ]),
  extensions: found({
    secureRenegotiation: true,
    extendedMainSecret: true,
    fallbackScsv: true,
    compression: [],
    heartbeat: false,
    truncatedHmac: false,
    maxFragmentLength: true,
    certificateCompression: [],
  }),
  tolerance: found([
    { id: "unknown-version", about: "a hello that offers TLS 1.9", tolerated: true },
    { id: "grease", about: "a hello with GREASE", tolerated: true },
  ]),
  certificates: found([certificate, { ...certificate, shownTo: "no name" }]),
  clientCertificates: found({ requested: false, required: false, authorities: [] }),
  resumption: found({
    psk: { resumed: true, tickets: 2, lifetimeSeconds: 7200 },
    ticket: { resumed: true, lifetimeSeconds: 7200 },
    identifier: { resumed: false },
  }),
  earlyData: found({ maxSize: 0, accepted: false }),
  renegotiation: found({ clientInitiated: "refused", times: 0 }),
  alpn: found({ accepted: ["h2", "http/1.1"], unknown: "refused" }),
  http: found({
    status: 200,
    hsts: { header: "max-age=63072000", maxAgeSeconds: 63072000, includeSubDomains: false, preload: false },
    cookiesWithoutSecure: [],
  }),
  flaws: found({ flaws: [{ id: "heartbleed", state: "not vulnerable", how: "no answer" }] }),
};
