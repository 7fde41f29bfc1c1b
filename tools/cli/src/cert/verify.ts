import { nodeProvider } from "@tlskit/crypto-node";
import {
  type CertificateRevocationList,
  checkRevocation,
  notChecked,
  OcspResponse,
  type Purpose,
  type VerificationInputs,
  type VerificationResult,
  verifyCertificateSync,
} from "@tlskit/x509";
import { readBytes } from "../files.ts";
import { UsageError } from "../usage.ts";
import { type Command, command } from "./command.ts";
import { anchorsIn, certificatesIn, crlsIn, firstCertificateIn, inFile } from "./read.ts";
import { verdictJson, verdictText } from "./verdict.ts";

const purposes: Readonly<Record<string, Purpose>> = { server: "serverAuth", client: "clientAuth", any: "any" };

/** `tlskit cert verify LEAF`: exit code 0 for a valid certificate, 1 for any other. */
export const verify: Command = command(
  {
    options: {
      intermediates: { type: "string", multiple: true },
      ca: { type: "string", multiple: true },
      hostname: { type: "string" },
      purpose: { type: "string" },
      at: { type: "string" },
      crl: { type: "string", multiple: true },
      ocsp: { type: "string", multiple: true },
      json: { type: "boolean" },
      explain: { type: "boolean" },
    },
    positionals: ["LEAF"],
  },
  async (values, file = "") => {
    const { crl = [], ocsp = [], hostname, json = false, explain = false } = values;
    const purpose = purposeNamed(values.purpose ?? "server");
    const at = timeNamed(values.at);
    const intermediates = (values.intermediates ?? []).flatMap((path) => certificatesIn(path, "option"));
    const anchors = values.ca === undefined ? await defaultAnchors() : anchorsIn(values.ca);
    const evidence = {
      crls: crl.flatMap(crlsIn),
      ocspResponses: ocsp.map((path) => inFile(path, () => OcspResponse.fromDer(readBytes(path)))),
    };
    // a leaf that can't be read is not valid; of what is behind it nothing has to be readable
    const leaf = firstCertificateIn(file);
    const [, ...others] = certificatesIn(file, "subject");
    const result = verdict(
      {
        provider: nodeProvider,
        leaf,
        intermediates: [...others, ...intermediates],
        anchors,
        at,
        purpose,
        hostname: hostname ?? notChecked,
      },
      crl.length + ocsp.length > 0 ? evidence : undefined,
    );
    process.stdout.write(json ? verdictJson(result, leaf) : verdictText(result, leaf, explain));
    return result.ok ? 0 : 1;
  },
);

/** Whom the system trusts, which is asked where connections ask: it is loaded only for this. */
async function defaultAnchors(): Promise<VerificationInputs["anchors"]> {
  const { defaultTrust } = await import("@tlskit/node");
  return defaultTrust().anchors;
}

type Question = Omit<VerificationInputs, "revocation">;
type Evidence = {
  readonly crls: readonly CertificateRevocationList[];
  readonly ocspResponses: readonly OcspResponse[];
};

/** Who gives CRLs or responses wants the leaf to be known to be good, and no certificate of the path to be revoked. */
function verdict(question: Question, evidence: Evidence | undefined): VerificationResult {
  if (evidence === undefined) return verifyCertificateSync({ ...question, revocation: notChecked });
  const required = checkRevocation({ ...evidence, mode: "required", certificates: "leaf" });
  const result = verifyCertificateSync({ ...question, revocation: required });
  if (!result.ok) return result;
  const asFarAsKnown = checkRevocation({ ...evidence, mode: "when_available", certificates: "chain" });
  return verifyCertificateSync({ ...question, revocation: asFarAsKnown });
}

function purposeNamed(name: string): Purpose {
  const purpose = Object.hasOwn(purposes, name) ? purposes[name] : undefined;
  if (purpose === undefined) throw new UsageError(`--purpose takes ${Object.keys(purposes).join(", ")}; got ${name}`);
  return purpose;
}

/** A date, `2026-11-24`, or a time, `2026-11-24T09:00:00Z`. */
function timeNamed(text: string | undefined): Date {
  if (text === undefined) return new Date();
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text) ? new Date(text) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) {
    throw new UsageError(`--at takes a time such as 2026-11-24 or 2026-11-24T09:00:00Z, got ${JSON.stringify(text)}`);
  }
  return at;
}
