import { existsSync, mkdirSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  type Certificate,
  certificatesToPem,
  createCertificateSync,
  type DeclaredPrivateKey,
  privateKeyFromPem,
  privateKeyToPem,
} from "@tlskit/x509";
import { readBytes } from "../files.ts";
import { UsageError } from "../usage.ts";
import { newKey, random } from "./key-kinds.ts";
import { certificatesIn, inFile } from "./read.ts";
import { writeFiles } from "./write.ts";

/** A CA of one's own: `ca.pem` and `ca-key.pem` in a folder. Whoever has its key can be any host to whoever trusts it. */
export interface LocalAuthority {
  readonly certificate: Certificate;
  readonly key: DeclaredPrivateKey;
  /** The file of its certificate. */
  readonly path: string;
}

const files = { certificate: "ca.pem", key: "ca-key.pem" } as const;

export function hasAuthority(folder: string): boolean {
  return existsSync(join(folder, files.certificate)) || existsSync(join(folder, files.key));
}

/** @throws {UsageError} if there is none */
export function authorityIn(folder: string): LocalAuthority {
  const path = join(folder, files.certificate);
  const keyPath = join(folder, files.key);
  const [certificate] = certificatesIn(path, "option");
  if (certificate === undefined) throw new UsageError(`${path} has no certificate`);
  const { subjectPublicKeyInfo: publicKey } = certificate;
  const key = inFile(keyPath, () => privateKeyFromPem(readBytes(keyPath), { publicKey, provider }));
  return { certificate, key, path };
}

/** Makes one. It certifies leaves and no other CAs. */
export function makeAuthority(folder: string, kind: string | undefined, days: number | undefined): LocalAuthority {
  const key = newKey(kind);
  const certificate = createCertificateSync({
    provider,
    random,
    signer: key,
    publicKey: key,
    subject: { commonName: `tlskit CA of ${owner()}`.slice(0, 64), organizationName: "tlskit local CA" },
    validity: { from: justNow(), ...(days === undefined ? {} : { days }) },
    ca: { pathLength: 0 },
  });
  mkdirSync(folder, { recursive: true });
  const path = join(folder, files.certificate);
  const outputs = [
    [join(folder, files.key), { content: privateKeyToPem(key), isSecret: true }],
    [path, { content: certificatesToPem(certificate), isSecret: false }],
  ] as const;
  writeFiles(outputs, false);
  return { certificate, key, path };
}

/** A little ago: clocks differ. */
export function justNow(): Date {
  return new Date(Date.now() - 60_000);
}

function owner(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // a user without an entry in the system's table
    return hostname();
  }
}
