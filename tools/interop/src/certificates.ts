import { createPrivateKey, randomFillSync } from "node:crypto";
import {
  type PrivateKey,
  runSync,
  type SignatureAlgorithm,
  type SignatureKeyType,
  signatureKeysOf,
  signerFor,
  wait,
} from "@tlskit/crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  type Certificate,
  type CertifiedPurpose,
  certificatesToPem,
  createCertificateSync,
  DeclaredPrivateKey,
  keyUsageExtension,
  privateKeyToPem,
  TrustAnchors,
} from "@tlskit/x509";

/** Keys of leaves; an `RSA-PSS` one is marked for PSS alone (`id-RSASSA-PSS`). */
export type LeafKey = "P-256" | "P-384" | "P-521" | "Ed25519" | "Ed448" | "RSA" | "RSA-PSS";

/** How a leaf is certified: right under a root with a key of some kind, or by an intermediate CA. */
export type ChainShape = "under P-256" | "through an intermediate" | "signed by PKCS#1 v1.5" | "under Ed25519";

export const chainShapes: readonly ChainShape[] = [
  "under P-256",
  "through an intermediate",
  "signed by PKCS#1 v1.5",
  "under Ed25519",
];

/** A server's certificate, or a client's, in every form that ours and others take. */
export interface Identity {
  /** The leaf, then the intermediate CA if there is one. */
  readonly chain: readonly Certificate[];
  readonly key: DeclaredPrivateKey;
  /** The root. */
  readonly anchors: TrustAnchors;
  readonly chainPem: string;
  readonly keyPem: string;
  readonly rootPem: string;
}

/** What may differ from a certificate for localhost that is in date. */
export interface LeafOptions {
  readonly dnsNames?: readonly string[];
  readonly expired?: boolean;
  /** Whom it is for; after its key unless told. */
  readonly commonName?: string;
  /** What it is for: a server unless told. */
  readonly purposes?: readonly CertifiedPurpose[];
}

/** A leaf that was made for the same arguments before is used again. */
export function identity(leafKey: LeafKey, shape: ChainShape = "under P-256", options: LeafOptions = {}): Identity {
  return once(`identity ${leafKey} ${shape} ${JSON.stringify(options)}`, () => makeIdentity(leafKey, shape, options));
}

/** A client's certificate, for whoever is named. */
export function clientIdentity(
  commonName: string,
  leafKey: LeafKey = "P-256",
  shape: ChainShape = "under Ed25519",
  options: LeafOptions = {},
): Identity {
  return identity(leafKey, shape, { dnsNames: [], commonName, purposes: ["clientAuth"], ...options });
}

function makeIdentity(
  leafKey: LeafKey,
  shape: ChainShape,
  { dnsNames = ["localhost"], expired = false, commonName = `${leafKey} leaf`, purposes }: LeafOptions,
): Identity {
  const root = rootOf(shape);
  const intermediate = shape === "through an intermediate" ? intermediateOf(root) : undefined;
  const key = keyOf(leafKey);
  const leaf = certify(intermediate ?? root, {
    publicKey: key.subjectPublicKeyInfo,
    subject: { commonName },
    dnsNames,
    validity: expired ? daysFromNow(-20, -10) : daysFromNow(-1, 30),
    ...(purposes === undefined ? {} : { purposes }),
    // RFC 5246 §7.4.2#rsa-encryption
    extensions: leafKey === "RSA" ? [keyUsageExtension(["digitalSignature", "keyEncipherment"])] : [],
  });
  const chain = [leaf, ...(intermediate === undefined ? [] : [intermediate.certificate])];
  return {
    chain,
    key,
    anchors: TrustAnchors.of([root.certificate]),
    chainPem: certificatesToPem(...chain),
    keyPem: readableByAll(privateKeyToPem(key)),
    rootPem: certificatesToPem(root.certificate),
  };
}

/**
 * A private key in the older form of PKCS#8. GnuTLS 3.7 can't read RFC 5958's, which has the public key too, and which
 * ours writes for Ed25519.
 */
function readableByAll(pem: string): string {
  return createPrivateKey(pem).export({ type: "pkcs8", format: "pem" }).toString();
}

/** A CA that certifies. */
interface Authority {
  readonly certificate: Certificate;
  readonly privateKey: PrivateKey;
  readonly signatureAlgorithm?: SignatureAlgorithm;
}

function rootOf(shape: ChainShape): Authority {
  switch (shape) {
    case "under P-256":
    case "through an intermediate":
      return root("P-256", "ECDSA/P-256/SHA-256");
    case "signed by PKCS#1 v1.5":
      return root("RSA", "RSA-PKCS1/SHA-256");
    case "under Ed25519":
      return root("Ed25519", "Ed25519");
  }
}

function root(type: "P-256" | "RSA" | "Ed25519", signatureAlgorithm: SignatureAlgorithm): Authority {
  return once(`root ${type}`, () => {
    const privateKey = generate(type);
    const certificate = createCertificateSync({
      provider,
      random,
      publicKey: privateKey,
      signer: signerFor(provider, privateKey, random),
      signatureAlgorithm,
      subject: { commonName: `Interop root ${type}` },
      validity: daysFromNow(-100, 100),
      ca: {},
    });
    return { certificate, privateKey, signatureAlgorithm };
  });
}

function intermediateOf(issuer: Authority): Authority {
  return once("intermediate", () => {
    const privateKey = generate("P-384");
    const certificate = certify(issuer, {
      publicKey: privateKey,
      subject: { commonName: "Interop intermediate P-384" },
      validity: daysFromNow(-50, 50),
      ca: { pathLength: 0 },
    });
    return { certificate, privateKey, signatureAlgorithm: "ECDSA/P-384/SHA-384" };
  });
}

type Contents = Parameters<typeof createCertificateSync>[0];

function certify(
  { certificate: issuer, privateKey, signatureAlgorithm }: Authority,
  contents: Omit<Contents, "provider" | "random" | "signer" | "issuer" | "signatureAlgorithm">,
): Certificate {
  const signer = signerFor(provider, privateKey, random);
  return createCertificateSync({
    provider,
    random,
    signer,
    issuer,
    ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }),
    ...contents,
  });
}

function keyOf(leafKey: LeafKey): DeclaredPrivateKey {
  return once(`key ${leafKey}`, () => {
    switch (leafKey) {
      case "RSA":
        return new DeclaredPrivateKey({ algorithm: "rsaEncryption", privateKey: generate("RSA") });
      case "RSA-PSS":
        return new DeclaredPrivateKey({ algorithm: "id-RSASSA-PSS", privateKey: generate("RSA") });
      case "Ed25519":
      case "Ed448":
        return new DeclaredPrivateKey({ algorithm: `id-${leafKey}`, privateKey: generate(leafKey) });
      default:
        return new DeclaredPrivateKey({ algorithm: "id-ecPublicKey", privateKey: generate(leafKey) });
    }
  });
}

function generate(type: SignatureKeyType): PrivateKey {
  return runSync(wait(signatureKeysOf(provider, type).generate(random)));
}

function random(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length));
}

function daysFromNow(from: number, to: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const day = 86_400_000;
  return { notBefore: new Date(Date.now() + from * day), notAfter: new Date(Date.now() + to * day) };
}

const made = new Map<string, unknown>();

/** The value that was made for a name, once in a process: keys take their time. */
function once<T>(name: string, make: () => T): T {
  if (!made.has(name)) made.set(name, make());
  // Each name is used in one place, with one type.
  return made.get(name) as T;
}
