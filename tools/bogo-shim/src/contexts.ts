import { readFileSync } from "node:fs";
import { byCode, type NamedGroup, namedGroups } from "@tlskit/ciphersuites";
import {
  Alert,
  ClientContext,
  type ClientCredentialRequest,
  type ClientOffer,
  type ClientOptions,
  ExternalPsk,
  type FindExternalPsk,
  notChecked,
  PskClientContext,
  peerError,
  resumption,
  ServerContext,
  type ServerOptions,
  type TrustAnchors,
  trustAnchorsFromPem,
} from "@tlskit/tls";
import { renegotiation } from "@tlskit/tls/renegotiation";
import { CertificateTransparencyLogs, checkRevocation, checkTransparency } from "@tlskit/x509";
import { certificatesOf, clientCertificates, credentialsOf, schemes } from "./certificates.ts";
import { type CompliancePolicy, compliancePolicies } from "./compliance.ts";
import { type Config, Unimplemented } from "./flags.ts";
import { provider } from "./provider.ts";
import { random, type Sessions } from "./sessions.ts";
import { Unexpected } from "./unexpected.ts";
import { unrelatedCertificate } from "./unrelated-certificate.ts";
import { versionsOf } from "./versions.ts";

/** The name in the runner's certificates. */
export const defaultHost = "test";

/** BoringSSL counts bytes, and the runner shows as many of them as fit. */
const maxCertificates = 64;

/** @param asked told of each request for a certificate. */
export function clientContext(
  config: Config,
  sessions: Sessions,
  asked: (request: ClientCredentialRequest) => void,
): ClientContext | PskClientContext {
  const externalPsks = externalPsksOf(config);
  const options = clientOptions(config, sessions, asked);
  if (acceptsUnverified(config))
    return new ClientContext({ resumption, ...options, anchors: anchors({ ...config, trustCert: "" }) });
  if (externalPsks.length === 0) return new ClientContext({ resumption, ...options, anchors: anchors(config) });
  if (config.verifyPeer || config.psk !== undefined) {
    const either = anchors({ ...config, trustCert: config.trustCert ?? "" });
    return new PskClientContext({ resumption, ...options, externalPsks, anchors: either });
  }
  // An imported key is for TLS 1.3, and before it servers show certificates.
  return new PskClientContext({
    resumption,
    ...options,
    externalPsks,
    versions: versionsOf({ ...config, minVersion: 0x0304 }),
  });
}

/** Whether a client goes on with a server that it could not verify, and knows. */
export function acceptsUnverified({ server, verifyFail, expectVerifyResult, verifyPeer }: Config): boolean {
  return !server && verifyFail && expectVerifyResult && !verifyPeer;
}

function clientOptions(
  config: Config,
  sessions: Sessions,
  asked: (request: ClientCredentialRequest) => void,
): Omit<ClientOptions, "anchors"> {
  const keyShareGroups = config.keyShares?.map(group);
  return {
    ...shared(config, sessions),
    versions: versionsOf(config),
    ...clientCertificates(config, sessions, asked),
    ...attestationsAsked(config),
    maxCertificates,
    ...(config.renegotiateFreely || config.renegotiateOnce || config.renegotiateExplicit ? { renegotiation } : {}),
    // As BoringSSL does.
    dangerousServersWithoutRenegotiationInfo: !config.noLegacyServerConnect,
    // Whether a session is good for another name is the server's to say.
    resumptionAcrossNames: true,
    alpnProtocols: alpnList(config.advertiseAlpn),
    ...(config.verifyPrefs.length === 0 ? {} : { signatureSchemes: schemes(config.verifyPrefs) }),
    ...(keyShareGroups === undefined ? {} : { keyShareGroups }),
  };
}

/** The same keys again and again: the one that was found is told apart from others by what it is. */
function externalPsksOf({ credentials, psk, pskIdentity }: Config): readonly ExternalPsk[] {
  const imported = credentials.flatMap(({ importedPsk }) =>
    importedPsk === undefined ? [] : [new ExternalPsk(importedPsk)],
  );
  if (psk === undefined) return imported;
  const [identity, key] = [Buffer.from(pskIdentity, "latin1"), Buffer.from(psk, "latin1")];
  return [...imported, new ExternalPsk({ identity, key, protocol: "TLS 1.2", dangerousShortKey: true })];
}

const whenAvailable = checkRevocation({ mode: "when_available", certificates: "chain" });

/** What a client asks servers to show beside their certificates; that of which is judged by `check`. */
function attestationsAsked(config: Config): Pick<ClientOptions, "revocation" | "transparency"> {
  return {
    ...(config.enableOcspStapling ? { revocation: whenAvailable } : {}),
    ...(config.enableSignedCertTimestamps
      ? { transparency: checkTransparency({ logs: noLogs, policy: anyTimestamps }) }
      : {}),
  };
}

const noLogs = CertificateTransparencyLogs.of(provider, []);
const anyTimestamps = { logs: 0, operators: 0, logsInService: 0 };

/** The runner names no authority where the peer's certificate can't be read: then it matters to nobody which. */
function anchors({ trustCert }: Config): TrustAnchors {
  if (trustCert === undefined) throw new Unimplemented("a server whose certificate can't be verified");
  return trustAnchorsFromPem(trustCert === "" ? unrelatedCertificate : readFileSync(trustCert, "utf8"));
}

/** Whether clients are asked for a certificate, and what their certificates are held to. */
function clientCertificatesAsked(config: Config): ServerOptions["clientCertificates"] {
  if (!config.verifyPeer && !config.requireAnyClientCertificate) return undefined;
  return {
    demand: config.requireAnyClientCertificate ? "required" : "optional",
    anchors: anchors({ ...config, trustCert: config.trustCert ?? "" }),
    certificateAuthorities: config.clientCaList,
    maxCertificates,
    // What clients show beside their certificates BoringSSL doesn't ask for.
    revocation: notChecked,
    checkClient: () => {
      if (config.verifyFail) refuse(config);
    },
  };
}

/** BoringSSL's two ways of refusing a certificate have two alerts. */
export function refuse({ useCustomVerifyCallback }: Config): never {
  const alert = useCustomVerifyCallback ? Alert.certificateUnknown : Alert.handshakeFailure;
  throw peerError("refused_certificate", alert, "the certificate is refused, as the runner wishes");
}

/** A client that doesn't like what was stapled, or that nothing was. */
export function refuseStaple(): never {
  throw peerError(
    "refused_certificate_status",
    Alert.badCertificateStatusResponse,
    "the certificate's OCSP response is refused, as the runner wishes",
  );
}

export function serverContext(config: Config, sessions: Sessions): ServerContext {
  const credentials = credentialsOf(config);
  const certificates = certificatesOf(config);
  const versions = versionsOf(config, certificates);
  const psks = externalPsksOf(config);
  const context = (
    alpnProtocols: readonly string[],
    contextFor?: (offer: ClientOffer) => ServerContext,
    externalPsks: ServerOptions["externalPsks"] = config.async && psks.length > 0 ? findLater(psks) : psks,
  ) =>
    new ServerContext({
      ...shared(config, sessions),
      versions,
      certificates,
      clientCertificates: clientCertificatesAsked(config),
      ...(config.verifyPrefs.length === 0 ? {} : { clientSignatureSchemes: schemes(config.verifyPrefs) }),
      externalPsks,
      acknowledgeServerName: !config.noServerNameAck,
      tickets: config.noTicket ? undefined : sessions.tickets(config),
      resumptionAcrossNames: config.resumptionAcrossNamesEnabled,
      earlyData: config.enableEarlyData ? sessions.earlyData(config) : undefined,
      alpnProtocols,
      // What BoringSSL passes over.
      maxSkippedEarlyData: 2 ** 14,
      contextFor,
    });
  const selected = !config.selectAlpn || config.declineAlpn ? [] : [config.selectAlpn];
  const decided = context(selected);
  // Ours takes a pre-shared key before a certificate, unless its context for this client has none.
  const certificatesFirst =
    psks.some(isImported) && credentials[0]?.importedPsk === undefined ? context(selected, undefined, []) : undefined;
  return context([], (offer) => {
    examine(config, offer);
    if (config.selectEmptyAlpn) return context([""]);
    return certificatesFirst !== undefined && canSign(certificatesFirst, offer) ? certificatesFirst : decided;
  });
}

/** Whether there is a certificate that a client can verify. */
function canSign({ credentials }: ServerContext, { signatureSchemes: offered }: ClientOffer): boolean {
  return credentials.some(({ signatureSchemes }) => signatureSchemes.some(({ code }) => offered.includes(code)));
}

const isImported = ({ importContext }: ExternalPsk): boolean => importContext !== undefined;

function findLater(psks: readonly ExternalPsk[]): FindExternalPsk {
  return async ({ identity, imported, protocol }) => {
    await Promise.resolve();
    const name = imported?.externalIdentity ?? identity;
    return psks.find((psk) => psk.protocol === protocol && Buffer.compare(psk.identity, name) === 0);
  };
}

/** What BoringSSL's callbacks look at, and refuse. */
function examine(config: Config, offer: ClientOffer): void {
  if (config.failDdosCallback) {
    throw peerError("refused_client", Alert.internalError, "the client is refused, as the runner wishes");
  }
  if (config.failEarlyCallback) {
    throw peerError("refused_client", Alert.handshakeFailure, "the client is refused, as the runner wishes");
  }
  if (config.failCertCallback) throw new Error("choosing a certificate fails, as the runner wishes");
  if (config.rejectAlpn) {
    throw peerError(
      "refused_alpn",
      Alert.noApplicationProtocol,
      "what the client offers is refused, as the runner wishes",
    );
  }
  expectSame("the protocols that are offered", alpnList(config.expectAdvertisedAlpn), offer.alpnProtocols);
  expectSame("the signature schemes that are offered", config.expectPeerVerifyPrefs, offer.signatureSchemes);
}

/** Where anything is expected, it is as it is expected. */
function expectSame(what: string, wanted: readonly unknown[], got: readonly unknown[]): void {
  if (wanted.length > 0 && wanted.join() !== got.join())
    throw new Unexpected(`${what}: ${wanted} expected, got ${got}`);
}

function shared(
  config: Config,
  { clock }: Sessions,
): Pick<
  ClientOptions,
  | "provider"
  | "random"
  | "clock"
  | "cipherSuites"
  | "namedGroups"
  | "signatureSchemes"
  | "recordSize"
  | "dangerousResumptionWithoutExtendedMainSecret"
> {
  return {
    provider,
    random,
    clock,
    recordSize: config.maxSendFragment,
    // As BoringSSL does.
    dangerousResumptionWithoutExtendedMainSecret: true,
    ...policyOf(config),
    ...(config.curves.length === 0 ? {} : { namedGroups: config.curves.map(group) }),
  };
}

/** What of a policy is a context's own. */
function policyOf({ compliance }: Config): Omit<CompliancePolicy, "tls12CipherSuites"> {
  if (compliance === undefined) return {};
  const { tls12CipherSuites, ...others } = compliancePolicies[compliance];
  return others;
}

function group(code: number): NamedGroup {
  const found = byCode(namedGroups, code);
  if (found === undefined) throw new Unimplemented(`the group ${code}`);
  return found;
}

/** Protocols, each behind its length. */
function alpnList(list: string | undefined): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < (list?.length ?? 0); ) {
    const length = list?.charCodeAt(at) ?? 0;
    names.push(list?.slice(at + 1, at + 1 + length) ?? "");
    at += 1 + length;
  }
  return names;
}
