import type { HashFunction } from "@tlskit/crypto";
import { encodeBase64Url } from "@tlskit/wire";
import { x509Error } from "../error.ts";
import { encodeUtf8 } from "../unicode.ts";
import type { JsonWebKey } from "./jwk-members.ts";

/** RFC 7638 §3.2, RFC 8037 §2: the members that make a key, in the order of their names. */
const required: Readonly<Record<string, readonly (keyof JsonWebKey)[]>> = {
  EC: ["crv", "kty", "x", "y"],
  OKP: ["crv", "kty", "x"],
  RSA: ["e", "kty", "n"],
};

/**
 * RFC 7638: a JWK's thumbprint, in base64url, as ACME accounts and DPoP have it with SHA-256. A private key has its
 * public key's.
 * @throws {X509Error} `invalid_jwk` for a JWK without its members
 */
export function jwkThumbprint(jwk: JsonWebKey, hash: HashFunction): string {
  const names = required[jwk.kty ?? ""];
  const values = names?.map((name) => jwk[name]);
  if (names === undefined || values?.some((value) => typeof value !== "string" || !/^[\w-]+$/.test(value)) !== false) {
    throw x509Error("invalid_jwk", "the JWK lacks what its thumbprint is made of");
  }
  const json = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])));
  return encodeBase64Url(hash.digest(encodeUtf8(json)));
}
