import type { Steps } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import { describeName, type Name } from "../name.ts";
import { certIdMatches } from "../ocsp/cert-id.ts";
import type { BasicOcspResponse, OcspResponse, SingleResponse } from "../ocsp/response.ts";
import { describeOid, Oid } from "../oids.ts";
import { readable } from "../readable.ts";
import type { SignatureVerdict } from "../signature.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";
import type { Issuer } from "../verification/candidate-path.ts";
import type { RevocationMeans, RevocationStatus } from "../verification/revocation.ts";
import { staleness } from "./freshness.ts";
import type { RevocationLimits } from "./policy.ts";
import type { Target } from "./target.ts";

/** Extensions of responses that are acted upon here, or that say nothing of a status, so that they may be critical. */
const understoodOfResponse: ReadonlySet<string> = new Set([Oid.ocspNonce]);
const understoodOfSingle: ReadonlySet<string> = new Set([Oid.signedCertificateTimestampListOfOcsp]);

/** What is the same for all responses of a verification. */
export interface OcspInputs {
  readonly means: RevocationMeans;
  /** Milliseconds since 1970, a whole second. */
  readonly at: number;
  readonly maximumAge: number | undefined;
  readonly limits: RevocationLimits;
  /** Finds out by CRLs whether a responder was itself revoked. */
  readonly statusOfResponder: (responder: Certificate, target: Target) => Steps<RevocationStatus>;
}

/** What was sent with a request, and has to come back. */
export interface ExpectedNonce {
  readonly nonce: Uint8Array;
  readonly required: boolean;
}

/** How a response came. */
export interface Delivery {
  /** The nonce of the request that it answers, if that had one. */
  readonly expected?: ExpectedNonce | undefined;
  /** Whether the peer sent it along. */
  readonly stapled?: boolean;
}

/** Judges OCSP responses (RFC 6960 §3.2). */
export class OcspChecks {
  readonly #inputs: OcspInputs;
  readonly #problems = new Map<BasicOcspResponse, Map<SubjectPublicKeyInfo, string | undefined>>();

  constructor(inputs: OcspInputs) {
    this.#inputs = inputs;
  }

  /** What a response says of a certificate; nothing if it isn't about it. Of several answers the worst counts. */
  *judge(
    response: OcspResponse,
    target: Target,
    { expected, stapled = false }: Delivery = {},
  ): Steps<RevocationStatus | undefined> {
    const { basic } = response;
    if (basic === undefined) return unknown(`a response says ${response.status}`);
    const { provider } = this.#inputs.means;
    // RFC 6960 §3.2, 1
    const about = basic.responses.filter(({ certId }) =>
      certIdMatches(provider, certId, target.certificate, target.issuer),
    );
    if (about.length === 0) return undefined;
    const problem = this.#problemOfResponse(basic, expected) ?? (yield* this.#problemOfSigner(basic, target));
    if (problem !== undefined) return unknown(`the response ${problem}`);

    const problems = new Map(about.map((single) => [single, this.#problemOfAnswer(basic, single)] as const));
    const usable = about.filter((single) => problems.get(single) === undefined);
    for (const single of usable) {
      if (single.certStatus.status !== "revoked") continue;
      const { revocationTime: revokedAt, reason } = single.certStatus;
      return { status: "revoked", evidence: { source: "ocsp", stapled, response, single }, revokedAt, reason };
    }
    if (usable.some(({ certStatus }) => certStatus.status === "unknown")) {
      return unknown("the responder doesn't know the certificate");
    }
    const [single] = usable;
    if (single !== undefined) return { status: "good", evidence: { source: "ocsp", stapled, response, single } };
    return unknown(...[...problems.values()].map((found) => `the response's answer ${found}`));
  }

  #problemOfResponse(basic: BasicOcspResponse, expected: ExpectedNonce | undefined): string | undefined {
    const { extensions, producedAt } = basic;
    const critical = extensions.find(({ oid, critical }) => critical && !understoodOfResponse.has(oid));
    if (critical !== undefined)
      return `has the critical extension ${describeOid(critical.oid)}, which is not supported`;
    if (producedAt.getTime() > this.#inputs.at)
      return `was signed at ${producedAt.toISOString()}, which is yet to come`;
    if (expected === undefined) return undefined;
    // RFC 9654 §2.1: an old response has another, or none
    const isThere = extensions.some(({ oid }) => oid === Oid.ocspNonce);
    if (!isThere) return expected.required ? "has no nonce" : undefined;
    const nonce = readable(() => basic.nonce);
    return nonce !== undefined && equalBytes(nonce, expected.nonce) ? undefined : "has another nonce than the request";
  }

  #problemOfAnswer({ producedAt }: BasicOcspResponse, single: SingleResponse): string | undefined {
    const critical = single.extensions.find(({ oid, critical }) => critical && !understoodOfSingle.has(oid));
    if (critical !== undefined)
      return `has the critical extension ${describeOid(critical.oid)}, which is not supported`;
    // RFC 6960 §2.4: signed after what it says was known
    if (single.thisUpdate > producedAt) return "was signed before it was known";
    // RFC 6960 §3.2, 5 and 6
    return staleness(single, this.#inputs.at, this.#inputs.maximumAge);
  }

  /** RFC 6960 §3.2, 2 to 4, §4.2.2.2: why a signature isn't that of who may answer, as a clause; nothing if it is. */
  *#problemOfSigner(basic: BasicOcspResponse, target: Target): Steps<string | undefined> {
    const key = target.issuer.subjectPublicKeyInfo;
    const known = this.#problems.get(basic);
    if (known?.has(key) === true) return known.get(key);
    const problem = yield* this.#findSigner(basic, target);
    this.#problems.set(basic, (known ?? new Map<SubjectPublicKeyInfo, string | undefined>()).set(key, problem));
    return problem;
  }

  *#findSigner(basic: BasicOcspResponse, target: Target): Steps<string | undefined> {
    const { issuer } = target;
    let problem = "is by nobody who may answer";
    if (this.#isNamed(basic, issuer.name, issuer.subjectPublicKeyInfo)) {
      const doubt = doubtOf(yield* this.#verify(basic, issuer.subjectPublicKeyInfo));
      if (doubt === undefined) return undefined;
      problem = doubt;
    }
    const responders = basic.certificates.filter(({ subject, subjectPublicKeyInfo }) =>
      this.#isNamed(basic, subject, subjectPublicKeyInfo),
    );
    for (const responder of responders.slice(0, this.#inputs.limits.signers)) {
      const doubt =
        this.#delegationProblem(responder, issuer) ??
        doubtOf(yield* this.#verify(basic, responder.subjectPublicKeyInfo)) ??
        (yield* this.#responderProblem(responder, target));
      if (doubt === undefined) return undefined;
      problem = doubt;
    }
    return problem;
  }

  /** RFC 6960 §4.2.1: whether a response says that it is by this one. Without SHA-1 it may be by anyone. */
  #isNamed({ responderId }: BasicOcspResponse, name: Name, key: SubjectPublicKeyInfo): boolean {
    if (responderId.type === "byName") return responderId.name.equals(name);
    const sha1 = this.#inputs.means.provider.hashes.find((hash) => hash.name === "SHA-1");
    return sha1 === undefined || equalBytes(responderId.keyHash, sha1.digest(key.subjectPublicKey));
  }

  *#verify(basic: BasicOcspResponse, key: SubjectPublicKeyInfo): Steps<SignatureVerdict> {
    const { signatureAlgorithm: algorithm, tbs: data, signature } = basic;
    return yield* this.#inputs.means.verifySignature({ signer: key, algorithm, data, signature });
  }

  /** RFC 6960 §4.2.2.2: what costs nothing to see of a certificate that isn't fit for a responder. */
  #delegationProblem(responder: Certificate, issuer: Issuer): string | undefined {
    const by = `is by ${describeName(responder.subject)},`;
    // "issued directly to the responder by the cognizant CA"
    if (!responder.issuer.equals(issuer.name)) return `${by} whom another CA certified`;
    if (responder.extendedKeyUsage?.has(Oid.ocspSigning) !== true) return `${by} who is not certified for OCSPSigning`;
    // RFC 5280 §4.2.1.12: the key usage has to be consistent with the purpose
    const { keyUsage } = responder;
    if (keyUsage !== undefined && !keyUsage.has("digitalSignature") && !keyUsage.has("nonRepudiation")) {
      return `${by} whose key is not for digitalSignature`;
    }
    for (const { message } of this.#inputs.means.violationsOf(responder)) return `${by} but ${message}`;
    return undefined;
  }

  *#responderProblem(responder: Certificate, target: Target): Steps<string | undefined> {
    const by = `is by ${describeName(responder.subject)},`;
    const verdict = yield* this.#inputs.means.verifySignature({
      signer: target.issuer.subjectPublicKeyInfo,
      algorithm: responder.signatureAlgorithm,
      data: responder.tbs,
      signature: responder.signature,
    });
    if (verdict.verdict !== "good") return `${by} whom the CA did not certify`;
    // RFC 6960 §4.2.2.2.1: without the extension it is for us to say how; responders that have neither are many
    if (responder.ocspNoCheck) return undefined;
    const { status } = yield* this.#inputs.statusOfResponder(responder, target);
    return status === "revoked" ? `${by} who was revoked` : undefined;
  }
}

function doubtOf(verdict: SignatureVerdict): string | undefined {
  switch (verdict.verdict) {
    case "good":
      return undefined;
    case "bad":
      return "has a wrong signature";
    case "unsupported":
      return `has a signature that can't be checked: ${verdict.message}`;
  }
}

function unknown(...tried: readonly string[]): RevocationStatus {
  return { status: "unknown", tried };
}
