import { byCode, type SignatureScheme } from "@tlskit/ciphersuites";
import { type Steps, wait } from "@tlskit/crypto";
import {
  type Certificate,
  type CertificateRequest,
  certificateAuthorities,
  extensionIn,
  oidFilters,
  signatureAlgorithms,
  signatureAlgorithmsCert,
} from "@tlskit/messages";
import { callerError, toHex } from "@tlskit/wire";
import { askedByServer, certificateEntries } from "../attestations.ts";
import { type ClientCredentialRequest, type Credential, checkCredential } from "../credential.ts";
import { checkPlaces, illegalParameter, missingExtension } from "../extension-rules.ts";
import type { ClientHandshakeSettings } from "../settings.ts";

/**
 * RFC 9846 §4.4.2: what a server asks for, checked. Unknown extensions are passed over
 * (RFC 9846 §4.4.2#unknown-extensions).
 */
export function readCertificateRequest(
  context: ClientHandshakeSettings<unknown>,
  request: CertificateRequest,
): ClientCredentialRequest {
  checkPlaces("certificateRequest", request, context.extensions);
  const offered = extensionIn(request, signatureAlgorithms);
  if (offered === undefined) throw missingExtension("signature_algorithms", "CertificateRequest");
  const filters = extensionIn(request, oidFilters) ?? [];
  const oids = filters.map(({ certificateExtensionOid }) => toHex(certificateExtensionOid));
  if (new Set(oids).size !== oids.length) {
    throw illegalParameter("duplicate_oid_filter", "oid_filters has an object identifier twice");
  }
  const common = offered
    .flatMap((code) => byCode(context.clientSignatureSchemes, code) ?? [])
    .filter(({ inCertificateVerify }) => inCertificateVerify.includes("client"));
  // RFC 9963 §3#pss-first: legacy ones aren't for keys that can do better.
  const isLegacy = ({ inCertificates }: SignatureScheme): boolean => !inCertificates;
  return {
    signatureSchemes: [...common.filter((scheme) => !isLegacy(scheme)), ...common.filter(isLegacy)],
    signatureSchemesInCertificates: extensionIn(request, signatureAlgorithmsCert) ?? offered,
    certificateAuthorities: extensionIn(request, certificateAuthorities) ?? [],
    oidFilters: filters,
    attestations: askedByServer(request),
    context: request.certificateRequestContext,
  };
}

/** What a client shows, and signs with. */
export interface ClientChoice {
  readonly credential: Credential;
  readonly signatureScheme: SignatureScheme;
}

/**
 * RFC 9846 §4.5.1.2: chooses what is shown.
 * @throws {TlsError} `no_common_signature_scheme` (the caller's fault) for one that can't sign by what the server asks for
 */
export function* chooseForServer(
  { selectCredential }: ClientHandshakeSettings<unknown>,
  request: ClientCredentialRequest,
): Steps<ClientChoice | undefined> {
  const credential = yield* wait(selectCredential?.(request));
  if (credential === undefined) return undefined;
  checkCredential(credential);
  // RFC 9846 §4.5.2#scheme-requested, §4.5.2#scheme-fits-key
  const signatureScheme = request.signatureSchemes.find((scheme) => credential.signatureSchemes.includes(scheme));
  if (signatureScheme === undefined) {
    throw callerError("no_common_signature_scheme", "the certificate can't do any signature scheme that was asked for");
  }
  return { credential, signatureScheme };
}

/** RFC 9846 §4.5.1#sent-if-asked, §4.5.1#empty-if-none, §4.5.1#extensions-requested, §4.5.1.1#ocsp-sent-by-client */
export function certificateFor(
  { context, attestations }: ClientCredentialRequest,
  choice: ClientChoice | undefined,
): Certificate {
  return {
    certificateRequestContext: context,
    certificateList: choice === undefined ? [] : certificateEntries(choice.credential, attestations),
  };
}
