import { runSync, type Steps, signatureKeysOf, wait } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { seededRandom } from "@tlskit/testing";
import { DeclaredPrivateKey } from "@tlskit/x509";

let made: readonly DeclaredPrivateKey[] | undefined;

/** A private key of each quick kind, the same in every run, and an RSA key that is none, of numbers of the right lengths. */
export function sampleKeys(): readonly DeclaredPrivateKey[] {
  made ??= runSync(makeKeys());
  return made;
}

function* makeKeys(): Steps<readonly DeclaredPrivateKey[]> {
  const random = seededRandom(5);
  const keys: DeclaredPrivateKey[] = [];
  for (const type of ["P-256", "P-384", "Ed25519"] as const) {
    const privateKey = yield* wait(signatureKeysOf(nobleProvider, type).generate(random));
    keys.push(new DeclaredPrivateKey({ algorithm: type === "Ed25519" ? "id-Ed25519" : "id-ecPublicKey", privateKey }));
  }
  const number = (length: number): Uint8Array => new Uint8Array(length).fill(0x71);
  const rsa = {
    type: "RSA",
    modulus: number(64),
    publicExponent: Uint8Array.of(1, 0, 1),
    privateExponent: number(64),
    prime1: number(32),
    prime2: number(32),
    exponent1: number(32),
    exponent2: number(32),
    coefficient: number(32),
  } as const;
  keys.push(new DeclaredPrivateKey({ algorithm: "rsaEncryption", privateKey: rsa }));
  keys.push(new DeclaredPrivateKey({ algorithm: "id-RSASSA-PSS", privateKey: rsa, pssHash: "SHA-256" }));
  return keys;
}
