import { readFileSync } from "node:fs";
import { nodePasswordCryptography, nodeProvider, threadPoolProvider } from "@tlskit/crypto-node";
import { mozillaRoots } from "@tlskit/roots";
import { MemorySessionStore } from "@tlskit/sessions";
import { ExternalPsk, type ServerContext, tls12, tls13 } from "@tlskit/tls";
import { encryptPrivateKeySync } from "@tlskit/x509";
import { describe, expect, expectTypeOf, it } from "vitest";
import { clientParts } from "../src/client-connection.ts";
import {
  type ClientContextOptions,
  type ClientTlsOptions,
  connect,
  createClientContext,
  createPskClientContext,
  createServerContext,
  type ServerTlsOptions,
} from "../src/index.ts";
import type { tlsOptions } from "../src/options/bun-options.ts";
import { serverConnections } from "../src/server-connection.ts";
import { pem, pki } from "./helpers/pki.ts";
import { handlersTable, optionsTable, socketTable } from "./helpers/readme-tables.ts";

const place = { hostname: "localhost", port: 1 };
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const server = (options: ServerTlsOptions = {}): ServerContext =>
  createServerContext({ cert: pem.cert, key: pem.key, ...options });
/** Whatever a caller in JavaScript may give. */
const given = (value: object): never => value as never;

describe("the options of tls", () => {
  it("are all of Bun's, and what its fetch has besides", () => {
    expectTypeOf<Exclude<keyof Bun.TLSOptions, keyof typeof tlsOptions>>().toBeNever();
    expectTypeOf<Exclude<keyof typeof tlsOptions, keyof Bun.TLSOptions>>().toEqualTypeOf<"checkServerIdentity">();
  });

  it("take the types that Bun's take, but for what is refused", () => {
    type Refused = "ciphers" | "secureOptions" | "dhParamsFile" | "keyFile" | "certFile" | "caFile";
    expectTypeOf<Omit<Bun.TLSOptions, Refused>>().toExtend<ClientTlsOptions>();
    expectTypeOf<Omit<Bun.TLSOptions, Refused | "serverName" | "servername">>().toExtend<ServerTlsOptions>();
    expectTypeOf<Pick<Bun.TLSOptions, "ciphers">>().not.toExtend<ClientTlsOptions>();
    expectTypeOf<{ caFile: string }>().not.toExtend<ServerTlsOptions>();
  });

  it.each<[string, unknown]>([
    ["ciphers", "HIGH"],
    ["secureOptions", 4],
    ["dhParamsFile", "dh.pem"],
    ["keyFile", "key.pem"],
    ["certFile", "cert.pem"],
    ["caFile", "ca.pem"],
  ])("refuse %s, and name it", async (name, value) => {
    const refusal = expect.objectContaining({
      kind: "caller",
      code: "refused_option",
      message: expect.stringMatching(name),
    });
    const options = given({ ca: pem.ca, [name]: value });
    expect(() => createClientContext(options)).toThrow(refusal);
    expect(() => createPskClientContext(options)).toThrow(refusal);
    expect(() => server(options)).toThrow(refusal);
    await expect(connect({ ...place, tls: options, socket: {} })).rejects.toEqual(refusal);
  });

  it("refuse what nobody knows", () => {
    const refusal = expect.objectContaining({
      kind: "caller",
      code: "unknown_option",
      message: expect.stringMatching("serverNmae"),
    });
    const options = given({ serverNmae: "localhost" });
    expect(() => createClientContext(options)).toThrow(refusal);
    expect(() => server(options)).toThrow(refusal);
    expect(() => clientParts(options, place)).toThrow(refusal);
    expect(() => serverConnections(given({ cert: pem.cert, key: pem.key, serverNmae: "localhost" }))).toThrow(refusal);
  });

  it("count where they are inherited, too", () => {
    const inherited: ClientTlsOptions = Object.create({ ca: pem.ca, rejectUnauthorized: false });
    expect(() => clientParts(inherited, place)).toThrow(expect.objectContaining({ code: "refused_option" }));
    const context = createClientContext(Object.create({ ca: pem.ca, alpnProtocols: ["h2"] }));
    expect(context.trust.anchors.all).toHaveLength(1);
    expect(context.settings.alpnProtocols).toEqual(["h2"]);
    const asking = { cert: pem.cert, key: pem.key, requestCert: true, ca: pem.ca };
    expect(serverConnections(Object.create(asking)).context.clientCertificates).toBeDefined();
  });

  it("pass over what is of no effect, and what asks for nothing", () => {
    const options = { lowMemoryMode: true, clientRenegotiationLimit: 3, clientRenegotiationWindow: 600 };
    expect(createClientContext(options).settings).not.toHaveProperty("lowMemoryMode");
    expect(server(options).settings).not.toHaveProperty("clientRenegotiationLimit");
    createClientContext(given({ secureOptions: 0, ciphers: undefined, caFile: null, requestCert: true }));
  });

  it("are TLS 1.3 and 1.2, Mozilla's roots and Node's cryptography unless told otherwise", () => {
    const { settings, trust } = createClientContext();
    expect(settings.versions).toEqual([tls13, tls12]);
    expect(settings.provider).toBe(nodeProvider);
    expect(trust.anchors).toBe(mozillaRoots());
    expect(server().settings.versions).toEqual([tls13, tls12]);
    expect(server().settings.tickets).toBeDefined();
    expect(server().clientCertificates).toBeUndefined();
  });

  it("bring what contexts of @tlskit/tls have to these", () => {
    const sessions = new MemorySessionStore({ clock: Date.now });
    const client = {
      provider: threadPoolProvider,
      versions: [tls12],
      handshakeTimeout: 1000,
      sessions,
      recordSize: 512,
    };
    expect(createClientContext(client).settings).toMatchObject(client);
    const served = {
      alpnProtocols: ["h2"],
      handshakeTimeout: 5,
      ticketCount: 1,
      sessionContext: "a",
      maxSkippedEarlyData: 9,
    };
    expect(server(served).settings).toMatchObject(served);
    expect(server({ tickets: false }).settings.tickets).toBeUndefined();
  });

  it("choose what a client shows, and whether it is asked for it later", () => {
    const chooseCertificate = (): undefined => undefined;
    expect(
      createClientContext({ chooseCertificate, postHandshakeAuth: true }).settings.postHandshakeAuth,
    ).toBeDefined();
    expect(createClientContext({ postHandshakeAuth: false }).settings.postHandshakeAuth).toBeUndefined();
  });

  it("take one's certificates as Bun does: texts, bytes, lists, keys with passwords", () => {
    const bytes = new TextEncoder().encode(pem.cert);
    const password = "of this key";
    const encrypted = encryptPrivateKeySync(pki.certificate.key, {
      password,
      cryptography: nodePasswordCryptography,
      random,
    });
    const each: readonly (ClientContextOptions & ServerTlsOptions)[] = [
      { cert: bytes.buffer, key: new DataView(new TextEncoder().encode(pem.key).buffer) },
      { cert: [pem.cert], key: [pem.key] },
      { cert: pem.cert, key: encrypted, passphrase: password },
      { cert: pem.cert, key: [{ pem: encrypted, passphrase: password }] },
      { cert: pem.cert, key: { pem: pem.key } },
      { cert: pem.cert, key: pki.certificate.key },
      { certificates: [pki.certificate] },
    ];
    for (const options of each) {
      expect(createServerContext(options).credentials).toHaveLength(1);
      expect(() => createClientContext(options)).not.toThrow();
    }
    expect(() => server({ key: encrypted, passphrase: "another" })).toThrow(
      expect.objectContaining({ name: "X509Error" }),
    );
    expect(() => createServerContext({ cert: pem.cert })).toThrow(expect.objectContaining({ code: "no_certificates" }));
    const other = { algorithms: ["Ed25519"] as const, sign: () => new Uint8Array(64) };
    expect(() => server({ cert: [pem.cert, pem.cert], key: [other] })).toThrow(
      expect.objectContaining({ code: "certificate_key_mismatch" }),
    );
    expect(() => server({ cert: pem.cert.replace(/^(.{10}).*$/m, "$1"), key: pem.key })).toThrow();
  });

  it("take ALPN as Bun does, and say so where Bun passes over what isn't that", () => {
    const both = "\x02h2\x08http/1.1";
    for (const ALPNProtocols of [
      both,
      Buffer.from(both, "latin1"),
      new Uint8Array(Buffer.from(both, "latin1")).buffer,
    ]) {
      expect(createClientContext({ ALPNProtocols }).settings.alpnProtocols).toEqual(["h2", "http/1.1"]);
      expect(server({ ALPNProtocols }).settings.alpnProtocols).toEqual(["h2", "http/1.1"]);
    }
    expect(() => server({ ALPNProtocols: "h2,http/1.1" })).toThrow(
      expect.objectContaining({ code: "invalid_alpn_protocol" }),
    );
    expect(() => server({ ALPNProtocols: both, alpnProtocols: ["h2"] })).toThrow(
      expect.objectContaining({ code: "conflicting_options" }),
    );
  });

  it("ask clients for certificates as Bun's do", () => {
    expect(server({ requestCert: true, ca: pem.ca }).clientCertificates).toMatchObject({ demand: "required" });
    expect(server({ requestCert: true, ca: [pem.ca], rejectUnauthorized: false }).clientCertificates).toMatchObject({
      demand: "optional",
    });
    const refused = (code: string): object => expect.objectContaining({ kind: "caller", code });
    expect(() => server({ requestCert: true })).toThrow(refused("no_trust_anchors"));
    expect(() => server({ checkClient: () => undefined })).toThrow(refused("conflicting_options"));
    const clientCertificates = { demand: "later", anchors: pki.anchors } as const;
    expect(server({ clientCertificates }).clientCertificates).toMatchObject({ demand: "later" });
    expect(() => server({ clientCertificates, requestCert: true })).toThrow(refused("conflicting_options"));
    for (const name of ["serverName", "servername"]) {
      expect(() => server(given({ [name]: "localhost" }))).toThrow(refused("refused_option"));
    }
  });

  it("say whom a client trusts, and never take anybody by one option alone", () => {
    expect(createClientContext({ ca: [pem.ca, Buffer.from(pem.ca)] }).trust.anchors.all).toHaveLength(2);
    expect(createClientContext({ ca: pki.anchors }).trust.anchors).toBe(pki.anchors);
    const refused = (code: string): object => expect.objectContaining({ kind: "caller", code });
    expect(() => clientParts({ rejectUnauthorized: false }, place)).toThrow(refused("refused_option"));
    const both = { rejectUnauthorized: false, dangerouslyAllowUnverified: true };
    expect(() => clientParts({ ...both, checkServer: () => undefined }, place)).toThrow(refused("conflicting_options"));
    expect(() => clientParts(both, place)).not.toThrow();
  });

  it("are a context's, or a context, and not both", () => {
    const context = createClientContext({ ca: pem.ca });
    const conflict = expect.objectContaining({ kind: "caller", code: "conflicting_options" });
    expect(() => clientParts({ context, ca: pem.ca }, place)).toThrow(conflict);
    expect(() => clientParts({ context, serverName: "localhost", sendServerName: false }, place)).not.toThrow();
    expect(() => serverConnections({ context: server(), cert: pem.cert, key: pem.key })).toThrow(conflict);
  });

  it("hold whatever comes later to what a server asks of clients", () => {
    const asking = server({ requestCert: true, ca: pem.ca });
    expect(asking.clientCertificates).toBeDefined();
    const chosen = server({ requestCert: true, ca: pem.ca, contextFor: () => server() });
    const offer = given({ serverName: "localhost" });
    expect(() => chosen.contextFor?.(offer)).toThrow(expect.objectContaining({ code: "conflicting_options" }));
    const told = server({ requestCert: true, ca: pem.ca, contextFor: () => server({ requestCert: false }) });
    expect(told.contextFor?.(offer)).toBeDefined();
  });

  it("have pre-shared keys, in contexts of their own", () => {
    const externalPsks = [new ExternalPsk({ identity: Uint8Array.of(1), key: new Uint8Array(32).fill(1) })];
    const context = createPskClientContext({ externalPsks });
    expect(context.settings.externalPsks).toEqual(externalPsks);
    expect(context.trust).toBeUndefined();
    expect(createPskClientContext({ externalPsks, ca: pem.ca }).trust).toBeDefined();
    expect(() => clientParts({ context, rejectUnauthorized: false, dangerouslyAllowUnverified: true }, place)).toThrow(
      expect.objectContaining({ code: "conflicting_options" }),
    );
  });
});

describe("the README", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

  it("tells of each option what becomes of it", () => {
    expect(readme).toContain(optionsTable());
  });

  it("tells of each of Bun's handlers", () => {
    expect(readme).toContain(handlersTable());
  });

  it("tells of each member of Bun's sockets", () => {
    expect(readme).toContain(socketTable());
  });
});
