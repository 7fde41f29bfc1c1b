import { decodeBase64Url } from "@tlskit/wire";
import { x509Error } from "../error.ts";
import { maximumJwkMemberCharacters } from "../limits.ts";

/**
 * A key as JSON has it (RFC 7517, RFC 7518 §6, RFC 8037): what `JSON.parse` gives, and what `subtle.exportKey("jwk", key)`
 * and `keyObject.export({ format: "jwk" })` do. Members that aren't listed are passed over (RFC 7517 §4).
 */
export interface JsonWebKey {
  readonly kty?: string | undefined;
  readonly crv?: string | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly d?: string | undefined;
  readonly n?: string | undefined;
  readonly e?: string | undefined;
  readonly p?: string | undefined;
  readonly q?: string | undefined;
  readonly dp?: string | undefined;
  readonly dq?: string | undefined;
  readonly qi?: string | undefined;
  readonly alg?: string | undefined;
  readonly use?: string | undefined;
  readonly key_ops?: readonly string[] | undefined;
}

/**
 * A member that has to be there: base64url without padding (RFC 7515 §2), of so many bytes if that is given.
 * @throws {X509Error} `invalid_jwk`; the message never holds the value, which may be a secret
 */
export function bytesOf(jwk: JsonWebKey, name: keyof JsonWebKey, length?: number): Uint8Array {
  const value: unknown = Object.hasOwn(jwk, name) ? jwk[name] : undefined;
  if (typeof value !== "string") throw x509Error("invalid_jwk", `the JWK has no ${name}`);
  if (value.length > maximumJwkMemberCharacters) {
    throw x509Error("too_large", `a JWK's ${name} has at most ${maximumJwkMemberCharacters} characters`);
  }
  const bytes = decodeBase64Url(value);
  if (bytes === undefined) throw x509Error("invalid_jwk", `the JWK's ${name} is not base64url without padding`);
  // RFC 7518 §6.2.1.2, §6.2.2.1: leading zeros are not left out
  if (length !== undefined && bytes.length !== length) {
    throw x509Error("invalid_jwk", `the JWK's ${name} has ${length} bytes, got ${bytes.length}`);
  }
  return bytes;
}

/** RFC 7518 §2: an integer in as few octets as possible. */
export function integerOf(jwk: JsonWebKey, name: keyof JsonWebKey): Uint8Array {
  const octets = bytesOf(jwk, name);
  if (octets.length === 0 || (octets[0] === 0 && octets.length > 1)) {
    throw x509Error("invalid_jwk", `the JWK's ${name} is not an integer in as few octets as possible`);
  }
  return octets;
}

/** A value for a sentence: never endless. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** What a key is to be read for. */
export interface ExpectedUse {
  /** RFC 7517 §4.2. */
  readonly use: "sig" | "enc";
  /** RFC 7517 §4.3: one of them. */
  readonly operations: readonly string[];
  /** RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2. */
  readonly algorithms: readonly string[];
}

/**
 * Holds what a key says it is for to what it is to be used for.
 * @throws {X509Error} `invalid_jwk`
 */
export function checkUse(jwk: JsonWebKey, { use, operations, algorithms }: ExpectedUse): void {
  if (jwk.use !== undefined && jwk.use !== use) {
    throw x509Error("invalid_jwk", `the JWK is for the use ${quoted(jwk.use)}, not "${use}"`);
  }
  const { key_ops: given, alg } = jwk;
  if (given !== undefined) {
    if (!Array.isArray(given)) throw x509Error("invalid_jwk", "the JWK's key_ops is not an array");
    // RFC 7517 §4.3: no operation twice
    if (new Set(given).size !== given.length)
      throw x509Error("invalid_jwk", "the JWK's key_ops has an operation twice");
    // an empty list is what WebCrypto gives a public key that agrees on secrets
    if (given.length > 0 && !operations.some((operation) => given.includes(operation))) {
      throw x509Error("invalid_jwk", `the JWK's key_ops has none of ${operations.join(", ")}`);
    }
  }
  if (alg !== undefined && !algorithms.includes(alg)) {
    throw x509Error("invalid_jwk", `the JWK is for the algorithm ${quoted(alg)}, which its key isn't`);
  }
}
