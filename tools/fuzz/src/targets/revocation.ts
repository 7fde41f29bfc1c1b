import { seededRandom } from "@tlskit/testing";
import { equalBytes } from "@tlskit/wire";
import {
  type Certificate,
  CertificateRevocationList,
  checkRevocation,
  createCrlSync,
  createOcspErrorResponse,
  createOcspRequestSync,
  createOcspResponseSync,
  GeneralNames,
  OcspRequest,
  OcspResponse,
  type RevocationPolicy,
  verifyCertificateSync,
} from "@tlskit/x509";
import { askEverything } from "../ask.ts";
import { promise, type Target } from "../target.ts";
import { host, now, pki, provider } from "../world.ts";
import { derTarget } from "./certificates.ts";

const day = 24 * 60 * 60 * 1000;
const [thisUpdate, nextUpdate] = [new Date(now - day), new Date(now + day)];
const random = seededRandom(6);

/** Whether our leaf verifies when its revocation is checked in this way alone. */
export function isGood(policy: Partial<RevocationPolicy>): boolean {
  const { certificate, intermediate, anchors } = pki();
  const [leaf = intermediate.certificate] = certificate.chain;
  return verifyCertificateSync({
    provider,
    leaf,
    intermediates: [intermediate.certificate],
    anchors,
    at: new Date(now),
    purpose: "serverAuth",
    hostname: host,
    revocation: checkRevocation({ mode: "required", certificates: "leaf", ...policy }),
  }).ok;
}

/** A response that came along with the leaf. */
export function stapledWith(response: Uint8Array): Partial<RevocationPolicy> {
  const { certificate, intermediate } = pki();
  return { stapled: [{ certificate: certificate.chain[0] ?? intermediate.certificate, response }] };
}

const known = new Map<string, readonly Uint8Array[]>();

/** Made once, so that signatures that are made anew each time don't make others of them. */
function madeOnce(name: string, make: () => readonly Uint8Array[]): readonly Uint8Array[] {
  const made = known.get(name) ?? make();
  known.set(name, made);
  return made;
}

const isOneOf = (bytes: Uint8Array, list: readonly Uint8Array[]): boolean =>
  list.some((each) => equalBytes(each, bytes));

export function issuerAndLeaf(): { readonly issuer: Certificate; readonly leaf: Certificate } {
  const { certificate, intermediate } = pki();
  const [leaf = intermediate.certificate] = certificate.chain;
  return { issuer: intermediate.certificate, leaf };
}

function crls(): readonly Uint8Array[] {
  const { issuer, leaf } = issuerAndLeaf();
  const signer = pki().intermediate.key;
  const common = { provider, random, signer, issuer, thisUpdate, nextUpdate };
  const other = { serialNumber: Uint8Array.of(5), revocationDate: thisUpdate, reason: "superseded" } as const;
  const uri = { type: "uniformResourceIdentifier", value: "http://a.example/crl" } as const;
  return [
    createCrlSync({ ...common, cRLNumber: 1, revoked: [] }),
    createCrlSync({
      ...common,
      cRLNumber: 2,
      revoked: [
        other,
        { ...other, serialNumber: Uint8Array.of(6), reason: "keyCompromise", invalidityDate: thisUpdate },
        { serialNumber: leaf.serialNumber, revocationDate: thisUpdate, reason: "cACompromise" },
      ],
    }),
    createCrlSync({ ...common, cRLNumber: 3, baseCRLNumber: 1, revoked: [{ ...other, reason: "removeFromCRL" }] }),
    createCrlSync({
      ...common,
      cRLNumber: 4,
      revoked: [{ ...other, issuer: pki().root.certificate.subject }],
      issuingDistributionPoint: { distributionPoint: undefined, indirectCRL: true },
    }),
    createCrlSync({
      ...common,
      cRLNumber: 5,
      revoked: [other],
      freshestCRL: [
        {
          distributionPoint: { type: "fullName", names: new GeneralNames([uri]) },
          reasons: undefined,
          cRLIssuer: undefined,
        },
      ],
    }),
  ].map(({ der }) => der);
}

/** Certificate revocation lists. */
export const crlTarget: Target = {
  ...derTarget,
  name: "crl",
  what: "a CRL: read, asked everything, and what a verification makes of it",
  seeds: () => madeOnce("crls", crls),
  run(input) {
    const crl = CertificateRevocationList.fromDer(input);
    promise(equalBytes(crl.der, input), "a CRL is the bytes that it was read from");
    askEverything(crl);
    const entries = [...crl.entries];
    promise(entries.length === crl.size, "a CRL has as many entries as it says");
    for (const { serialNumber } of entries.slice(0, 20)) crl.find({ serialNumber, issuer: crl.issuer });
    promise(!isGood({ crls: [crl] }) || isOneOf(input, crlTarget.seeds()), "no CRL but ours says that all is well");
  },
};

function ocspResponses(): readonly Uint8Array[] {
  const { issuer, leaf } = issuerAndLeaf();
  const signer = pki().intermediate.key;
  const common = { provider, random, signer, responder: issuer, producedAt: thisUpdate };
  const about = { certificate: leaf, issuer };
  const answer = { about, thisUpdate, nextUpdate } as const;
  const good = { ...answer, certStatus: { status: "good" } } as const;
  const revoked = {
    ...answer,
    certStatus: { status: "revoked", revocationTime: thisUpdate, reason: "keyCompromise" },
  } as const;
  return [
    createOcspResponseSync({ ...common, answers: [good] }),
    createOcspResponseSync({ ...common, answers: [revoked, good], responderId: "byName" }),
    createOcspResponseSync({ ...common, answers: [good], certificates: [issuer], nonce: new Uint8Array(32).fill(1) }),
    createOcspErrorResponse("tryLater"),
  ].map(({ der }) => der);
}

/** OCSP responses. */
export const ocspResponseTarget: Target = {
  ...derTarget,
  name: "ocsp-response",
  what: "an OCSP response: read, asked everything, and what a verification makes of it, at hand and stapled",
  seeds: () => madeOnce("responses", ocspResponses),
  run(input) {
    isGood(stapledWith(input));
    const response = OcspResponse.fromDer(input);
    promise(equalBytes(response.der, input), "a response is the bytes that it was read from");
    askEverything(response);
    // What comes along to verify a response isn't signed.
    const signed = response.basic?.tbs ?? new Uint8Array(0);
    const ours = ocspResponseTarget.seeds().flatMap((each) => OcspResponse.fromDer(each).basic?.tbs ?? []);
    promise(
      !isGood({ ocspResponses: [response] }) || isOneOf(signed, ours),
      "no response but ours says that all is well",
    );
    promise(!isGood(stapledWith(input)) || isOneOf(signed, ours), "no stapled response but ours says that all is well");
  },
};

/** OCSP requests. */
export const ocspRequestTarget: Target = {
  ...derTarget,
  name: "ocsp-request",
  what: "an OCSP request: read, asked everything",
  maxLength: 4096,
  seeds() {
    const { issuer, leaf } = issuerAndLeaf();
    const asked = { provider, certificates: [{ certificate: leaf, issuer }] };
    const requestor = { signer: pki().intermediate.key, random, certificates: [issuer] } as const;
    return [
      createOcspRequestSync({ ...asked, nonce: new Uint8Array(32).fill(1), hash: "SHA-256" }),
      createOcspRequestSync({ ...asked, requestor }),
    ].map(({ der }) => der);
  },
  run(input) {
    const request = OcspRequest.fromDer(input);
    promise(equalBytes(request.der, input), "a request is the bytes that it was read from");
    askEverything(request);
  },
};
