import type { KeyObject } from "node:crypto";
import { nodePasswordCryptography } from "@tlskit/crypto-node";
import { type CertificateWithKey, type CryptoProvider, callerError, type SigningKey } from "@tlskit/tls";
import {
  certificatesFromPem,
  DeclaredPrivateKey,
  decodePem,
  decryptPrivateKeySync,
  describePassedOver,
  openPkcs12Sync,
  privateKeyFromPem,
} from "@tlskit/x509";
import { listed, type Pem, pemText } from "./pem.ts";

/**
 * A private key: PEM (PKCS#8, also encrypted, SEC 1 or PKCS#1), with its own password, one that Node has, or whatever else
 * signs.
 */
export type KeyOption =
  | Pem
  | KeyObject
  | SigningKey
  | { readonly pem: Pem; readonly passphrase?: string | undefined }
  | { readonly key: Pem; readonly passphrase?: string | undefined };

/** A PKCS#12 file, with its own password. */
export type PfxOption = Uint8Array | { readonly buf: Uint8Array; readonly passphrase?: string | undefined };

/** One's own certificates and their keys, as `node:tls` takes them. */
export interface CertificateOptions {
  /** A PEM text: one's certificate, then those that certify it, in order. Or several, each with a key in `key`. */
  readonly cert?: Pem | readonly Pem[] | undefined;
  /** The private keys, in any order: which belongs to which certificate shows by itself. */
  readonly key?: KeyOption | readonly KeyOption[] | undefined;
  /** PKCS#12 files with certificates, chains and keys. */
  readonly pfx?: PfxOption | readonly PfxOption[] | undefined;
  /** The password of what is encrypted in `key` and `pfx` and has none of its own. */
  readonly passphrase?: string | undefined;
  /**
   * Certificates with their keys, or with whatever signs for them. A server's first is for clients that name nobody else; a
   * client shows the first that is what the server asks for.
   */
  readonly certificates?: readonly CertificateWithKey[] | undefined;
}

/**
 * What these options name, each certificate with its key.
 * @throws {TlsError} `no_certificates`, `unreadable_certificate`, `certificate_key_mismatch` (the caller's fault)
 * @throws {X509Error} for what can't be read, also for a wrong password
 */
export function certificatesOf(
  { cert, key, pfx, passphrase, certificates = [] }: CertificateOptions,
  provider: CryptoProvider,
): readonly CertificateWithKey[] {
  const chains = listed<Pem>(cert).map(ownChain);
  const keys = listed<KeyOption>(key).map((option) => signingKey(option, passphrase, provider));
  if ((chains.length === 0) !== (keys.length === 0)) {
    throw callerError("no_certificates", "cert and key go together, and one of them is missing");
  }
  return [
    ...chains.map((chain) => ({ chain, key: keyOf(chain, keys, chains.length === 1 && keys.length === 1) })),
    ...listed<PfxOption>(pfx).flatMap((option) => identitiesOf(option, passphrase, provider)),
    ...certificates,
  ];
}

/** Of one's own chain nothing can be spared: whoever is to verify it would lack what was passed over. */
function ownChain(pem: Pem): CertificateWithKey["chain"] {
  const { certificates, passedOver } = certificatesFromPem(pem);
  const [fault] = passedOver;
  if (fault === undefined) return certificates;
  throw callerError("unreadable_certificate", `a certificate in cert can't be read: ${describePassedOver(fault)}`);
}

function keyOf([leaf]: CertificateWithKey["chain"], keys: readonly SigningKey[], alone: boolean): SigningKey {
  const wanted = leaf?.subjectPublicKeyInfo.subjectPublicKey ?? new Uint8Array(0);
  const found = keys.find((key) => {
    const own = publicKeyBits(key);
    return own === undefined ? alone : Buffer.from(wanted).equals(own);
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
  if (typeof option === "string" || option instanceof Uint8Array) return fromPem(pemText(option), passphrase, provider);
  if ("pem" in option) return fromPem(pemText(option.pem), option.passphrase ?? passphrase, provider);
  if ("key" in option) return fromPem(pemText(option.key), option.passphrase ?? passphrase, provider);
  if ("export" in option) return fromPem(String(option.export({ format: "pem", type: "pkcs8" })), undefined, provider);
  return option;
}

function fromPem(text: string, passphrase: string | undefined, provider: CryptoProvider): DeclaredPrivateKey {
  const isEncrypted = decodePem(text).some(({ label }) => label === "ENCRYPTED PRIVATE KEY");
  if (!isEncrypted || passphrase === undefined) return privateKeyFromPem(text, { provider });
  return decryptPrivateKeySync(text, { password: passphrase, cryptography: nodePasswordCryptography, provider });
}

function identitiesOf(
  option: PfxOption,
  shared: string | undefined,
  provider: CryptoProvider,
): readonly CertificateWithKey[] {
  const { buf, passphrase = shared } = option instanceof Uint8Array ? { buf: option } : option;
  const { identities, passedOver } = openPkcs12Sync(new Uint8Array(buf), {
    password: passphrase ?? "",
    cryptography: nodePasswordCryptography,
    provider,
  });
  if (identities.length === 0)
    throw callerError(
      "no_certificates",
      ["a PKCS#12 file in pfx has no key with its certificate", ...passedOver.map(describePassedOver)].join("; "),
    );
  return identities.map(({ key, chain }) => ({ chain, key }));
}
