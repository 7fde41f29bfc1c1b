import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  certificateRequestToPem,
  createCertificateRequestSync,
  extendedKeyUsageExtension,
  Oid,
  privateKeyFromPem,
  privateKeyToPem,
} from "@tlskit/x509";
import { readBytes } from "../files.ts";
import { UsageError } from "../usage.ts";
import { type Command, command } from "./command.ts";
import { newKey, random } from "./key-kinds.ts";
import { inFile } from "./read.ts";
import { fileName, namesOf, subjectNames } from "./subject.ts";
import { writeFiles } from "./write.ts";

/** `tlskit cert csr`: a request for a certificate, and the key that it is for. */
export const csr: Command = command(
  {
    options: {
      host: { type: "string", multiple: true },
      client: { type: "boolean" },
      key: { type: "string" },
      "key-file": { type: "string" },
      out: { type: "string" },
      force: { type: "boolean" },
    },
  },
  async ({ host, client = false, key: kind, "key-file": keyFile, out = ".", force = false }) => {
    if (kind !== undefined && keyFile !== undefined) throw new UsageError("--key makes a key, --key-file takes one");
    const names = namesOf(host);
    const subject = subjectNames(names);
    const key =
      keyFile === undefined ? newKey(kind) : inFile(keyFile, () => privateKeyFromPem(readBytes(keyFile), { provider }));
    const request = createCertificateRequestSync({
      provider,
      random,
      signer: key,
      publicKey: key,
      ...subject,
      ...(client ? { extensions: [extendedKeyUsageExtension([Oid.clientAuth])] } : {}),
    });
    mkdirSync(out, { recursive: true });
    const base = join(out, fileName(names));
    const keyOutput = [`${base}-key.pem`, { content: privateKeyToPem(key), isSecret: true }] as const;
    const requestOutput = [`${base}.csr`, { content: certificateRequestToPem(request), isSecret: false }] as const;
    writeFiles(keyFile === undefined ? [keyOutput, requestOutput] : [requestOutput], force);
    if (keyFile === undefined) process.stdout.write(`private key       ${base}-key.pem\n`);
    process.stdout.write(`request           ${base}.csr\n`);
    return 0;
  },
);
