import type { Certificate } from "../certificate.ts";
import type { VerifiedTimestamp } from "../verification/transparency.ts";
import type { SctDelivery } from "./verify-sct.ts";

/** How many timestamps are asked for. Several of one log count once. */
export interface TransparencyPolicy {
  /** Logs that promised to publish the certificate. */
  readonly logs: number;
  /** Operators among them. */
  readonly operators: number;
  /** Logs among them that aren't retired. */
  readonly logsInService: number;
}

/** A policy, or one that depends on the certificate and on how the timestamps came. */
export type TransparencyPolicyFor =
  | TransparencyPolicy
  | ((certificate: Certificate, delivery: SctDelivery) => TransparencyPolicy);

const day = 86_400_000;

/**
 * What Chrome and Apple ask for: timestamps of two logs, of three if they are embedded in a certificate that is valid
 * for more than 180 days; of two operators, and one of a log that is in service.
 * https://googlechrome.github.io/CertificateTransparency/ct_policy.html, https://support.apple.com/103214
 */
export function browserTransparencyPolicy(certificate: Certificate, delivery: SctDelivery): TransparencyPolicy {
  const { notBefore, notAfter } = certificate.validity;
  const isLong = notAfter.getTime() - notBefore.getTime() > 180 * day;
  return { logs: delivery === "embedded" && isLong ? 3 : 2, operators: 2, logsInService: 1 };
}

/** Why timestamps aren't enough, as a sentence; nothing if they are. */
export function shortfall(
  policy: TransparencyPolicy,
  counted: readonly VerifiedTimestamp[],
  at: Date,
): string | undefined {
  const logs = new Set(counted.map(({ log }) => log));
  const operators = new Set(Array.from(logs, (log) => log.operator));
  const inService = [...logs].filter(({ retiredSince }) => retiredSince === undefined || retiredSince > at);
  const wants: readonly (readonly [string, number, number])[] = [
    ["logs", logs.size, policy.logs],
    ["operators of logs", operators.size, policy.operators],
    ["logs in service", inService.length, policy.logsInService],
  ];
  for (const [what, have, wanted] of wants) {
    if (have < wanted) return `timestamps of ${wanted} ${what} are asked for, there are ${have}`;
  }
  return undefined;
}
