import type { CryptoProvider } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import { agreementCurveOf, agreementLengths, agreementOids, isEmpty } from "../algorithm-identifier.ts";
import { decodeDer } from "../der-reader.ts";
import { derOctetString, derOid, derSequence } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { describeOid } from "../oids.ts";
import { decodePem, toPem } from "../pem.ts";
import type { AgreementPublicKey } from "../spki.ts";
import { encodePkcs8, guarded, readPkcs8 } from "./private-key.ts";
import { asPrivateKeyError } from "./private-key-options.ts";

/** A private key that agrees on secrets and signs nothing (RFC 7748): X25519's 32 bytes or X448's 56. */
export interface AgreementPrivateKey extends AgreementPublicKey {
  readonly privateKey: Uint8Array;
}

/** What derives the public key, which files for these keys mostly leave out, and checks one that is there. */
export interface AgreementKeyOptions {
  readonly provider: CryptoProvider;
}

/**
 * An X25519 or X448 private key in PKCS#8 (RFC 8410 §7).
 * @throws {X509Error} `invalid_private_key`, `unsupported_algorithm` also for keys that sign
 */
export function agreementKeyFromPkcs8(der: Uint8Array, options: AgreementKeyOptions): AgreementPrivateKey {
  return guarded(() => {
    const { algorithm, privateKey: inner, publicKey } = readPkcs8(der);
    const type = agreementCurveOf(algorithm.oid);
    if (type === undefined) {
      throw x509Error("unsupported_algorithm", `keys for ${describeOid(algorithm.oid)} don't agree on secrets here`);
    }
    // RFC 8410 §3: parameters are absent
    if (!isEmpty(algorithm.parameters)) throw x509Error("invalid_private_key", `the ${type} key has parameters`);
    const privateKey = decodeDer(inner, "the private key", (reader) => reader.octetString("the private key"));
    return completeAgreementKey(type, privateKey, publicKey, options);
  });
}

/** As {@link agreementKeyFromPkcs8}, of the first block `PRIVATE KEY` of a PEM text. */
export function agreementKeyFromPem(text: string | Uint8Array, options: AgreementKeyOptions): AgreementPrivateKey {
  const block = decodePem(text).find(({ label }) => label === "PRIVATE KEY");
  if (block === undefined) throw x509Error("invalid_pem", "the text has no block PRIVATE KEY");
  return agreementKeyFromPkcs8(block.bytes, options);
}

/** PKCS#8 in its first version, as RFC 8410 §10.3 has it: without the public key. */
export function agreementKeyToPkcs8(key: AgreementPrivateKey): Uint8Array {
  return encodePkcs8(derSequence(derOid(agreementOids[key.type])), derOctetString(key.privateKey));
}

export function agreementKeyToPem(key: AgreementPrivateKey): string {
  return toPem("PRIVATE KEY", agreementKeyToPkcs8(key));
}

/** @throws {X509Error} `invalid_private_key`, `unsupported_algorithm` */
export function completeAgreementKey(
  type: AgreementPublicKey["type"],
  privateKey: Uint8Array,
  given: Uint8Array | undefined,
  { provider }: AgreementKeyOptions,
): AgreementPrivateKey {
  const length = agreementLengths[type];
  if (privateKey.length !== length) {
    throw x509Error("invalid_private_key", `an ${type} private key has ${length} bytes, got ${privateKey.length}`);
  }
  const shareOf = provider.keyExchanges.find(({ name }) => name === type)?.shareOf;
  if (shareOf === undefined) throw x509Error("unsupported_algorithm", `the provider ${provider.name} has no ${type}`);
  const agreementKey = asPrivateKeyError(() => shareOf(privateKey));
  if (given !== undefined && !equalBytes(given, agreementKey)) {
    throw x509Error("invalid_private_key", "the public key is not the private key's");
  }
  return { type, agreementKey, privateKey };
}
