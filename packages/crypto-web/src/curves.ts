import type { CurveName } from "@tlskit/crypto";
import { power, toBytes, toInteger } from "@tlskit/crypto/integers";

/** NIST SP 800-186 §3.2.1: y² = x³ - 3x + b modulo p. */
interface Curve {
  readonly p: bigint;
  readonly b: bigint;
  /** Bytes of a coordinate. */
  readonly length: number;
}

const curves: Readonly<Record<CurveName, Curve>> = {
  "P-256": {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    length: 32,
  },
  "P-384": {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    length: 48,
  },
  "P-521": {
    p: 2n ** 521n - 1n,
    b: 0x051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    length: 66,
  },
};

/** Bytes of a curve's coordinate, and of its order. */
export function coordinateLength(name: CurveName): number {
  return curves[name].length;
}

/** Whether this is a point of the curve, uncompressed (SEC 1 §2.3.4, §3.2.2.1): public, so that time may tell. */
export function isPoint(name: CurveName, point: Uint8Array): boolean {
  const { p, b, length } = curves[name];
  if (point.length !== 1 + 2 * length || point[0] !== 4) return false;
  const x = toInteger(point.subarray(1, 1 + length));
  const y = toInteger(point.subarray(1 + length));
  return x < p && y < p && (y * y - x * x * x + 3n * x - b) % p === 0n;
}

/** A point of the curve, for whoever wants to know whether a runtime takes one: that with the smallest x. */
export function somePoint(name: CurveName): Uint8Array<ArrayBuffer> {
  const { p, b, length } = curves[name];
  for (let x = 0n; ; x += 1n) {
    const square = (((x * x * x - 3n * x + b) % p) + p) % p;
    // All three primes are 3 modulo 4, so that this is a root if there is any.
    const y = power(square, (p + 1n) / 4n, p);
    const point = Uint8Array.of(4, ...toBytes(x, length), ...toBytes(y, length));
    if (isPoint(name, point)) return point;
  }
}
