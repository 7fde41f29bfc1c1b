import { modulusBits, modulusBitsIn, type SubjectPublicKeyInfo } from "@tlskit/x509";
import type { CertificateSummary } from "../facts.ts";

/** What kind of key it is, and how large. */
export type KeySummary = Pick<CertificateSummary, "keyType" | "keyBits" | "curve">;

/** Curves of keys, by their object identifiers: RFC 5480 §2.1.1.1, RFC 5639 §4.1, SEC 2, RFC 8998. */
const curves: ReadonlyMap<string, { readonly name: string; readonly bits: number }> = new Map([
  ["1.2.840.10045.3.1.7", { name: "P-256", bits: 256 }],
  ["1.3.132.0.34", { name: "P-384", bits: 384 }],
  ["1.3.132.0.35", { name: "P-521", bits: 521 }],
  ["1.2.840.10045.3.1.1", { name: "P-192", bits: 192 }],
  ["1.3.132.0.33", { name: "P-224", bits: 224 }],
  ["1.3.132.0.10", { name: "secp256k1", bits: 256 }],
  ["1.3.132.0.8", { name: "secp160r1", bits: 160 }],
  ["1.3.132.0.1", { name: "sect163k1", bits: 163 }],
  ["1.3.132.0.15", { name: "sect163r2", bits: 163 }],
  ["1.3.132.0.26", { name: "sect233k1", bits: 233 }],
  ["1.3.132.0.27", { name: "sect233r1", bits: 233 }],
  ["1.3.132.0.16", { name: "sect283k1", bits: 283 }],
  ["1.3.132.0.17", { name: "sect283r1", bits: 283 }],
  ["1.3.132.0.36", { name: "sect409k1", bits: 409 }],
  ["1.3.132.0.37", { name: "sect409r1", bits: 409 }],
  ["1.3.132.0.38", { name: "sect571k1", bits: 571 }],
  ["1.3.132.0.39", { name: "sect571r1", bits: 571 }],
  ["1.3.36.3.3.2.8.1.1.7", { name: "brainpoolP256r1", bits: 256 }],
  ["1.3.36.3.3.2.8.1.1.11", { name: "brainpoolP384r1", bits: 384 }],
  ["1.3.36.3.3.2.8.1.1.13", { name: "brainpoolP512r1", bits: 512 }],
  ["1.2.156.10197.1.301", { name: "curveSM2", bits: 256 }],
]);

/** RFC 9881 §4. */
const mlDsa: ReadonlyMap<string, string> = new Map([
  ["2.16.840.1.101.3.4.3.17", "ML-DSA-44"],
  ["2.16.840.1.101.3.4.3.18", "ML-DSA-65"],
  ["2.16.840.1.101.3.4.3.19", "ML-DSA-87"],
]);

/** RFC 8410 §9: bits of what security rests on, the field's. */
const edwards = { Ed25519: 255, Ed448: 448 } as const;

const idEcPublicKey = "1.2.840.10045.2.1";
const idDsa = "1.2.840.10040.4.1";
const idRsassaPss = "1.2.840.113549.1.1.10";

/** What kind of key a certificate has, whether it can be used here or not. */
export function keySummary(key: SubjectPublicKeyInfo): KeySummary {
  const { publicKey, algorithm, algorithmOid } = key;
  if (publicKey?.type === "RSA") {
    return {
      keyType: algorithm === "id-RSASSA-PSS" ? "RSA-PSS" : "RSA",
      keyBits: modulusBits(publicKey.modulus),
    };
  }
  if (publicKey?.type === "Ed25519" || publicKey?.type === "Ed448") {
    return { keyType: publicKey.type, keyBits: edwards[publicKey.type] };
  }
  if (algorithmOid === idEcPublicKey) return curveSummary(key);
  if (algorithmOid === idDsa)
    return { keyType: "DSA", keyBits: (key.parameters && modulusBitsIn(key.parameters)) ?? 0 };
  // one with parameters that nobody uses
  if (algorithmOid === idRsassaPss) return { keyType: "RSA-PSS", keyBits: modulusBitsIn(key.subjectPublicKey) ?? 0 };
  const curve = mlDsa.get(algorithmOid);
  return { keyType: curve === undefined ? "other" : "ML-DSA", keyBits: key.subjectPublicKey.length * 8, curve };
}

function curveSummary({ namedCurve, subjectPublicKey }: SubjectPublicKeyInfo): KeySummary {
  const curve = namedCurve === undefined ? undefined : curves.get(namedCurve);
  if (curve !== undefined) return { keyType: "EC", keyBits: curve.bits, curve: curve.name };
  // SEC 1 §2.3.3: a point is one coordinate behind an octet, or two
  const coordinates = subjectPublicKey[0] === 4 ? 2 : 1;
  return { keyType: "EC", keyBits: (Math.max(0, subjectPublicKey.length - 1) / coordinates) * 8, curve: namedCurve };
}
