import { createPrivateKey, type KeyObject } from "node:crypto";
import { nodePasswordCryptography, nodeProvider, nodeTripleDesCbc } from "@tlskit/crypto-node";
import { type Certificate, type CertificateWithKey, TlsError } from "@tlskit/tls";
import { decodePem, openPkcs12Sync, type Pkcs12Contents, pkcs12TripleDes, X509Error } from "@tlskit/x509";
import { certificatesOf, type KeyOption } from "../options/certificates.ts";
import { opensslError } from "./openssl-error.ts";
import type { SecureContextOptions } from "./options.ts";
import { certificateText, given, textOf } from "./pem-texts.ts";

/** One's own certificates with their keys, and what came along with them. */
export interface Credentials {
  readonly certificates: readonly CertificateWithKey[];
  /** Authorities in `pfx`, which count as if they were in `ca`. */
  readonly authorities: readonly Certificate[];
}

/**
 * What `cert`, `key` and `pfx` have, by the rules of `node:tls`: a certificate without a key, or a key without one, is
 * nobody's; certificates of version 1 are shown, and old ways of encrypting keys are read.
 * @param authorities those of `ca`, among which what certifies a certificate is looked for.
 * @throws {Error} `ERR_OSSL_X509_KEY_VALUES_MISMATCH`, `ERR_OSSL_BAD_DECRYPT`, `ERR_CRYPTO_UNSUPPORTED_OPERATION`
 * @throws {TlsError} and {X509Error} for what can't be read
 */
export function credentialsOf(
  { cert, key, pfx, passphrase }: SecureContextOptions,
  authorities: readonly Certificate[],
): Credentials {
  const chains = given(cert).map(certificateText);
  const keys = given(key).map((one) => readableKey(one, passphrase ?? undefined));
  const files = given(pfx).map((one) => openFile(one, passphrase ?? undefined));
  const own = chains.length === 0 || keys.length === 0 ? [] : matched(chains, keys);
  const inFiles = files.flatMap(authoritiesBeside);
  const certificates = [...own, ...files.flatMap(({ identities }) => identities)].map(({ chain, key: signs }) => {
    const whole = completed(chain, authorities);
    return { chain: whole, key: signs, allowVersion1: true, issuer: issuerOf(whole, [...authorities, ...inFiles]) };
  });
  return { certificates, authorities: inFiles };
}

/** Not one's own certificate, whoever has signed it. */
function authoritiesBeside({ certificates, identities }: Pkcs12Contents): readonly Certificate[] {
  const own = new Set(identities.map(({ chain: [leaf] }) => leaf));
  return certificates.map(({ certificate }) => certificate).filter((one) => isAuthority(one) && !own.has(one));
}

function isAuthority({ basicConstraints, selfIssued }: Certificate): boolean {
  return selfIssued && basicConstraints?.ca === true;
}

function matched(chains: readonly string[], keys: readonly KeyOption[]): readonly CertificateWithKey[] {
  try {
    return certificatesOf({ cert: chains, key: keys }, nodeProvider);
  } catch (error) {
    if (!(error instanceof TlsError) || error.code !== "certificate_key_mismatch") throw error;
    throw opensslError("X509", [116, "key values mismatch"], undefined, "", error);
  }
}

/** As OpenSSL does where a chain is a certificate alone: those that certify it, as far as they are known. */
function completed(chain: readonly Certificate[], authorities: readonly Certificate[]): readonly Certificate[] {
  if (chain.length !== 1) return chain;
  const found = [...chain];
  for (let last = chain[0]; last !== undefined && !last.selfIssued; ) {
    const { issuer } = last;
    last = authorities.find((other) => other.subject.equals(issuer) && !found.includes(other));
    if (last !== undefined) found.push(last);
  }
  return found;
}

/** Of a chain's last certificate, if it is known. */
function issuerOf(chain: readonly Certificate[], authorities: readonly Certificate[]): Certificate | undefined {
  const last = chain.at(-1);
  return last && authorities.find((other) => other.subject.equals(last.issuer) && other !== last);
}

type GivenKey =
  NonNullable<SecureContextOptions["key"]> extends infer T ? (T extends readonly (infer E)[] ? E : T) : never;

function readableKey(option: GivenKey, shared: string | undefined): KeyOption {
  const isObject = typeof option === "object" && "pem" in option;
  if (!isObject && isKeyItself(option)) return option;
  const text = textOf(isObject ? option.pem : option);
  const passphrase = (isObject ? option.passphrase : undefined) ?? shared;
  return isEncrypted(text) ? decrypted(text, passphrase) : text;
}

/** Not a text of one: a key that Node has, or a signer, which there isn't in `node:tls`. */
function isKeyItself(option: unknown): option is KeyOption {
  return typeof option === "object" && !ArrayBuffer.isView(option);
}

/** By PKCS#8, or as OpenSSL did before it. */
function isEncrypted(text: string): boolean {
  return decodePem(text).some(
    ({ label, headers }) =>
      label === "ENCRYPTED PRIVATE KEY" || headers.some((header) => /^Proc-Type:.*ENCRYPTED/.test(header)),
  );
}

function decrypted(key: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key, passphrase: passphrase ?? "" });
  } catch (error) {
    throw opensslError("provider", [100, "bad decrypt"], undefined, "", error);
  }
}

type GivenFile =
  NonNullable<SecureContextOptions["pfx"]> extends infer T ? (T extends readonly (infer E)[] ? E : T) : never;

function openFile(option: GivenFile, shared: string | undefined): Pkcs12Contents {
  const { buf, passphrase = shared } =
    typeof option === "object" && "buf" in option ? option : { buf: option, passphrase: shared };
  const contents = read(typeof buf === "string" ? Buffer.from(buf, "latin1") : buf, passphrase ?? "");
  if (contents.identities.length === 0) throw fileError("OPERATION_FAILED", "Unable to load private key from PFX data");
  return contents;
}

function read(file: Uint8Array, password: string): Pkcs12Contents {
  try {
    return openPkcs12Sync(new Uint8Array(file), {
      password,
      cryptography: nodePasswordCryptography,
      provider: nodeProvider,
      dangerousOldEncryption: pkcs12TripleDes(nodeTripleDesCbc),
    });
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    if (error.code === "wrong_password") throw fileError("OPERATION_FAILED", "mac verify failure", error);
    if (error.code !== "outdated_encryption" && error.code !== "unsupported_algorithm") throw error;
    throw fileError("UNSUPPORTED_OPERATION", "Unsupported PKCS12 PFX data", error);
  }
}

/** As `node:tls` words it. */
function fileError(code: string, message: string, cause?: Error): Error {
  return Object.assign(new Error(message, cause && { cause }), { code: `ERR_CRYPTO_${code}` });
}
