import { type SignatureScheme, tls12SignatureAlgorithm } from "@tlskit/ciphersuites";
import { type Steps, wait } from "@tlskit/crypto";
import type { Transcript } from "@tlskit/keyschedule";
import {
  CertificateVerify,
  ClientCertificateType,
  Tls12Certificate,
  type Tls12CertificateRequest,
} from "@tlskit/messages";
import { Alert, callerError, peerError } from "@tlskit/wire";
import { noAttestations } from "../attestations.ts";
import { AuthenticatedPeer } from "../certificate-verify.ts";
import type { ClientAuthentication } from "../client-authentication.ts";
import { type Credential, checkCredential } from "../credential.ts";
import type { HandshakeIo } from "../io.ts";
import type { TrustedPeer } from "../peer-verifier.ts";
import type { ClientHandshakeSettings, ServerHandshakeSettings } from "../settings.ts";
import { certificateKeyOf } from "./certificate-key.ts";
import { chooseScheme, commonSchemes, type SchemeChoice, schemesOfUsableKeys } from "./scheme-choice.ts";

const certificateTypes = { RSA: ClientCertificateType.rsaSign, ECDSA: ClientCertificateType.ecdsaSign } as const;

/** RFC 5246 §7.4.4: asks a client for a certificate. */
export function certificateRequest(
  context: ServerHandshakeSettings,
  { certificateAuthorities = [] }: ClientAuthentication<unknown>,
): Tls12CertificateRequest {
  const schemes = ofTls12(context.clientSignatureSchemes);
  const types = schemes.map(({ keyType }) => certificateTypes[certificateKeyOf(keyType)]);
  return {
    certificateTypes: [...new Set(types)],
    supportedSignatureAlgorithms: schemes.map(({ code }) => code),
    certificateAuthorities,
  };
}

/** Those of RFC 9963 are for TLS 1.3 alone, which has others no more. */
function ofTls12(schemes: readonly SignatureScheme[]): readonly SignatureScheme[] {
  return schemes.filter(({ inCertificates }) => inCertificates);
}

/** A client's certificate that may be trusted, of which it is still to be shown that it is the client's. */
export interface ShownCertificate<Evidence> {
  readonly certificates: readonly Uint8Array[];
  readonly trusted: TrustedPeer<Evidence>;
}

/**
 * RFC 5246 §7.4.6: what a client shows that was asked.
 * @returns nothing for a client that shows no certificate, where that may be
 * @throws {TlsError} `certificate_required`, and whatever is wrong with what it shows
 */
export function* receiveClientCertificate<Evidence>(
  io: HandshakeIo,
  { demand, verifyPeer }: ClientAuthentication<Evidence>,
  transcript: Transcript,
): Steps<ShownCertificate<Evidence> | undefined> {
  const { message, bytes } = yield* io.receive(Tls12Certificate);
  transcript.add(bytes);
  const { certificateList: certificates } = message;
  if (certificates.length === 0) {
    if (demand !== "required") return undefined;
    throw peerError("certificate_required", Alert.handshakeFailure, "the client has to show a certificate");
  }
  const trusted = yield* verifyPeer(certificates.map((certData) => ({ certData, extensions: [] })));
  return { certificates, trusted };
}

/** RFC 5246 §7.4.8: the client shows that the certificate is its own. It signs the messages themselves. */
export function* verifyClient<Evidence>(
  io: HandshakeIo,
  context: ServerHandshakeSettings<Evidence>,
  { trusted }: ShownCertificate<Evidence>,
  transcript: Transcript,
): Steps<AuthenticatedPeer<Evidence>> {
  const { message, bytes } = yield* io.receive(CertificateVerify);
  const client = yield* AuthenticatedPeer.verifySignature(
    "CertificateVerify",
    trusted,
    message,
    ofTls12(context.clientSignatureSchemes),
    tls12SignatureAlgorithm,
    transcript.messages(),
    context.clock(),
  );
  transcript.add(bytes);
  return client;
}

/** What a client shows to a server that asks. */
export interface ClientChoice extends SchemeChoice {
  readonly credential: Credential;
}

/**
 * RFC 5246 §7.4.4#types, §7.4.4#key, §7.4.6#key-exchange, §7.4.6#rsa, §7.4.6#ecdsa, §7.4.8#algorithm-listed, §7.4.8#algorithm-of-key,
 * RFC 8422 §3.1#key: the certificate for a server that asks for one; nothing if there is none for what it asks.
 * @throws {TlsError} `no_common_signature_scheme` (the caller's fault) for one that can't sign by what the server asks for
 */
export function* chooseForServer(
  { selectCredential, clientSignatureSchemes }: ClientHandshakeSettings<unknown>,
  { certificateTypes: types, supportedSignatureAlgorithms, certificateAuthorities }: Tls12CertificateRequest,
): Steps<ClientChoice | undefined> {
  if (selectCredential === undefined) return undefined;
  const ours = ofTls12(clientSignatureSchemes).filter(({ keyType }) =>
    types.includes(certificateTypes[certificateKeyOf(keyType)]),
  );
  const common = commonSchemes(ours, supportedSignatureAlgorithms);
  const credential = yield* wait(
    selectCredential({
      signatureSchemes: schemesOfUsableKeys(ours, common),
      signatureSchemesInCertificates: supportedSignatureAlgorithms,
      certificateAuthorities,
      oidFilters: [],
      attestations: noAttestations,
      context: new Uint8Array(0),
    }),
  );
  if (credential === undefined) return undefined;
  checkCredential(credential);
  const choice = chooseScheme(credential, common);
  if (choice === undefined) {
    throw callerError("no_common_signature_scheme", "the certificate can't do any signature scheme that was asked for");
  }
  return { credential, ...choice };
}
