import type { Steps } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import { CertificateRevocationList } from "../crl/crl.ts";
import { X509Error, x509Error } from "../error.ts";
import type { DistributionPoint } from "../extensions/distribution-points.ts";
import { describeName } from "../name.ts";
import { certIdOf } from "../ocsp/cert-id.ts";
import { encodeOcspRequest } from "../ocsp/create-request.ts";
import { OcspResponse } from "../ocsp/response.ts";
import { Oid } from "../oids.ts";
import { readable } from "../readable.ts";
import type { CandidatePath } from "../verification/candidate-path.ts";
import type { Violation } from "../verification/refusal.ts";
import type {
  RevocationChecker,
  RevocationFinding,
  RevocationMeans,
  RevocationSession,
  RevocationStatus,
} from "../verification/revocation.ts";
import { type CrlInputs, statusByCrls } from "./crl-checks.ts";
import { CrlPool } from "./crl-pool.ts";
import { CrlSigners } from "./crl-signers.ts";
import { Fetching } from "./fetching.ts";
import { type ExpectedNonce, OcspChecks } from "./ocsp-checks.ts";
import {
  defaultRevocationLimits,
  type RevocationLimits,
  type RevocationPolicy,
  type StapledResponse,
} from "./policy.ts";
import { type Target, targetsOf } from "./target.ts";

/** The number of TLS's extension status_request, which a certificate can promise (RFC 7633 §4.1). */
const statusRequest = 5;

/** Octets of a nonce that is sent (RFC 9654 §2.1). */
const nonceOctets = 32;

/** Checks by what is at hand, and by what a TLS peer sends along. */
export interface RevocationChecks extends RevocationChecker {
  /** The same, with the responses that a TLS peer that was asked for them sent along, in place of those of its policy. */
  withStapled(stapled: readonly StapledResponse[]): RevocationChecker;
}

/**
 * Checks revocation by CRLs (RFC 5280 §6.3) and OCSP (RFC 6960), for the `revocation` of a verification:
 * ```ts
 * verifyCertificateSync({ …, revocation: checkRevocation({ mode: "required", certificates: "chain", crls }) });
 * ```
 * All that is at hand is looked at: what says that a certificate was revoked goes before what says that it is good; of
 * CRLs of one scope the newest counts. Only where nothing at hand says anything is something fetched, if `fetch` is
 * given: OCSP first, then CRLs.
 * @throws {X509Error} `invalid_argument` for a policy that isn't one: in JavaScript a word that is misspelt would else be a
 * check left out
 */
export function checkRevocation(policy: RevocationPolicy): RevocationChecks {
  checkPolicy(policy);
  const limits = { ...defaultRevocationLimits, ...policy.limits };
  return {
    handledExtensions: [Oid.cRLDistributionPoints, ...(policy.stapled === undefined ? [] : [Oid.tlsFeature])],
    begin: (means) => new Session(policy, limits, means),
    withStapled: (stapled) => checkRevocation({ ...policy, stapled }),
  };
}

function checkPolicy({ mode, certificates, crls = [], ocspResponses = [], stapled = [] }: RevocationPolicy): void {
  if (mode !== "required" && mode !== "when_available") {
    throw x509Error("invalid_argument", `mode is "required" or "when_available", not ${JSON.stringify(mode)}`);
  }
  if (certificates !== "leaf" && certificates !== "chain") {
    throw x509Error("invalid_argument", `certificates is "leaf" or "chain", not ${JSON.stringify(certificates)}`);
  }
  for (const [name, list] of Object.entries({ crls, ocspResponses, stapled })) {
    if (!Array.isArray(list)) throw x509Error("invalid_argument", `${name} is a list`);
  }
}

/** A response that came along with a certificate; none if it can't be read. */
interface Staple {
  readonly certificate: Certificate;
  readonly response: OcspResponse | undefined;
}

/** One verification's questions. */
class Session implements RevocationSession {
  readonly #policy: RevocationPolicy;
  readonly #limits: RevocationLimits;
  readonly #means: RevocationMeans;
  readonly #crls: CrlInputs;
  readonly #ocsp: OcspChecks;
  readonly #fetching: Fetching;
  readonly #staples: readonly Staple[];
  readonly #responses: readonly OcspResponse[];
  /** What came from where: one CRL is about many certificates. */
  readonly #fetched = new Map<string, CertificateRevocationList | string>();
  /** What is known already: certificates stand on many paths, of which any number may be tried. */
  readonly #known = new Map<Certificate, { readonly target: Target; readonly status: RevocationStatus }[]>();

  constructor(policy: RevocationPolicy, limits: RevocationLimits, means: RevocationMeans) {
    // certificates and what is said of them count in whole seconds
    const at = Math.floor(means.at.getTime() / 1000) * 1000;
    const { maximumAge, crls = [], stapled = [], ocspResponses = [] } = policy;
    this.#policy = policy;
    this.#limits = limits;
    this.#means = means;
    const signers = new CrlSigners(means, policy, limits, (target) => this.#statusOf(target));
    this.#crls = { pool: new CrlPool(crls), signers, at, maximumAge, limits };
    this.#ocsp = new OcspChecks({
      means,
      at,
      maximumAge,
      limits,
      statusOfResponder: (certificate, target) => this.#statusOfResponder(certificate, target),
    });
    this.#fetching = new Fetching(policy.fetch, limits.fetches);
    this.#staples = stapled.map(({ certificate, response }) => ({
      certificate,
      response: readable(() => OcspResponse.fromDer(response)),
    }));
    this.#responses = ocspResponses.slice(0, limits.ocspResponses);
  }

  *check(path: CandidatePath): Steps<readonly RevocationFinding[]> {
    const findings: RevocationFinding[] = [];
    for (const [index, target] of targetsOf(path, 0).entries()) {
      if (index > 0 && this.#policy.certificates === "leaf") {
        findings.push({ status: { status: "not_checked", message: "only the leaf is asked about" } });
        continue;
      }
      const status = yield* this.#statusOnPath(target);
      const violation =
        revokedViolation(status, target) ??
        (yield* this.#stapleViolation(target)) ??
        this.#unknownViolation(status, target);
      findings.push({ status, violation });
    }
    return findings;
  }

  /** Found out once for a certificate below the same key and the same anchor. */
  *#statusOnPath(target: Target): Steps<RevocationStatus> {
    const known = this.#known.get(target.certificate) ?? [];
    for (const { target: other, status } of known) {
      const isSameKey = equalBytes(keyOf(other), keyOf(target));
      if (isSameKey && other.path.anchor === target.path.anchor) return status;
    }
    const status = yield* this.#statusOf(target);
    this.#known.set(target.certificate, [...known, { target, status }]);
    return status;
  }

  /** As in most handshakes: then there is nothing to ask. */
  get #nothingIsAtHand(): boolean {
    const sources = this.#staples.length + this.#responses.length;
    return sources === 0 && this.#crls.pool.isEmpty && this.#policy.fetch === undefined;
  }

  *#statusOf(target: Target): Steps<RevocationStatus> {
    if (this.#nothingIsAtHand) return notAsked(target.certificate) ?? { status: "unknown", tried: [] };
    const tried: string[] = [];
    let good: RevocationStatus | undefined;
    for (const steps of [this.#byResponses(target), statusByCrls(this.#crls, target)]) {
      const status = yield* steps;
      if (status.status === "revoked") return status;
      if (status.status === "good") good ??= status;
      if (status.status === "unknown") tried.push(...status.tried);
    }
    if (good !== undefined) return good;
    return (
      notAsked(target.certificate) ??
      (yield* this.#byFetchedResponses(target, tried)) ??
      (yield* this.#byFetchedCrls(target, tried)) ?? { status: "unknown", tried }
    );
  }

  /** By the response that came along, and by those at hand. */
  *#byResponses(target: Target): Steps<RevocationStatus> {
    const tried: string[] = [];
    let good: RevocationStatus | undefined;
    const staple = this.#stapleOf(target)?.response;
    for (const response of [...(staple === undefined ? [] : [staple]), ...this.#responses]) {
      const status = yield* this.#ocsp.judge(response, target, { stapled: response === staple });
      if (status?.status === "revoked") return status;
      if (status?.status === "good") good ??= status;
      if (status?.status === "unknown") tried.push(...status.tried);
    }
    return good ?? { status: "unknown", tried };
  }

  *#byFetchedResponses(target: Target, tried: string[]): Steps<RevocationStatus | undefined> {
    const { provider } = this.#means;
    // what all responders know; of its strength nothing depends
    const hash = provider.hashes.some(({ name }) => name === "SHA-1") ? "SHA-1" : "SHA-256";
    for (const url of this.#fetching.ocspUrls(target.certificate)) {
      const expected = this.#newNonce();
      const certId = certIdOf(provider, hash, target.certificate, target.issuer);
      const got = yield* this.#fetching.ocsp(url, encodeOcspRequest([certId], expected?.nonce));
      const response = typeof got === "string" ? got : readable(() => OcspResponse.fromDer(got));
      if (!(response instanceof OcspResponse)) {
        tried.push(response ?? `what came from ${JSON.stringify(url)} is no OCSP response`);
        continue;
      }
      const status = yield* this.#ocsp.judge(response, target, { expected });
      if (status?.status === "revoked" || status?.status === "good") return status;
      tried.push(...(status?.status === "unknown" ? status.tried : ["the response is about other certificates"]));
    }
    return undefined;
  }

  *#byFetchedCrls(target: Target, tried: string[]): Steps<RevocationStatus | undefined> {
    const { certificate } = target;
    const points = pointsOf(certificate, tried)?.slice(0, this.#limits.distributionPoints);
    const freshest = (crl: CertificateRevocationList) =>
      readable(() => crl.freshestCRL) ?? readable(() => certificate.freshestCRL);
    for (const url of this.#fetching.crlUrls(points)) {
      const crl = yield* this.#fetchCrl(url, tried);
      if (crl === undefined) continue;
      // RFC 5280 §5.2.6, §4.2.1.15: the CRL says where delta CRLs are, or the certificate does
      for (const delta of this.#fetching.crlUrls(freshest(crl))) yield* this.#fetchCrl(delta, tried);
      const status = yield* statusByCrls(this.#crls, target);
      if (status.status === "revoked" || status.status === "good") return status;
      if (status.status === "unknown") tried.push(...status.tried);
    }
    return undefined;
  }

  *#fetchCrl(url: string, tried: string[]): Steps<CertificateRevocationList | undefined> {
    const found = this.#fetched.get(url) ?? (yield* this.#fetchNewCrl(url));
    this.#fetched.set(url, found);
    if (typeof found !== "string") return found;
    tried.push(found);
    return undefined;
  }

  *#fetchNewCrl(url: string): Steps<CertificateRevocationList | string> {
    const got = yield* this.#fetching.crl(url);
    if (typeof got === "string") return got;
    const crl = readable(() => CertificateRevocationList.fromDer(got));
    if (crl === undefined) return `what came from ${JSON.stringify(url)} is no CRL`;
    this.#crls.pool.add(crl);
    return crl;
  }

  #newNonce(): ExpectedNonce | undefined {
    const { nonce } = this.#policy;
    return nonce === undefined ? undefined : { nonce: nonce.random(nonceOctets), required: nonce.required };
  }

  /** A responder stands where the certificate in question does: below the same issuer. */
  *#statusOfResponder(certificate: Target["certificate"], target: Target): Steps<RevocationStatus> {
    return yield* statusByCrls(this.#crls, { ...target, certificate, depth: target.depth + 1 });
  }

  #stapleOf({ certificate }: Target): Staple | undefined {
    return this.#staples.find((staple) => equalBytes(staple.certificate.der, certificate.der));
  }

  *#stapleViolation(target: Target): Steps<Violation | undefined> {
    const staple = this.#stapleOf(target);
    return staple === undefined ? this.#brokenPromise(target) : yield* this.#badStaple(staple, target);
  }

  /** RFC 6066 §8: a response that came along has to be satisfactory. */
  *#badStaple({ response }: Staple, target: Target): Steps<Violation | undefined> {
    const status = response && (yield* this.#ocsp.judge(response, target, { stapled: true }));
    // what says that it was revoked is a violation of its own
    if (status?.status === "good" || status?.status === "revoked") return undefined;
    const tried = status?.status === "unknown" ? status.tried.slice(0, 5) : [];
    const why = response === undefined ? "it can't be read" : tried.join("; ") || "it is about other certificates";
    return {
      code: "bad_staple",
      specification: "RFC 6066 §8",
      message: `the OCSP response that came along with the certificate of ${describeName(target.certificate.subject)} doesn't count: ${why}`,
    };
  }

  /** RFC 7633 §4.3.3#invalid, §4.2.3.1#staple-missed, §4.2.3.1#not-secure: a certificate can promise that the server sends a response along with it; so can a CA for all below it. */
  #brokenPromise({ certificate, path }: Target): Violation | undefined {
    if (this.#policy.stapled === undefined || certificate !== path.certificates[0]) return undefined;
    const promising = path.certificates.find(promisesStaple);
    if (promising === undefined) return undefined;
    return {
      code: "missing_staple",
      specification: "RFC 7633 §4",
      message: `the certificate of ${describeName(promising.subject)} promises that an OCSP response comes along, and none came`,
    };
  }

  #unknownViolation(status: RevocationStatus, { certificate }: Target): Violation | undefined {
    // whatever isn't the one lenient word is strict
    if (status.status !== "unknown" || this.#policy.mode === "when_available") return undefined;
    return {
      code: "revocation_unknown",
      specification: "RFC 5280 §6.1.3 (a)(3)",
      message: `nothing tells whether the certificate of ${describeName(certificate.subject)} was revoked: ${status.tried.slice(0, 5).join("; ") || "nothing is at hand"}`,
    };
  }
}

function revokedViolation(status: RevocationStatus, { certificate }: Target): Violation | undefined {
  if (status.status !== "revoked") return undefined;
  const why = status.reason === undefined ? "" : ` (${status.reason})`;
  return {
    code: "revoked",
    specification: status.evidence.source === "crl" ? "RFC 5280 §6.3.3" : "RFC 6960 §2.2",
    message: `the certificate of ${describeName(certificate.subject)} was revoked at ${status.revokedAt.toISOString()}${why}`,
  };
}

function notAsked(certificate: Certificate): RevocationStatus | undefined {
  return hasNoRevocation(certificate)
    ? { status: "not_checked", message: "the certificate says that nobody tells whether it was revoked" }
    : undefined;
}

/**
 * RFC 9608 §2, §4: a certificate that lives too short to be revoked can say so, if it isn't a CA's and names nobody who
 * would tell.
 */
function hasNoRevocation(certificate: Certificate): boolean {
  return (
    certificate.extension(Oid.noRevAvail) !== undefined &&
    certificate.basicConstraints?.ca !== true &&
    certificate.extension(Oid.cRLDistributionPoints) === undefined &&
    certificate.extension(Oid.freshestCRL) === undefined &&
    !mayNameResponder(certificate)
  );
}

/** Whether a responder is named, or may be: what can't be read says nothing for whoever wants to be spared. */
function mayNameResponder(certificate: Certificate): boolean {
  if (certificate.extension(Oid.authorityInfoAccess) === undefined) return false;
  const descriptions = readable(() => certificate.authorityInfoAccess);
  return descriptions === undefined || descriptions.some(({ accessMethod }) => accessMethod === Oid.ocsp);
}

/** RFC 7633 §4.1: whether a certificate promises a staple. One whose promise can't be read isn't let off. */
function promisesStaple(certificate: Certificate): boolean {
  if (certificate.extension(Oid.tlsFeature) === undefined) return false;
  return readable(() => certificate.tlsFeature)?.has(statusRequest) ?? true;
}

/** Where CRLs about a certificate are; if it can't be read, that is told. */
function pointsOf(certificate: Certificate, tried: string[]): readonly DistributionPoint[] | undefined {
  try {
    return certificate.cRLDistributionPoints;
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    tried.push(`where CRLs are can't be read: ${error.message}`);
    return undefined;
  }
}

/** The key that a certificate is signed by. */
function keyOf({ issuer }: Target): Uint8Array {
  return issuer.subjectPublicKeyInfo.der;
}
