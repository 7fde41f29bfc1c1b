import { writeFileSync } from "node:fs";
import {
  certificatesToPem,
  createCertificateSync,
  createOcspResponseSync,
  generatePrivateKeySync,
  type OcspAnswer,
  privateKeyToPem,
  TrustAnchors,
  tlsFeatureExtension,
} from "@tlskit/x509";
import type { Identity } from "./certificates.ts";
import { common } from "./ours.ts";
import { scratchPath } from "./scratch.ts";

/** An identity whose authority says of its certificate what is wanted. */
export interface Stapled {
  readonly identity: Identity;
  /** An OCSP response about the leaf: good and current unless told otherwise. */
  staple(answer?: Partial<OcspAnswer>): Uint8Array;
  /** The same as a file. */
  stapleFile(answer?: Partial<OcspAnswer>): string;
}

const hour = 3_600_000;
const hoursFromNow = (hours: number): Date => new Date(Date.now() + hours * hour);

/** @param promises whether the certificate promises that a response comes along (RFC 7633). */
export function stapled(promises: boolean = false): Stapled {
  const [rootKey, interKey, key] = [1, 2, 3].map(() => generatePrivateKeySync(common));
  if (rootKey === undefined || interKey === undefined || key === undefined) throw new RangeError("three keys");
  const validity = { from: hoursFromNow(-24) };
  const root = createCertificateSync({
    ...common,
    signer: rootKey,
    publicKey: rootKey,
    subject: { commonName: "Stapling Root" },
    ca: {},
    validity,
  });
  const issuer = createCertificateSync({
    ...common,
    signer: rootKey,
    issuer: root,
    publicKey: interKey,
    subject: { commonName: "Stapling Intermediate" },
    ca: {},
    validity,
  });
  const leaf = createCertificateSync({
    ...common,
    signer: interKey,
    issuer,
    publicKey: key,
    dnsNames: ["localhost"],
    validity,
    extensions: promises ? [tlsFeatureExtension([5])] : [],
  });
  const staple = (answer: Partial<OcspAnswer> = {}): Uint8Array => {
    const asked = {
      certStatus: { status: "good" },
      thisUpdate: hoursFromNow(-1),
      nextUpdate: hoursFromNow(24),
    } as const;
    const { thisUpdate: producedAt } = { ...asked, ...answer };
    const answers = [{ about: { certificate: leaf, issuer }, ...asked, ...answer }];
    return createOcspResponseSync({ ...common, signer: interKey, responder: issuer, producedAt, answers }).der;
  };
  return {
    identity: {
      chain: [leaf, issuer],
      key,
      anchors: TrustAnchors.of([root]),
      chainPem: certificatesToPem(leaf, issuer),
      keyPem: privateKeyToPem(key),
      rootPem: certificatesToPem(root),
    },
    staple,
    stapleFile: (answer) => {
      const path = scratchPath("staple.der");
      writeFileSync(path, staple(answer));
      return path;
    },
  };
}

/** What an answer is like that says that a certificate was revoked. */
export const revoked: Partial<OcspAnswer> = {
  certStatus: { status: "revoked", revocationTime: hoursFromNow(-2), reason: "keyCompromise" },
};

/** What one is like that is out of date. */
export const stale: Partial<OcspAnswer> = { thisUpdate: hoursFromNow(-3), nextUpdate: hoursFromNow(-1) };
