import { runSync, type Signer, type Steps, signerFor, wait } from "@tlskit/crypto";
import { type Issuer, seededRandom } from "@tlskit/testing";
import { concat } from "@tlskit/wire";
import {
  Certificate,
  CertificateRevocationList,
  certificateNames,
  createCertificateRequestSync,
  notChecked,
  OcspResponse,
  verifyCertificateRequestSync,
  verifyCertificateSync,
} from "@tlskit/x509";
import { askEverything } from "../ask.ts";
import { der, oid, sequence } from "../der.ts";
import { itemsPieces, readItems, writeItems } from "../items.ts";
import { derPieces, write } from "../structure.ts";
import { promise, type Target } from "../target.ts";
import { host, now, pki, provider } from "../world.ts";
import { derTarget } from "./certificates.ts";
import { crlTarget, isGood, issuerAndLeaf, ocspResponseTarget } from "./revocation.ts";
import { sampleCertificates } from "./sample-certificates.ts";

/** What is signed is fuzzed here, and signed with the right key: what is behind a signature's check is reached too. */
const ed25519 = sequence(oid("1.3.101.112"));

function* signature(signer: Signer, tbs: Uint8Array): Steps<Uint8Array> {
  return yield* wait(signer.sign("Ed25519", tbs));
}

function signed(tbs: Uint8Array, { key }: Pick<Issuer, "key">, ...further: readonly Uint8Array[]): Uint8Array {
  const bits = runSync(signature(signerFor(provider, key.privateKey, seededRandom(1)), tbs));
  return sequence(tbs, ed25519, der(3, concat(Uint8Array.of(0), bits)), ...further);
}

/** Certificates with right signatures. */
export const signedPathTarget: Target = {
  ...derTarget,
  name: "signed-path",
  what: "items: TBSCertificates, signed here; of even kind leaves, of odd kind intermediates for our key",
  parse: (input) => itemsPieces(input, ({ content }) => derPieces(content)),
  budget: (length) => ({ steps: 2_000_000 + 100 * length, bytes: 1_000_000 + 100 * length }),
  seeds() {
    const { issuer, leaf } = issuerAndLeaf();
    const samples = sampleCertificates().map((each) => Certificate.fromDer(each).tbs);
    const own = { kind: 1, content: issuer.tbs };
    return [
      writeItems(own, { kind: 0, content: leaf.tbs }),
      ...samples.map((content) => writeItems(own, { kind: 0, content })),
    ];
  },
  run(input) {
    const leaves: Certificate[] = [];
    const intermediates: Certificate[] = [];
    for (const { kind, content } of readItems(input).slice(0, 8)) {
      const isLeaf = kind % 2 === 0;
      const issuer = isLeaf ? pki().intermediate : pki().root;
      (isLeaf ? leaves : intermediates).push(Certificate.fromDer(signed(content, issuer)));
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
        revocation: notChecked,
      });
      askEverything(result);
      promise(!result.ok || certificateNames(leaf, host), "a leaf that verifies names the host");
    }
  },
};

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
    const basic = signed(input, pki().intermediate);
    const bytes = sequence(oid("1.3.6.1.5.5.7.48.1.1"), der(4, basic));
    const response = OcspResponse.fromDer(sequence(der(0x0a, Uint8Array.of(0)), der(0xa0, bytes)));
    askEverything(response);
    isGood({ ocspResponses: [response] });
    isGood({ stapled: response.der });
  },
};

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
