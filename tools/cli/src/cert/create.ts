import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { type CertifiedPurpose, certificatesToPem, createCertificateSync, privateKeyToPem } from "@tlskit/x509";
import { UsageError } from "../usage.ts";
import { type Command, command } from "./command.ts";
import { daysOf } from "./days.ts";
import { newKey, random } from "./key-kinds.ts";
import { authorityIn, hasAuthority, justNow, makeAuthority } from "./local-authority.ts";
import { fileName, namesOf, subjectNames } from "./subject.ts";
import { writeFiles } from "./write.ts";

/** `tlskit cert create`: a CA of one's own, made where there is none, and a leaf by it for the hosts that are named. */
export const create: Command = command(
  {
    options: {
      ca: { type: "string" },
      host: { type: "string", multiple: true },
      client: { type: "boolean" },
      key: { type: "string" },
      days: { type: "string" },
      out: { type: "string" },
      force: { type: "boolean" },
    },
  },
  async ({ ca, host, client = false, key: kind, days: daysText, out = ".", force = false }) => {
    const folder = ca ?? out;
    const names = namesOf(host);
    const days = daysOf(daysText);
    const subject = names.length === 0 ? undefined : subjectNames(names);
    const isThere = hasAuthority(folder);
    if (subject === undefined && isThere) {
      throw new UsageError(`there is a CA in ${folder} already; --host names whom it is to certify`);
    }
    if (subject === undefined && client) throw new UsageError("--client goes with --host, which names the client");
    const authority = isThere
      ? authorityIn(folder)
      : makeAuthority(folder, kind, subject === undefined ? days : undefined);
    process.stdout.write(isThere ? `by the CA         ${authority.path}\n` : `a new CA          ${authority.path}\n`);
    if (subject === undefined) return 0;

    const key = newKey(kind);
    const purposes: readonly CertifiedPurpose[] = client ? ["clientAuth"] : ["serverAuth"];
    const certificate = createCertificateSync({
      provider,
      random,
      signer: authority.key,
      issuer: authority.certificate,
      publicKey: key,
      ...subject,
      purposes,
      validity: { from: justNow(), ...(days === undefined ? {} : { days }) },
    });
    mkdirSync(out, { recursive: true });
    const base = join(out, `${fileName(names)}${client ? "-client" : ""}`);
    const files = [
      [`${base}-key.pem`, { content: privateKeyToPem(key), isSecret: true }],
      [`${base}.pem`, { content: certificatesToPem(certificate), isSecret: false }],
    ] as const;
    writeFiles(files, force);
    process.stdout.write(`certificate       ${base}.pem\nprivate key       ${base}-key.pem\n`);
    return 0;
  },
);
