import type { CurveName } from "@tlskit/crypto";
import { toHex } from "@tlskit/wire";
import { coordinateLengths } from "../algorithm-identifier.ts";
import { x509Error } from "../error.ts";

/** A curve y² = x³ - 3x + b over the integers modulo p, with n points (SP 800-186 §3.2.1). */
interface Curve {
  readonly p: bigint;
  readonly b: bigint;
  readonly n: bigint;
}

const curves: Readonly<Record<CurveName, Curve>> = {
  "P-256": {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  "P-384": {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  "P-521": {
    p: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    n: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
};

/**
 * SEC 1 §3.2.2.1: an uncompressed point whose coordinates are reduced and satisfy the equation. Whoever computed with
 * another would give away the private key, piece by piece. These curves have no subgroups to check for.
 * @throws {X509Error} `invalid_public_key`
 */
export function checkPoint(curve: CurveName, point: Uint8Array): void {
  const length = coordinateLengths[curve];
  const { p, b } = curves[curve];
  const x = toInteger(point.subarray(1, 1 + length));
  const y = toInteger(point.subarray(1 + length));
  const isOnCurve =
    point[0] === 4 &&
    point.length === 1 + 2 * length &&
    x < p &&
    y < p &&
    (y * y - (x * x * x - 3n * x + b)) % p === 0n;
  if (!isOnCurve) throw x509Error("invalid_public_key", `the public key is not a point of ${curve}`);
}

/**
 * SEC 1 §3.2.1: a scalar from 1 to n - 1, in as many bytes as the field has.
 * @throws {X509Error} `invalid_private_key`
 */
export function checkScalar(curve: CurveName, scalar: Uint8Array): void {
  const length = coordinateLengths[curve];
  if (scalar.length !== length) {
    throw x509Error("invalid_private_key", `a scalar of ${curve} has ${length} bytes, got ${scalar.length}`);
  }
  const value = toInteger(scalar);
  if (value === 0n || value >= curves[curve].n) {
    throw x509Error("invalid_private_key", `the private key is not a scalar of ${curve}`);
  }
}

/** An unsigned big-endian integer. */
export function toInteger(octets: Uint8Array): bigint {
  return BigInt(`0x0${toHex(octets)}`);
}
