import type { Random } from "@tlskit/crypto";
import { x509Error } from "../error.ts";
import { maximumSerialNumberOctets } from "../limits.ts";

/**
 * RFC 5280 §4.1.2.2: positive, at most 20 octets. CA/Browser Forum BR §7.1: 64 bits of randomness or more; unless given
 * there are 158 here.
 */
export function serialNumber(given: Uint8Array | undefined, random: Random): Uint8Array {
  if (given === undefined) {
    const octets = new Uint8Array(random(maximumSerialNumberOctets));
    // positive, and of the full length whatever comes
    octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
    return octets;
  }
  const isPositive = given.some((octet) => octet !== 0);
  const needsSign = given.length === maximumSerialNumberOctets && (given[0] ?? 0) >= 0x80;
  if (!isPositive || needsSign || given.length > maximumSerialNumberOctets) {
    throw x509Error(
      "invalid_argument",
      `a serial number is positive and has at most ${maximumSerialNumberOctets} octets`,
    );
  }
  return given;
}
