/**
 * What any server's TLS is, and what is wrong with it. Bytes go over a transport that is passed in.
 * @module
 */
export { checkNames } from "./checks.ts";
export { type EarlierScan, earlierScansIn } from "./earlier-scan.ts";
export type * from "./facts.ts";
export {
  type Finding,
  type FindingRule,
  type Judged,
  type KnownFacts,
  type Remedies,
  type Severity,
  severities,
  type Unknown,
} from "./finding.ts";
export { findingRules, type Judgement, judge } from "./findings.ts";
export { judgePolicy } from "./policies/judge-policy.ts";
export type {
  CertificatesPolicy,
  CipherSuitesPolicy,
  DiffieHellmanPolicy,
  FindingsPolicy,
  GroupsPolicy,
  HttpPolicy,
  Policy,
  SignatureSchemesPolicy,
  VersionsPolicy,
} from "./policies/policy.ts";
export { maxPolicyLength, policies, policySchema, readPolicy } from "./policies/policy-file.ts";
export { type PolicyRule, policyRules, type Scanned } from "./policies/rules.ts";
export type { Answer, AnswerEnd, SeenMessage } from "./probe/answer.ts";
export { cipherSuitesOf, type KnownCipherSuite, knownCipherSuite } from "./registry/cipher-suite.ts";
export type { PolicyVerdict, PolicyViolation, ScannedTarget, TargetReport, UnreachedTarget } from "./report.ts";
export { type HtmlReportOptions, htmlReport } from "./reports/html.ts";
export { type JsonReportOptions, jsonReport } from "./reports/json.ts";
export { targetLabel } from "./reports/target-label.ts";
export { type TextReportOptions, textReport } from "./reports/text.ts";
export { type ScanOptions, type ScanProgress, type ScanTimeouts, scan } from "./scan.ts";
export { atAllAddresses, defaultTargetsAtOnce, type ScanAllOptions, scanAll } from "./scan-all.ts";
export type { IntrusiveChecks } from "./scanning.ts";
export type { ScanTarget } from "./target.ts";
export type { ByteStream, Endpoint, Transport } from "./transport.ts";
export type { Version } from "./version.ts";
