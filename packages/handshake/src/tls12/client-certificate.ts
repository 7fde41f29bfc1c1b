import type { SignatureScheme } from "@tlskit/ciphersuites";
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
import type { EarlierProtocol } from "./protocol.ts";
import { chooseScheme, commonSchemes, type SchemeChoice, schemesOfUsableKeys } from "./scheme-choice.ts";

const certificateTypes = { RSA: ClientCertificateType.rsaSign, ECDSA: ClientCertificateType.ecdsaSign } as const;

/** RFC 5246 §7.4.4: asks a client for a certificate. */
export function certificateRequest(
  { signatures }: EarlierProtocol,
  context: ServerHandshakeSettings,
  { certificateAuthorities = [] }: ClientAuthentication<unknown>,
): Tls12CertificateRequest {
  const schemes = signatures.schemes(context.clientSignatureSchemes);
  const types = schemes.map(({ keyType }) => certificateTypes[certificateKeyOf(keyType)]);
  return {
    certificateTypes: [...new Set(types)],
    supportedSignatureAlgorithms: schemes.map(({ code }) => code),
    certificateAuthorities,
  };
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
  { signatures }: EarlierProtocol,
  io: HandshakeIo,
  context: ServerHandshakeSettings<Evidence>,
  { trusted }: ShownCertificate<Evidence>,
  transcript: Transcript,
): Steps<AuthenticatedPeer<Evidence>> {
  const { message, bytes } = yield* io.receive(CertificateVerify);
  const client = yield* AuthenticatedPeer.verifySignature(
    "CertificateVerify",
    trusted,
    signatures.named(message, trusted.keyType),
    signatures.schemes(context.clientSignatureSchemes),
    signatures.algorithm,
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
  { signatures }: EarlierProtocol,
  { selectCredential, clientSignatureSchemes }: ClientHandshakeSettings<unknown>,
  { certificateTypes: types, supportedSignatureAlgorithms: listed, certificateAuthorities }: Tls12CertificateRequest,
): Steps<ClientChoice | undefined> {
  if (selectCredential === undefined) return undefined;
  const isAsked = ({ keyType }: SignatureScheme): boolean =>
    types.includes(certificateTypes[certificateKeyOf(keyType)]);
  const taken = signatures.taken(listed, clientSignatureSchemes);
  if (taken === undefined) return undefined;
  const common = commonSchemes(signatures.schemes(clientSignatureSchemes).filter(isAsked), taken.inHandshakes);
  const credential = yield* wait(
    selectCredential({
      signatureSchemes: schemesOfUsableKeys(signatures, clientSignatureSchemes.filter(isAsked), common),
      signatureSchemesInCertificates: taken.inCertificates,
      certificateAuthorities,
      oidFilters: [],
      attestations: noAttestations,
      context: new Uint8Array(0),
    }),
  );
  if (credential === undefined) return undefined;
  checkCredential(credential);
  const choice = chooseScheme(signatures, credential, common);
  if (choice === undefined) {
    throw callerError("no_common_signature_scheme", "the certificate can't do any signature scheme that was asked for");
  }
  return { credential, ...choice };
}
