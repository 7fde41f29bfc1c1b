import { hashOf } from "@tlskit/crypto";
import {
  agreementKeyFromJwk,
  jwkThumbprint,
  privateKeyFromJwk,
  privateKeyToJwk,
  publicKeyFromJwk,
  publicKeyToJwk,
} from "@tlskit/x509";
import { promise, type Target } from "../target.ts";
import { provider } from "../world.ts";
import { describe, isX509Error } from "./certificates.ts";
import { sampleKeys } from "./sample-keys.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "utf8"));
const members = ["kty", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "oth", "alg", "use", "key_ops"];
const words = [
  "RSA",
  "EC",
  "OKP",
  "P-256",
  "P-384",
  "P-521",
  "Ed25519",
  "Ed448",
  "X25519",
  "X448",
  "sig",
  "enc",
  "sign",
];

/** JSON Web Keys. */
export const jwkTarget: Target = {
  name: "jwk",
  what: "a JSON Web Key: read as a public and as a private key, and written again",
  maxLength: 4096,
  isRefusal: (error) => isX509Error(error) || error instanceof SyntaxError,
  dictionary: [
    ...members.map((name) => bytesOf(`"${name}":`)),
    ...[...words, "PS256", "verify", "deriveBits"].map((word) => bytesOf(`"${word}"`)),
    ...["{", "}", "[", "]", ",", "null", "1", '"', "AA", "__proto__"].map(bytesOf),
  ],
  seeds: () => [
    ...sampleKeys().map((key) => bytesOf(JSON.stringify(privateKeyToJwk(key)))),
    bytesOf(`{"kty":"OKP","crv":"X25519","x":"${"A".repeat(43)}","d":"${"A".repeat(43)}","use":"enc"}`),
    bytesOf('{"kty":"RSA","n":"AQAB","e":"AQAB","key_ops":["verify"],"alg":"PS256"}'),
  ],
  run(input) {
    const jwk: unknown = JSON.parse(Buffer.from(input).toString("utf8"));
    // What isn't an object isn't of the type that is asked for.
    if (typeof jwk !== "object" || jwk === null) return;
    const attempts = [
      () => agreementKeyFromJwk(jwk, { provider }),
      () => jwkThumbprint(jwk, hashOf(provider, "SHA-256")),
      () => {
        const key = privateKeyFromJwk(jwk, { provider });
        const again = privateKeyFromJwk(privateKeyToJwk(key), { provider });
        promise(describe(again.privateKey) === describe(key.privateKey), "a private key that is written is read again");
      },
      () => {
        const key = publicKeyFromJwk(jwk);
        promise(
          describe(publicKeyFromJwk(publicKeyToJwk(key))) === describe(key),
          "a key that is written is read again",
        );
      },
    ];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch (error) {
        if (!isX509Error(error)) throw error;
      }
    }
  },
};
