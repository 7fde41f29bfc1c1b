/**
 * Reads certificates and verifies chains, beside `node:crypto`, and what an attacker can make a verification cost:
 * `node tools/bench/src/verdicts.ts`.
 */
import { randomFillSync, X509Certificate } from "node:crypto";
import type { Random } from "@tlskit/crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  authorityInfoAccessExtension,
  Certificate,
  certificatePoliciesExtension,
  createCertificateSync,
  type DeclaredPrivateKey,
  type GeneralName,
  generatePrivateKeySync,
  nameConstraintsExtension,
  notChecked,
  TrustAnchors,
  type VerificationResult,
  verifyCertificateSync,
} from "@tlskit/x509";
import { inTurns, perSecond } from "./stopwatch.ts";

const random: Random = (length) => randomFillSync(new Uint8Array(length));
const at = new Date();
const validity = { from: at, days: 30 };
const newKey = (): DeclaredPrivateKey => generatePrivateKeySync({ provider, random });

const [rootKey, caKey, leafKey] = [newKey(), newKey(), newKey()];
const byRoot = { provider, random, validity, signer: rootKey };
const root = createCertificateSync({ ...byRoot, publicKey: rootKey, subject: { commonName: "Root" }, ca: {} });
const issueCa = (publicKey: DeclaredPrivateKey, constraints?: readonly GeneralName[]): Certificate =>
  createCertificateSync({
    ...byRoot,
    issuer: root,
    publicKey,
    subject: { commonName: "CA" },
    ca: {},
    extensions: constraints === undefined ? [] : [nameConstraintsExtension({ excluded: constraints })],
  });
const issueLeaf = (issuer: Certificate, dnsNames: readonly string[]): Certificate =>
  createCertificateSync({
    provider,
    random,
    validity,
    signer: caKey,
    issuer,
    publicKey: leafKey,
    dnsNames,
    extensions: [
      authorityInfoAccessExtension({ ocsp: ["http://ocsp.example/"], caIssuers: ["http://ca.example/ca.der"] }),
      certificatePoliciesExtension(["2.23.140.1.2.1"]),
    ],
  });
const ca = issueCa(caKey);
const leaf = issueLeaf(ca, ["example.org", "www.example.org"]);
const anchors = TrustAnchors.of([root]);

/** As a TLS client does it: out of the bytes that come. */
function verify(leafDer: Uint8Array, others: readonly Uint8Array[]): VerificationResult {
  return verifyCertificateSync({
    provider,
    leaf: Certificate.fromDer(leafDer),
    intermediates: others.map((der) => Certificate.fromDer(der)),
    anchors,
    at,
    purpose: "serverAuth",
    hostname: "example.org",
    revocation: notChecked,
  });
}

function verifyByNode(leafDer: Uint8Array, caDer: Uint8Array): boolean {
  const [end, issuer] = [new X509Certificate(leafDer), new X509Certificate(caDer)];
  return (
    end.checkHost("example.org") !== undefined && end.verify(issuer.publicKey) && issuer.verify(rootByNode.publicKey)
  );
}
const rootByNode = new X509Certificate(root.der);

console.log(`Node ${process.versions.node}; a leaf of ${leaf.der.length} bytes, P-256 throughout`);
const rates = await inTurns(5, {
  "read, by node:crypto": () => perSecond(() => new X509Certificate(leaf.der), 300),
  "read, by ours": () => perSecond(() => Certificate.fromDer(leaf.der), 300),
  "read two and verify both signatures and the name, by node:crypto": () =>
    perSecond(() => verifyByNode(leaf.der, ca.der), 300),
  "read two and verify the chain, by ours": () => perSecond(() => verify(leaf.der, [ca.der]), 300),
});
for (const [what, rate] of Object.entries(rates)) console.log(`${(1e6 / rate).toFixed(1).padStart(8)} µs  ${what}`);

console.log("\nWhat an attacker can make a verification cost, reading included (medians of 7)");
const sameName = Array.from({ length: 1000 }, () => issueCa(newKey()).der);
const unsigned = sameName.map((der) => spoilt(der));
worst("1,000 CAs of the issuer's name, all signed by the anchor, the right one told by its key", () =>
  verify(leaf.der, [...sameName, ca.der]),
);
worst("1,000 CAs of the issuer's name, none signed by the anchor", () => verify(leaf.der, unsigned));

/** As many as fit into a certificate of 64 KB. */
const bases = Array.from(
  { length: 9_000 },
  (_, i): GeneralName => ({ type: "dNSName", value: (i + 12_960).toString(36) }),
);
const constrained = issueCa(caKey, bases).der;
const names = (count: number): readonly string[] => [
  "example.org",
  ...Array.from({ length: count }, (_, i) => `h${i}.example.org`),
];
for (const count of [0, 20, 2000]) {
  const under = issueLeaf(ca, names(count)).der;
  worst(`${bases.length} name constraints, ${count + 1} names`, () => verify(under, [constrained]));
}

/** The certificate with another signature: its last octet changed. */
function spoilt(der: Uint8Array): Uint8Array {
  const changed = new Uint8Array(der);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}

function worst(what: string, run: () => VerificationResult): void {
  const times: number[] = [];
  let result = run();
  for (let i = 0; i < 7; i += 1) {
    const start = performance.now();
    result = run();
    times.push(performance.now() - start);
  }
  const median = times.sort((a, b) => a - b)[3] ?? Number.NaN;
  console.log(`${median.toFixed(1).padStart(8)} ms  ${what}: ${result.ok ? "good" : result.reason.code}`);
}
