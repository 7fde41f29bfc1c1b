import { type PrivateKey, run, runSync, type Steps } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import { encodeData, encodeEncryptedData } from "../cms/content-info.ts";
import { derExplicit, derOctetString, derOid, derSequence, derSmallInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { encryptPkcs8 } from "../keys/encrypted-private-key.ts";
import { DeclaredPrivateKey, privateKeyToPkcs8 } from "../keys/private-key.ts";
import { defaultKeyDerivation } from "../passwords/derivation.ts";
import { type EncryptionOptions, encryptPbes2 } from "../passwords/pbes2.ts";
import type { Pkcs12Labels } from "./contents.ts";
import { encodeLabels } from "./labels.ts";
import { makeMac } from "./mac.ts";
import { Pkcs12Oid } from "./oids.ts";

/** What a PKCS#12 file is to hold, and how it is protected. */
export interface Pkcs12Parts extends Omit<EncryptionOptions, "password"> {
  readonly password: string;
  /** A private key; without one the file only holds certificates. */
  readonly key?: DeclaredPrivateKey | PrivateKey;
  /** The key's own certificate first, then what certifies it. */
  readonly certificates: readonly Certificate[];
  /** A name for the key and its certificate, to show to people. */
  readonly friendlyName?: string;
  /**
   * HMAC-SHA-256 by a key derivation that PKCS#12 has of its own, unless told: what most software reads. `"PBMAC1"` (RFC
   * 9579) by the same derivation as the encryption: OpenSSL reads it from 3.4 on.
   */
  readonly mac?: "PKCS#12" | "PBMAC1";
}

/**
 * Writes a PKCS#12 file (RFC 7292), as steps; {@link createPkcs12Sync} and {@link createPkcs12Async} run them.
 * Certificates and key are encrypted as {@link encryptPrivateKey} does, and the whole has a MAC.
 * @throws {X509Error} `invalid_argument`, also for a key that isn't the first certificate's
 */
export function* createPkcs12(parts: Pkcs12Parts): Steps<Uint8Array> {
  const { password, cryptography, random, certificates, keyDerivation = defaultKeyDerivation } = parts;
  const key =
    parts.key === undefined || parts.key instanceof DeclaredPrivateKey ? parts.key : DeclaredPrivateKey.of(parts.key);
  const [leaf] = certificates;
  if (leaf === undefined && key === undefined) throw x509Error("invalid_argument", "the PKCS#12 file would be empty");
  const labels = labelsOf(parts, key, leaf);

  const contents: Uint8Array[] = [];
  if (certificates.length > 0) {
    const bags = certificates.map((certificate) =>
      certificateBag(certificate, certificate === leaf ? labels : noLabels),
    );
    const { identifier, ciphertext } = yield* encryptPbes2(derSequence(...bags), parts);
    contents.push(encodeEncryptedData(identifier, ciphertext));
  }
  if (key !== undefined) {
    const shrouded = yield* encryptPkcs8(privateKeyToPkcs8(key), parts);
    contents.push(encodeData(derSequence(bag(Pkcs12Oid.pkcs8ShroudedKeyBag, shrouded, labels))));
  }
  const authenticatedSafe = derSequence(...contents);
  const mac = yield* makeMac(
    authenticatedSafe,
    { password, cryptography },
    random,
    keyDerivation,
    parts.mac ?? "PKCS#12",
  );
  return derSequence(derSmallInteger(3), encodeData(authenticatedSafe), mac);
}

/**
 * {@link createPkcs12}, at once.
 * @throws {CryptoError} `would_wait` with a provider that answers later
 */
export function createPkcs12Sync(parts: Pkcs12Parts): Uint8Array {
  return runSync(createPkcs12(parts));
}

/** {@link createPkcs12}, with any provider. */
export async function createPkcs12Async(parts: Pkcs12Parts): Promise<Uint8Array> {
  return await run(createPkcs12(parts));
}

const noLabels: Pkcs12Labels = { friendlyName: undefined, localKeyId: undefined };

/** A key and its certificate have the same identifier: what others find the one by the other with. */
function labelsOf(
  { friendlyName, cryptography }: Pkcs12Parts,
  key: DeclaredPrivateKey | undefined,
  leaf: Certificate | undefined,
): Pkcs12Labels {
  if (key === undefined || leaf === undefined) return { friendlyName, localKeyId: undefined };
  if (!equalBytes(key.subjectPublicKeyInfo.subjectPublicKey, leaf.subjectPublicKeyInfo.subjectPublicKey)) {
    throw x509Error("invalid_argument", "the private key is not the first certificate's");
  }
  const sha256 = cryptography.hashes.find(({ name }) => name === "SHA-256");
  return { friendlyName, localKeyId: sha256?.digest(leaf.der).subarray(0, 20) };
}

function certificateBag({ der }: Certificate, labels: Pkcs12Labels): Uint8Array {
  const value = derSequence(derOid(Pkcs12Oid.x509Certificate), derExplicit(0, derOctetString(der)));
  return bag(Pkcs12Oid.certBag, value, labels);
}

function bag(type: string, value: Uint8Array, labels: Pkcs12Labels): Uint8Array {
  return derSequence(derOid(type), derExplicit(0, value), ...encodeLabels(labels));
}
