import { randomFillSync } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type SignatureAlgorithm, signerFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import type { ServedKey, SignedFormName } from "@tlskit/keyless";
import { callerError, TlsError } from "@tlskit/wire";
import { aNumber, anObject, aString, checkOptions, type Expectations, listOf, optional } from "@tlskit/wire/arguments";
import { decodeFileText, privateKeyFromPem, type VerifiedChain, X509Error } from "@tlskit/x509";
import { clientsNamed } from "./clients-named.ts";
import type { KeyListenerOptions } from "./key-listener.ts";
import { maxFileLength } from "./limits.ts";

/** A key in a configuration file. */
interface ConfiguredKey {
  /** A file: the private key in PEM, unencrypted. */
  readonly key: string;
  /** Who may use it: as {@link clientsNamed} takes them. */
  readonly clients: readonly string[];
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined;
  readonly forms?: readonly SignedFormName[] | undefined;
}

/** A configuration file, in JSON. Files are named from where it is. */
interface ConfigurationFile {
  readonly port: number;
  readonly host?: string | undefined;
  /** Files: the key server's own certificate with its chain, its key, and the authorities of clients. */
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly keys: Readonly<Record<string, ConfiguredKey>>;
  readonly maxConnections?: number | undefined;
  readonly maxConnectionAge?: number | undefined;
  readonly maxRequestsInFlight?: number | undefined;
  readonly maxSignaturesPending?: number | undefined;
  readonly signatureTimeout?: number | undefined;
}

const ofFiles: Expectations<ConfigurationFile> = {
  port: aNumber,
  host: optional(aString),
  cert: aString,
  key: aString,
  ca: aString,
  keys: anObject,
  maxConnections: optional(aNumber),
  maxConnectionAge: optional(aNumber),
  maxRequestsInFlight: optional(aNumber),
  maxSignaturesPending: optional(aNumber),
  signatureTimeout: optional(aNumber),
};

const ofKeys: Expectations<ConfiguredKey> = {
  key: aString,
  clients: listOf(aString),
  algorithms: optional(listOf(aString)),
  forms: optional(listOf(aString)),
};

/** What a configuration file says, read. */
export interface Configuration {
  readonly port: number;
  readonly host: string | undefined;
  readonly options: KeyListenerOptions;
}

/**
 * Reads a configuration file, and the files that it names.
 * @throws {TlsError} of the kind `caller`, whose sentence says what is wrong, and in what file; no contents of a key file
 */
export function readConfiguration(path: string): Configuration {
  const file: ConfigurationFile = parsed(path);
  checkOptions<ConfigurationFile>(path, file, ofFiles);
  const read = (name: string): string => fileText(resolve(dirname(path), name));
  const { port, host, cert, key, ca, keys, ...limits } = file;
  const served = Object.entries(keys).map(([name, configured]) => [name, servedKey(name, configured, read)] as const);
  return {
    port,
    host,
    options: { ...limits, cert: read(cert), key: read(key), ca: read(ca), keys: Object.fromEntries(served) },
  };
}

function servedKey(name: string, configured: ConfiguredKey, read: (file: string) => string): ServedKey<VerifiedChain> {
  checkOptions<ConfiguredKey>(`keys[${JSON.stringify(name)}]`, configured, ofKeys);
  const { key, clients, algorithms, forms } = configured;
  if (clients.length === 0) throw callerError("no_clients", `nobody may use the key ${name}: its clients are none`);
  const privateKey = inFile(key, () => privateKeyFromPem(read(key), { provider: nodeProvider }));
  const signer = signerFor(nodeProvider, privateKey, (length) => randomFillSync(new Uint8Array(length)));
  return { signer, mayUse: clientsNamed(...clients), algorithms, forms };
}

function parsed(path: string): ConfigurationFile {
  const text = fileText(path);
  try {
    // What it is, is looked at before it is used.
    return JSON.parse(text) as ConfigurationFile;
  } catch {
    throw callerError("unreadable_configuration", `${path} is not JSON`);
  }
}

function fileText(path: string): string {
  try {
    if (statSync(path).size > maxFileLength) throw callerError("file_too_long", `${path} has more than 1 MiB`);
    return decodeFileText(readFileSync(path));
  } catch (error) {
    if (error instanceof TlsError || !(error instanceof Error)) throw error;
    throw callerError("unreadable_file", `${path} can't be read: ${error.message}`);
  }
}

/** Which file it is that X.509 can't make anything of. */
function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof X509Error ? callerError(error.code, `${file}: ${error.message}`) : error;
  }
}
