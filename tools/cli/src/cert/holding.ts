import { nodePasswordCryptography as cryptography, nodeProvider as provider } from "@tlskit/crypto-node";
import {
  Certificate,
  certificateFromPem,
  type DeclaredPrivateKey,
  type DecryptionOptions,
  decodePem,
  decryptPrivateKeySync,
  isPem,
  type JsonWebKey,
  openPkcs12Sync,
  type PemBlock,
  privateKeyFromJwk,
  privateKeyFromPem,
  privateKeyFromPkcs8,
  publicKeyFromJwk,
  publicKeyFromPem,
  type SubjectPublicKeyInfo,
  toPem,
  X509Error,
} from "@tlskit/x509";
import { readBytes } from "../files.ts";
import { UsageError } from "../usage.ts";
import { asDer, inSignedData } from "./encodings.ts";
import { inFile, tellPassedOver } from "./read.ts";

/** What files hold, whatever their form. */
export interface Holding {
  readonly certificates: readonly Certificate[];
  readonly keys: readonly DeclaredPrivateKey[];
  readonly publicKeys: readonly SubjectPublicKeyInfo[];
}

const nothing: Holding = { certificates: [], keys: [], publicKeys: [] };

/** Everything out of some files: PEM, DER (or BER), PKCS#7, PKCS#12 and JWK. The password is for what is encrypted. */
export function holdingOf(files: readonly string[], password: string | undefined): Holding {
  const all = files.map((file) => inFile(file, () => read(readBytes(file), password)));
  return {
    certificates: all.flatMap(({ certificates }) => certificates),
    keys: all.flatMap(({ keys }) => keys),
    publicKeys: all.flatMap(({ publicKeys }) => publicKeys),
  };
}

function read(bytes: Uint8Array, password: string | undefined): Holding {
  if (isPem(bytes)) return readPem(bytes, password);
  const text = new TextDecoder().decode(bytes);
  return text.trimStart().startsWith("{") ? readJwk(text) : readDer(bytes, password);
}

function readPem(bytes: Uint8Array, password: string | undefined): Holding {
  const parts = decodePem(bytes).map((block) => readBlock(block, password));
  const found = {
    certificates: parts.flatMap(({ certificates }) => certificates),
    keys: parts.flatMap(({ keys }) => keys),
    publicKeys: parts.flatMap(({ publicKeys }) => publicKeys),
  };
  if (parts.every((part) => part === nothing))
    throw new X509Error("invalid_pem", "it has neither certificates nor keys");
  return found;
}

function readBlock(block: PemBlock, password: string | undefined): Holding {
  switch (block.label) {
    case "CERTIFICATE":
    case "X509 CERTIFICATE":
    case "X.509 CERTIFICATE":
    case "TRUSTED CERTIFICATE":
      return { ...nothing, certificates: [certificateFromPem(`${block}`)] };
    case "PRIVATE KEY":
    case "EC PRIVATE KEY":
    case "RSA PRIVATE KEY":
    case "OPENSSH PRIVATE KEY":
      return { ...nothing, keys: [privateKeyFromPem(`${block}`, { provider })] };
    case "ENCRYPTED PRIVATE KEY":
      return { ...nothing, keys: [decryptPrivateKeySync(block.bytes, unlocking(password))] };
    case "PKCS7":
    case "CMS":
      return readSignedData(block.bytes) ?? nothing;
    case "PUBLIC KEY":
    case "RSA PUBLIC KEY":
      return { ...nothing, publicKeys: [publicKeyFromPem(`${block}`)] };
    default:
      return nothing;
  }
}

/** What a file of certificates in PKCS#7 has. */
function readSignedData(bytes: Uint8Array): Holding | undefined {
  const certificates = inSignedData(bytes, "CERTIFICATE")?.map((der) => Certificate.fromDer(der));
  return certificates && { ...nothing, certificates };
}

/** What a DER file is, it doesn't say, unless it is PKCS#7: the first of these that it can be read as. */
function readDer(file: Uint8Array, password: string | undefined): Holding {
  const bundled = readSignedData(file);
  if (bundled !== undefined) return bundled;
  const bytes = asDer(file);
  const forms: readonly (() => Holding)[] = [
    () => ({ ...nothing, certificates: [Certificate.fromDer(bytes)] }),
    () => ({ ...nothing, keys: [privateKeyFromPkcs8(bytes, { provider })] }),
    () => ({ ...nothing, publicKeys: [publicKeyFromPem(toPem("PUBLIC KEY", bytes))] }),
    () => ({ ...nothing, keys: [decryptPrivateKeySync(bytes, unlocking(password ?? ""))] }),
    () => readPkcs12(bytes, password ?? ""),
  ];
  const reasons: string[] = [];
  for (const form of forms) {
    try {
      return form();
    } catch (error) {
      if (!(error instanceof X509Error)) throw error;
      if (error.code === "wrong_password" && password === undefined) throw noPassword();
      if (!malformed.has(error.code)) throw error;
      reasons.push(error.message);
    }
  }
  throw new X509Error("invalid_der", `it is neither PEM nor JWK, and none of what comes in DER: ${reasons.join("; ")}`);
}

const malformed: ReadonlySet<string> = new Set([
  "invalid_der",
  "invalid_certificate",
  "invalid_private_key",
  "invalid_pkcs12",
]);

function readPkcs12(bytes: Uint8Array, password: string): Holding {
  const opened = openPkcs12Sync(bytes, { ...unlocking(password), provider, toDer: asDer });
  const { keys, certificates, identities, passedOver } = opened;
  tellPassedOver(passedOver, "PKCS#12");
  const chains = identities.flatMap(({ chain }) => chain);
  const others = certificates.map(({ certificate }) => certificate).filter((one) => !chains.includes(one));
  return { certificates: [...new Set([...chains, ...others])], keys: keys.map(({ key }) => key), publicKeys: [] };
}

function readJwk(text: string): Holding {
  const jwk = parseJwk(text);
  return jwk.d === undefined
    ? { ...nothing, publicKeys: [publicKeyFromJwk(jwk)] }
    : { ...nothing, keys: [privateKeyFromJwk(jwk, { provider })] };
}

/** Some JSON object: whether it is a JWK, its reader finds out. */
function parseJwk(text: string): JsonWebKey {
  try {
    return JSON.parse(text);
  } catch {
    throw new X509Error("invalid_jwk", "it begins as JSON and isn't any");
  }
}

function unlocking(password: string | undefined): DecryptionOptions & { readonly password: string } {
  if (password === undefined) throw noPassword();
  return { password, cryptography, provider };
}

function noPassword(): UsageError {
  return new UsageError("it is encrypted: --password-file or --password-env says the password");
}
