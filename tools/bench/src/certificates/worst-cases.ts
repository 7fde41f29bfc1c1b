/** What an attacker can make a verification cost, reading included. */
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  Certificate,
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
import { random } from "./random.ts";

/** A case, how long it took at the median, and what came of it. */
export interface WorstCase {
  readonly what: string;
  readonly milliseconds: number;
  /** `good`, or why not. */
  readonly outcome: string;
}

const at = new Date();
const validity = { from: at, days: 30 };
const newKey = (): DeclaredPrivateKey => generatePrivateKeySync({ provider, random });
const hosts = (count: number): readonly string[] => [
  "example.org",
  ...Array.from({ length: count - 1 }, (_, i) => `h${i}.example.org`),
];

/** As many as fit into a certificate of 64 KB. */
const constraints = Array.from(
  { length: 9_000 },
  (_, i): GeneralName => ({ type: "dNSName", value: (i + 12_960).toString(36) }),
);

/** Runs each case seven times. */
export function worstCases(): readonly WorstCase[] {
  const [rootKey, caKey, leafKey] = [newKey(), newKey(), newKey()];
  const byRoot = { provider, random, validity, signer: rootKey };
  const root = createCertificateSync({ ...byRoot, publicKey: rootKey, subject: { commonName: "Root" }, ca: {} });
  const anchors = TrustAnchors.of([root]);
  const issueCa = (publicKey: DeclaredPrivateKey, excluded: readonly GeneralName[] = []): Certificate => {
    const extensions = excluded.length === 0 ? [] : [nameConstraintsExtension({ excluded })];
    const subject = { commonName: "CA" };
    return createCertificateSync({ ...byRoot, issuer: root, publicKey, subject, ca: {}, extensions });
  };
  const ca = issueCa(caKey);
  const issueLeaf = (dnsNames: readonly string[]): Uint8Array =>
    createCertificateSync({ ...byRoot, signer: caKey, issuer: ca, publicKey: leafKey, dnsNames }).der;
  const verify = (leaf: Uint8Array, others: readonly Uint8Array[]): VerificationResult =>
    verifyCertificateSync({
      provider,
      leaf: Certificate.fromDer(leaf),
      intermediates: others.map((der) => Certificate.fromDer(der)),
      anchors,
      at,
      purpose: "serverAuth",
      hostname: "example.org",
      revocation: notChecked,
    });

  const leaf = issueLeaf(hosts(2));
  const sameName = Array.from({ length: 1000 }, () => issueCa(newKey()).der);
  const unsigned = sameName.map(spoilt);
  const constrained = issueCa(caKey, constraints).der;
  return [
    timed("1,000 CAs of the issuer's name, all signed by the anchor, the right one told by its key", () =>
      verify(leaf, [...sameName, ca.der]),
    ),
    timed("1,000 CAs of the issuer's name, none signed by the anchor", () => verify(leaf, unsigned)),
    ...[1, 20, 2000].map((count) => {
      const under = issueLeaf(hosts(count));
      return timed(`${constraints.length} name constraints, ${count} names`, () => verify(under, [constrained]));
    }),
  ];
}

/** The certificate with another signature: its last octet changed. */
function spoilt(der: Uint8Array): Uint8Array {
  const changed = new Uint8Array(der);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}

function timed(what: string, run: () => VerificationResult): WorstCase {
  const times: number[] = [];
  let result = run();
  for (let i = 0; i < 7; i += 1) {
    const start = performance.now();
    result = run();
    times.push(performance.now() - start);
  }
  const milliseconds = times.sort((a, b) => a - b)[3] ?? Number.NaN;
  return { what, milliseconds, outcome: result.ok ? "good" : `${result.reason.code}: ${result.reason.message}` };
}
