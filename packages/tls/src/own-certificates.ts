import { type Awaitable, run, type Steps, wait } from "@tlskit/crypto";
import type { ClientCredentialRequest, ClientSettings } from "@tlskit/handshake";
import { aFunction, anyOf, anything, check, listOf } from "@tlskit/wire/arguments";
import { CertificateCredential, type CertificateWithKey, selectClientCredential } from "./certificate-credential.ts";

/**
 * Chooses a certificate for a server that asks for one, at once or later: the handshake's time runs. It is asked when the
 * server has been verified. Nothing means none: what becomes of the connection then is the server's to say. What it gives is
 * checked once, and is best the same each time.
 */
export type ChooseCertificate = (request: ClientCredentialRequest) => Awaitable<CertificateWithKey | undefined>;

/** What a client shows to servers that ask for a certificate, before it is checked by a context's settings. */
export interface OwnCertificates {
  /** @throws {TlsError} what a {@link CertificateCredential} throws (the caller's fault) */
  checkedBy(settings: ClientSettings): CheckedCertificates;
}

/** The same of one context. */
export interface CheckedCertificates {
  /** The certificates that there are to show: DER, the leaves alone; nothing where only a choice says which. */
  readonly leaves: readonly Uint8Array[] | undefined;
  /** What a handshake's settings want. */
  readonly select: (request: ClientCredentialRequest) => Awaitable<CertificateCredential | undefined>;
  /** Asks for OCSP responses where there are none, or it is time for newer ones. */
  renewStaples(): Promise<void>;
}

const given = anyOf("a list of certificates, or a function that chooses one", listOf(anything), aFunction);

/**
 * What a client's context shows to servers that ask for a certificate: `certificates: ownCertificates([{ chain, key }])`. Of
 * a list that is the first that is what the server asks for, by signature schemes, authorities and usages; none if none is.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function ownCertificates(certificates: readonly CertificateWithKey[] | ChooseCertificate): OwnCertificates {
  check(certificates, "certificates", given);
  return {
    checkedBy: (settings) =>
      typeof certificates === "function"
        ? chosenBy(settings, certificates)
        : listedIn(certificates.map((certificate) => credentialOf(settings, certificate))),
  };
}

function listedIn(credentials: readonly CertificateCredential[]): CheckedCertificates {
  return {
    leaves: credentials.flatMap(({ certificates: [leaf] }) => leaf ?? []),
    select: (request) => selectClientCredential(credentials, request),
    renewStaples: async () => {
      await Promise.all(credentials.map((credential) => credential.renewStaples()));
    },
  };
}

function chosenBy(settings: ClientSettings, choose: ChooseCertificate): CheckedCertificates {
  /** What was chosen before, checked. */
  const known = new WeakMap<CertificateWithKey, CertificateCredential>();
  function* select(request: ClientCredentialRequest): Steps<CertificateCredential | undefined> {
    const certificate = yield* wait(choose(request));
    if (certificate === undefined) return undefined;
    const credential = known.get(certificate) ?? credentialOf(settings, certificate);
    known.set(certificate, credential);
    if (request.attestations.ocspResponses) credential.renewStaples();
    return credential;
  }
  return { leaves: undefined, select: (request) => run(select(request)), renewStaples: async () => {} };
}

function credentialOf(
  { provider, random, clock, versions, clientSignatureSchemes }: ClientSettings,
  certificate: CertificateWithKey,
): CertificateCredential {
  return new CertificateCredential(
    { provider, random, clock, versions, signatureSchemes: clientSignatureSchemes },
    certificate,
  );
}
