import {
  type CryptoProvider,
  type PrivateKey,
  type Random,
  runSync,
  type SignatureKeyType,
  type Signer,
  type Steps,
  signatureKeysOf,
  signerFor,
  wait,
} from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { encodeSignatureAlgorithm } from "../src/algorithm-identifier.ts";
import { derBitString, derExplicit, derSequence, derSmallInteger, derUnsignedInteger } from "../src/der-writer.ts";
import { encodeBasicConstraints } from "../src/extensions/basic-constraints.ts";
import { encodeExtendedKeyUsage } from "../src/extensions/extended-key-usage.ts";
import { type Extension, encodeExtensions } from "../src/extensions/extension.ts";
import { encodeKeyUsage, type KeyUsage } from "../src/extensions/key-usage.ts";
import { encodeGeneralNames } from "../src/general-name.ts";
import {
  Certificate,
  type CrlContents,
  nameOfParts,
  notChecked,
  Oid,
  subjectPublicKeyInfoOf,
  TrustAnchors,
  type VerificationInputs,
  type VerificationResult,
  verifyCertificateAsync,
  verifyCertificateSync,
} from "../src/index.ts";
import { writeTime } from "../src/time.ts";

/** The instant at which all tests take place. */
export const now: Date = new Date("2026-03-01T12:00:00Z");

/** The same bytes at every run: keys and serial numbers of tests, nothing else. */
export function countingRandom(): Random {
  let counter = 1;
  const next = (): number => {
    counter = (Math.imul(counter, 1103515245) + 12345) & 0x7fffffff;
    return counter >>> 16;
  };
  return (length) => Uint8Array.from({ length }, next);
}

export const random: Random = countingRandom();
export const provider = nodeProvider;

/** A key with a name that issues certificates, well-formed but as wrong as a test wants them. */
export interface Party {
  readonly name: string;
  readonly key: PrivateKey;
}

function* makeKey(type: SignatureKeyType): Steps<PrivateKey> {
  return yield* wait(signatureKeysOf(provider, type).generate(random));
}

export function generateKey(type: SignatureKeyType = "P-256"): PrivateKey {
  return runSync(makeKey(type));
}

export function party(name: string, type: SignatureKeyType = "P-256"): Party {
  return { name, key: generateKey(type) };
}

export interface Wishes {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly extensions?: readonly Extension[];
  readonly version?: 1 | 3;
  /** Bytes of the signature to spoil. */
  readonly spoilSignature?: boolean;
  readonly serialNumber?: Uint8Array;
}

export const basicConstraints = (ca: boolean, pathLength?: number): Extension => ({
  oid: Oid.basicConstraints,
  critical: true,
  value: encodeBasicConstraints({ ca, pathLength }),
});
export const keyUsage = (...usages: readonly KeyUsage[]): Extension => ({
  oid: Oid.keyUsage,
  critical: true,
  value: encodeKeyUsage(usages),
});
export const extendedKeyUsage = (...oids: readonly string[]): Extension => ({
  oid: Oid.extKeyUsage,
  critical: false,
  value: encodeExtendedKeyUsage(oids),
});
export const dnsNames = (...names: readonly string[]): Extension => ({
  oid: Oid.subjectAltName,
  critical: false,
  value: encodeGeneralNames(names.map((value) => ({ type: "dNSName", value }))),
});
export const caExtensions: readonly Extension[] = [basicConstraints(true), keyUsage("keyCertSign", "cRLSign")];
export const leafExtensions: readonly Extension[] = [
  basicConstraints(false),
  keyUsage("digitalSignature"),
  extendedKeyUsage(Oid.serverAuth),
  dnsNames("example.org"),
];

let serial = 1;

/** Writes a certificate by hand: the package itself makes none that is wrong. */
export function issue(subject: Party, issuer: Party, wishes: Wishes = {}): Certificate {
  const signer = signerFor(provider, issuer.key, random);
  const [algorithm] = signer.algorithms;
  if (algorithm === undefined) throw new RangeError("no algorithm");
  const identifier = encodeSignatureAlgorithm(algorithm);
  const version = wishes.version ?? 3;
  const tbs = derSequence(
    ...(version === 3 ? [derExplicit(0, derSmallInteger(2))] : []),
    derUnsignedInteger(wishes.serialNumber ?? Uint8Array.of(serial >> 8, serial++ & 0xff)),
    identifier,
    nameOfParts({ commonName: issuer.name }).der,
    derSequence(
      writeTime(wishes.notBefore ?? new Date("2026-01-01T00:00:00Z")),
      writeTime(wishes.notAfter ?? new Date("2026-12-31T23:59:59Z")),
    ),
    nameOfParts({ commonName: subject.name }).der,
    subjectPublicKeyInfoOf(subject.key).der,
    ...(version === 3 ? [derExplicit(3, encodeExtensions(wishes.extensions ?? leafExtensions))] : []),
  );
  const signature = new Uint8Array(
    runSync(
      (function* () {
        return yield* wait(signer.sign(algorithm, tbs));
      })(),
    ),
  );
  if (wishes.spoilSignature === true) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
  return Certificate.fromDer(derSequence(tbs, identifier, derBitString(signature)));
}

export const root: Party = party("Root");
export const intermediate: Party = party("Intermediate");
export const leaf: Party = party("Leaf");
export const rootCertificate: Certificate = issue(root, root, { extensions: caExtensions });
export const intermediateCertificate: Certificate = issue(intermediate, root, { extensions: caExtensions });
export const leafCertificate: Certificate = issue(leaf, intermediate);
export const anchors: TrustAnchors = TrustAnchors.of([rootCertificate]);

/** Everything right. */
const defaultInputs: VerificationInputs = {
  provider,
  leaf: leafCertificate,
  intermediates: [intermediateCertificate],
  anchors,
  at: now,
  purpose: "serverAuth",
  hostname: "example.org",
  revocation: notChecked,
};

/** Verifies, with everything right unless told otherwise. */
export function verify(inputs: Partial<VerificationInputs> = {}): VerificationResult {
  return verifyCertificateSync({ ...defaultInputs, ...inputs });
}

/** The same, by a provider that answers later. */
export async function verifyLater(inputs: Partial<VerificationInputs> = {}): Promise<VerificationResult> {
  return await verifyCertificateAsync({ ...defaultInputs, provider: lateProvider, ...inputs });
}

/** A provider whose signatures are checked later. */
const lateProvider: CryptoProvider = {
  ...provider,
  signatures: provider.signatures.map((keys) => ({
    ...keys,
    verifier: (publicKey) => {
      const { algorithms, verify: check } = keys.verifier(publicKey);
      return { algorithms, verify: async (...signed) => await Promise.resolve(runSync(wait(check(...signed)))) };
    },
  })),
};

/** Does as the provider of all tests, and counts the signatures that it verifies. */
export function countingProvider(): { readonly provider: CryptoProvider; readonly signatures: number } {
  let signatures = 0;
  const counting: CryptoProvider = {
    ...provider,
    signatures: provider.signatures.map((keys) => ({
      ...keys,
      verifier: (key) => {
        const verifier = keys.verifier(key);
        return {
          algorithms: verifier.algorithms,
          verify: (...signed) => {
            signatures += 1;
            return verifier.verify(...signed);
          },
        };
      },
    })),
  };
  return {
    provider: counting,
    get signatures() {
      return signatures;
    },
  };
}

/** What a verification found, in a word. */
export function verdict(inputs: Partial<VerificationInputs> = {}): string {
  const result = verify(inputs);
  return result.ok ? "ok" : result.reason.code;
}

/** Signs with a party's key. */
export function signerOf({ key }: Party): Signer {
  return signerFor(provider, key, random);
}

/** The same signer, with answers that come later. */
export function lateSigner(signer: Signer): Signer {
  return {
    algorithms: signer.algorithms,
    sign: async (algorithm, message) => await Promise.resolve(runSync(wait(signer.sign(algorithm, message)))),
  };
}

/** A CRL of the intermediate's that is current and lists nobody. */
export const crlContents: CrlContents = {
  provider,
  random,
  signer: signerOf(intermediate),
  issuer: intermediateCertificate,
  thisUpdate: new Date("2026-02-28T00:00:00Z"),
  nextUpdate: new Date("2026-03-07T00:00:00Z"),
  cRLNumber: 5,
  revoked: [],
};
