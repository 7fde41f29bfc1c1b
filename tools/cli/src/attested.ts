import { nodeProvider } from "@tlskit/crypto-node";
import type { SocketInfo } from "@tlskit/node";
import {
  browserTransparencyPolicy,
  CertificateTransparencyLogs,
  checkRevocation,
  checkTransparency,
  notChecked,
  type RevocationChecks,
  type RevocationStatus,
  type TransparencyChecks,
  VerifiedChain,
  type VerifiedTimestamp,
  X509Error,
} from "@tlskit/x509";
import { readBytes } from "./files.ts";
import { UsageError } from "./usage.ts";

/** What a server's certificates have to have besides a chain. */
export interface AttestedOptions {
  readonly ocsp?: boolean | undefined;
  readonly sct?: string | undefined;
}

/** What a client is to verify. */
export function attested({ ocsp, sct }: AttestedOptions): {
  readonly revocation: RevocationChecks | undefined;
  readonly transparency: TransparencyChecks | undefined;
} {
  return {
    // Of those above the server's own certificate hardly any server shows a response.
    revocation: ocsp === true ? checkRevocation({ mode: "required", certificates: "leaf" }) : undefined,
    transparency:
      sct === undefined ? undefined : checkTransparency({ logs: logsIn(sct), policy: browserTransparencyPolicy }),
  };
}

function logsIn(file: string): CertificateTransparencyLogs {
  try {
    return CertificateTransparencyLogs.fromJson(nodeProvider, new TextDecoder().decode(readBytes(file)));
  } catch (error) {
    if (error instanceof X509Error) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

/** What was found out about a server's certificates besides that they are good. */
export interface AttestedSummary {
  /** Of each certificate of the verified chain, its own first; null if none was verified or nothing was asked. */
  readonly revocation:
    | readonly {
        readonly status: RevocationStatus["status"];
        /** What tells: the response that came along, one that was at hand, or CRLs. Null if nothing does. */
        readonly by: "staple" | "ocsp" | "crl" | null;
        /** Until when it is good, as ISO 8601; null if nothing tells. */
        readonly nextUpdate: string | null;
      }[]
    | null;
  /** The certificate timestamps that count; null if none were asked for. */
  readonly timestamps:
    | readonly {
        readonly log: string;
        readonly operator: string;
        readonly delivery: VerifiedTimestamp["delivery"];
        readonly timestamp: string;
      }[]
    | null;
}

export function attestedSummary({ peer }: SocketInfo): AttestedSummary {
  if (!VerifiedChain.isGenuine(peer)) return { revocation: null, timestamps: null };
  const { revocation, timestamps } = peer;
  return {
    revocation: revocation === notChecked ? null : revocation.map(statusSummary),
    timestamps: timestamps === notChecked ? null : timestamps.map(timestampSummary),
  };
}

function statusSummary(status: RevocationStatus): NonNullable<AttestedSummary["revocation"]>[number] {
  const evidence = "evidence" in status ? status.evidence : undefined;
  if (evidence === undefined) return { status: status.status, by: null, nextUpdate: null };
  if (evidence.source === "crl") return { status: status.status, by: "crl", nextUpdate: null };
  const { stapled, single } = evidence;
  return {
    status: status.status,
    by: stapled ? "staple" : "ocsp",
    nextUpdate: single.nextUpdate?.toISOString() ?? null,
  };
}

function timestampSummary({
  log,
  delivery,
  sct,
}: VerifiedTimestamp): NonNullable<AttestedSummary["timestamps"]>[number] {
  const { description, operator } = log;
  return {
    log: description ?? Buffer.from(sct.logId).toString("hex"),
    operator,
    delivery,
    timestamp: new Date(Number(sct.timestamp)).toISOString(),
  };
}
