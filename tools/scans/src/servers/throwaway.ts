import { generateKeyPairSync, type KeyObject, randomFillSync } from "node:crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import type { Identity } from "@tlskit/interop/certificates";
import {
  type Certificate,
  type CertificateContents,
  certificatesToPem,
  createCertificateSync,
  createOcspResponseSync,
  crlDistributionPointsExtension,
  type DeclaredPrivateKey,
  type Extension,
  generatePrivateKeySync,
  type KeyGeneration,
  type OcspAnswer,
  privateKeyToPem,
  SubjectPublicKeyInfo,
  TrustAnchors,
} from "@tlskit/x509";

export const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const common = { provider, random };

const day = 86_400_000;

/** A moment so many days from now. */
export function inDays(days: number): Date {
  return new Date(Date.now() + days * day);
}

/** The name that all servers here are for. */
export const host = "localhost";

/** Where a certificate says that one may ask about it: nobody listens there, and no scan asks. */
const whereToAsk: readonly Extension[] = [crlDistributionPointsExtension(["http://crl.example/throwaway.crl"])];

/** What may differ from a certificate that nobody has anything against. */
export type LeafChanges = Partial<Omit<CertificateContents, "provider" | "random" | "signer" | "issuer">>;

/** A root, an authority below it, and whatever they certify. */
export class ThrowawayAuthority {
  readonly root: Certificate;
  readonly intermediate: Certificate;
  /** What it had before: the same name and key, expired. */
  readonly formerIntermediate: Certificate;
  readonly anchors: TrustAnchors;
  readonly #intermediateKey = generatePrivateKeySync(common);

  constructor(name: string) {
    const rootKey = generatePrivateKeySync(common);
    const certified = { ...common, signer: rootKey, ca: {}, extensions: whereToAsk };
    this.root = createCertificateSync({
      ...certified,
      publicKey: rootKey,
      subject: { commonName: `${name} Root` },
      validity: { notBefore: inDays(-400), notAfter: inDays(4000) },
    });
    const certifyIntermediate = (from: number, to: number): Certificate =>
      createCertificateSync({
        ...certified,
        issuer: this.root,
        publicKey: this.#intermediateKey,
        subject: { commonName: `${name} Intermediate` },
        validity: { notBefore: inDays(from), notAfter: inDays(to) },
      });
    this.intermediate = certifyIntermediate(-300, 2000);
    this.formerIntermediate = certifyIntermediate(-390, -10);
    this.anchors = TrustAnchors.of([this.root]);
  }

  /** A certificate for {@link host}, good from yesterday for three months, unless told otherwise. */
  certify(publicKey: CertificateContents["publicKey"], changes: LeafChanges = {}): Certificate {
    return createCertificateSync({
      ...common,
      signer: this.#intermediateKey,
      issuer: this.intermediate,
      publicKey,
      dnsNames: [host],
      validity: { notBefore: inDays(-1), notAfter: inDays(80) },
      ...changes,
      extensions: [...(changes.extensions ?? []), ...whereToAsk],
    });
  }

  /** One with a new key, as servers take it. */
  identity(key: KeyType = "P-256", changes: LeafChanges = {}): Identity {
    const privateKey = newKey(key);
    const chain = [this.certify(privateKey, changes), this.intermediate];
    return {
      chain,
      key: privateKey,
      anchors: this.anchors,
      chainPem: certificatesToPem(...chain),
      keyPem: privateKeyToPem(privateKey),
      rootPem: certificatesToPem(this.root),
    };
  }

  /** What it answers about one of its certificates: that it is good, now, unless told otherwise. */
  ocspResponse(certificate: Certificate, answer: Partial<OcspAnswer> = {}): Uint8Array {
    const asked = { certStatus: { status: "good" }, thisUpdate: inDays(-0.1), nextUpdate: inDays(3) } as const;
    const { thisUpdate: producedAt } = { ...asked, ...answer };
    return createOcspResponseSync({
      ...common,
      signer: this.#intermediateKey,
      responder: this.intermediate,
      producedAt,
      answers: [{ about: { certificate, issuer: this.intermediate }, ...asked, ...answer }],
    }).der;
  }
}

export type KeyType = NonNullable<KeyGeneration["type"]>;

export function newKey(type: KeyType = "P-256"): DeclaredPrivateKey {
  return generatePrivateKeySync({ ...common, type });
}

/** A kind that nobody makes keys of any more. */
export type OutdatedKey = "RSA 768" | "RSA 1024" | "DSA" | "P-192";

const outdatedKeys: Readonly<Record<OutdatedKey, () => KeyObject>> = {
  "RSA 768": () => generateKeyPairSync("rsa", { modulusLength: 768 }).publicKey,
  "RSA 1024": () => generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey,
  DSA: () => generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 }).publicKey,
  "P-192": () => generateKeyPairSync("ec", { namedCurve: "prime192v1" }).publicKey,
};

/** A public key of such a kind. Nobody has the private one. */
export function outdatedKey(kind: OutdatedKey): SubjectPublicKeyInfo {
  return SubjectPublicKeyInfo.fromDer(outdatedKeys[kind]().export({ type: "spki", format: "der" }));
}

/** A certificate that is its own issuer. */
export function selfSigned(): Certificate {
  const key = newKey();
  return createCertificateSync({
    ...common,
    signer: key,
    publicKey: key,
    subject: { commonName: host },
    dnsNames: [host],
    validity: { notBefore: inDays(-1), notAfter: inDays(80) },
  });
}
