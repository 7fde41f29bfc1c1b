import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  type CertificateRequest,
  certificatesToPem,
  createCertificateSync,
  isPem,
  type SubjectNames,
  verifyCertificateRequestSync,
} from "@tlskit/x509";
import { escapedText, generalNameText } from "@tlskit/x509/text";
import { readBytes } from "../files.ts";
import { UsageError } from "../usage.ts";
import { type Command, command } from "./command.ts";
import { daysOf } from "./days.ts";
import { asDer } from "./encodings.ts";
import { random } from "./key-kinds.ts";
import { authorityIn, justNow } from "./local-authority.ts";
import { inFile } from "./read.ts";
import { namesOf, subjectNames } from "./subject.ts";
import { writeOut } from "./write.ts";

/**
 * `tlskit cert sign REQUEST`: the certificate that a request asks for, by a CA of one's own. Of the request it takes the
 * key and, unless `--host` says others, the names, which it tells; everything else it decides itself.
 */
export const sign: Command = command(
  {
    options: {
      ca: { type: "string" },
      host: { type: "string", multiple: true },
      client: { type: "boolean" },
      days: { type: "string" },
      out: { type: "string" },
      force: { type: "boolean" },
    },
    positionals: ["REQUEST"],
  },
  async ({ ca, host, client = false, days: daysText, out, force = false }, file = "") => {
    if (ca === undefined) throw new UsageError("sign takes --ca DIR, where ca.pem and ca-key.pem are");
    const days = daysOf(daysText);
    const authority = authorityIn(ca);
    const bytes = readBytes(file);
    const encoded = isPem(bytes) ? bytes : asDer(bytes);
    const request = inFile(file, () => verifyCertificateRequestSync({ provider, request: encoded }));
    const names = namesOf(host);
    const certificate = createCertificateSync({
      provider,
      random,
      signer: authority.key,
      issuer: authority.certificate,
      publicKey: request,
      ...(names.length === 0 ? namesAskedFor(file, request) : subjectNames(names)),
      purposes: [client ? "clientAuth" : "serverAuth"],
      validity: { from: justNow(), ...(days === undefined ? {} : { days }) },
    });
    const certified = certificate.subjectAlternativeName?.all.map(generalNameText).join(", ") ?? "";
    process.stderr.write(`certified: ${certified || escapedText(`${certificate.subject}`)}\n`);
    writeOut(out, { content: certificatesToPem(certificate), isSecret: false }, { force });
    return 0;
  },
);

/** Names by which a host, or a person with a mailbox, can be verified; a request that asks for others is refused. */
function namesAskedFor(file: string, { subject, subjectAlternativeName }: CertificateRequest): SubjectNames {
  const alternativeNames = subjectAlternativeName?.all ?? [];
  const other = alternativeNames.find(({ type }) => !["dNSName", "iPAddress", "rfc822Name"].includes(type));
  if (other !== undefined)
    throw new UsageError(`${file} asks for a name of the form ${other.type}; --host says others`);
  if (alternativeNames.length === 0) throw new UsageError(`${file} asks for no alternative name; --host says some`);
  return { subject, alternativeNames };
}
