import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import {
  ClientContext,
  type ClientOptions,
  DangerousTlsClient,
  ExternalPsk,
  explainTraced,
  ocspStaple,
  ownCertificates,
  PskClient,
  PskClientContext,
  type PskClientOptions,
  readClientHello,
  recordKeys,
  ServerContext,
  type ServerOptions,
  selectCredential,
  serverVerifier,
  TlsClient,
  TlsServer,
} from "@tlskit/tls";
import { tls10With, tls11With } from "@tlskit/tls/legacy";
import { describe, expect, it, vi } from "vitest";
import { connect, host, now, pair, sharedPki } from "./helpers/world.ts";

const common = { provider: nodeProvider, random: seededRandom(1), clock: () => now };
const { anchors, certificates } = sharedPki();
const [certificate] = certificates;
if (certificate === undefined) throw new TypeError("the PKI has a certificate");
const handlers = { ciphertext: () => undefined, plaintext: () => undefined, closed: () => undefined };
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

const client = (options: Partial<ClientOptions> = {}) => new ClientContext({ ...common, anchors, ...options });
const server = (options: Partial<ServerOptions> = {}) =>
  new ServerContext({ ...common, certificates: [certificate], ...options });
const psk = new ExternalPsk({ identity: Uint8Array.of(1), key: new Uint8Array(16) });
const pskClient = (options: Partial<PskClientOptions> = {}) =>
  new PskClientContext({ ...common, externalPsks: [psk], ...options });
const connection = () => new TlsClient(client(), { host }, handlers);
const established = () => connect(pair()).client;

/** The classes of a second copy of the package. */
async function copyOfX509(): Promise<typeof import("@tlskit/x509")> {
  vi.resetModules();
  return import("@tlskit/x509");
}

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["ClientContext", () => new ClientContext(given(undefined))],
    ["ServerContext", () => new ServerContext(given("localhost"))],
    ["provider", () => client({ provider: given(undefined) })],
    ["provider", () => server({ provider: given("noble") })],
    ["random", () => client({ random: given(undefined) })],
    ["clock", () => client({ clock: given(undefined) })],
    ["clock", () => server({ clock: given(0) })],
    ["handshakeTimeout", () => client({ handshakeTimeout: given("30 s") })],
    ["recordSize", () => server({ recordSize: given("512") })],
    ["type", () => established().channelBinding(given("tls-server-end-point"))],
    ["type", () => established().channelBinding(given("toString"))],
    ["recordPadding", () => server({ recordPadding: given(512) })],
    ["anchors", () => client({ anchors: given(undefined) })],
    ["PskClientContext", () => new PskClientContext(given(undefined))],
    ["anchors", () => pskClient({ anchors: given([]) })],
    ["externalPsks", () => pskClient({ externalPsks: given(psk) })],
    ["externalPsks[0]", () => pskClient({ externalPsks: [given({ identity: psk.identity })] })],
    ["externalPsks", () => server({ externalPsks: given(psk) })],
    ["certificateWithExternalPsk", () => server({ certificateWithExternalPsk: given("yes") })],
    ["context", () => new PskClient(given({}), { host }, handlers)],
    ["host", () => new PskClient(pskClient(), { host: given(1) }, handlers)],
    ["handlers", () => new PskClient(pskClient(), { host }, given(undefined))],
    ["anchors", () => client({ anchors: given(certificate.chain) })],
    ["revocation", () => client({ revocation: given("required") })],
    ["revocation", () => client({ revocation: given({ mode: "required", certificates: "chain" }) })],
    ["transparency", () => client({ transparency: given({ logs: [], policy: () => undefined }) })],
    ["maxChainLength", () => client({ maxChainLength: given("3") })],
    ["maxCertificates", () => client({ maxCertificates: given("3") })],
    ["ocspStaple", () => server({ certificates: [{ ...certificate, ocspStaple: given("staple.der") }] })],
    ["ocspStaple", () => server({ certificates: [{ ...certificate, ocspStaple: [given("staple.der")] }] })],
    ["source", () => ocspStaple(given("staple.der"))],
    ["ocspStapleFailed", () => server({ certificates: [{ ...certificate, ocspStapleFailed: given(true) }] })],
    ["issuer", () => server({ certificates: [{ ...certificate, issuer: given("CN=a") }] })],
    [
      "signedCertificateTimestamps",
      () => server({ certificates: [{ ...certificate, signedCertificateTimestamps: given(new Uint8Array(2)) }] }),
    ],
    ["verifiedSignatures", () => client({ verifiedSignatures: given({ size: 1 }) })],
    ["cipherSuites[0]", () => client({ cipherSuites: [given("TLS_AES_128_GCM_SHA256")] })],
    ["certificates", () => client({ certificates: given([certificate]) })],
    ["certificates", () => ownCertificates(given(certificate))],
    ["certificates", () => server({ certificates: given(certificate) })],
    ["certificate", () => server({ certificates: [given(undefined)] })],
    ["chain", () => server({ certificates: [{ ...certificate, chain: given("-----BEGIN CERTIFICATE-----") }] })],
    ["chain[0]", () => server({ certificates: [{ ...certificate, chain: [given(new Uint8Array(1))] }] })],
    ["key", () => server({ certificates: [{ ...certificate, key: given("-----BEGIN PRIVATE KEY-----") }] })],
    ["key", () => server({ certificates: [{ ...certificate, key: given({ sign: () => undefined }) }] })],
    ["signatureSchemes[0]", () => server({ certificates: [{ ...certificate, signatureSchemes: [given("ed25519")] }] })],
    ["verifySignatures", () => server({ certificates: [{ ...certificate, verifySignatures: given(1) }] })],
    ["allowVersion1", () => server({ certificates: [{ ...certificate, allowVersion1: given(1) }] })],
    ["maxClientHelloLength", () => server({ maxClientHelloLength: given("1") })],
    ["contextFor", () => server({ contextFor: given({}) })],
    ["context", () => new TlsClient(given({ ...common, anchors }), { host }, handlers)],
    ["context", () => new DangerousTlsClient(given(undefined), { host }, handlers)],
    ["context", () => new TlsServer(given(client()), handlers)],
    ["target", () => new TlsClient(client(), given(host), handlers)],
    ["host", () => new TlsClient(client(), { host: given(undefined) }, handlers)],
    ["sendServerName", () => new TlsClient(client(), { host, sendServerName: given("no") }, handlers)],
    ["checkServer", () => new TlsClient(client(), { host, checkServer: given(true) }, handlers)],
    ["handlers", () => new TlsClient(client(), { host }, given(undefined))],
    [
      "handlers is not handlers of a connection: handlers.closed",
      () => new TlsServer(server(), given({ ...handlers, closed: undefined })),
    ],
    [
      "handlers is not handlers of a connection: handlers.drained",
      () => new TlsServer(server(), { ...handlers, drained: given(1) }),
    ],
    ["options", () => tls11With(given(undefined))],
    ["cipherSuites[0]", () => tls10With({ cipherSuites: [given("AES128-SHA")] })],
    ["keyExchanges[0]", () => tls11With({ keyExchanges: [given("RSA")] })],
    ["bytes", () => connection().receive(given("bytes"))],
    ["data", () => connection().send(given("data"))],
    ["description", () => connection().abort(given("access_denied"))],
    ["description", () => connection().abort(given(255))],
    ["request", () => established().updateKeys(given(1))],
    ["label", () => established().exportKeyingMaterial(given(undefined), new Uint8Array(0), 1)],
    ["context", () => established().exportKeyingMaterial("EXPERIMENTAL", given("context"), 1)],
    ["bytes", () => readClientHello(given("bytes"))],
    ["trust", () => serverVerifier(given(undefined), host)],
    ["host", () => serverVerifier(client().trust, given(undefined))],
    ["checkServer", () => serverVerifier(client().trust, host, given(true))],
    ["credentials", () => selectCredential(given(undefined), given({}))],
    ["credentials[0]", () => selectCredential([given(certificate)], given({}))],
    ["request", () => selectCredential(server().credentials, given(undefined))],
    ["secret", () => recordKeys(nodeProvider, { cipherSuite: given({}), secret: given(new Uint8Array(32)) })],
    ["event", () => explainTraced(given({ type: "alert" }))],
  ])("is named: %s", (name, call) => {
    expect(call).toThrow(
      expect.objectContaining({
        name: "TlsError",
        kind: "caller",
        code: "invalid_argument",
        message: expect.stringMatching(new RegExp(`^${name.replace(/[[\]]/g, "\\$&")} is `)),
      }),
    );
  });

  it.each<[string, () => unknown]>([
    ['ClientContext has no option "anchor"', () => client(given({ anchor: anchors }))],
    ['ServerContext has no option "contextfor"', () => server(given({ contextfor: () => undefined }))],
    [
      'target has no option "checkserver"',
      () => new TlsClient(client(), given({ host, checkserver: () => undefined }), handlers),
    ],
    [
      'target has no option "checkServer"',
      () => new DangerousTlsClient(client(), given({ host, checkServer: () => undefined }), handlers),
    ],
  ])("is an option that there isn't, which may have been meant to protect: %s", (message, call) => {
    expect(call).toThrow(expect.objectContaining({ kind: "caller", code: "unknown_option", message }));
  });

  it("is nothing that a certificate has besides, as an identity out of a file may", () => {
    expect(server({ certificates: [{ ...certificate, ...{ friendlyName: "mine" } }] }).credentials).toHaveLength(1);
  });

  it("is what contextFor gives, which the client is told nothing of", () => {
    const { atServer } = connect(pair({ server: { contextFor: () => given({ alpnProtocols: [] }) } }));
    expect(atServer.error).toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(/^what contextFor gave is/),
    });
  });

  it("is something out of another copy of @tlskit/x509, and says so", async () => {
    const copy = await copyOfX509();
    const chain = certificate.chain.map(({ der }) => copy.Certificate.fromDer(der));
    const theirs = copy.TrustAnchors.of(chain);
    const message =
      "anchors is made by another copy of @tlskit/x509: there may be only one in a program (npm ls @tlskit/x509)";
    expect(() => client({ anchors: given(theirs) })).toThrow(
      expect.objectContaining({ code: "invalid_argument", message }),
    );
    expect(() => server({ certificates: [{ ...certificate, chain: given(chain) }] })).toThrow(
      "chain[0] is made by another copy",
    );
  });
});
