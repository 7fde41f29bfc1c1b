import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { GeneralName, SubjectNames } from "@tlskit/x509";
import { UsageError } from "../usage.ts";

/** The names that `--host` has: comma lists, repeated. Host names, wildcards, IP addresses, mail addresses. */
export function namesOf(hosts: readonly string[] | undefined): readonly string[] {
  return (hosts ?? [])
    .flatMap((list) => list.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Alternative names, the first of them also as the common name: that is what lists of certificates show. */
export function subjectNames(names: readonly string[]): SubjectNames {
  const hosts = names.map(asciiHost);
  const [first] = hosts;
  if (first === undefined) throw new UsageError("--host names whom the certificate is for");
  const mailboxes = hosts.filter(isMailbox);
  return {
    // RFC 5280 appendix A.1: ub-common-name is 64
    ...(first.length > 64 ? {} : { subject: { commonName: first } }),
    dnsNames: hosts.filter((name) => isIP(name) === 0 && !isMailbox(name)),
    ipAddresses: hosts.filter((name) => isIP(name) !== 0),
    alternativeNames: mailboxes.map((value): GeneralName => ({ type: "rfc822Name", value })),
  };
}

/** A name for files, as long as the first name and how many more: `_wildcard.example.test+2`. */
export function fileName([first = "", ...others]: readonly string[]): string {
  const safe = first.replace(/^\*/, "_wildcard").replaceAll(/[^A-Za-z0-9._@-]/g, "_");
  return others.length === 0 ? safe : `${safe}+${others.length}`;
}

function isMailbox(name: string): boolean {
  return name.includes("@");
}

/** Names in other letters have A-labels that stand for them. */
function asciiHost(name: string): string {
  if (/^[\0-\x7f]*$/.test(name)) return name;
  return domainToASCII(name) || name;
}
