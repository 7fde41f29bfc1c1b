import type { Steps } from "@tlskit/crypto";
import type { Transcript } from "@tlskit/keyschedule";
import {
  type Certificate,
  type CertificateRequest,
  CertificateVerify,
  certificateAuthorities,
  extension,
  extensionCodes,
  oidFilters,
  signatureAlgorithms,
} from "@tlskit/messages";
import { Alert, equalBytes, peerError } from "@tlskit/wire";
import { attestationsAskedByServer, checkEntries, noAttestations } from "../attestations.ts";
import { AuthenticatedPeer } from "../certificate-verify.ts";
import type { ClientAuthentication } from "../client-authentication.ts";
import { illegalParameter } from "../extension-rules.ts";
import type { HandshakeIo, Received } from "../io.ts";
import type { ClientIdentity } from "../resumption.ts";
import type { ServerHandshakeSettings } from "../settings.ts";

/** A client that has shown who it is. */
export interface IdentifiedClient<Evidence> extends ClientIdentity {
  readonly peer: AuthenticatedPeer<Evidence>;
}

/**
 * RFC 9846 §4.4.2: asks a client for a certificate.
 * @param requestContext empty in the handshake.
 */
export function certificateRequest(
  { clientSignatureSchemes }: ServerHandshakeSettings<unknown>,
  {
    certificateAuthorities: authorities = [],
    oidFilters: filters = [],
    attestations = noAttestations,
  }: ClientAuthentication<unknown>,
  requestContext: Uint8Array,
): CertificateRequest {
  return {
    certificateRequestContext: requestContext,
    extensions: [
      // RFC 9846 §4.4.2#signature-algorithms
      extension(
        signatureAlgorithms,
        clientSignatureSchemes.map(({ code }) => code),
      ),
      ...(authorities.length === 0 ? [] : [extension(certificateAuthorities, authorities)]),
      // RFC 9846 §4.3.5#place
      ...(filters.length === 0 ? [] : [extension(oidFilters, filters)]),
      ...attestationsAskedByServer(attestations),
    ],
  };
}

/**
 * RFC 9846 §4.5.1, §4.5.2: what a client shows that was asked, from its Certificate up to its CertificateVerify.
 * @param request what it answers.
 * @param certificate what has come of the answer.
 * @returns nothing for a client that shows no certificate, where that may be
 * @throws {TlsError} `certificate_required`, and whatever is wrong with what it shows
 */
export function* receiveClientCertificate<Evidence>(
  io: HandshakeIo,
  context: ServerHandshakeSettings<Evidence>,
  authentication: ClientAuthentication<Evidence>,
  request: CertificateRequest,
  certificate: Received<typeof Certificate>,
  transcript: Transcript,
): Steps<IdentifiedClient<Evidence> | undefined> {
  const { certificateRequestContext, certificateList } = certificate.message;
  if (!equalBytes(certificateRequestContext, request.certificateRequestContext)) {
    throw illegalParameter("certificate_request_context", "the client's Certificate answers another request");
  }
  // RFC 9846 §4.5.1#extensions-requested
  checkEntries(certificateList, extensionCodes(request));
  transcript.add(certificate.bytes);
  if (certificateList.length === 0) {
    // RFC 9846 §4.5.1.3: whether that does is the server's to say.
    if (authentication.demand !== "required") return undefined;
    throw peerError("certificate_required", Alert.certificateRequired, "the client has to show a certificate");
  }
  const trusted = yield* authentication.verifyPeer(certificateList);
  const certificateVerify = yield* io.receive(CertificateVerify);
  const peer = yield* AuthenticatedPeer.verify(
    "client",
    trusted,
    certificateVerify.message,
    context.clientSignatureSchemes,
    transcript.current(),
    context.clock(),
  );
  transcript.add(certificateVerify.bytes);
  return { peer, certificate: certificate.message, signatureScheme: peer.signatureScheme };
}
