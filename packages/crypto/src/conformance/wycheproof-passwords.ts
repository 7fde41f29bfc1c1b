import type { HashName } from "../hash.ts";
import type { PasswordCryptography } from "../password.ts";
import { hex } from "./case.ts";
import {
  bytes,
  countVerdicts,
  text,
  type WycheproofFile,
  type WycheproofOperation,
  type WycheproofTest,
  type WycheproofVerdicts,
  wycheproofHashes,
} from "./wycheproof.ts";

type Operation = WycheproofOperation<PasswordCryptography>;

/**
 * As {@link wycheproofVerdicts}, for what passwords need.
 * @param file its name without `_test.json`: `aes_cbc_pkcs5`, `pbkdf2_hmacsha256`, `pbes2_hmacsha256_aes_128`.
 */
export async function wycheproofPasswordVerdicts(
  cryptography: PasswordCryptography,
  file: string,
  vectors: WycheproofFile,
): Promise<WycheproofVerdicts> {
  return await countVerdicts(operationFor(file), cryptography, file, vectors);
}

function operationFor(file: string): Operation | undefined {
  if (file === "aes_cbc_pkcs5") return aesCbcOperation;
  const [family = "", mac = "", , keyBits = ""] = file.split("_");
  const hash = wycheproofHashes[mac.replace("hmac", "")];
  if (hash === undefined) return undefined;
  if (family === "pbkdf2") return pbkdf2Operation(hash);
  return family === "pbes2" ? pbes2Operation(hash, Number(keyBits) / 8) : undefined;
}

const aesCbcOperation: Operation = async ({ aesCbc }, _group, test) => {
  const [key, iv] = [bytes(test, "key"), bytes(test, "iv")];
  const plaintext = await aesCbc.decrypt(key, iv, bytes(test, "ct"));
  return hex(plaintext) === text(test, "msg") && hex(await aesCbc.encrypt(key, iv, plaintext)) === text(test, "ct");
};

function pbkdf2Operation(hash: HashName): Operation {
  return async (cryptography, _group, test) =>
    hex(await derive(cryptography, hash, test, integer(test, "dkLen"))) === text(test, "dk");
}

/** RFC 8018 §6.2: PBKDF2, then AES-CBC. */
function pbes2Operation(hash: HashName, keyLength: number): Operation {
  return async (cryptography, _group, test) => {
    const key = await derive(cryptography, hash, test, keyLength);
    const [iv, message] = [bytes(test, "iv"), bytes(test, "msg")];
    const ciphertext = await cryptography.aesCbc.encrypt(key, iv, message);
    const decrypted = await cryptography.aesCbc.decrypt(key, iv, bytes(test, "ct"));
    return hex(ciphertext) === text(test, "ct") && hex(decrypted) === text(test, "msg");
  };
}

async function derive(
  cryptography: PasswordCryptography,
  hash: HashName,
  test: WycheproofTest,
  length: number,
): Promise<Uint8Array> {
  const [password, salt] = [bytes(test, "password"), bytes(test, "salt")];
  return await cryptography.pbkdf2(hash, password, salt, integer(test, "iterationCount"), length);
}

function integer(test: WycheproofTest, field: string): number {
  const value = test[field];
  return typeof value === "number" ? value : 0;
}
