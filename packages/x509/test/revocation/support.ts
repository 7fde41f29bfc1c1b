import { runSync } from "@tlskit/crypto";
import { derExplicit, derOid, derSequence, derSmallInteger } from "../../src/der-writer.ts";
import {
  type DistributionPoint,
  encodeDistributionPoints,
  type ReasonFlag,
} from "../../src/extensions/distribution-points.ts";
import { type Extension, encodeExtensions } from "../../src/extensions/extension.ts";
import { encodeGeneralName } from "../../src/general-name.ts";
import {
  type Certificate,
  CertificateRevocationList,
  type CrlContents,
  checkRevocation,
  createCrlSync,
  createOcspResponseSync,
  freshestCrlExtension,
  GeneralNames,
  type Name,
  nameOfParts,
  notChecked,
  type OcspAnswer,
  type OcspResponse,
  type OcspResponseContents,
  Oid,
  type Refusal,
  type Revocation,
  type RevocationPolicy,
  type RevocationStatus,
  type VerificationInputs,
} from "../../src/index.ts";
import { encodeSigned, signTbs } from "../../src/sign-tbs.ts";
import { writeTime } from "../../src/time.ts";
import {
  crlContents,
  intermediate,
  intermediateCertificate,
  issue,
  leaf,
  leafCertificate,
  leafExtensions,
  now,
  type Party,
  provider,
  random,
  root,
  rootCertificate,
  signerOf,
  verify,
} from "../pki.ts";

export const hour = 3_600_000;
export const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * hour);

/** Of what revocation can be the reason; other paths may have been refused for others. */
const ours: ReadonlySet<string> = new Set([
  "revoked",
  "revocation_unknown",
  "bad_staple",
  "missing_staple",
  "budget_exhausted",
]);

/** Why a leaf is refused by who asks about it and insists, if it is. */
function refusalBy(policy: Partial<RevocationPolicy>, inputs: Partial<VerificationInputs>): Refusal | undefined {
  const revocation = checkRevocation({ mode: "required", certificates: "leaf", ...policy });
  const result = verify({ revocation, ...inputs });
  return result.ok ? undefined : (result.refusals.find(({ code }) => ours.has(code)) ?? result.reason);
}

/** The verdict in a word. */
export function verdictBy(policy: Partial<RevocationPolicy>, inputs: Partial<VerificationInputs> = {}): string {
  return refusalBy(policy, inputs)?.code ?? "ok";
}

/** The verdict in a sentence. */
export function messageBy(policy: Partial<RevocationPolicy>, inputs: Partial<VerificationInputs> = {}): string {
  return refusalBy(policy, inputs)?.message ?? "ok";
}

/** What is known of each certificate of a chain that is accepted whatever is known. */
export function statusesBy(
  policy: Partial<RevocationPolicy>,
  inputs: Partial<VerificationInputs> = {},
): readonly RevocationStatus[] {
  const revocation = checkRevocation({ mode: "when_available", certificates: "chain", ...policy });
  const result = verify({ revocation, ...inputs });
  if (!result.ok) throw result.reason;
  return result.chain.revocation === notChecked ? [] : result.chain.revocation;
}

/** A CRL of the intermediate's, current and of nobody unless told. */
export function crl(contents: Partial<CrlContents> = {}): CertificateRevocationList {
  return createCrlSync({ ...crlContents, ...contents });
}

export const rootCrl = (contents: Partial<CrlContents> = {}): CertificateRevocationList =>
  crl({ issuer: rootCertificate, signer: signerOf(root), ...contents });

/** An entry for a certificate. */
export function revocationOf(certificate: Certificate, parts: Partial<Revocation> = {}): Revocation {
  return { serialNumber: certificate.serialNumber, revocationDate: hoursAgo(48), ...parts };
}

/** A CRL as the package makes none: signed, but without or with whatever a test wants. */
export function oddCrl(
  parts: { readonly nextUpdate?: Date; readonly extensions?: readonly Extension[] },
  signer: Party = intermediate,
): CertificateRevocationList {
  const { nextUpdate, extensions = [] } = parts;
  const signed = runSync(
    signTbs({ provider, signer: signerOf(signer), key: intermediateCertificate.subjectPublicKeyInfo }, (algorithm) =>
      derSequence(
        derSmallInteger(1),
        algorithm,
        intermediateCertificate.subject.der,
        writeTime(hoursAgo(1)),
        ...(nextUpdate === undefined ? [] : [writeTime(nextUpdate)]),
        ...(extensions.length === 0 ? [] : [derExplicit(0, encodeExtensions(extensions))]),
      ),
    ),
  );
  return CertificateRevocationList.fromDer(encodeSigned(signed));
}

/** A CRL with its last octet, of its signature, changed. */
export function spoiled(good: CertificateRevocationList): CertificateRevocationList {
  const bytes = new Uint8Array(good.der);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return CertificateRevocationList.fromDer(bytes);
}

export const url = (...urls: readonly string[]): NonNullable<DistributionPoint["distributionPoint"]> => ({
  type: "fullName",
  names: new GeneralNames(urls.map((value) => ({ type: "uniformResourceIdentifier", value }))),
});

export const directory = (...names: readonly Name[]): GeneralNames =>
  new GeneralNames(names.map((value) => ({ type: "directoryName", value })));

export const nameOf = ({ name }: Party): Name => nameOfParts({ commonName: name });

/** A distribution point, by default of all reasons and of the certificate's issuer. */
export function point(parts: {
  readonly urls?: readonly string[];
  readonly reasons?: readonly ReasonFlag[];
  readonly cRLIssuer?: Name;
}): DistributionPoint {
  return {
    distributionPoint: parts.urls === undefined ? undefined : url(...parts.urls),
    reasons: parts.reasons === undefined ? undefined : new Set(parts.reasons),
    cRLIssuer: parts.cRLIssuer === undefined ? undefined : directory(parts.cRLIssuer),
  };
}

export const distributionPoints = (...points: readonly DistributionPoint[]): Extension => ({
  oid: Oid.cRLDistributionPoints,
  critical: false,
  value: encodeDistributionPoints(points),
});

export const freshest = (...points: readonly DistributionPoint[]): Extension => freshestCrlExtension(points);

export const responderAt = (...urls: readonly string[]): Extension => ({
  oid: Oid.authorityInfoAccess,
  critical: false,
  value: derSequence(
    ...urls.map((value) =>
      derSequence(derOid(Oid.ocsp), encodeGeneralName({ type: "uniformResourceIdentifier", value })),
    ),
  ),
});

/** A leaf of the intermediate's that has these extensions too. */
export const leafWith = (...extensions: readonly Extension[]): Certificate =>
  issue(leaf, intermediate, { extensions: [...leafExtensions, ...extensions] });

/** A response about the leaf, good, current and by the intermediate unless told. */
export function response(answer: Partial<OcspAnswer> = {}, contents: Partial<OcspResponseContents> = {}): OcspResponse {
  return createOcspResponseSync({
    provider,
    random,
    signer: signerOf(intermediate),
    responder: intermediateCertificate,
    producedAt: hoursAgo(1),
    answers: [
      {
        about: { certificate: leafCertificate, issuer: intermediateCertificate },
        certStatus: { status: "good" },
        thisUpdate: hoursAgo(2),
        nextUpdate: hoursAgo(-24),
        ...answer,
      },
    ],
    ...contents,
  });
}

export const revokedAnswer: Partial<OcspAnswer> = {
  certStatus: { status: "revoked", revocationTime: hoursAgo(48), reason: "keyCompromise" },
};
