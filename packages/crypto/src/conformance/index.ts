/**
 * What every provider is held to, as named cases without a test runner. A case that fails throws.
 * ```ts
 * for (const { name, run } of conformanceCases(myProvider, random)) test(name, run);
 * ```
 * @module
 */
import type { CryptoProvider } from "../provider.ts";
import type { Random } from "../random.ts";
import { aeadCases } from "./aeads.ts";
import { blockCipherCases } from "./block-ciphers.ts";
import type { ConformanceCase } from "./case.ts";
import { finiteFieldCases } from "./finite-field.ts";
import { hashCases } from "./hashes.ts";
import { headerProtectionCases } from "./header-protection.ts";
import { keyExchangeCases } from "./key-exchanges.ts";
import { rsaEncryptionCases } from "./rsa-encryption.ts";
import { signatureCases } from "./signatures.ts";

export { type ConformanceCase, ConformanceFailure } from "./case.ts";
export { interoperabilityCases } from "./interoperability.ts";
export { passwordCases } from "./passwords.ts";
export { type WycheproofFile, type WycheproofVerdicts, wycheproofVerdicts } from "./wycheproof.ts";
export { wycheproofPasswordVerdicts } from "./wycheproof-passwords.ts";

/** Everything that a provider has, held to what the interfaces promise. */
export function conformanceCases(provider: CryptoProvider, random: Random): readonly ConformanceCase[] {
  return [
    ...provider.hashes.flatMap(hashCases),
    ...provider.aeads.flatMap((algorithm) => [
      ...aeadCases(algorithm, random),
      ...headerProtectionCases(algorithm, random),
    ]),
    ...provider.keyExchanges.flatMap((exchange) => keyExchangeCases(exchange, random)),
    ...provider.signatures.flatMap((keys) => signatureCases(keys, random)),
    ...(provider.blockCiphers ?? []).flatMap((algorithm) => blockCipherCases(algorithm, provider, random)),
    ...rsaEncryptionCases(provider, random),
    ...(provider.finiteField === undefined ? [] : finiteFieldCases(provider.finiteField, random)),
    ...(provider.md5 === undefined ? [] : hashCases(provider.md5)),
  ];
}
