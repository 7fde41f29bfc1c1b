import { nodePasswordCryptography } from "@tlskit/crypto-node";
import { type CertificateWithKey, type CryptoProvider, callerError, type SigningKey } from "@tlskit/tls";
import { equalBytes } from "@tlskit/wire";
import {
  anObject,
  anyOf,
  aString,
  check,
  type Expectation,
  listOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import {
  certificatesFromPem,
  DeclaredPrivateKey,
  decodePem,
  decryptPrivateKeySync,
  describePassedOver,
  privateKeyFromPem,
} from "@tlskit/x509";
import { aPem, listed, oneOrMany, type Pem, pemText } from "./pem.ts";

/** A private key: PEM (PKCS#8, also encrypted, SEC 1 or PKCS#1), maybe with its own password, or whatever else signs. */
export type KeyOption = Pem | SigningKey | { readonly pem: Pem; readonly passphrase?: string | undefined };

/** One's own certificates and their keys, as Bun takes them. */
export interface CertificateOptions {
  /** A PEM text: one's certificate, then those that certify it, in order. Or several, each with a key in `key`. */
  readonly cert?: Pem | readonly Pem[] | undefined;
  /** The private keys, in any order: which belongs to which certificate shows by itself. */
  readonly key?: KeyOption | readonly KeyOption[] | undefined;
  /** The password of what is encrypted in `key` and has none of its own. */
  readonly passphrase?: string | undefined;
  /** Certificates with their keys, or with whatever signs for them, behind those of `cert`. */
  readonly certificates?: readonly CertificateWithKey[] | undefined;
}

const aKeyWithPassword = objectWith("a key with its password", { pem: aPem, passphrase: optional(aString) });
const aSigner: Expectation = (value, name) =>
  typeof value === "object" && value !== null && "pem" in value ? aKeyWithPassword(value, name) : anObject(value, name);
const aKey = anyOf("a private key or a signer", aPem, aSigner);

/**
 * What these options name, each certificate with its key.
 * @throws {TlsError} `invalid_argument`, `no_certificates`, `unreadable_certificate`, `certificate_key_mismatch`,
 *   `unreadable_file` (the caller's fault)
 * @throws {X509Error} for what can't be read, also for a wrong password
 */
export function certificatesOf(
  { cert, key, passphrase, certificates = [] }: CertificateOptions,
  provider: CryptoProvider,
): readonly CertificateWithKey[] {
  check(cert, "cert", optional(oneOrMany(aPem)));
  check(key, "key", optional(oneOrMany(aKey)));
  check(passphrase, "passphrase", optional(aString));
  check(certificates, "certificates", listOf(anObject));
  const chains = listed<Pem>(cert).map(ownChain);
  const keys = listed<KeyOption>(key).map((option) => signingKey(option, passphrase, provider));
  if ((chains.length === 0) !== (keys.length === 0)) {
    throw callerError("no_certificates", "cert and key go together, and one of them is missing");
  }
  const alone = chains.length === 1 && keys.length === 1;
  return [...chains.map((chain) => ({ chain, key: keyOf(chain, keys, alone) })), ...certificates];
}

/** Of one's own chain nothing can be spared: whoever is to verify it would lack what was passed over. */
function ownChain(pem: Pem): CertificateWithKey["chain"] {
  const { certificates, passedOver } = certificatesFromPem(pemText(pem));
  const [fault] = passedOver;
  if (fault === undefined) return certificates;
  throw callerError("unreadable_certificate", `a certificate in cert can't be read: ${describePassedOver(fault)}`);
}

function keyOf([leaf]: CertificateWithKey["chain"], keys: readonly SigningKey[], alone: boolean): SigningKey {
  const wanted = leaf?.subjectPublicKeyInfo.subjectPublicKey ?? new Uint8Array(0);
  const found = keys.find((key) => {
    const own = publicKeyBits(key);
    return own === undefined ? alone : equalBytes(wanted, own);
  });
  if (found !== undefined) return found;
  throw callerError(
    "certificate_key_mismatch",
    keys.every((key) => publicKeyBits(key) !== undefined)
      ? "a certificate in cert has no private key in key"
      : "a signer in key doesn't tell whose it is: with several certificates use certificates",
  );
}

/** Its public key, as certificates have it; a signer doesn't tell. */
function publicKeyBits(key: SigningKey): Uint8Array | undefined {
  if ("sign" in key) return undefined;
  return DeclaredPrivateKey.of("privateKey" in key ? key.privateKey : key).subjectPublicKeyInfo.subjectPublicKey;
}

function signingKey(option: KeyOption, passphrase: string | undefined, provider: CryptoProvider): SigningKey {
  if (aPem(option, "key") === undefined) return fromPem(option as Pem, passphrase, provider); // so says what has been asked
  const key = option as Exclude<KeyOption, Pem>; // so says what remains
  return "pem" in key ? fromPem(key.pem, key.passphrase ?? passphrase, provider) : key;
}

function fromPem(pem: Pem, passphrase: string | undefined, provider: CryptoProvider): DeclaredPrivateKey {
  const text = pemText(pem);
  const isEncrypted = decodePem(text).some(({ label }) => label === "ENCRYPTED PRIVATE KEY");
  if (!isEncrypted || passphrase === undefined) return privateKeyFromPem(text, { provider });
  return decryptPrivateKeySync(text, { password: passphrase, cryptography: nodePasswordCryptography, provider });
}
