import type { CurveName, EcPrivateKey } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import { coordinateLengths, curveOfParameters, describeCurve, encodeCurve, isCurve } from "../algorithm-identifier.ts";
import type { DerReader } from "../der-reader.ts";
import { contextConstructed } from "../der-tag.ts";
import { derBitString, derExplicit, derOctetString, derSequence, derSmallInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { checkPoint, checkScalar } from "./curve-checks.ts";
import { completeKey, type PrivateKeyOptions } from "./private-key-options.ts";

const what = "the elliptic curve private key";

/**
 * SEC 1 (RFC 5915 §3).
 * ```
 * ECPrivateKey ::= SEQUENCE { version INTEGER (1), privateKey OCTET STRING, parameters [0] OPTIONAL,
 *   publicKey [1] BIT STRING OPTIONAL }
 * ```
 * @param outer what stands around it in PKCS#8, which may say the curve and the public key too
 */
export function readEcPrivateKey(
  reader: DerReader,
  outer: { readonly curve?: CurveName; readonly point?: Uint8Array | undefined },
  options: PrivateKeyOptions,
): EcPrivateKey {
  const parts = reader.sequence(what);
  if (parts.smallInteger(1, "the key's version") !== 1) {
    throw x509Error("invalid_private_key", "the elliptic curve key's version is not 1");
  }
  const octets = parts.octetString("the scalar");
  const named =
    parts.nextTag === contextConstructed(0) ? knownCurve(parts.content(contextConstructed(0), "the curve")) : undefined;
  const inner = parts.explicit(1, "the public key", (field) => field.bitStringOctets("the public key"));
  parts.finish(what);
  if (inner !== undefined && outer.point !== undefined && !equalBytes(inner, outer.point)) {
    throw x509Error("invalid_private_key", "the private key has two public keys");
  }
  const point = inner ?? outer.point;
  // RFC 5915 §3: the curve MUST be there. Where GnuTLS left it out, the public key's length tells it, and whether it is
  // a point of it shows.
  const curve = named ?? outer.curve ?? curveOfPoint(point) ?? curveOfKey(options);
  if (curve === undefined) {
    throw x509Error(
      "invalid_private_key",
      "the private key names no curve, and no public key tells it: give the certificate's along with it",
    );
  }
  if (outer.curve !== undefined && curve !== outer.curve) {
    throw x509Error("invalid_private_key", "the private key names two curves");
  }
  const scalar = fieldElement(curve, octets);
  checkScalar(curve, scalar);
  if (point !== undefined) checkPoint(curve, point);
  const known = point ?? givenPoint(curve, options);
  const given = known === undefined ? undefined : { type: curve, scalar, point: known };
  return completeKey<EcPrivateKey>(curve, scalar, given, options);
}

/** With the curve, as it has to be where no algorithm stands in front; or without. */
export function encodeEcPrivateKey(key: EcPrivateKey, form: "with the curve" | "without the curve"): Uint8Array {
  return derSequence(
    derSmallInteger(1),
    derOctetString(key.scalar),
    ...(form === "with the curve" ? [derExplicit(0, encodeCurve(key.type))] : []),
    derExplicit(1, derBitString(key.point)),
  );
}

function knownCurve(parameters: Uint8Array): CurveName {
  const curve = curveOfParameters(parameters);
  if (curve !== undefined) return curve;
  throw x509Error(
    "unsupported_algorithm",
    `the private key is on ${describeCurve(parameters)}, which is not supported`,
  );
}

/**
 * RFC 5915 §3 has as many octets as the curve's order. OpenSSL before 1.1.0 left leading zeros out, and others put one in
 * front, as if it were an INTEGER: the number is the same.
 */
function fieldElement(curve: CurveName, octets: Uint8Array): Uint8Array {
  const length = coordinateLengths[curve];
  const start = octets.findIndex((octet) => octet !== 0);
  const significant = start === -1 ? octets.subarray(0, 0) : octets.subarray(start);
  if (significant.length > length) return octets;
  const element = new Uint8Array(length);
  element.set(significant, length - significant.length);
  return element;
}

function curveOfPoint(point: Uint8Array | undefined): CurveName | undefined {
  return curveNames.find((curve) => point?.length === 1 + 2 * coordinateLengths[curve]);
}

function curveOfKey({ publicKey }: PrivateKeyOptions): CurveName | undefined {
  const type = publicKey?.publicKey?.type;
  return type !== undefined && isCurve(type) ? type : undefined;
}

const curveNames: readonly CurveName[] = ["P-256", "P-384", "P-521"];

function givenPoint(curve: CurveName, { publicKey }: PrivateKeyOptions): Uint8Array | undefined {
  const key = publicKey?.publicKey;
  return key?.type === curve && "point" in key ? key.point : undefined;
}
