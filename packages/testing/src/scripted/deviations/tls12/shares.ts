import { toBytes, toInteger } from "@tlskit/crypto/integers";
import { Alert, concat } from "@tlskit/wire";
import { type Refusal, refused } from "../../../refusal.ts";
import { incremented } from "../../spoil.ts";

const badShare = refused(Alert.illegalParameter, "invalid_key_share");
const emptyShare = refused(Alert.decodeError, "decode_error");

/** What P-256's prime is, which is no coordinate. */
const prime = toBytes(2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n, 32);

/** Points on P-256 that are none, or not in the one form that is left (RFC 8422 §5.4.1, §5.11). */
export const badPoints: readonly (readonly [word: string, expected: Refusal, of: (point: Uint8Array) => Uint8Array])[] =
  [
    ["of_no_bytes", emptyShare, () => new Uint8Array(0)],
    ["at_infinity", badShare, () => Uint8Array.of(0)],
    ["compressed", badShare, (point) => concat(Uint8Array.of(2 + ((point.at(-1) ?? 0) & 1)), point.subarray(1, 33))],
    ["hybrid", badShare, (point) => concat(Uint8Array.of(6 + ((point.at(-1) ?? 0) & 1)), point.subarray(1))],
    ["off_the_curve", badShare, (point) => incremented(point, -1)],
    ["of_zeros", badShare, () => concat(Uint8Array.of(4), new Uint8Array(64))],
    ["with_a_coordinate_that_is_too_large", badShare, (point) => concat(Uint8Array.of(4), prime, point.subarray(33))],
    ["without_its_last_byte", badShare, (point) => point.subarray(0, -1)],
    ["with_a_trailing_byte", badShare, (point) => concat(point, Uint8Array.of(0))],
    ["without_its_form", badShare, (point) => point.subarray(1)],
  ];

/** Numbers that are no share of Diffie-Hellman, by the prime (RFC 7919 §5.1). */
export const dheShares: readonly (readonly [word: string, of: (prime: Uint8Array) => Uint8Array])[] = [
  ["zero", () => Uint8Array.of(0)],
  ["zeros", (p) => new Uint8Array(p.length)],
  ["one", () => Uint8Array.of(1)],
  ["p_less_one", (p) => toBytes(toInteger(p) - 1n, p.length)],
  ["p", (p) => p],
  ["p_and_one", (p) => toBytes(toInteger(p) + 1n, p.length)],
  ["more_bytes_than_the_prime", (p) => new Uint8Array(p.length + 1).fill(1)],
];
