import { alpnCheck } from "./checks/alpn.ts";
import { certificates } from "./checks/certificates.ts";
import { cipherSuitesCheck } from "./checks/cipher-suites.ts";
import { clientCertificatesCheck } from "./checks/client-certificates.ts";
import { diffieHellmanCheck } from "./checks/diffie-hellman.ts";
import { earlyData } from "./checks/early-data.ts";
import { extensionsCheck } from "./checks/extensions.ts";
import { flawsCheck } from "./checks/flaws.ts";
import { groupsCheck } from "./checks/groups.ts";
import { http } from "./checks/http.ts";
import { renegotiation } from "./checks/renegotiation.ts";
import { resumption } from "./checks/resumption.ts";
import { signatureSchemesCheck } from "./checks/signature-schemes.ts";
import { toleranceCheck } from "./checks/tolerance.ts";
import { versionsCheck } from "./checks/versions.ts";
import type { CheckName } from "./facts.ts";
import type { Check } from "./scanning.ts";

/** All checks, in the order in which they are begun. */
const table: { readonly [Name in CheckName]: Check<Name> } = {
  versions: versionsCheck,
  cipherSuites: cipherSuitesCheck,
  groups: groupsCheck,
  diffieHellman: diffieHellmanCheck,
  signatureSchemes: signatureSchemesCheck,
  extensions: extensionsCheck,
  tolerance: toleranceCheck,
  certificates,
  clientCertificates: clientCertificatesCheck,
  alpn: alpnCheck,
  resumption,
  earlyData,
  http,
  flaws: flawsCheck,
  // What tries the server's patience comes last.
  renegotiation,
};

export const checks: readonly Check<CheckName>[] = Object.values(table);

/** The names of all. */
export const checkNames: readonly CheckName[] = checks.map(({ name }) => name);
