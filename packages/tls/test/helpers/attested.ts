import { runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { ocspResponse, revokedSince, seededRandom, ThrowawayLog, throwawayPki } from "@tlskit/testing";
import type { Certificate, CertificateWithKey } from "@tlskit/tls";
import {
  CertificateTransparencyLogs,
  checkTransparency,
  createCertificateSync,
  type OcspAnswer,
  tlsFeatureExtension,
} from "@tlskit/x509";
import { host, now } from "./world.ts";

export const pki = throwawayPki(nodeProvider, seededRandom(31), host, now);
const { certificate, intermediate } = pki;
const [plainLeaf] = certificate.chain;
if (plainLeaf === undefined) throw new RangeError("a leaf");

/** A leaf like others, and one that promises a staple (RFC 7633). */
export const plain: Certificate = plainLeaf;
export const promising: Certificate = createCertificateSync({
  provider: nodeProvider,
  random: seededRandom(32),
  signer: intermediate.key,
  issuer: intermediate.certificate,
  publicKey: certificate.key,
  dnsNames: [host],
  validity: { from: new Date(now - 86_400_000), days: 20 },
  extensions: [tlsFeatureExtension([5])],
});

export const withKey = (leaf: Certificate, more: Partial<CertificateWithKey> = {}): CertificateWithKey => ({
  chain: [leaf, intermediate.certificate],
  key: certificate.key,
  ...more,
});

/** A response about a leaf, good unless told otherwise. */
export const staple = (leaf: Certificate = plain, answer: Partial<OcspAnswer> = {}): Uint8Array =>
  runSync(ocspResponse(pki, leaf, answer));

/** A response by the root about the intermediate. */
export const stapleOfIntermediate = (answer: Partial<OcspAnswer> = {}): Uint8Array =>
  runSync(
    ocspResponse(
      { ...pki, provider: nodeProvider, random: pki.random, now, intermediate: pki.root },
      intermediate.certificate,
      answer,
    ),
  );

export const revoked: Partial<OcspAnswer> = revokedSince(new Date(now - 7_200_000));
export const hours = (count: number): Date => new Date(now + count * 3_600_000);

const settings = {
  provider: nodeProvider,
  random: seededRandom(33),
  hosts: [host],
  now,
  purpose: "serverAuth" as const,
};
export const logs: readonly ThrowawayLog[] = ["First", "Second"].map((operator) =>
  runSync(ThrowawayLog.make(settings, operator)),
);
export const transparency = checkTransparency({
  logs: CertificateTransparencyLogs.of(nodeProvider, logs),
  policy: { logs: 2, operators: 2, logsInService: 1 },
});
export const timestampsOf = (leaf: Certificate) => logs.map((log) => runSync(log.promise(leaf)));
