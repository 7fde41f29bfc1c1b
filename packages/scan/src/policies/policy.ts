import type { CertificateFact } from "../facts.ts";
import type { Severity } from "../finding.ts";
import type { Version } from "../version.ts";

/** What a server has to be. What a policy doesn't say it doesn't ask. */
export interface Policy {
  /** `modern`, or what the file calls itself. */
  readonly name: string;
  readonly versions?: VersionsPolicy | undefined;
  readonly cipherSuites?: CipherSuitesPolicy | undefined;
  readonly groups?: GroupsPolicy | undefined;
  readonly signatureSchemes?: SignatureSchemesPolicy | undefined;
  readonly diffieHellman?: DiffieHellmanPolicy | undefined;
  readonly certificates?: CertificatesPolicy | undefined;
  readonly http?: HttpPolicy | undefined;
  readonly findings?: FindingsPolicy | undefined;
}

export interface VersionsPolicy {
  readonly allowed?: readonly Version[] | undefined;
  readonly required?: readonly Version[] | undefined;
}

/** IANA's names. */
export interface CipherSuitesPolicy {
  readonly allowed?: readonly string[] | undefined;
  readonly forbidden?: readonly string[] | undefined;
  readonly order?: "server" | undefined;
}

/** IANA's names. */
export interface GroupsPolicy {
  readonly allowed?: readonly string[] | undefined;
  readonly forbidden?: readonly string[] | undefined;
  readonly required?: readonly string[] | undefined;
}

/** IANA's names. */
export interface SignatureSchemesPolicy {
  readonly allowed?: readonly string[] | undefined;
  readonly forbidden?: readonly string[] | undefined;
}

export interface DiffieHellmanPolicy {
  readonly minBits?: number | undefined;
}

/** Of the certificates that the target's own name is shown. */
export interface CertificatesPolicy {
  readonly trusted?: true | undefined;
  readonly keyTypes?: readonly CertificateFact["keyType"][] | undefined;
  readonly curves?: readonly string[] | undefined;
  readonly minRsaBits?: number | undefined;
  readonly signatureAlgorithms?: readonly string[] | undefined;
  readonly maxLifetimeDays?: number | undefined;
  readonly minDaysLeft?: number | undefined;
  readonly stapled?: true | undefined;
}

export interface HttpPolicy {
  readonly minHstsSeconds?: number | undefined;
}

/** Ids of findings. */
export interface FindingsPolicy {
  readonly worst?: Severity | "none" | undefined;
  readonly allowed?: readonly string[] | undefined;
  readonly forbidden?: readonly string[] | undefined;
  readonly severities?: Readonly<Record<string, Severity>> | undefined;
}
