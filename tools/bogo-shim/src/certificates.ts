import { readFileSync } from "node:fs";
import {
  availableSignatureSchemes,
  byCode,
  defaultSignatureSchemes,
  type SignatureScheme,
  signatureSchemes,
} from "@tlskit/ciphersuites";
import {
  Alert,
  CertificateCredential,
  type CertificateWithKey,
  type ClientCredentialRequest,
  type ClientOptions,
  ocspStaple,
  ownCertificates,
  peerError,
  selectClientCredential,
} from "@tlskit/tls";
import { certificatesFromPem, decodeSctList, privateKeyFromPem } from "@tlskit/x509";
import { compliancePolicies } from "./compliance.ts";
import { type Config, type CredentialConfig, Unimplemented } from "./flags.ts";
import { provider } from "./provider.ts";
import { random, type Sessions } from "./sessions.ts";
import { unrelatedCertificate } from "./unrelated-certificate.ts";
import { versionsOf } from "./versions.ts";

/** Certificates and pre-shared keys, in the order in which they are tried. */
export function credentialsOf(config: Config): readonly CredentialConfig[] {
  return [...config.credentials, ...(config.certFile === undefined ? [] : [config])];
}

/** A server's certificates, in that order. */
export function certificatesOf(config: Config): readonly CertificateWithKey[] {
  return credentialsOf(config)
    .filter(({ importedPsk }) => importedPsk === undefined)
    .map((each) => ({ ...certificate(each), ...stapling(config, each) }));
}

/** Who has an OCSP response: nobody, if it is to be declined, or nobody can get at it. */
function stapling(
  { declineOcspCallback, failOcspCallback }: Config,
  { ocspResponse }: CredentialConfig,
): Pick<CertificateWithKey, "ocspStaple" | "issuer"> {
  if (ocspResponse === undefined) return {};
  if (!declineOcspCallback && !failOcspCallback) return { ocspStaple: ocspStaple(ocspResponse) };
  return {
    ocspStaple: ocspStaple(() => {
      if (failOcspCallback) throw new Error("getting an OCSP response fails, as the runner wishes");
      return undefined;
    }),
    // The runner doesn't name it; there is nothing to be verified by it.
    issuer: certificatesFromPem(unrelatedCertificate).certificates[0],
  };
}

/**
 * What a client shows to servers that ask, by BoringSSL's rules, which are not ours: the first that the server can verify;
 * whoever issued it, unless it is told to look at that; and if none does, the connection is over.
 * @param asked told of each request.
 */
export function clientCertificates(
  config: Config,
  { clock }: Sessions,
  asked: (request: ClientCredentialRequest) => void,
): Pick<ClientOptions, "certificates" | "sessionContext" | "clientSignatureSchemes"> {
  const configs = credentialsOf(config).filter(({ importedPsk }) => importedPsk === undefined);
  if (configs.length === 0 && !config.useOldClientCertCallback && !config.failCertCallback) return {};
  const clientSignatureSchemes = clientSchemes(config);
  const settings = { provider, random, clock, versions: versionsOf(config), signatureSchemes: clientSignatureSchemes };
  const candidates = configs.map((each) => {
    const shown = certificate(each);
    return { shown, mustMatchIssuer: each.mustMatchIssuer, credential: new CertificateCredential(settings, shown) };
  });
  const choose = (request: ClientCredentialRequest): CertificateWithKey | undefined => {
    asked(request);
    if (config.failCertCallback) throw new Error("choosing a certificate fails, as the runner wishes");
    if (candidates.length === 0) return undefined;
    const anyIssuer = { ...request, certificateAuthorities: [] };
    const fitting = candidates.filter(({ credential }) => selectClientCredential([credential], anyIssuer));
    const chosen = fitting.find(
      ({ credential, mustMatchIssuer }) =>
        !mustMatchIssuer ||
        (request.certificateAuthorities.length > 0 && selectClientCredential([credential], request)),
    );
    if (chosen !== undefined) return chosen.shown;
    const [code, why] =
      fitting.length === 0
        ? (["no_certificate", "the server can verify"] as const)
        : (["no_matching_issuer", "is of an issuer that the server names"] as const);
    throw peerError(code, Alert.handshakeFailure, `there is no certificate that ${why}`);
  };
  return {
    clientSignatureSchemes,
    sessionContext: configs.map(({ certFile }) => certFile).join(),
    certificates: ownCertificates(config.async ? async (request) => choose(request) : choose),
  };
}

/** What a client signs with: whatever it can, and what RFC 9963 has for old tokens only if a certificate is to. */
function clientSchemes(config: Config): readonly SignatureScheme[] {
  const wanted = schemes(credentialsOf(config).flatMap(({ signingPrefs }) => signingPrefs));
  const policy = config.compliance && compliancePolicies[config.compliance].signatureSchemes;
  return [
    ...(policy ?? availableSignatureSchemes(provider, defaultSignatureSchemes)),
    ...wanted.filter((scheme) => !defaultSignatureSchemes.includes(scheme)),
  ];
}

/** The schemes that have these code points. */
export function schemes(codes: readonly number[]): readonly SignatureScheme[] {
  return codes.map((code) => {
    const found = byCode(signatureSchemes, code);
    if (found === undefined) throw new Unimplemented(`the signature scheme ${code}`);
    return found;
  });
}

function certificate(config: CredentialConfig): CertificateWithKey {
  const { certFile, keyFile, signingPrefs, signedCertTimestamps } = config;
  if (certFile === undefined || keyFile === undefined) throw new Unimplemented("a certificate without its key");
  const { certificates: chain } = certificatesFromPem(readFileSync(certFile));
  return {
    chain,
    key: privateKeyFromPem(readFileSync(keyFile, "utf8"), { provider }),
    ...(signingPrefs.length === 0 ? {} : { signatureSchemes: schemes(signingPrefs) }),
    ...(signedCertTimestamps === undefined ? {} : { signedCertificateTimestamps: decodeSctList(signedCertTimestamps) }),
  };
}
