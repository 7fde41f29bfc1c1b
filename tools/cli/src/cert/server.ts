import { Certificate as CertificateMessage, decodeMessage } from "@tlskit/messages";
import { connect } from "@tlskit/node";
import type { TraceEvent } from "@tlskit/tls";
import { type Certificate, certificatesFromDer } from "@tlskit/x509";
import { parseEndpoint } from "../endpoint.ts";
import { describeFailure } from "../failure.ts";
import { tellPassedOver } from "./read.ts";

/** What a server shows, and why no connection came of it, in a line, if none did. */
export interface ShownByServer {
  readonly certificates: readonly Certificate[];
  readonly failure: string | undefined;
}

/** Milliseconds that connecting may take. */
const patience = 20_000;

/** Asks a server for its certificates: those of one that isn't to be trusted are of more interest than others'. */
export async function certificatesOf(endpoint: string): Promise<ShownByServer> {
  const { host, port } = parseEndpoint(endpoint);
  let sent: readonly Uint8Array[] = [];
  const trace = (event: TraceEvent): void => {
    if (event.type !== "message" || event.direction !== "received" || event.messageType !== CertificateMessage) return;
    const { certificateList } = decodeMessage(CertificateMessage, event.bytes);
    sent = certificateList.map(({ certData }) => certData);
  };
  const socket = connect({ host, port, trace, signal: AbortSignal.timeout(patience) });
  let failure: string | undefined;
  try {
    await socket.established;
  } catch (error) {
    failure = describeFailure(error);
  } finally {
    socket.destroy();
  }
  const { certificates, passedOver } = certificatesFromDer(sent);
  tellPassedOver(passedOver, endpoint);
  return { certificates, failure };
}
