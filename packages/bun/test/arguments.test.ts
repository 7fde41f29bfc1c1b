import { describe, expect, it } from "vitest";
import { clientParts } from "../src/client-connection.ts";
import {
  connect,
  createClientContext,
  createPskClientContext,
  createServerContext,
  listen,
  upgradable,
  upgradeTLS,
} from "../src/index.ts";
import { ClientWorld } from "./helpers/client-world.ts";
import { pem, pki } from "./helpers/pki.ts";
import { ScriptedRaw } from "./helpers/scripted-raw.ts";

/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

const place = { hostname: "localhost", port: 1 };
const client = (options: object): unknown => clientParts(given(options), place);
const server = (options: object): unknown => createServerContext({ cert: pem.cert, key: pem.key, ...options });
const listening = (options: object): unknown =>
  listen(given({ ...place, tls: { cert: pem.cert, key: pem.key }, socket: {}, ...options }));
const raw = Object.assign(new ScriptedRaw(), { reload: () => undefined, readyState: 1 });

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["tls", () => createClientContext(given("localhost"))],
    ["tls", () => createServerContext(given(3))],
    ["tls", () => client([].values)],
    ["ca", () => client({ ca: 1 })],
    ["ca[1]", () => client({ ca: ["", {}] })],
    ["ca", () => client({ ca: pki.root.certificate })],
    ["crl", () => client({ crl: 1 })],
    ["cert", () => server({ cert: 1 })],
    ["key[0]", () => server({ key: [1] })],
    ["key", () => server({ key: { pem: 1 } })],
    ["passphrase", () => server({ passphrase: 1 })],
    ["certificates[0]", () => server({ cert: undefined, key: undefined, certificates: [1] })],
    ["ALPNProtocols", () => client({ ALPNProtocols: ["h2"] })],
    ["alpnProtocols", () => server({ alpnProtocols: "h2" })],
    ["versions[0]", () => client({ versions: ["TLSv1.2"] })],
    ["serverName", () => client({ serverName: 1 })],
    ["servername", () => client({ servername: 1 })],
    ["checkServer", () => client({ checkServer: true })],
    ["checkServerIdentity", () => client({ checkServerIdentity: "no" })],
    ["rejectUnauthorized", () => client({ rejectUnauthorized: 0 })],
    ["session", () => client({ session: "session" })],
    ["earlyData", () => client({ earlyData: new Uint8Array(1) })],
    ["trace", () => client({ trace: {} })],
    ["context", () => client({ context: {} })],
    ["externalPsks", () => createPskClientContext(given({ externalPsks: 1 }))],
    ["requestCert", () => server({ requestCert: 1 })],
    ["rejectUnauthorized", () => server({ requestCert: true, rejectUnauthorized: 0 })],
    ["checkClient", () => server({ requestCert: true, ca: pem.ca, checkClient: {} })],
    ["clientCertificates", () => server({ clientCertificates: true })],
    ["tickets", () => server({ tickets: "no" })],
    ["contextFor", () => server({ contextFor: {} })],
    ["listen", () => listen(given(undefined))],
    ["hostname", () => listening({ hostname: 1 })],
    ["port", () => listening({ port: "443" })],
    ["port", () => listening({ port: 65_536 })],
    ["socket", () => listening({ socket: undefined })],
    ["open", () => listening({ socket: { open: 1 } })],
    ["onData", () => listening({ socket: { onData: () => undefined } })],
    ["binaryType", () => listening({ socket: { binaryType: "dataview" } })],
    ["allowHalfOpen", () => listening({ allowHalfOpen: "yes" })],
    ["exclusive", () => listening({ exclusive: 1 })],
    ["tls", () => listening({ tls: true })],
    ["context", () => listening({ tls: { context: {} } })],
    ["handlers", () => upgradable(given(undefined))],
    ["data", () => upgradable(given({ data: 1 }))],
  ])("%s is told by its name", (name, call) => {
    const problem = expect.stringContaining(name);
    expect(call).toThrow(expect.objectContaining({ kind: "caller", code: "invalid_argument", message: problem }));
  });

  it.each<[string, () => Promise<unknown>]>([
    ["connect", () => connect(given(undefined))],
    ["hostname", () => connect(given({ hostname: 1, port: 1, socket: {} }))],
    ["port", () => connect(given({ ...place, port: -1, socket: {} }))],
    ["socket", () => connect(given({ ...place, socket: () => undefined }))],
    ["signal", () => connect(given({ ...place, socket: {}, signal: {} }))],
    ["unix", () => connect(given({ unix: 1, socket: {} }))],
    ["raw", () => upgradeTLS(given({}), { tls: {}, socket: {} })],
    ["tls", () => upgradeTLS(raw, given({ socket: {} }))],
    ["isServer", () => upgradeTLS(raw, given({ tls: {}, socket: {}, isServer: 1 }))],
  ])("%s is told by its name, by the promise", async (name, call) => {
    const problem = expect.stringContaining(name);
    await expect(call()).rejects.toEqual(
      expect.objectContaining({ kind: "caller", code: "invalid_argument", message: problem }),
    );
  });

  const socket = new ClientWorld().begun();
  it.each<[string, () => unknown]>([
    ["data", () => socket.write(given(1))],
    ["data", () => socket.end(given({}))],
    ["byteOffset", () => socket.write("x", given("0"))],
    ["byteLength", () => socket.write("x", 0, given("1"))],
    ["halfClose", () => socket.shutdown(given(1))],
    ["seconds", () => socket.timeout(given("1"))],
    ["context", () => socket.exportKeyingMaterial(1, "EXPORTER-x", given(1))],
    ["session", () => socket.setSession(given("session"))],
    ["name", () => socket.setServername(given(1))],
    ["request", () => socket.updateKeys(given("yes"))],
    ["type", () => socket.channelBinding(given("tls-unknown"))],
    ["options", () => socket.reload(given(undefined))],
    ["socket", () => socket.reload(given({ socket: undefined }))],
    ["onData", () => socket.reload(given({ socket: { onData: () => undefined } }))],
  ])("of a socket's method is told by its name: %s", (name, call) => {
    const problem = expect.stringContaining(name);
    expect(call).toThrow(expect.objectContaining({ kind: "caller", code: "invalid_argument", message: problem }));
  });
});

describe("places", () => {
  it.each([{}, { hostname: "localhost" }, { port: 1 }, { unix: "a", port: 1 }, { unix: "a", hostname: "b" }])(
    "that are none are refused: %j",
    async (where) => {
      const conflict = { kind: "caller", code: "conflicting_options" };
      await expect(connect(given({ ...where, socket: {} }))).rejects.toMatchObject(conflict);
      const options = { tls: { cert: pem.cert, key: pem.key }, socket: {}, ...where };
      expect(() => listen(given(options))).toThrow(expect.objectContaining(conflict));
    },
  );

  it("of options that nobody knows, or that are Bun's alone, are refused", async () => {
    const unknown = { kind: "caller", code: "unknown_option" };
    await expect(connect(given({ ...place, socket: {}, fd: 3 }))).rejects.toMatchObject(unknown);
    await expect(upgradeTLS(raw, given({ tls: {}, socket: {}, hostname: "a" }))).rejects.toMatchObject(unknown);
    expect(() => listening({ backlog: 3 })).toThrow(expect.objectContaining(unknown));
    const refused = { kind: "caller", code: "refused_option" };
    await expect(connect(given({ ...place, socket: {}, tls: false }))).rejects.toMatchObject(refused);
  });

  it("are not gone to when the signal is aborted, and sockets that are closed not upgraded", async () => {
    const aborted = AbortSignal.abort(new Error("enough"));
    await expect(connect({ ...place, socket: {}, signal: aborted })).rejects.toMatchObject({
      kind: "caller",
      code: "aborted",
      cause: { message: "enough" },
    });
    const closed = Object.assign(new ScriptedRaw(), { reload: () => undefined, readyState: -1 });
    const upgrading = upgradeTLS(closed, { tls: { serverName: "localhost" }, socket: {} });
    await expect(upgrading).rejects.toMatchObject({ kind: "caller", code: "closed" });
  });

  it("of a socket that is there already have to be named", async () => {
    await expect(upgradeTLS(raw, { tls: {}, socket: {} })).rejects.toMatchObject({ kind: "caller", code: "no_host" });
  });
});
