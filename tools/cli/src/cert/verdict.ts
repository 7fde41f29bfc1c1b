import {
  type Certificate,
  notChecked,
  type Refusal,
  type RevocationStatus,
  type TrustAnchor,
  type VerificationResult,
} from "@tlskit/x509";
import { alignedText, certificateTitle, oidText, timeText } from "@tlskit/x509/text";
import { brief } from "./certificate-json.ts";

/** A verdict for people: the path that was found, or every reason why there is none. */
export function verdictText(result: VerificationResult, leaf: Certificate, explain: boolean): string {
  const tried = explain ? explained(result.refusals) : "";
  if (!result.ok) {
    const reasons = new Set(result.refusals.map(({ message }) => message));
    const others = [...reasons].filter((message) => message !== result.reason.message);
    const lines = [`not valid: ${result.reason.message}`, ...others.map((message) => `and: ${message}`)];
    return `${lines.join("\n")}\n${tried}`;
  }
  const { chain } = result;
  const { certificates, anchor, hostname, purpose, revocation } = chain;
  const names = certificates.map(certificateTitle);
  const rows: readonly (readonly [string, string])[] = [
    ["certificate", certificateTitle(leaf)],
    ...names.slice(1).map((name) => ["issued by", name] as const),
    ["trusted", endsAtItself(certificates, anchor) ? "it is itself a trust anchor" : `${anchor.name}`],
    ["for", typeof hostname === "string" ? hostname : "any name: no --hostname was given"],
    ["purpose", typeof purpose === "string" ? purpose : oidText(purpose.oid)],
    ["at", timeText(chain.at)],
    ...(revocation === notChecked
      ? [["revocation", "not checked: neither --crl nor --ocsp was given"] as const]
      : revocation.map((status, index) => ["revocation", `${names[index]}: ${revocationText(status)}`] as const)),
  ];
  return `valid\n${alignedText(rows, "  ")}${tried}`;
}

/** The same for programs. */
export function verdictJson(result: VerificationResult, leaf: Certificate): string {
  const tried = result.refusals.map((refusal) => ({
    code: refusal.code,
    message: refusal.message,
    specification: refusal.specification,
    certificate: refusal.certificate === undefined ? null : brief(refusal.certificate),
    path: refusal.path.map(brief),
    anchor: refusal.anchor === undefined ? null : `${refusal.anchor.name}`,
  }));
  const { chain } = result.ok ? result : { chain: undefined };
  const verdict =
    chain === undefined
      ? { valid: false, leaf: brief(leaf), reason: result.ok ? null : result.reason.code, reasons: tried }
      : {
          valid: true,
          path: chain.certificates.map(brief),
          anchor: `${chain.anchor.name}`,
          hostname: typeof chain.hostname === "string" ? chain.hostname : null,
          purpose: typeof chain.purpose === "string" ? chain.purpose : chain.purpose.oid,
          at: chain.at.toISOString(),
          revocation: chain.revocation === notChecked ? null : chain.revocation.map(({ status }) => status),
          triedBefore: tried,
        };
  return `${JSON.stringify(verdict, null, 2)}\n`;
}

/** Every path that was tried, with every rule that it didn't keep. */
function explained(refusals: readonly Refusal[]): string {
  const paths = new Map<string, string[]>();
  for (const { path, anchor, code, message, specification } of refusals) {
    const end = anchor === undefined ? [] : endsAtItself(path, anchor) ? [] : [`the trust anchor ${anchor.name}`];
    const way = [...path.map(certificateTitle), ...end].join("\n    issued by ") || "(no path)";
    const reasons = paths.get(way) ?? [];
    paths.set(way, [...reasons, `    ! ${code}: ${message} (${specification})`]);
  }
  const tried = [...paths].map(
    ([way, reasons], index) => `\n  ${index + 1}. ${way}\n${[...new Set(reasons)].join("\n")}\n`,
  );
  return tried.length === 0 ? "\nNo other path was tried.\n" : `\nTried, and why it doesn't do:\n${tried.join("")}`;
}

function endsAtItself(path: readonly Certificate[], anchor: TrustAnchor): boolean {
  const last = path.at(-1);
  return last !== undefined && anchor.certificate?.equals(last) === true;
}

function revocationText(status: RevocationStatus): string {
  switch (status.status) {
    case "good":
      return `good, by ${status.evidence.source === "ocsp" ? "an OCSP response" : "a CRL"}`;
    case "revoked":
      return `revoked on ${timeText(status.revokedAt)}`;
    case "unknown":
      return ["nothing is known", ...status.tried].join("; ");
    case "not_checked":
      return status.message;
  }
}
