/** The files of `@tlskit/roots` that are made, out of certificates, their restrictions and where they come from. */
import { createHash } from "node:crypto";
import { encodeBase64 } from "@tlskit/wire";
import { type Certificate, nameConstraintsExtension, Oid } from "@tlskit/x509";
import type { Origin } from "./origin.ts";
import type { Restriction } from "./restrictions.ts";

/** A root that can't be made into data as it is, or a restriction of none. Somebody has to look at it. */
export class RootsError extends Error {
  override readonly name = "RootsError";
}

/** What is made: a file's name within `packages/roots/src`, and its text. */
export type RootFiles = Readonly<Record<"data.ts" | "date.ts", string>>;

/** @throws {RootsError} for what the data can't express, rather than leave it out */
export function generate(
  certificates: readonly Certificate[],
  restrictions: readonly Restriction[],
  origin: Origin,
): RootFiles {
  const found = certificates.map((certificate) => ({ certificate, fingerprint: fingerprintOf(certificate) }));
  for (const { fingerprint, name } of restrictions) {
    if (!found.some((root) => root.fingerprint === fingerprint)) {
      throw new RootsError(`${name} is restricted, but not among the roots any more: ${fingerprint}`);
    }
  }
  const names = new Set(certificates.map(({ subject }) => subject.canonical));
  if (names.size !== certificates.length) throw new RootsError("two roots have the same name");
  const records = found
    .map((root) => ({ ...root, restriction: restrictions.find(({ fingerprint }) => fingerprint === root.fingerprint) }))
    .filter(({ restriction }) => restriction?.withdrawn !== true)
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
    .map(({ certificate, fingerprint, restriction }) => recordOf(certificate, fingerprint, restriction));
  const made = "Made by `pnpm roots`, not by hand";
  return {
    "data.ts": `// ${made}: the roots of Node ${origin.node}, which are those of NSS ${origin.nss}.
import type { RootRecord } from "./root-record.ts";

export const roots: readonly RootRecord[] = [
${records.join("\n")}
];
`,
    "date.ts": `// ${made}.

/** As of when the roots are: the day on which the Node was published that they are taken from. */
export const mozillaRootsDate = "${origin.date}";
`,
  };
}

function fingerprintOf(certificate: Certificate): string {
  return createHash("sha256").update(certificate.der).digest("hex");
}

/** Extensions whose meaning is in the data, or that mean nothing to whoever trusts a root already. */
const expressed: ReadonlySet<string> = new Set([
  Oid.basicConstraints,
  Oid.keyUsage,
  Oid.subjectKeyIdentifier,
  Oid.authorityKeyIdentifier,
  Oid.subjectAltName,
  Oid.issuerAltName,
  Oid.cRLDistributionPoints,
  Oid.authorityInfoAccess,
]);

function recordOf(certificate: Certificate, fingerprint: string, restriction: Restriction | undefined): string {
  const { subject, subjectPublicKeyInfo, basicConstraints, validity } = certificate;
  if (basicConstraints?.ca !== true || certificate.keyUsage?.has("keyCertSign") === false) {
    throw new RootsError(`${subject} may not issue certificates`);
  }
  for (const { oid, critical } of certificate.extensions) {
    const saysAnyPolicy = oid === Oid.certificatePolicies && isAnyPolicy(certificate);
    if (!expressed.has(oid) && !saysAnyPolicy && (critical || isRestrictive(oid))) {
      throw new RootsError(`${subject} has an extension that the data can't express: ${oid}`);
    }
  }
  return [
    "  {",
    `    // ${subject}`,
    `    // ${fingerprint}`,
    ...(restriction === undefined ? [] : [`    // ${restriction.source}`]),
    ...Object.entries({
      subject: quoted(subject.der),
      key: quoted(subjectPublicKeyInfo.der),
      validity: `[${seconds(validity.notBefore)}, ${seconds(validity.notAfter)}]`,
      pathLength: basicConstraints.pathLength,
      distrustLeafIssuedAfter: restriction?.distrustLeafIssuedAfter && seconds(restriction.distrustLeafIssuedAfter),
      nameConstraints: restriction?.permittedDnsNames && quoted(permitting(restriction.permittedDnsNames)),
    }).flatMap(([name, value]) => (value === undefined ? [] : [`    ${name}: ${value},`])),
    "  },",
  ].join("\n");
}

function isAnyPolicy({ certificatePolicies }: Certificate): boolean {
  return certificatePolicies?.every(({ policyIdentifier }) => policyIdentifier === Oid.anyPolicy) === true;
}

/** Whether an extension takes away from what an anchor may do, whether or not it is critical. */
function isRestrictive(oid: string): boolean {
  const restrictive: readonly string[] = [
    Oid.nameConstraints,
    Oid.extKeyUsage,
    Oid.certificatePolicies,
    Oid.policyConstraints,
    Oid.inhibitAnyPolicy,
  ];
  return restrictive.includes(oid);
}

function permitting(names: readonly string[]): Uint8Array {
  return nameConstraintsExtension({ permitted: names.map((value) => ({ type: "dNSName", value })) }).value;
}

function quoted(der: Uint8Array): string {
  return `"${encodeBase64(der)}"`;
}

function seconds(date: Date): string {
  return String(date.getTime() / 1000).replaceAll(/\B(?=(?:\d{3})+$)/g, "_");
}
