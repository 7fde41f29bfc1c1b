import { PassThrough } from "node:stream";
import { ClientContext } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { accept, connect, createClientContext, createServer, createServerContext, SecureServer } from "../src/index.ts";
import { pem, pki } from "./helpers/world.ts";

const certificates = [pki.certificate];
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;
const client = (options: object) => createClientContext({ ca: pki.anchors, ...options });
const server = (options: object) => createServerContext({ certificates, ...options });
const connecting = (options: object) =>
  connect({ socket: new PassThrough(), host: "localhost", ca: pki.anchors, ...options });

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["options", () => createClientContext(given("localhost"))],
    ["options", () => createServerContext(given(undefined))],
    ["options", () => createServer(given(undefined))],
    ["options", () => new SecureServer(given(null))],
    ["ca", () => client({ ca: 1 })],
    ["ca[1]", () => client({ ca: ["", {}] })],
    ["ca", () => client({ ca: pki.root.certificate })],
    ["versions", () => client({ versions: 3 })],
    ["versions[0]", () => client({ versions: ["TLSv1.2"] })],
    ["provider", () => client({ provider: "node" })],
    ["provider", () => client({ provider: {} })],
    ["alpnProtocols", () => client({ alpnProtocols: "h2" })],
    ["ALPNProtocols", () => client({ ALPNProtocols: "h2" })],
    ["ciphers", () => client({ ciphers: [] })],
    ["minVersion", () => client({ minVersion: 3 })],
    ["secureOptions", () => client({ secureOptions: "1" })],
    ["handshakeTimeout", () => client({ handshakeTimeout: "30 s" })],
    ["keyLog", () => client({ keyLog: "keys.log" })],
    ["cert", () => server({ cert: 1 })],
    ["key[0]", () => server({ key: [1] })],
    ["pfx", () => server({ pfx: "file" })],
    ["passphrase", () => server({ passphrase: 1 })],
    ["cert", () => client({ cert: 1, key: "" })],
    ["key", () => client({ cert: "", key: 1 })],
    ["certificates[0]", () => client({ certificates: [1] })],
    ["chooseCertificate", () => client({ chooseCertificate: {} })],
    ["postHandshakeAuth", () => client({ postHandshakeAuth: "yes" })],
    ["sessionContext", () => client({ sessionContext: 1 })],
    ["requestCert", () => server({ requestCert: 1 })],
    ["rejectUnauthorized", () => server({ requestCert: true, rejectUnauthorized: 0 })],
    ["ca", () => server({ requestCert: true, ca: 1 })],
    ["checkClient", () => server({ requestCert: true, ca: pem.ca, checkClient: {} })],
    ["clientCertificates", () => server({ clientCertificates: true })],
    ["demand", () => server({ clientCertificates: { demand: "maybe", anchors: pki.anchors } })],
    ["certificates", () => server({ certificates: pki.certificate })],
    ["certificates[0]", () => server({ certificates: [1] })],
    ["chain", () => server({ certificates: [{}] })],
    ["contextFor", () => server({ contextFor: {} })],
    ["SNICallback", () => server({ SNICallback: true })],
    ["host", () => connecting({ host: 1 })],
    ["port", () => connecting({ port: {} })],
    ["socket", () => connecting({ socket: "socket" })],
    ["servername", () => connecting({ servername: 1 })],
    ["checkServer", () => connecting({ checkServer: true })],
    ["checkServerIdentity", () => connecting({ checkServerIdentity: true })],
    ["rejectUnauthorized", () => connecting({ rejectUnauthorized: 0 })],
    ["dangerouslyAllowUnverified", () => connecting({ rejectUnauthorized: false, dangerouslyAllowUnverified: "yes" })],
    ["trace", () => connecting({ trace: true })],
    ["session", () => connecting({ session: "session" })],
    ["sessionsFor", () => connecting({ sessionsFor: 1 })],
    ["requireFullHandshake", () => connecting({ requireFullHandshake: 1 })],
    ["earlyData", () => connecting({ earlyData: { replayable: "GET", outcome: () => undefined } })],
    ["earlyData", () => connecting({ earlyData: { replayable: new Uint8Array(1) } })],
    ["sessionTimeout", () => server({ sessionTimeout: "300" })],
    ["sessionLifetime", () => server({ sessionLifetime: "300" })],
    ["tickets", () => server({ tickets: "none" })],
    ["tickets", () => server({ tickets: {} })],
    ["ticketKeys", () => server({ ticketKeys: "secret" })],
    ["ticketKeys", () => createServer({ certificates }).setTicketKeys(given("secret"))],
    ["sessionIdContext", () => server({ sessionIdContext: 1 })],
    ["earlyData", () => server({ earlyData: new Uint8Array(1) })],
    [
      "context",
      () =>
        connect({
          socket: new PassThrough(),
          host: "localhost",
          context: given(createServerContext({ certificates })),
        }),
    ],
    ["context", () => createServer({ context: given(client({})) })],
    ["raw", () => accept(given(undefined), { certificates })],
    ["raw", () => accept(given({}), { certificates })],
    ["connect takes options, a port, or the path of a socket", () => connect(given(undefined))],
  ])("is named: %s", (name, call) => {
    expect(call).toThrow(
      expect.objectContaining({
        name: "TlsError",
        kind: "caller",
        code: "invalid_argument",
        message: expect.stringMatching(new RegExp(`^${name.replace(/[[\]]/g, "\\$&")}( is |$)`)),
      }),
    );
  });

  it("leaves what is right alone", () => {
    expect(client({ ALPNProtocols: [Buffer.from("h2"), "http/1.1"] })).toBeInstanceOf(ClientContext);
  });
});
