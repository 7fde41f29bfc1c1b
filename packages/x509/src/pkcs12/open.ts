import { run, runSync, type Steps } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import { type ContentInfo, readContentInfo } from "../cms/content-info.ts";
import { CmsOid } from "../cms/oids.ts";
import { decodeDer } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { x509Error } from "../error.ts";
import { privateKeyFromPkcs8 } from "../keys/private-key.ts";
import type { PrivateKeyOptions } from "../keys/private-key-options.ts";
import { maximumPkcs12Bytes } from "../limits.ts";
import { IterationBudget } from "../passwords/iterations.ts";
import { type PasswordInputs, wrongPassword } from "../passwords/pbes2.ts";
import { BagCollector, type KeyBag } from "./bags.ts";
import type { Pkcs12Certificate, Pkcs12Contents } from "./contents.ts";
import { identitiesOf } from "./identities.ts";
import { type FileMac, type Pkcs12Password, readMac } from "./mac.ts";

/** A password, and what opens a PKCS#12 file with it. */
export interface Pkcs12Inputs
  extends Pkcs12Password,
    Pick<PrivateKeyOptions, "provider">,
    Pick<PasswordInputs, "dangerousOldEncryption"> {
  /** How much work the file may ask for: 5,000,000 iterations unless told. */
  readonly maximumIterations?: number;
  /** Takes a file without a MAC, with which anybody may have replaced its certificates, and the keys too. */
  readonly dangerousWithoutMac?: true;
  /**
   * Makes DER of what isn't: `berToDer` of `@tlskit/x509/ber`, for files with indefinite lengths or strings in pieces
   * (RFC 7292 §3.1 allows them; NSS, Bouncy Castle and others write them). Without it DER alone is read. It is asked for the
   * file and then for each encoding that lies within, encrypted or not; the MAC is over the octets of the file all the same.
   */
  readonly toDer?: ((encoding: Uint8Array) => Uint8Array) | undefined;
}

/**
 * Opens a PKCS#12 file (RFC 7292), as steps; {@link openPkcs12Sync} and {@link openPkcs12Async} run them.
 *
 * What is opened: DER (and BER by `toDer`), a MAC with HMAC (SHA-1 or SHA-2) or PBMAC1 (RFC 9579), contents and keys by
 * PBES2 with AES. The MAC is verified before anything else is looked at. What isn't: files by public keys, and old
 * encryption, for which the error says how to convert it, unless `dangerousOldEncryption` opens it.
 * @throws {X509Error} `wrong_password`, `outdated_encryption`, `unsupported_algorithm`, `invalid_pkcs12`, `too_large`,
 *   `invalid_der`, `invalid_certificate`, `invalid_private_key`, `missing_public_key`, and what `toDer` throws
 */
export function* openPkcs12(file: Uint8Array, inputs: Pkcs12Inputs): Steps<Pkcs12Contents> {
  const budget = new IterationBudget(inputs.maximumIterations);
  const { toDer = expectDer } = inputs;
  const { authenticatedSafe, mac } = readFile(new Uint8Array(file), toDer);
  if (mac !== undefined) {
    if (!(yield* mac.verify(authenticatedSafe, inputs, budget))) throw wrongPassword();
  } else if (inputs.dangerousWithoutMac !== true) {
    throw x509Error("invalid_pkcs12", "the PKCS#12 file has no MAC: anybody may have changed it");
  }
  const collector = new BagCollector(inputs, budget, toDer);
  yield* collector.collect(readAuthenticatedSafe(toDer(authenticatedSafe)));
  const { certificates, passedOver } = collector;
  const keys = collector.keys.flatMap((bag) => {
    const key = collector.unlessUnreadable(bag.bag, () => readKey(bag, certificates, inputs));
    return key === undefined ? [] : [{ ...bag.labels, key }];
  });
  if (keys.length + certificates.length === 0 && collector.fault !== undefined) throw collector.fault;
  return { identities: identitiesOf(keys, certificates), keys, certificates, passedOver };
}

/**
 * {@link openPkcs12}, at once.
 * @throws {CryptoError} `would_wait` with a provider that answers later
 */
export function openPkcs12Sync(file: Uint8Array, inputs: Pkcs12Inputs): Pkcs12Contents {
  return runSync(openPkcs12(file, inputs));
}

/** {@link openPkcs12}, with any provider. */
export async function openPkcs12Async(file: Uint8Array, inputs: Pkcs12Inputs): Promise<Pkcs12Contents> {
  return await run(openPkcs12(file, inputs));
}

/**
 * RFC 7292 §4.
 * ```
 * PFX ::= SEQUENCE { version INTEGER {v3(3)}, authSafe ContentInfo, macData MacData OPTIONAL }
 * ```
 */
function readFile(
  file: Uint8Array,
  toDer: (encoding: Uint8Array) => Uint8Array,
): { readonly authenticatedSafe: Uint8Array; readonly mac: FileMac | undefined } {
  const what = "the PKCS#12 file";
  if (file.length > maximumPkcs12Bytes) {
    throw x509Error("too_large", `a PKCS#12 file has at most ${maximumPkcs12Bytes} bytes, got ${file.length}`);
  }
  return decodeDer(toDer(file), what, (reader) => {
    const parts = reader.sequence(what);
    const version = parts.smallInteger(0x7f, "the version");
    if (version !== 3) throw x509Error("invalid_pkcs12", `a PKCS#12 file has the version 3, got ${version}`);
    const { type, content } = readContentInfo(parts);
    const mac = parts.done ? undefined : readMac(parts);
    parts.finish(what);
    if (type === CmsOid.idSignedData) {
      throw x509Error(
        "unsupported_algorithm",
        "PKCS#12 files that are signed instead of having a MAC are not supported",
      );
    }
    if (type !== CmsOid.idData) throw x509Error("invalid_pkcs12", "the PKCS#12 file's contents are of no known type");
    return { authenticatedSafe: content.octetString("the contents"), mac };
  });
}

/** RFC 7292 §3.1 allows BER, which is for writers that don't know how much is to come. */
export function expectDer(encoding: Uint8Array): Uint8Array {
  if (encoding[0] === Tag.sequence && encoding[1] === 0x80) {
    throw x509Error(
      "invalid_pkcs12",
      "the PKCS#12 file is in BER with indefinite lengths, which is read with `toDer: berToDer` of @tlskit/x509/ber",
    );
  }
  return encoding;
}

/** RFC 7292 §4.1: `AuthenticatedSafe ::= SEQUENCE OF ContentInfo` */
function readAuthenticatedSafe(der: Uint8Array): readonly ContentInfo[] {
  const what = "the authenticated safe";
  return decodeDer(der, what, (reader) => {
    const list = reader.sequence(what);
    const contents: ContentInfo[] = [];
    while (!list.done) contents.push(readContentInfo(list));
    return contents;
  });
}

/** A key without its public key is completed by the provider or, if there is none, by the certificate that goes with it. */
function readKey({ pkcs8, labels }: KeyBag, certificates: readonly Pkcs12Certificate[], { provider }: Pkcs12Inputs) {
  const { localKeyId } = labels;
  const own = certificates.find(
    (candidate) =>
      localKeyId !== undefined && candidate.localKeyId !== undefined && equalBytes(candidate.localKeyId, localKeyId),
  );
  const publicKey = provider === undefined ? own?.certificate.subjectPublicKeyInfo : undefined;
  return privateKeyFromPkcs8(pkcs8, { provider, publicKey });
}
