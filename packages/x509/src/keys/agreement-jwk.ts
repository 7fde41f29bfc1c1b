import { encodeBase64Url } from "@tlskit/wire";
import { agreementLengths } from "../algorithm-identifier.ts";
import { x509Error } from "../error.ts";
import type { AgreementPublicKey } from "../spki.ts";
import { type AgreementKeyOptions, type AgreementPrivateKey, completeAgreementKey } from "./agreement-key.ts";
import { bytesOf, checkUse, type JsonWebKey } from "./jwk-members.ts";

/** RFC 8037 §3.2, RFC 7518 §4.6. */
const algorithms: readonly string[] = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"];

/**
 * An X25519 or X448 private key from a JWK (RFC 8037 §2).
 * @throws {X509Error} `invalid_jwk`, `invalid_private_key`, `unsupported_algorithm`
 */
export function agreementKeyFromJwk(jwk: JsonWebKey, options: AgreementKeyOptions): AgreementPrivateKey {
  const { kty, crv } = jwk;
  if (kty !== "OKP" || (crv !== "X25519" && crv !== "X448")) {
    throw x509Error("unsupported_algorithm", "the JWK is not for X25519 or X448");
  }
  checkUse(jwk, { use: "enc", operations: ["deriveKey", "deriveBits"], algorithms });
  const publicKey = bytesOf(jwk, "x", agreementLengths[crv]);
  return completeAgreementKey(crv, bytesOf(jwk, "d", agreementLengths[crv]), publicKey, options);
}

/** An X25519 or X448 key as a JWK: a private key with its secret. */
export function agreementKeyToJwk(key: AgreementPublicKey | AgreementPrivateKey): JsonWebKey {
  const members: JsonWebKey = { kty: "OKP", crv: key.type, x: encodeBase64Url(key.agreementKey) };
  return "privateKey" in key ? { ...members, d: encodeBase64Url(key.privateKey) } : members;
}
