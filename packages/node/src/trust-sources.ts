import { readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A PEM text somewhere. */
export interface TrustSource {
  /** For whoever wants to know where something comes from. */
  readonly name: string;
  /** @throws {Error} if it isn't there */
  readonly read: () => string | Uint8Array;
}

/** Variables that name certificates. */
export type TrustVariable = "SSL_CERT_FILE" | "SSL_CERT_DIR" | "NODE_EXTRA_CA_CERTS";

/** How each names them: one file, or folders of files. */
const meaning: Readonly<Record<TrustVariable, (value: string) => readonly TrustSource[]>> = {
  SSL_CERT_FILE: (value) => [file(value)],
  SSL_CERT_DIR: (value) => value.split(delimiter).flatMap(filesIn),
  NODE_EXTRA_CA_CERTS: (value) => [file(value)],
};

/** What these variables of an environment name. An empty one is one that isn't set. */
export function trustNamedIn(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly TrustVariable[],
): readonly TrustSource[] {
  return names.flatMap((name) => {
    const value = environment[name];
    return value === undefined || value === "" ? [] : meaning[name](value);
  });
}

function file(path: string): TrustSource {
  return { name: path, read: () => readFileSync(path) };
}

/** All files of a folder, whatever they are called: OpenSSL's hashes of names are links to them. */
function filesIn(folder: string): readonly TrustSource[] {
  if (folder === "") return [];
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ name }) => file(join(folder, name)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return [{ name: folder, read: () => rethrow(error) }];
  }
}

function rethrow(error: unknown): never {
  throw error;
}
