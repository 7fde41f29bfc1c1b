import { certificates } from "./checks/certificates.ts";
import { versionsCheck } from "./checks/versions.ts";
import type { CheckName } from "./facts.ts";
import type { Check } from "./scanning.ts";

/** All checks, in the order in which they are begun. */
export const checks: readonly Check<CheckName>[] = [versionsCheck, certificates];

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
