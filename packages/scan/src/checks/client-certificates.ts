import { certificateAuthorities, extensionIn } from "@tlskit/messages";
import { Name, X509Error } from "@tlskit/x509";
import { clientContext } from "../connection/client-context.ts";
import { establishedIn } from "../connection/established.ts";
import { converseAgain, evidenceOf } from "../connection/visits.ts";
import { ordinaryOffer } from "../negotiation/known-offer.ts";
import type { Answer } from "../probe/answer.ts";
import { type Check, type Scanning, Skipped } from "../scanning.ts";
import { stoppedAnswering } from "./stopped-answering.ts";

/** Whether a server asks for a client's certificate, of which authorities, and whether it goes on without one. */
export const clientCertificatesCheck: Check<"clientCertificates"> = {
  name: "clientCertificates",
  about: "clients' certificates",
  needs: ["versions", "cipherSuites", "groups"],
  run: async (scanning, found) => {
    const offer = ordinaryOffer(scanning, found);
    if (offer instanceof Skipped) return offer;
    const answer = await scanning.probe(offer, "flight");
    const authorities = authoritiesIn(answer);
    if (authorities === undefined) {
      if (answer.end.how !== "complete") throw stoppedAnswering("the server's flight isn't whole", answer);
      return { requested: false, required: false, authorities: [] };
    }
    scanning.note({ about: "a certificate is asked for", messages: answer.seen });
    const required = await isRefusedWithout(scanning, answer.version === "TLS 1.3");
    return { requested: true, required, authorities: authorities.map(textOf) };
  },
};

/** The authorities that a CertificateRequest names: DER; nothing if there is no such message. */
function authoritiesIn({ certificateRequest, tls12CertificateRequest }: Answer): readonly Uint8Array[] | undefined {
  if (certificateRequest !== undefined) return extensionIn(certificateRequest, certificateAuthorities) ?? [];
  return tls12CertificateRequest?.certificateAuthorities;
}

function textOf(der: Uint8Array): string {
  try {
    return Name.fromDer(der).toString();
  } catch (error) {
    if (error instanceof X509Error) return "a name that can't be read";
    throw error;
  }
}

/**
 * RFC 9846 §4.5.1, RFC 5246 §7.4.6: a whole handshake in which there is none. A server of TLS 1.3 refuses it when the client
 * is through already.
 * @throws {TlsError} whatever else the connection failed by
 */
async function isRefusedWithout(scanning: Scanning, isTls13: boolean): Promise<boolean> {
  const context = clientContext(scanning, { versions: isTls13 ? "TLS 1.3" : "before TLS 1.3", sessions: false });
  const conversation = await converseAgain(scanning, context, {});
  const { end, info } = conversation;
  scanning.note(evidenceOf("a handshake without a certificate", conversation));
  if (end.how === "failed" && end.error.kind !== "alert") throw end.error;
  if (end.how === "silent") establishedIn(conversation);
  // Some hang up without a word.
  return end.how === "failed" || info === undefined;
}
