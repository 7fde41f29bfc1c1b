import { hashOf } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { protocolVersionName } from "@tlskit/messages";
import type { SocketInfo } from "@tlskit/node";
import { certificatesFromDer } from "@tlskit/x509";
import { type AttestedSummary, attestedSummary } from "./attested.ts";
import { pskName } from "./psk.ts";

/** What `--json` prints. */
export interface Summary extends AttestedSummary {
  readonly version: string;
  readonly cipherSuite: string;
  /** The key exchange, or null if there was none but a pre-shared key. */
  readonly group: string | null;
  /** What the server's certificate was proved with, or null if a pre-shared key did without. */
  readonly signatureScheme: string | null;
  /** The name of the pre-shared key that both ends have, or null if there was none. */
  readonly psk: string | null;
  /** The application protocol, or null. */
  readonly alpn: string | null;
  /** Whether an earlier session was resumed. */
  readonly resumed: boolean;
  /** What became of early data, or null if none was sent. */
  readonly earlyData: "accepted" | "rejected" | null;
  /** What the server sent, and was verified by: its own certificate first. */
  readonly peerCertificates: readonly ShownCertificate[];
  /** What was shown to the server because it asked, one's own certificate first; it may still refuse that. */
  readonly clientCertificates: readonly ShownCertificate[];
  /** Milliseconds from the start of connecting to the end of the handshake. */
  readonly timeMs: number;
}

/** What tells a certificate from others. */
interface ShownCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly sha256: string;
}

/** What was negotiated and verified, for a program to read. */
export function summary(info: SocketInfo, timeMs: number): Summary {
  return {
    version: protocolVersionName(info.version).replace(" ", "v"),
    cipherSuite: info.cipherSuite.name,
    group: info.namedGroup?.name ?? null,
    signatureScheme: info.signatureScheme?.name ?? null,
    psk: info.externalPsk === undefined ? null : pskName(info.externalPsk),
    alpn: info.alpnProtocol ?? null,
    resumed: info.resumed,
    earlyData: info.earlyData ?? null,
    peerCertificates: shown(info.serverCertificates),
    clientCertificates: shown(info.clientCertificates),
    ...attestedSummary(info),
    timeMs: Math.round(timeMs * 10) / 10,
  };
}

function shown(certificates: readonly Uint8Array[]): readonly ShownCertificate[] {
  const sha256 = hashOf(nodeProvider, "SHA-256");
  return certificatesFromDer(certificates).certificates.map((certificate) => ({
    subject: certificate.subject.toString(),
    issuer: certificate.issuer.toString(),
    sha256: certificate.fingerprint(sha256),
  }));
}
