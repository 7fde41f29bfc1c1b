import type { CryptoProvider, Steps } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import {
  type Certificate,
  certificateNames,
  describeName,
  type Issuer,
  issuerAt,
  notChecked,
  Oid,
  type Refusal,
  type TrustAnchor,
  type TrustAnchors,
  type VerificationInputs,
  type VerifiedChain,
  verifyCertificate,
  X509Error,
} from "@tlskit/x509";
import type { ChainProblem, ChainVerdict } from "../facts.ts";
import { chainOddities, mayHaveIssued, type SentChain } from "./chain-oddities.ts";

/** By what a chain is judged. */
export interface Judges {
  readonly provider: CryptoProvider;
  /** Whom the one who scans trusts. */
  readonly anchors: TrustAnchors;
  /** The roots that browsers trust. */
  readonly publicRoots: TrustAnchors;
  /** The target's name or address. */
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A verdict, and who issued the server's own certificate if that is known. */
export interface JudgedChain {
  readonly verdict: ChainVerdict;
  readonly issuer: Issuer | undefined;
}

/** Problems told of one chain: whoever sends many certificates of one name makes many paths, each wrong in its own way. */
const maximumProblemsTold = 20;

/** Holds a chain to the anchors and to the target's name, apart from each other. */
export function* judgeChain(sent: SentChain, judges: Judges): Steps<JudgedChain> {
  const { leaf } = sent;
  const inputs: VerificationInputs = {
    provider: judges.provider,
    leaf,
    intermediates: sent.others.map(({ certificate }) => certificate),
    anchors: judges.anchors,
    at: new Date(judges.at),
    purpose: "serverAuth",
    hostname: notChecked,
    revocation: notChecked,
    // What encrypts alone serves for the RSA key exchange of TLS 1.2 and before.
    leafKeyUsage: leaf.keyUsage?.has("keyEncipherment") === true ? notChecked : undefined,
    // What is in these is told as facts.
    handledExtensions: [Oid.tlsFeature, Oid.cRLDistributionPoints],
  };
  const result = yield* verifyCertificate(inputs);
  const nameProblem = yield* problemOfName(inputs, judges.host);
  const chain = result.ok ? result.chain : undefined;
  const problems = [...(nameProblem === undefined ? [] : [nameProblem]), ...(result.ok ? [] : told(result.refusals))];
  const issuer = chain === undefined ? likelyIssuer(sent, judges.anchors) : issuerAt(chain, 0);
  return {
    verdict: {
      trusted: chain !== undefined,
      publicRoot: chain !== undefined && isAmong(chain.anchor, judges.publicRoots),
      nameMatches: nameProblem === undefined,
      problems: problems.slice(0, maximumProblemsTold),
      oddities: [...chainOddities(sent), ...(issuer === undefined ? [gap(leaf)] : [])],
      path: chain && pathOf(chain),
      anchor: chain && describeName(chain.anchor.name),
    },
    issuer,
  };
}

/** Each refusal once: paths have certificates in common. */
function told(refusals: readonly Refusal[]): readonly ChainProblem[] {
  const byReason = new Map(refusals.map(({ code, message }) => [message, { code, reason: message }]));
  return [...byReason.values()];
}

function* problemOfName(inputs: VerificationInputs, host: string): Steps<ChainProblem | undefined> {
  try {
    if (certificateNames(inputs.leaf, host)) return undefined;
    // only for what is said of the leaf itself
    const result = yield* verifyCertificate({ ...inputs, intermediates: [], hostname: host });
    const mismatch = result.ok ? undefined : result.refusals.find(({ code }) => code === "name_mismatch");
    return { code: "name_mismatch", reason: mismatch?.message ?? `the certificate doesn't name ${host}` };
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return { code: error.code, reason: error.message };
  }
}

/** Who a leaf that no path was found for says issued it, if that certificate or anchor is at hand. */
function likelyIssuer({ leaf, others }: SentChain, anchors: TrustAnchors): Issuer | undefined {
  const candidates = [leaf, ...others.map(({ certificate }) => certificate)];
  const certificate = candidates.find((candidate) => mayHaveIssued(candidate, leaf));
  if (certificate === undefined) return anchors.named(leaf.issuer)[0];
  return { name: certificate.subject, subjectPublicKeyInfo: certificate.subjectPublicKeyInfo, certificate };
}

function gap(leaf: Certificate): ChainProblem {
  const reason = `nothing that was sent certifies the server's own certificate: that of ${describeName(leaf.issuer)} is missing`;
  return { code: "gap", reason };
}

function isAmong({ name, subjectPublicKeyInfo }: TrustAnchor, roots: TrustAnchors): boolean {
  return roots.named(name).some((root) => equalBytes(root.subjectPublicKeyInfo.der, subjectPublicKeyInfo.der));
}

function pathOf({ certificates }: VerifiedChain): readonly Uint8Array[] {
  return certificates.map(({ der }) => der);
}
