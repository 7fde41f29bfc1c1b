import { hashOf, runSync, type Signer, type Steps, signerFor, wait } from "@tlskit/crypto";
import { type Issuer, seededRandom } from "@tlskit/testing";
import { concat } from "@tlskit/wire";
import {
  Certificate,
  CertificateRevocationList,
  CertificateTransparencyLogs,
  certificateNames,
  checkRevocation,
  checkTransparency,
  createCertificateRequestSync,
  type DeclaredPrivateKey,
  OcspResponse,
  type TransparencyChecker,
  verifyCertificateRequestSync,
  verifyCertificateSync,
} from "@tlskit/x509";
import { askEverything } from "../ask.ts";
import { der, oid, sequence } from "../der.ts";
import { type Item, itemsPieces, readItems, writeItems } from "../items.ts";
import { derPieces, write } from "../structure.ts";
import { promise, type Target } from "../target.ts";
import { host, now, pki, provider } from "../world.ts";
import { derTarget, isX509Error } from "./certificates.ts";
import { crlTarget, isGood, issuerAndLeaf, ocspResponseTarget, stapledWith } from "./revocation.ts";
import { sampleCertificates, tbsWith, timestampList } from "./sample-certificates.ts";
import { sampleKeys } from "./sample-keys.ts";

/** What is signed is fuzzed here, and signed with the right key: what is behind a signature's check is reached too. */
const ed25519 = sequence(oid("1.3.101.112"));

function* signature(signer: Signer, tbs: Uint8Array): Steps<Uint8Array> {
  return yield* wait(signer.sign("Ed25519", tbs));
}

function signed(tbs: Uint8Array, { key }: Pick<Issuer, "key">): Uint8Array {
  const bits = runSync(signature(signerFor(provider, key.privateKey, seededRandom(1)), tbs));
  return sequence(tbs, ed25519, der(3, concat(Uint8Array.of(0), bits)));
}

const [ofLeaf, ofIntermediate, ofCrl, ofResponse, ofTimestamps] = [0, 1, 2, 3, 4];
const kinds = 5;

/** Logs whose timestamps are looked at: one has a sample's key, whose signature no timestamp here has. */
function transparency(delivered: readonly Uint8Array[]): TransparencyChecker {
  const logs = sampleKeys().map(({ subjectPublicKeyInfo: key }) => ({ key, operator: "somebody" }));
  return checkTransparency({
    logs: CertificateTransparencyLogs.of(provider, logs),
    policy: { logs: 0, operators: 0, logsInService: 0 },
    delivered,
  });
}

/** Everything that a verification looks at, with right signatures. */
export const verificationTarget: Target = {
  ...derTarget,
  name: "verification",
  what: "items that are signed here: TBSCertificates of 0 a leaf and 1 an intermediate, 2 a TBSCertList, 3 a ResponseData; 4 timestamps",
  parse: (input) => itemsPieces(input, ({ content }) => derPieces(content)),
  budget: (length) => ({ steps: 2_000_000 + 100 * length, bytes: 1_000_000 + 100 * length }),
  seeds() {
    const { issuer, leaf } = issuerAndLeaf();
    const [policies, mappings, constraints, noAnyPolicy] = ["2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54"];
    const [nameConstraints, otherNames, points, access] = ["2.5.29.30", "2.5.29.18", "2.5.29.31", "1.3.6.1.5.5.7.1.1"];
    const [feature, timestamps] = ["1.3.6.1.5.5.7.1.24", "1.3.6.1.4.1.11129.2.4.2"];
    const path = (ofIssuer: readonly string[], own: readonly string[], ...further: readonly Item[]): Uint8Array =>
      writeItems(
        { kind: ofIntermediate, content: tbsWith(issuer, ...ofIssuer) },
        { kind: ofLeaf, content: tbsWith(leaf, ...own) },
        ...further,
      );
    const all = sampleCertificates().map((each) => Certificate.fromDer(each).tbs);
    const crls = signedCrlTarget.seeds().map((content) => ({ kind: ofCrl, content }));
    const responses = signedOcspTarget.seeds().map((content) => ({ kind: ofResponse, content }));
    return [
      path([], []),
      path([nameConstraints], []),
      path([nameConstraints], [otherNames]),
      path([policies, mappings], [policies]),
      path([policies, mappings, constraints, noAnyPolicy], [policies]),
      path([], [points], ...crls),
      path([points], [points, access], ...crls, ...responses),
      path([], [feature, access], ...responses),
      path([], [timestamps], ...sampleKeys().map(timestampsOf)),
      ...all.map((content) => path([nameConstraints], [], { kind: ofLeaf, content })),
    ];
  },
  run(input) {
    const { root, intermediate } = pki();
    const leaves: Certificate[] = [];
    const intermediates: Certificate[] = [];
    const crls: CertificateRevocationList[] = [];
    const ocspResponses: OcspResponse[] = [];
    const delivered: Uint8Array[] = [];
    for (const { kind, content } of readItems(input).slice(0, maxItems)) {
      try {
        if (kind % kinds === ofLeaf) leaves.push(Certificate.fromDer(signed(content, intermediate)));
        if (kind % kinds === ofIntermediate) intermediates.push(Certificate.fromDer(signed(content, root)));
        if (kind % kinds === ofCrl) crls.push(CertificateRevocationList.fromDer(signed(content, intermediate)));
        if (kind % kinds === ofResponse) ocspResponses.push(OcspResponse.fromDer(signedResponse(content)));
        if (kind % kinds === ofTimestamps) delivered.push(content);
      } catch (error) {
        // What can't be read is not looked at; the rest is.
        if (!isX509Error(error)) throw error;
      }
    }
    for (const leaf of leaves) {
      const result = verifyCertificateSync({
        provider,
        leaf,
        intermediates,
        anchors: pki().anchors,
        at: new Date(now),
        purpose: "serverAuth",
        hostname: host,
        revocation: checkRevocation({ mode: "when_available", certificates: "chain", crls, ocspResponses }),
        transparency: transparency(delivered),
      });
      askEverything(result);
      promise(!result.ok || certificateNames(leaf, host), "a leaf that verifies names the host");
    }
  },
};

/** Timestamps of the log that has a key. */
function timestampsOf({ subjectPublicKeyInfo }: DeclaredPrivateKey): Item {
  const logId = hashOf(provider, "SHA-256").digest(subjectPublicKeyInfo.der);
  return { kind: ofTimestamps, content: timestampList(logId) };
}

/** Items that are looked at: each costs a signature. */
const maxItems = 16;

/** CRLs with right signatures. */
export const signedCrlTarget: Target = {
  ...derTarget,
  name: "signed-crl",
  what: "a TBSCertList, signed here by the leaf's issuer, and what a verification makes of it",
  seeds: () => crlTarget.seeds().map((each) => CertificateRevocationList.fromDer(each).tbs),
  run(input) {
    const crl = CertificateRevocationList.fromDer(signed(input, pki().intermediate));
    const good = isGood({ crls: [crl] });
    const { leaf } = issuerAndLeaf();
    promise(!good || crl.find(leaf) === undefined, "a certificate that a CRL lists isn't good by it");
  },
};

/** OCSP responses with right signatures. */
export const signedOcspTarget: Target = {
  ...derTarget,
  name: "signed-ocsp",
  what: "a ResponseData, signed here by the leaf's issuer, and what a verification makes of it",
  seeds: () => ocspResponseTarget.seeds().flatMap((each) => OcspResponse.fromDer(each).basic?.tbs ?? []),
  run(input) {
    const response = OcspResponse.fromDer(signedResponse(input));
    askEverything(response);
    isGood({ ocspResponses: [response] });
    isGood(stapledWith(response.der));
  },
};

/** An OCSP response with a ResponseData, signed. */
function signedResponse(responseData: Uint8Array): Uint8Array {
  const basic = signed(responseData, pki().intermediate);
  const bytes = sequence(oid("1.3.6.1.5.5.7.48.1.1"), der(4, basic));
  return sequence(der(0x0a, Uint8Array.of(0)), der(0xa0, bytes));
}

/** Requests for certificates with right signatures. */
export const requestTarget: Target = {
  ...derTarget,
  name: "request",
  what: "a CertificationRequestInfo, signed here: read, verified, asked everything",
  maxLength: 4096,
  seeds() {
    const { key } = pki().certificate;
    const common = { provider, random: seededRandom(1), signer: key, publicKey: key };
    const requests = [
      createCertificateRequestSync({ ...common, subject: { commonName: "someone" }, dnsNames: [host] }),
      createCertificateRequestSync({ ...common, subject: { commonName: "someone" } }),
    ];
    // What is signed comes first.
    return requests.map(({ der: whole }) => firstElement(whole));
  },
  run(input) {
    const request = signed(input, pki().certificate);
    askEverything(verifyCertificateRequestSync({ provider, request }));
  },
};

/** The first element of a sequence. */
function firstElement(whole: Uint8Array): Uint8Array {
  const [outer] = derPieces(whole).parts;
  const [first] = outer?.parts ?? [];
  return first === undefined ? whole : write(first);
}
