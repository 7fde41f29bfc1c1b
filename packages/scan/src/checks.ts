import { alpnCheck } from "./checks/alpn.ts";
import { certificates } from "./checks/certificates.ts";
import { cipherSuitesCheck } from "./checks/cipher-suites.ts";
import { clientCertificatesCheck } from "./checks/client-certificates.ts";
import { diffieHellmanCheck } from "./checks/diffie-hellman.ts";
import { extensionsCheck } from "./checks/extensions.ts";
import { groupsCheck } from "./checks/groups.ts";
import { signatureSchemesCheck } from "./checks/signature-schemes.ts";
import { toleranceCheck } from "./checks/tolerance.ts";
import { flawsCheck } from "./checks/flaws.ts";
import { earlyData } from "./checks/early-data.ts";
import { http } from "./checks/http.ts";
import { renegotiation } from "./checks/renegotiation.ts";
import { resumption } from "./checks/resumption.ts";
import { versionsCheck } from "./checks/versions.ts";
import type { CheckName } from "./facts.ts";
import type { Check } from "./scanning.ts";

/** All checks, in the order in which they are begun. */
export const checks: readonly Check<CheckName>[] = [
  versionsCheck,
  cipherSuitesCheck,
  groupsCheck,
  diffieHellmanCheck,
  signatureSchemesCheck,
  extensionsCheck,
  toleranceCheck,
  certificates,
  clientCertificatesCheck,
  alpnCheck,
];
export const checks: readonly Check<CheckName>[] = [versionsCheck, certificates, flawsCheck];
export const checks: readonly Check<CheckName>[] = [versionsCheck, certificates, resumption, earlyData, http];
  resumption,
  earlyData,
  http,
  renegotiation,
];

/** The names of all. */
export const checkNames: readonly CheckName[] = [
  "versions",
  "cipherSuites",
  "groups",
  "diffieHellman",
  "signatureSchemes",
  "extensions",
  "tolerance",
  "certificates",
  "clientCertificates",
  "resumption",
  "earlyData",
  "renegotiation",
  "alpn",
  "http",
  "flaws",
];
