import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import type * as net from "node:net";
import type * as tls from "node:tls";
import { nodePasswordCryptography, nodeProvider } from "@tlskit/crypto-node";
import type * as tlskit from "@tlskit/tls";
import { ExternalPsk, VerifiedSignatures } from "@tlskit/tls";
import { renegotiation } from "@tlskit/tls/renegotiation";
import { createPkcs12Sync } from "@tlskit/x509";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  type ClientContextOptions,
  type ConnectOptions,
  type CreateServerOptions,
  connect,
  connectHttp2,
  createClientContext,
  createHttp2Server,
  createHttpsServer,
  createPskClientContext,
  createServer,
  createServerContext,
  type KeyOption,
  type ServerContextOptions,
} from "../src/index.ts";
import { clientTables, sharedClientContext } from "../src/options/client-context.ts";
import type { clientOptions } from "../src/options/client-options.ts";
import type { commonOptions } from "../src/options/common-options.ts";
import { serverTables } from "../src/options/server-context.ts";
import type { serverOptions } from "../src/options/server-options.ts";
import type { HandedOn, NotTaken, Taken } from "../src/options/table.ts";
import { optionsPage } from "./helpers/options-page.ts";
import { otherSettings } from "./helpers/other-settings.ts";
import { pem, pki } from "./helpers/world.ts";

type Client = typeof commonOptions & typeof clientOptions;
type Server = typeof commonOptions & typeof serverOptions;
type HandedOnBy<Table> = keyof HandedOn<Table, Table>;
type HandedOnNames = HandedOnBy<Client>;
/** What has no default in tls, and one in Node. */
type Nodes = "allocate" | "provider" | "random" | "clock";

/** What `tls.connect` is told, with what it hands on to `net.connect`. */
type NodeClient = keyof tls.ConnectionOptions | keyof net.TcpNetConnectOpts | keyof net.IpcNetConnectOpts;
/** What `tls.createServer` is told, with what it hands on to `net.createServer`. */
type NodeServer = keyof tls.TlsOptions;

describe("the table of options", () => {
  it("has a row for each that node:tls and node:net have", () => {
    expectTypeOf<Exclude<NodeClient, keyof Client>>().toBeNever();
    expectTypeOf<Exclude<NodeServer, keyof Server>>().toBeNever();
    expectTypeOf<Exclude<keyof tls.SecureContextOptions, keyof Client & keyof Server>>().toBeNever();
  });

  it("has as taken what the functions take, no more and no less", () => {
    type NotTakenNames<Table> = keyof NotTaken<Table>;
    expectTypeOf<Exclude<keyof ConnectOptions, NotTakenNames<Client>>>().toEqualTypeOf<Taken<Client>>();
    expectTypeOf<Exclude<keyof CreateServerOptions, NotTakenNames<Server>>>().toEqualTypeOf<Taken<Server>>();
  });

  it("hands on every option that contexts of @tlskit/tls have, but for what is Node's", () => {
    expectTypeOf<Exclude<keyof tlskit.ClientOptions, HandedOnBy<Client>>>().toEqualTypeOf<
      | Nodes
      | "anchors"
      | "certificates"
      | "externalPskOffers"
      | "missingIntermediates"
      | "postHandshakeAuth"
      | "renegotiation"
      | "resumption"
      | "sessionContext"
      | "verifiedSignatures"
    >();
    expectTypeOf<Exclude<keyof tlskit.ServerOptions, HandedOnBy<Server>>>().toEqualTypeOf<
      Nodes | "certificates" | "clientCertificates" | "contextFor" | "tickets"
    >();
  });

  const defaults = createClientContext({ ca: pki.anchors });
  it.each(Object.entries(otherSettings({ ...defaults.settings, ...defaults.trust }, clientTables)))(
    "brings %s to a client's context",
    (name, value) => {
      const { settings, trust } = createClientContext({ ca: pki.anchors, [name]: value });
      expect({ ...settings, ...trust }).toHaveProperty(name, value);
    },
  );

  it("lets clients renegotiate if they are told to", () => {
    const told = (asked: boolean | undefined) =>
      createClientContext({ ca: pki.anchors, renegotiation: asked }).settings;
    expect(told(true).renegotiation).toBe(renegotiation);
    for (const asked of [false, undefined]) expect(told(asked).renegotiation).toBeUndefined();
  });

  it("brings pre-shared keys that go with certificates to contexts of both", () => {
    const externalPsks = [new ExternalPsk({ identity: Uint8Array.of(1), key: new Uint8Array(32).fill(1) })];
    const both = { externalPsks, certificateWithExternalPsk: true };
    expect(createClientContext({ ca: pki.anchors, ...both }).settings).toMatchObject(both);
    expect(createServerContext({ certificates: [pki.certificate], ...both }).settings).toMatchObject(both);
  });

  it("brings who is asked for a pre-shared key to the context of a client with such keys", () => {
    const asked = { externalPskFor: () => undefined };
    for (const context of [createPskClientContext(asked), sharedClientContext(asked)]) {
      expect(context.settings).toMatchObject({ ...asked, externalPsks: [] });
      expect(context.trust).toBeUndefined();
    }
  });

  it.each(
    Object.entries(otherSettings(createServerContext({ certificates: [pki.certificate] }).settings, serverTables)),
  )("brings %s to a server's context", (name, value) => {
    const { settings } = createServerContext({ certificates: [pki.certificate], [name]: value });
    expect(settings).toHaveProperty(name, value);
  });

  it("makes types refuse what is refused", () => {
    expectTypeOf<{ pauseOnConnect: true }>().not.toExtend<CreateServerOptions>();
    expectTypeOf<{ pauseOnConnect: false }>().toExtend<CreateServerOptions>();
    expectTypeOf<{ crl: string }>().not.toExtend<ConnectOptions>();
    expectTypeOf<{ pskCallback: () => null }>().not.toExtend<ConnectOptions>();
    expectTypeOf<tls.ConnectionOptions>().not.toExtend<ConnectOptions>();
    expectTypeOf<tls.TlsOptions>().not.toExtend<CreateServerOptions>();
    expectTypeOf<{ dhparam: string }>().toExtend<ServerContextOptions>();
    expectTypeOf<{ session: Buffer }>().toExtend<ConnectOptions>();
  });

  it("makes OPTIONS.md", async () => {
    await expect(optionsPage()).toMatchFileSnapshot("../OPTIONS.md");
  });
});

const certificates = [pki.certificate];

describe("a function of ours", () => {
  it.each<[string, (options: object) => unknown]>([
    ["connect", (options) => connect({ host: "localhost", port: 1, ca: pki.anchors, ...options })],
    ["createServer", (options) => createServer({ certificates, ...options })],
    ["createHttpsServer", (options) => createHttpsServer({ certificates, ...options })],
    ["createHttp2Server", (options) => createHttp2Server({ certificates, ...options })],
    ["createClientContext", (options) => createClientContext({ ca: pki.anchors, ...options })],
    ["createServerContext", (options) => createServerContext({ certificates, ...options })],
  ])("%s refuses a name that it doesn't know", (name, call) => {
    expect(() => call({ hostnme: "example.com" })).toThrow(
      expect.objectContaining({ kind: "caller", code: "unknown_option", message: `${name} has no option "hostnme"` }),
    );
  });

  it("that makes servers for HTTP has Node's options for those", () => {
    const options = { certificates, headersTimeout: 60_001, requestTimeout: 60_000 };
    expect(() => createHttpsServer(options)).toThrow(expect.objectContaining({ code: "ERR_OUT_OF_RANGE" }));
    expect(() => createHttp2Server({ ...options, allowHTTP1: true })).toThrow(
      expect.objectContaining({ code: "ERR_OUT_OF_RANGE" }),
    );
    expect(createHttpsServer({ ...options, headersTimeout: 50_000 }).headersTimeout).toBe(50_000);
  });

  it("that is about HTTP/2 alone offers that by ALPN, and nothing else", async () => {
    const protocols: object = { ALPNProtocols: ["http/1.1"] };
    const context = createServerContext({ certificates });
    for (const options of [{ certificates, ...protocols }, { context }]) {
      expect(() => createHttp2Server(options)).toThrow(expect.objectContaining({ code: "conflicting_options" }));
    }
    const client = { ca: pki.anchors, ...protocols };
    await expect(connectHttp2("https://localhost:1", client)).rejects.toMatchObject({ code: "conflicting_options" });
  });

  it("sees what an object inherits", () => {
    const options: ClientContextOptions = Object.create({ crl: "x" });
    expect(() => createClientContext(options)).toThrow(expect.objectContaining({ code: "refused_option" }));
  });

  it("refuses an option of another", () => {
    const misplaced = { host: "localhost" } as ClientContextOptions;
    expect(() => createClientContext(misplaced)).toThrow('createClientContext has no option "host"');
    const listening = { noDelay: true } as ServerContextOptions;
    expect(() => createServerContext(listening)).toThrow('createServerContext has no option "noDelay"');
  });

  it.each<[string, unknown]>([
    ["crl", "x"],
    ["pskCallback", () => null],
    ["requestOCSP", true],
    ["sigalgs", "ed25519"],
    ["ecdhCurve", "P-256"],
    ["secureContext", {}],
    ["allowPartialTrustChain", false],
    ["onread", {}],
    ["fd", 3],
    ["enableTrace", true],
  ])("connect refuses %s, and names it", (name, value) => {
    const given: object = { host: "localhost", port: 1, ca: pki.anchors, [name]: value };
    for (const options of [given, { ...given, _agentKey: "localhost:1:" }, { ...given, _defaultAgent: {} }]) {
      expect(() => connect(options)).toThrow(
        expect.objectContaining({
          code: "refused_option",
          message: expect.stringContaining(`${name} is not supported: `),
        }),
      );
    }
  });

  it.each<[string, unknown]>([
    ["crl", "x"],
    ["pskCallback", () => null],
    ["pskIdentityHint", "x"],
    ["ALPNCallback", () => "h2"],
    ["privateKeyIdentifier", "x"],
    ["pauseOnConnect", true],
  ])("createServer refuses %s, and names it", (name, value) => {
    const options: object = { certificates, [name]: value };
    expect(() => createServer(options as CreateServerOptions)).toThrow(
      expect.objectContaining({
        code: "refused_option",
        message: expect.stringContaining(`${name} is not supported: `),
      }),
    );
  });

  it("takes what asks for nothing", () => {
    const harmless = { requestCert: false, enableTrace: false, ecdhCurve: "auto", requestOCSP: false, crl: undefined };
    expect(() => createServer({ certificates, ...harmless } as CreateServerOptions)).not.toThrow();
    const nulls: object = { ca: pki.anchors, alpnProtocols: null, provider: null, crl: null };
    expect(() => createClientContext(nulls)).not.toThrow();
  });

  it("hands on what a server limits", () => {
    const { settings } = createServerContext({ certificates, maxClientHelloLength: 1000, maxSkippedEarlyData: 7 });
    expect([settings.messageLimits.ClientHello, settings.maxSkippedEarlyData]).toEqual([1000, 7]);
  });

  it("takes the time and the context of sessions under either name, ours first", () => {
    const settings = (options: object) => createServerContext({ certificates, ...options }).settings;
    expect(settings({})).toMatchObject({ sessionLifetime: 86_400, sessionContext: "" });
    expect(settings({ sessionTimeout: 300, sessionIdContext: "a" })).toMatchObject({
      sessionLifetime: 300,
      sessionContext: "a",
    });
    const both = { sessionTimeout: 300, sessionLifetime: 600, sessionIdContext: "a", sessionContext: "b" };
    expect(settings(both)).toMatchObject({ sessionLifetime: 600, sessionContext: "b" });
    expect(() => settings({ sessionTimeout: 7 * 86_400 + 1 })).toThrow(
      expect.objectContaining({ code: "out_of_range" }),
    );
  });

  it("takes suites of TLS 1.3 out of a list for OpenSSL", () => {
    const names = (ciphers: string): readonly string[] =>
      createClientContext({ ca: pki.anchors, ciphers }).settings.cipherSuites.map(({ name }) => name);
    expect(names("ECDHE-RSA-AES128-GCM-SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256")).toEqual([
      "TLS_CHACHA20_POLY1305_SHA256",
      "TLS_AES_128_GCM_SHA256",
    ]);
    expect(names("DEFAULT@SECLEVEL=1")).toEqual(
      createClientContext({ ca: pki.anchors }).settings.cipherSuites.map((s) => s.name),
    );
    expect(() => names("TLS_SM4_GCM_SM3")).toThrow(expect.objectContaining({ code: "unsupported_choice" }));
  });

  it("takes application protocols in every form that node:tls has", () => {
    const protocols = (ALPNProtocols: ClientContextOptions["ALPNProtocols"]): readonly string[] =>
      createClientContext({ ca: pki.anchors, ALPNProtocols }).settings.alpnProtocols;
    expect(protocols(["h2", "http/1.1"])).toEqual(["h2", "http/1.1"]);
    expect(protocols([Buffer.from("h2")])).toEqual(["h2"]);
    expect(protocols(Buffer.from("\x02h2\x08http/1.1"))).toEqual(["h2", "http/1.1"]);
    expect(() => protocols(Buffer.from("\x02h2\x08http"))).toThrow(
      expect.objectContaining({ code: "invalid_alpn_protocol" }),
    );
    const both = createClientContext({ ca: pki.anchors, ALPNProtocols: ["http/1.1"], alpnProtocols: ["h2"] });
    expect(both.settings.alpnProtocols).toEqual(["h2"]);
  });

  it("refuses options beside a context that has them already", () => {
    const context = createClientContext({ ca: pki.anchors });
    expect(() => connect({ host: "localhost", port: 1, context, ca: pem.ca })).toThrow(
      expect.objectContaining({ code: "conflicting_options", message: expect.stringContaining("ca is an option") }),
    );
    const server = createServerContext({ certificates });
    expect(() => createServer({ context: server, cert: pem.cert })).toThrow(
      expect.objectContaining({ code: "conflicting_options" }),
    );
    expect(() =>
      createServerContext({ certificates, contextFor: () => server, SNICallback: (_name, done) => done(null) }),
    ).toThrow(expect.objectContaining({ code: "conflicting_options" }));
  });
});

describe("a key beside its certificate", () => {
  const { key } = pki.certificate;
  const signer = { algorithms: ["ECDSA/P-256/SHA-256"], sign: () => new Uint8Array(0) } as const;
  const own = { cert: pem.cert };
  const twice = { cert: [pem.cert, pem.cert] };

  it.each<[string, KeyOption]>([
    ["declared", key],
    ["in its parts", key.privateKey],
    ["a signer", signer],
    ["of Node", createPrivateKey(pem.key)],
  ])("may be %s", (_, given) => {
    expect(createServerContext({ ...own, key: given }).credentials).toHaveLength(1);
  });

  it("that is a signer is only told apart by being alone", () => {
    expect(createServerContext({ ...twice, key: [key, signer] }).credentials).toHaveLength(2);
    expect(() => createServerContext({ ...twice, key: [signer, signer] })).toThrow(
      expect.objectContaining({
        code: "certificate_key_mismatch",
        message: expect.stringContaining("a signer in key"),
      }),
    );
  });

  it("has to be its own", () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    expect(() => createServerContext({ ...own, key: other })).toThrow(
      expect.objectContaining({ code: "certificate_key_mismatch" }),
    );
  });
});

describe("accepting a server that can't be verified", () => {
  const options: ConnectOptions = { host: "localhost", port: 1, ca: pki.anchors, rejectUnauthorized: false };

  it("is refused, whatever the environment says", () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    expect(() => connect(options)).toThrow(
      expect.objectContaining({ code: "refused_option", message: expect.stringMatching(/^rejectUnauthorized: false/) }),
    );
    vi.unstubAllEnvs();
  });

  it("contradicts a check of it", () => {
    for (const check of [{ checkServer: () => undefined }, { checkServerIdentity: () => undefined }]) {
      expect(() => connect({ ...options, dangerouslyAllowUnverified: true, ...check })).toThrow(
        expect.objectContaining({ code: "conflicting_options" }),
      );
    }
  });
});

describe("what a server asks of its clients", () => {
  const { anchors } = pki;
  const context = (options: ServerContextOptions) => createServerContext({ certificates, ...options });

  it("is nothing unless told", () => {
    expect(context({}).clientCertificates).toBeUndefined();
    expect(context({ ca: pem.ca, rejectUnauthorized: false, requestCert: false }).clientCertificates).toBeUndefined();
  });

  it("is a certificate, or none where nobody is refused", () => {
    expect(context({ requestCert: true, ca: pem.ca }).clientCertificates).toMatchObject({ demand: "required" });
    const lenient = context({ requestCert: true, ca: anchors, rejectUnauthorized: false });
    expect(lenient.clientCertificates).toMatchObject({ demand: "optional", trust: { anchors } });
    const later = context({ clientCertificates: { demand: "later", anchors } });
    expect(later.clientCertificates).toMatchObject({ demand: "later" });
  });

  it("takes the authorities that are trusted: there are none by default", () => {
    expect(() => context({ requestCert: true })).toThrow(expect.objectContaining({ code: "no_trust_anchors" }));
  });

  it.each<[string, ServerContextOptions]>([
    ["a check of clients that nobody asks for", { checkClient: () => undefined }],
    [
      "a check of clients where nobody is refused",
      { requestCert: true, ca: anchors, rejectUnauthorized: false, checkClient: () => undefined },
    ],
    ["one rule beside another", { requestCert: true, clientCertificates: { demand: "required", anchors } }],
    ["an authority beside another", { ca: anchors, clientCertificates: { demand: "required", anchors } }],
  ])("isn't %s", (_what, options) => {
    expect(() => context(options)).toThrow(expect.objectContaining({ kind: "caller", code: "conflicting_options" }));
  });
});

describe("the contexts that connect keeps", () => {
  const base: ClientContextOptions = { ca: pki.anchors, cert: pem.cert, key: pem.key };
  const { settings, trust } = createClientContext(base);

  /** Another value for each option that isn't handed on: one that is missing here doesn't compile. */
  const changedOnTheWay: Required<
    Omit<Pick<ClientContextOptions, Taken<Client> & keyof ClientContextOptions>, HandedOnNames>
  > = {
    ca: pem.ca,
    cert: [pem.cert],
    key: [pem.key],
    pfx: createPkcs12Sync({
      certificates: pki.certificate.chain,
      key: pki.certificate.key,
      password: "x",
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      cryptography: nodePasswordCryptography,
    }),
    passphrase: "x",
    certificates: [pki.certificate],
    chooseCertificate: () => undefined,
    sessionContext: "another",
    postHandshakeAuth: true,
    renegotiation: true,
    fetchMissingIntermediates: true,
    verifiedSignatures: new VerifiedSignatures(),
    ALPNProtocols: ["h2"],
    ciphers: "TLS_AES_128_GCM_SHA256",
    provider: { ...nodeProvider },
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    secureProtocol: "TLSv1_2_method",
    secureOptions: 0x02000000,
    sessionTimeout: 3600,
  };
  const others = { ...changedOnTheWay, ...otherSettings({ ...settings, ...trust }, clientTables) };

  it("are shared by options of the same values", () => {
    expect(sharedClientContext({ ...base, alpnProtocols: ["a"] })).toBe(
      sharedClientContext({ alpnProtocols: ["a"], ...base }),
    );
  });

  it.each(Object.entries(others))("are not shared where %s differs", (name, value) => {
    const passphrase = name === "pfx" ? { passphrase: "x" } : {};
    expect(sharedClientContext({ ...base, ...passphrase, [name]: value })).not.toBe(
      sharedClientContext({ ...base, ...passphrase }),
    );
  });

  it("don't take one list for two", () => {
    const first = sharedClientContext({ ...base, alpnProtocols: ["a", "b"] });
    expect(sharedClientContext({ ...base, alpnProtocols: ["a"], ALPNProtocols: ["b"] })).not.toBe(first);
  });
});
