import { KeyListener } from "@tlskit/keyless-node";
import { privateKeyToPem } from "@tlskit/x509";
import { afterAll, describe, expect, it, vi } from "vitest";
import { readConfiguration } from "../src/configuration.ts";
import { addressOf, handshake, keyClient, webServer, www } from "./helpers/places.ts";
import { Folder, KeyServerProcess, runCommand } from "./helpers/process.ts";

const files = new Folder();
afterAll(() => files.remove());

describe("tlskit-keyless", { timeout: 60_000 }, () => {
  it("serves the keys of its configuration, says what it does, and ends when it is told to", async () => {
    const server = await KeyServerProcess.start(files.configure());
    const { client } = keyClient([addressOf(server.port)]);
    const { server: web, port } = await webServer(await client.signer("www"));
    expect(await handshake(port)).toBeUndefined();
    await expect(client.signer("other")).rejects.toMatchObject({ code: "no_such_key" });
    expect(await server.end("SIGTERM")).toEqual([0, null]);
    client.close();
    web.close();
    const common = { client: "frontend.internal", at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) };
    expect(server.lines).toEqual([
      { event: "listening", address: "127.0.0.1", port: server.port, at: common.at },
      { event: "described", key: "www", ...common },
      { event: "signed", key: "www", algorithm: "ECDSA/P-256/SHA-256", form: "tls13", ...common },
      { event: "refused", key: "other", reason: "no_such_key", ...common },
      { event: "ending", signal: "SIGTERM", at: common.at },
    ]);
  });

  it("tells of who isn't let in", async () => {
    const server = await KeyServerProcess.start(files.configure());
    const { client } = keyClient([{ ...addressOf(server.port), servername: "other.internal" }]);
    const asked = expect(client.signer("www")).rejects.toMatchObject({ kind: "internal" });
    await vi.waitUntil(() => server.lines.length > 1, { timeout: 60_000 });
    client.close();
    await asked;
    await server.end("SIGINT");
    expect(server.lines[1]).toMatchObject({ event: "connection_failed", address: "127.0.0.1" });
  });

  it("says whether a configuration is good", async () => {
    expect(await runCommand("--check", files.configure())).toEqual({ code: 0, out: "", errors: "" });
  });

  it("explains itself", async () => {
    expect(await runCommand("--help")).toMatchObject({ code: 0, out: expect.stringContaining("CONFIGURATION.json") });
    expect(await runCommand("--version")).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each<[string, readonly string[], RegExp]>([
    ["no configuration", [], /takes one configuration file/],
    ["two", ["a", "b"], /takes one configuration file/],
    ["an option that there isn't", ["--port", "1"], /--port/],
    ["a configuration that can't be used", [files.write("list.json", "[]")], /port is undefined/],
    ["a port that there isn't", [files.write("port.json", files.configuration({ port: 70_000 }))], /port/],
  ])("refuses %s, and says so", async (_, args, sentence) => {
    const { code, out, errors } = await runCommand(...args);
    expect({ code, out, errors }).toEqual({ code: 2, out: "", errors: expect.stringMatching(sentence) });
  });
});

describe("a configuration", () => {
  const keys = (changes: object, name = "www") => ({
    keys: { [name]: { key: "www.key", clients: ["frontend.internal"], ...changes } },
  });
  const secrets = (privateKeyToPem(www.key).match(/^[\w+/]{20,}/gm) ?? []) as readonly string[];

  it.each<[string, () => string, RegExp]>([
    ["a file that there isn't", () => `${files.path}/none.json`, /none\.json can't be read/],
    ["a file that isn't JSON", () => files.write("bad.json", "{"), /bad\.json is not JSON/],
    ["a file that is too long", () => files.write("bad.json", " ".repeat(2 ** 20 + 1)), /more than 1 MiB/],
    ["a name that means nothing", () => files.configure({ clientCa: "x" }), /no option "clientCa"/],
    ["a key file that there isn't", () => files.configure(keys({ key: "no.key" })), /no\.key can't be read/],
    ["a key file that is none", () => files.configure(keys({ key: "clients.pem" })), /clients\.pem: /],
    ["a key for nobody", () => files.configure(keys({ clients: [] })), /nobody may use the key www/],
    ["a pattern for clients", () => files.configure(keys({ clients: ["*.internal"] })), /\*\.internal/],
    ["a form that there isn't", () => files.configure(keys({ forms: ["tls11"] })), /no form tls11/],
    ["an option of keys that there isn't", () => files.configure(keys({ form: "tls13" })), /no option "form"/],
    ["a name of a key that is none", () => files.configure(keys({}, "my key")), /my key/],
    ["a certificate of another key", () => files.configure({ key: "www.key" }), /not the certificate's/],
    ["no time", () => files.configure({ signatureTimeout: 0 }), /signatureTimeout is 0/],
    ["no connections", () => files.configure({ maxConnections: 0 }), /maxConnections is 0/],
  ])("is refused with %s, in a sentence that says so", (_, path, sentence) => {
    let message = "";
    try {
      new KeyListener(readConfiguration(path()).options);
    } catch (error) {
      expect(error).toMatchObject({ name: "TlsError", kind: "caller" });
      message = error instanceof Error ? error.message : "";
    }
    expect(message).toMatch(sentence);
    expect(secrets.filter((secret) => message.includes(secret))).toEqual([]);
  });
});
