import type { Steps } from "@tlskit/crypto";
import { X509Error } from "../error.ts";
import { splitSctList } from "../extensions/sct-list.ts";
import { maximumSctsChecked } from "../limits.ts";
import { describeName } from "../name.ts";
import { OcspResponse } from "../ocsp/response.ts";
import type {
  TransparencyChecker,
  TransparencyFinding,
  TransparencyQuestion,
  VerifiedTimestamp,
} from "../verification/transparency.ts";
import { sctListOfAnswer } from "./extensions.ts";
import { certificateEntry, precertificateEntry } from "./log-entry.ts";
import type { CertificateTransparencyLogs } from "./logs.ts";
import { shortfall, type TransparencyPolicyFor } from "./policy.ts";
import { decodeSct, isOfVersion1 } from "./sct.ts";
import { judgeSct, type SctDelivery, type SctFinding, type SctRefusalCode } from "./verify-sct.ts";

/** Which timestamps are asked for, and where they may be. */
export interface TransparencyInputs {
  readonly logs: CertificateTransparencyLogs;
  /** How many timestamps of which logs: `{ logs: 2, operators: 2, logsInService: 1 }`. */
  readonly policy: TransparencyPolicyFor;
  /** Lists that came beside the certificate, in a TLS extension or an OCSP response (RFC 6962 §3.3). */
  readonly delivered?: readonly Uint8Array[] | undefined;
}

/** Checks timestamps that are embedded in a certificate, and those that come along with it. */
export interface TransparencyChecks extends TransparencyChecker {
  /**
   * The same, with what came beside the certificate (RFC 6962 §3.3), in place of the lists of its inputs: a list in a TLS
   * extension, and an OCSP response, in DER, with lists in it.
   */
  withDelivered(list: Uint8Array | undefined, ocspResponse: Uint8Array | undefined): TransparencyChecker;
}

/**
 * Checks that logs promised to publish a leaf (RFC 6962 §5.2), for the `transparency` of a verification:
 * ```ts
 * const transparency = checkTransparency({ logs, policy: browserTransparencyPolicy });
 * verifyCertificateSync({ …, transparency });
 * ```
 * Timestamps that are embedded and those that came beside the certificate are counted apart: one of the two must be
 * enough.
 */
export function checkTransparency(inputs: TransparencyInputs): TransparencyChecks {
  return {
    check: (question) => check(inputs, question),
    withDelivered: (list, ocspResponse) => {
      const delivered = [
        ...(list === undefined ? [] : [list]),
        ...(ocspResponse === undefined ? [] : sctListsIn(ocspResponse)),
      ];
      return { check: (question) => check({ ...inputs, delivered }, question) };
    },
  };
}

/** Whatever the response is about: each timestamp is verified for the leaf. */
function sctListsIn(ocspResponse: Uint8Array): readonly Uint8Array[] {
  try {
    const answers = OcspResponse.fromDer(ocspResponse).basic?.responses ?? [];
    return answers.flatMap((answer) => sctListOfAnswer(answer) ?? []);
  } catch (error) {
    // What can't be read counts for nothing here; where revocation is checked the peer is refused for it.
    if (error instanceof X509Error) return [];
    throw error;
  }
}

function* check(inputs: TransparencyInputs, question: TransparencyQuestion): Steps<TransparencyFinding> {
  const { leaf, at } = question;
  const { policy } = inputs;
  const timestamps: VerifiedTimestamp[] = [];
  const problems: string[] = [];
  for (const delivery of ["embedded", "delivered"] as const) {
    const found = yield* findings(inputs, question, delivery);
    const counted = found.flatMap((finding) => (finding.counts ? [finding] : []));
    timestamps.push(...counted);
    if (delivery === "delivered" && found.length === 0) continue;
    const missing = shortfall(typeof policy === "function" ? policy(leaf, delivery) : policy, counted, at);
    if (missing === undefined) return { timestamps };
    problems.push(missing, ...found.flatMap((finding) => (finding.counts ? [] : [finding.message])));
  }
  return {
    timestamps,
    violation: {
      code: "too_few_scts",
      specification: "RFC 6962 §5.2",
      message: `the certificate of ${describeName(leaf.subject)} isn't public enough: ${problems.slice(0, 5).join("; ")}`,
    },
  };
}

function* findings(
  { logs, delivered = [] }: TransparencyInputs,
  { provider, leaf, issuer, at, verifySignature }: TransparencyQuestion,
  delivery: SctDelivery,
): Steps<readonly SctFinding[]> {
  const { notAfter } = leaf.validity;
  const found: SctFinding[] = [];
  const refuse = (code: SctRefusalCode, message: string): void => {
    found.push({ counts: false, sct: undefined, delivery, code, message });
  };
  const serialized =
    delivery === "embedded"
      ? (unlessMalformed(() => leaf.signedCertificateTimestamps, refuse) ?? [])
      : delivered.flatMap((list) => unlessMalformed(() => splitSctList(list), refuse) ?? []);
  const known = serialized.filter(isOfVersion1);
  if (known.length === 0) return found;
  const entry = delivery === "embedded" ? precertificateEntry(provider, leaf, issuer) : certificateEntry(leaf);
  for (const bytes of known.slice(0, maximumSctsChecked)) {
    const sct = unlessMalformed(() => decodeSct(bytes), refuse);
    if (sct !== undefined) found.push(yield* judgeSct({ sct, delivery, entry, notAfter, logs, at }, verifySignature));
  }
  if (known.length > maximumSctsChecked) {
    refuse("too_many", `at most ${maximumSctsChecked} timestamps are looked at, there are ${known.length}`);
  }
  return found;
}

function unlessMalformed<T>(read: () => T, refuse: (code: SctRefusalCode, message: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    refuse("malformed", error.message);
    return undefined;
  }
}
