import { readFileSync } from "node:fs";
import { byCode, type NamedGroup, namedGroups, type SignatureScheme, signatureSchemes } from "@tlskit/ciphersuites";
import {
  Alert,
  type CertificateWithKey,
  ClientContext,
  type ClientOffer,
  type ClientOptions,
  ExternalPsk,
  type FindExternalPsk,
  PskClientContext,
  peerError,
  ServerContext,
  type ServerOptions,
  TrustAnchors,
} from "@tlskit/tls";
import { certificatesFromPem, privateKeyFromPem } from "@tlskit/x509";
import { compliancePolicies } from "./compliance.ts";
import { type Config, type CredentialConfig, type PskConfig, Unimplemented } from "./flags.ts";
import { provider } from "./provider.ts";
import { random, type Sessions } from "./sessions.ts";
import { Unexpected } from "./unexpected.ts";

/** The name in the runner's certificates. */
export const defaultHost = "test";

export function clientContext(config: Config, sessions: Sessions): ClientContext | PskClientContext {
  const externalPsks = config.credentials.flatMap(({ psk }) => (psk === undefined ? [] : [externalPsk(psk)]));
  const own = config.credentials.filter(({ psk }) => psk === undefined);
  if (config.certFile !== undefined || config.failCertCallback || (own.length > 0 && externalPsks.length === 0))
    throw new Unimplemented("client certificates");
  const options = { ...clientOptions(config, sessions), certificates: own.map(certificate) };
  if (externalPsks.length === 0) return new ClientContext({ ...options, anchors: anchors(config) });
  const either = config.verifyPeer ? { anchors: anchors({ ...config, trustCert: config.trustCert ?? "" }) } : {};
  return new PskClientContext({ ...options, externalPsks, ...either });
}

function clientOptions(config: Config, sessions: Sessions): Omit<ClientOptions, "anchors"> {
  const keyShareGroups = config.keyShares?.map(group);
  return {
    ...shared(config, sessions),
    // Whether a session is good for another name is the server's to say.
    resumptionAcrossNames: true,
    alpnProtocols: alpnList(config.advertiseAlpn),
    ...(config.verifyPrefs.length === 0 ? {} : { signatureSchemes: schemes(config.verifyPrefs) }),
    ...(keyShareGroups === undefined ? {} : { keyShareGroups }),
  };
}

/** The same key again and again: the one that was found is told apart from others by what it is. */
function externalPsk({ hash, ...others }: PskConfig): ExternalPsk {
  return new ExternalPsk({ ...others, hash });
}

/** The runner names no authority where the peer's certificate can't be read: then it matters to nobody which. */
function anchors({ trustCert }: Config): TrustAnchors {
  if (trustCert === undefined) throw new Unimplemented("a server whose certificate can't be verified");
  return TrustAnchors.fromPem(trustCert === "" ? unrelatedCertificate : readFileSync(trustCert, "utf8"));
}

/** BoringSSL's two ways of refusing a certificate have two alerts. */
export function refuse({ useCustomVerifyCallback }: Config): never {
  const alert = useCustomVerifyCallback ? Alert.certificateUnknown : Alert.handshakeFailure;
  throw peerError("refused_certificate", alert, "the certificate is refused, as the runner wishes");
}

export function serverContext(config: Config, sessions: Sessions): ServerContext {
  const credentials = serverCredentials(config);
  const certificates = credentials.filter(({ psk }) => psk === undefined).map(certificate);
  const psks = credentials.flatMap(({ psk }) => (psk === undefined ? [] : [externalPsk(psk)]));
  if (config.requireAnyClientCertificate && psks.length === 0) throw new Unimplemented("client certificates");
  // Whom to trust for them matters to nobody: a client with a pre-shared key isn't asked.
  const required = { demand: "required", anchors: TrustAnchors.fromPem(unrelatedCertificate) } as const;
  const context = (
    alpnProtocols: readonly string[],
    contextFor?: (offer: ClientOffer) => ServerContext,
    externalPsks: ServerOptions["externalPsks"] = config.async && psks.length > 0 ? findLater(psks) : psks,
  ) =>
    new ServerContext({
      ...shared(config, sessions),
      certificates,
      externalPsks,
      clientCertificates: config.requireAnyClientCertificate ? required : undefined,
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
    psks.length > 0 && credentials[0]?.psk === undefined ? context(selected, undefined, []) : undefined;
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

function findLater(psks: readonly ExternalPsk[]): FindExternalPsk {
  return async ({ imported }) => {
    await Promise.resolve();
    return psks.find(
      ({ identity }) => imported !== undefined && Buffer.compare(identity, imported.externalIdentity) === 0,
    );
  };
}

/** The certificates in the order in which they are tried. */
export function serverCredentials(config: Config): readonly CredentialConfig[] {
  return [...config.credentials, ...(config.certFile === undefined ? [] : [config])];
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
  "provider" | "random" | "clock" | "cipherSuites" | "namedGroups" | "signatureSchemes" | "recordSize"
> {
  return {
    provider,
    random,
    clock,
    recordSize: config.maxSendFragment,
    ...(config.compliance === undefined ? {} : compliancePolicies[config.compliance]),
    ...(config.curves.length === 0 ? {} : { namedGroups: config.curves.map(group) }),
  };
}

function group(code: number): NamedGroup {
  const found = byCode(namedGroups, code);
  if (found === undefined) throw new Unimplemented(`the group ${code}`);
  return found;
}

function schemes(codes: readonly number[]): readonly SignatureScheme[] {
  return codes.map((code) => {
    const found = byCode(signatureSchemes, code);
    if (found === undefined) throw new Unimplemented(`the signature scheme ${code}`);
    return found;
  });
}

function certificate({ certFile, keyFile, signingPrefs }: CredentialConfig): CertificateWithKey {
  if (certFile === undefined || keyFile === undefined) throw new Unimplemented("a certificate without its key");
  const { certificates: chain } = certificatesFromPem(readFileSync(certFile));
  const key = privateKeyFromPem(readFileSync(keyFile, "utf8"), { provider });
  return signingPrefs.length === 0 ? { chain, key } : { chain, key, signatureSchemes: schemes(signingPrefs) };
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

/** An authority that has certified nobody; its key was thrown away. */
const unrelatedCertificate = `-----BEGIN CERTIFICATE-----
MIIBkDCCATegAwIBAgIUeg0YWBK2FEafd+TRDavacLXL+CIwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSbm9ib2R5J3MgYXV0aG9yaXR5MCAXDTI2MTEyNDA4MzkxMVoY
DzIxMjYxMDMxMDgzOTExWjAdMRswGQYDVQQDDBJub2JvZHkncyBhdXRob3JpdHkw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATzrdpQQd4wkBk2Yq3KyV0+FU4YsWyN
iIT06YY8682LxXt3215XiTn1PG0Myn3y/bokWvLnEc9LLhtZk7QYQmDko1MwUTAd
BgNVHQ4EFgQUh67H3g9xQyjf8x/5gtEuY4YPrVEwHwYDVR0jBBgwFoAUh67H3g9x
Qyjf8x/5gtEuY4YPrVEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBE
AiAw7eUaW0MZaYfPuLjdncp+BcmKqJFhkjdCknuJZNVt3QIgK1y8dbIq03iBjcmE
aMe5wC5oqHH66//Yndpevc7HY34=
-----END CERTIFICATE-----
`;
