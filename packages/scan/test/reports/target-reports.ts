import { smtp } from "@tlskit/starttls";
import type { CertificateFact, Evidence, FoundFacts, Outcome } from "../../src/facts.ts";
import type { Finding, FindingRule } from "../../src/finding.ts";
import type { ScannedTarget, UnreachedTarget } from "../../src/report.ts";
import { nothingWrong } from "../facts.ts";
import { flightOfTls12, flightOfTls13, oddMessages, refusalOfTls11 } from "./exchanges.ts";

const begun = Date.UTC(2026, 0, 5, 9, 30, 12);

/** A server that has nothing wrong. */
export const fine: ScannedTarget = {
  state: "scanned",
  target: { host: "example.com", port: 443 },
  address: "192.0.2.1",
  begun,
  ended: begun + 4230,
  connections: 37,
  pace: { oneAtATime: false, rests: 0 },
  facts: nothingWrong,
  findings: [],
  notJudged: [],
};

/** A server that isn't there. */
export const absent: UnreachedTarget = {
  state: "unreached",
  target: { host: "2001:db8::1", port: 25 },
  code: "refused",
  reason: "nobody listens there",
};

const certificate: CertificateFact = {
  shownTo: "name",
  keyType: "RSA",
  keyBits: 1024,
  signatureAlgorithm: "RSA with SHA-1",
  signatureHash: "SHA-1",
  chain: [Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x05), Uint8Array.of(0x30, 0x00)],
  others: [
    {
      keyType: "RSA",
      keyBits: 2048,
      signatureAlgorithm: "RSA with SHA-256",
      signatureHash: "SHA-256",
      subject: "CN=Intermediate",
      issuer: "CN=Root",
      selfIssued: false,
      serialNumber: "02",
      notBefore: Date.UTC(2020, 0, 1),
      notAfter: Date.UTC(2030, 0, 1),
      sha256: "5b".repeat(32),
    },
  ],
  subject: "CN=mail.example.com",
  issuer: "CN=Intermediate",
  selfIssued: false,
  serialNumber: "0a1b2c",
  dnsNames: ["mail.example.com", "smtp.example.com"],
  ipAddresses: ["192.0.2.25"],
  notBefore: Date.UTC(2024, 0, 1),
  notAfter: Date.UTC(2026, 0, 1),
  sha256: "9f".repeat(32),
  mustStaple: true,
  noRevocation: false,
  validation: "organization",
  ocspUrls: ["http://ocsp.example/"],
  crlUrls: ["http://crl.example/a.crl"],
  verdict: {
    trusted: false,
    publicRoot: false,
    nameMatches: true,
    problems: [{ code: "expired", reason: "the certificate expired on 1 January 2026" }],
    oddities: [{ code: "root_sent", reason: "the root is sent, which nobody needs" }],
    path: [Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x05)],
    anchor: "CN=Root",
  },
  staple: { state: "good", thisUpdate: Date.UTC(2026, 0, 4), nextUpdate: Date.UTC(2026, 0, 11) },
  timestamps: { inCertificate: 2, inHandshake: 1, inStaple: 1 },
};

function found<T>(value: T, evidence: readonly Evidence[] = []): Outcome<T> {
  return { state: "found", value, evidence };
}

const poorFacts: FoundFacts = {
  versions: found(
    [
      { version: "TLS 1.3", spoken: true },
      { version: "TLS 1.2", spoken: true },
      { version: "TLS 1.1", spoken: false, refusal: "alert protocol_version" },
      { version: "TLS 1.0", spoken: true },
      { version: "SSL 3.0", spoken: false, refusal: "silence" },
      { version: "SSL 2.0", spoken: false, refusal: "something that isn't TLS" },
    ],
    [flightOfTls13, flightOfTls12, refusalOfTls11, oddMessages],
  ),
  cipherSuites: found([
    { version: "TLS 1.3", accepted: [{ code: 0x1301, name: "TLS_AES_128_GCM_SHA256" }], order: "only one" },
    {
      version: "TLS 1.2",
      accepted: [
        { code: 0xc02f, name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
        { code: 0x0005, name: "TLS_RSA_WITH_RC4_128_SHA" },
      ],
      order: "server",
    },
    { version: "TLS 1.0", accepted: [{ code: 0x0005, name: "TLS_RSA_WITH_RC4_128_SHA" }], order: "only one" },
  ]),
  groups: found([
    {
      version: "TLS 1.3",
      accepted: [
        { code: 0x11ec, name: "X25519MLKEM768" },
        { code: 29, name: "x25519" },
      ],
      order: "server",
      retriesForPreferred: false,
      reusedShares: [{ code: 29, name: "x25519" }],
    },
    { version: "TLS 1.2", accepted: [{ code: 23, name: "secp256r1" }], order: "client", reusedShares: [] },
  ]),
  diffieHellman: found({
    primes: [
      {
        bits: 1024,
        known: "RFC 2409 group 2",
        safe: true,
        prime: new Uint8Array(128).fill(0xff),
        generator: Uint8Array.of(2),
      },
      { bits: 512, prime: new Uint8Array(64).fill(0xfd), generator: Uint8Array.of(5) },
    ],
    publicValueReused: true,
  }),
  signatureSchemes: found([
    {
      version: "TLS 1.2",
      accepted: [
        { code: 0x0201, name: "rsa_pkcs1_sha1" },
        { code: 0x0804, name: "rsa_pss_rsae_sha256" },
      ],
    },
  ]),
  extensions: found({
    secureRenegotiation: false,
    extendedMainSecret: false,
    encryptThenMac: false,
    fallbackScsv: false,
    compression: [{ code: 1, name: "DEFLATE" }],
    heartbeat: true,
    truncatedHmac: true,
    maxFragmentLength: true,
    recordSizeLimit: 16384,
    certificateCompression: [{ code: 1, name: "zlib" }],
  }),
  tolerance: found([
    { id: "unknown-version", about: "a hello that offers TLS 1.9", tolerated: true },
    { id: "large-hello", about: "a hello of 4096 octets", tolerated: false, how: "it doesn't answer" },
  ]),
  certificates: found([
    certificate,
    { ...certificate, shownTo: "no name" },
    {
      ...certificate,
      shownTo: "another name",
      keyType: "EC",
      keyBits: 256,
      curve: "P-256",
      sha256: "1c".repeat(32),
      subject: "",
      dnsNames: [],
      ipAddresses: [],
      notBefore: Date.UTC(2027, 0, 1),
      notAfter: Number.NaN,
      staple: { state: "revoked", at: Date.UTC(2026, 0, 2), reason: "keyCompromise" },
    },
    {
      ...certificate,
      sha256: "2d".repeat(32),
      staple: { state: "bad", problem: { code: "stale", reason: "the response is of last year" } },
    },
  ]),
  clientCertificates: found({ requested: true, required: true, authorities: ["CN=Staff", "CN=Partners"] }),
  resumption: found({
    psk: { resumed: true, tickets: 2, lifetimeSeconds: 604800 },
    ticket: { resumed: true, lifetimeSeconds: 100 },
    identifier: { resumed: false },
    ticketKeyName: new Uint8Array(16).fill(0xab),
  }),
  earlyData: found({ maxSize: 16384, accepted: true, replayed: true }),
  renegotiation: found({ clientInitiated: "accepted", times: 10 }),
  alpn: found({ accepted: [], unknown: "ignored" }),
  http: { state: "failed", code: "not_http", reason: "the server doesn't speak HTTP" },
  flaws: { state: "skipped", why: "not asked", reason: "it is done by --flaws alone" },
};

function rule(parts: Pick<FindingRule, "id" | "severity" | "title"> & Partial<FindingRule>): FindingRule {
  return {
    why: "Whoever is in between can choose what is weakest of all that both ends still take.",
    remedy: "Speak TLS 1.2 and 1.3 alone.",
    remedies: {},
    needs: ["versions"],
    seen: () => [],
    ...parts,
  };
}

const protocolLines = {
  nginx: "ssl_protocols TLSv1.2 TLSv1.3;",
  apache: "SSLProtocol -all +TLSv1.2 +TLSv1.3",
  haproxy: "ssl-default-bind-options ssl-min-ver TLSv1.2",
  caddy: "tls {\n\tprotocols tls1.2 tls1.3\n}",
  node: 'minVersion: "TLSv1.2"',
};

/** Two findings of which the second has the same lines to write. */
const findings: readonly Finding[] = [
  {
    rule: rule({ id: "rc4-taken", severity: "critical", title: "RC4 is taken", source: "RFC 7465" }),
    seen: ["TLS 1.2 takes TLS_RSA_WITH_RC4_128_SHA.", "TLS 1.0 takes TLS_RSA_WITH_RC4_128_SHA."],
  },
  {
    rule: rule({
      id: "tls1.0-spoken",
      severity: "high",
      title: "TLS 1.0 is spoken",
      source: "RFC 8996",
      remedies: protocolLines,
    }),
    seen: ["The server chooses TLS 1.0 where a client offers nothing newer."],
  },
  {
    rule: rule({
      id: "fallback-scsv-missing",
      severity: "medium",
      title: "A downgrade isn't noticed",
      remedies: protocolLines,
    }),
    seen: ["A hello with TLS_FALLBACK_SCSV for TLS 1.0 is answered by a ServerHello."],
  },
  {
    rule: rule({ id: "no-hsts", severity: "info", title: "Browsers aren't told to stay with HTTPS" }),
    seen: ["No header."],
  },
];

/** A server that has much wrong, a mail server by STARTTLS: facts of all kinds, evidence, and a policy that isn't met. */
export const poor: ScannedTarget = {
  state: "scanned",
  target: { host: "mail.example.com", port: 25, address: "192.0.2.25", startTls: smtp },
  begun,
  ended: begun + 61_000,
  connections: 112,
  pace: { oneAtATime: false, rests: 0 },
  facts: poorFacts,
  findings,
  notJudged: ["hsts-short", "heartbleed"],
  policy: {
    policy: "intermediate",
    met: false,
    violations: [
      { rule: "versions.allowed", wanted: "TLS 1.2 and TLS 1.3 alone", seen: "TLS 1.0 is spoken" },
      { rule: "versions.allowed", wanted: "TLS 1.2 and TLS 1.3 alone", seen: "SSL 3.0 is spoken" },
      { rule: "cipherSuites.allowed", wanted: "one of 12 suites", seen: "TLS_RSA_WITH_RC4_128_SHA in TLS 1.2" },
    ],
  },
};

/** A server that speaks HTTP: a redirect, HSTS that doesn't count, a cookie for everybody. */
export const redirecting: ScannedTarget = {
  ...fine,
  facts: {
    ...nothingWrong,
    http: found({
      status: 301,
      server: "Example/1.0",
      hsts: {
        header: "max-age=1; max-age=2",
        maxAgeSeconds: 1,
        includeSubDomains: false,
        preload: false,
        problem: "max-age is there twice",
        repeated: true,
      },
      location: "http://example.com/",
      contentEncoding: "br",
      cookiesWithoutSecure: ["session"],
    }),
  },
};
