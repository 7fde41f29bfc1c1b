import { type AesCbc, CryptoError, type PasswordCryptography, type Steps, wait } from "@tlskit/crypto";
import { decodeDer } from "../der-reader.ts";
import { x509Error } from "../error.ts";
import type { IterationBudget } from "../passwords/iterations.ts";
import { type OldEncryption, wrongPassword } from "../passwords/pbes2.ts";
import { derivePkcs12, hashFunction, Purpose, passwordOctets } from "./derivation.ts";

/** Triple DES in CBC mode with the padding of PKCS#7: keys of 24 bytes, initialization vectors of 8. */
export type TripleDesCbc = Pick<AesCbc, "decrypt">;

/**
 * pbeWithSHAAnd3KeyTripleDES (RFC 7292 appendix C), for `dangerousOldEncryption`: what Windows, macOS and Java made of
 * PKCS#12 files for twenty years. The derivation of its keys is some thousand times quicker to try passwords against than
 * today's, so that whoever gets such a file gets at the key, unless the password is long and random.
 * @param cbc of a provider: `nodeTripleDesCbc`
 */
export function pkcs12TripleDes(cbc: TripleDesCbc): OldEncryption {
  return {
    oid: "1.2.840.113549.1.12.1.3",
    *decrypt(parameters, ciphertext, { password, cryptography }, budget) {
      if (typeof password !== "string") {
        throw x509Error("invalid_argument", "PKCS#12 takes passwords as texts, since it encodes them its own way");
      }
      const read = readParameters(parameters);
      const decrypted = yield* decrypt(cbc, read, ciphertext, passwordOctets(password), cryptography, budget);
      if (decrypted !== undefined) return decrypted;
      // .NET takes no password for no octets at all, as appendix B.2 step 3 allows
      const withNone =
        password === "" ? yield* decrypt(cbc, read, ciphertext, new Uint8Array(0), cryptography, budget) : undefined;
      if (withNone === undefined) throw wrongPassword();
      return withNone;
    },
  };
}

interface Parameters {
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** `pkcs-12PbeParams ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }` */
function readParameters(parameters: Uint8Array | undefined): Parameters {
  const what = "the encryption's parameters";
  if (parameters === undefined) throw x509Error("invalid_der", `${what} are missing`);
  return decodeDer(parameters, what, (reader) => {
    const parts = reader.sequence(what);
    const salt = parts.octetString("the salt");
    const iterations = parts.smallInteger(0x7fffffff, "the iteration count");
    parts.finish(what);
    if (iterations === 0) throw x509Error("invalid_der", "the iteration count is zero");
    return { salt, iterations };
  });
}

/** @returns nothing if the password shows to be wrong, by the padding */
function* decrypt(
  cbc: TripleDesCbc,
  { salt, iterations }: Parameters,
  ciphertext: Uint8Array,
  octets: Uint8Array,
  cryptography: PasswordCryptography,
  budget: IterationBudget,
): Steps<Uint8Array | undefined> {
  const hash = hashFunction(cryptography, "SHA-1");
  // Two digests give the 24 bytes of the key, and one the vector.
  budget.spend(3 * iterations);
  const key = derivePkcs12(hash, Purpose.key, octets, salt, iterations, 24);
  const iv = derivePkcs12(hash, Purpose.initializationVector, octets, salt, iterations, 8);
  try {
    return yield* wait(cbc.decrypt(key, iv, ciphertext));
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    if (error.code === "decryption_failed") return undefined;
    throw x509Error("unsupported_algorithm", error.message, error);
  }
}
