import { constants } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp, createServer as createTcpServer } from "node:net";
import * as node from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { certificatesToPem, createCertificateSync } from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import * as ours from "../../src/tls/index.ts";
import { listening, pem, pki, text } from "../helpers/world.ts";

/** What either is called by here, as Node's types have it: theirs are about classes of their own. */
type Tls = typeof node;
const inPlace = ours as unknown as Tls;

const { ca, cert, key } = pem;

/** A certificate for another name, by the same authority. */
function identityOf(name: string): { readonly cert: string; readonly key: string } {
  const certificate = createCertificateSync({
    provider: nodeProvider,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    signer: pki.intermediate.key,
    issuer: pki.intermediate.certificate,
    publicKey: pki.certificate.key,
    dnsNames: [name],
    validity: { from: new Date(Date.now() - 60_000), days: 1 },
  });
  return { cert: certificatesToPem(certificate, pki.intermediate.certificate), key };
}

/** A client of Node's own, whoever the server is. */
function client(port: number, options: node.ConnectionOptions = {}): node.TLSSocket {
  const socket = node.connect({ host: "127.0.0.1", servername: "localhost", ca, port, ...options });
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Whom a client is shown, or the code that its handshake fails with. */
async function shown(port: number, options: node.ConnectionOptions = {}): Promise<unknown> {
  const socket = client(port, { checkServerIdentity: () => undefined, ...options });
  const failure = new Promise<unknown>((resolve) =>
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code)),
  );
  const certificate = once(socket, "secureConnect").then(() => socket.getPeerCertificate().subjectaltname);
  return await Promise.race([failure, certificate.catch(() => failure)]);
}

/** Connects, and gives the session that it gets. */
async function sessionOf(port: number, options: node.ConnectionOptions = {}): Promise<Buffer> {
  const socket = client(port, options);
  const [session]: Buffer[] = await once(socket, "session");
  socket.end();
  if (session === undefined) throw new TypeError("the event has one");
  return session;
}

/** Whether a session is resumed. */
async function resumes(port: number, session: Buffer, options: node.ConnectionOptions = {}): Promise<boolean> {
  const socket = client(port, { ...options, session });
  await once(socket, "secureConnect");
  const isReused = socket.isSessionReused();
  socket.end();
  return isReused;
}

describe.each([
  ["node:tls", node],
  ["@tlskit/node/tls", inPlace],
])("a server of %s", (_name, tls) => {
  test("has contexts for names, the latest first, with a star for a label", async () => {
    const server = tls.createServer({ cert, key });
    server.addContext("*.example", identityOf("other.example"));
    server.addContext("a.example", tls.createSecureContext(identityOf("a.example")));
    server.addContext("*.b.example", identityOf("c.b.example"));
    const port = await listening(server);
    const whom = async (servername: string): Promise<unknown> => await shown(port, { servername });
    expect([await whom("a.example"), await whom("b.example"), await whom("c.b.example")]).toEqual([
      "DNS:a.example",
      "DNS:other.example",
      "DNS:c.b.example",
    ]);
    expect(await whom("d.c.b.example")).toMatch(/localhost/);
    expect(await whom("")).toMatch(/localhost/);
    expect(() => server.addContext("", {})).toThrow(expect.objectContaining({ code: "ERR_TLS_REQUIRED_SERVER_NAME" }));
  });

  test("goes over to another certificate, for connections to come", async () => {
    const server = tls.createServer({ cert, key });
    const port = await listening(server);
    expect(await shown(port)).toMatch(/localhost/);
    server.setSecureContext(identityOf("a.example"));
    expect(await shown(port)).toBe("DNS:a.example");
  });

  test("asks SNICallback for the context, which answers at once or later, or not at all", async () => {
    const asked: string[] = [];
    const context = tls.createSecureContext(identityOf("b.example"));
    const server = tls.createServer({
      cert,
      key,
      SNICallback: (servername, done) => {
        asked.push(servername);
        if (servername === "a.example") done(null, context);
        else if (servername === "b.example") setImmediate(() => done(null, context));
        else done(null);
      },
    });
    server.addContext("c.b.example", identityOf("c.b.example"));
    const port = await listening(server);
    const whom = async (servername: string): Promise<unknown> => await shown(port, { servername });
    expect([await whom("a.example"), await whom("b.example")]).toEqual(["DNS:b.example", "DNS:b.example"]);
    expect([await whom("c.b.example"), await whom("")]).toEqual([
      expect.anything(),
      expect.stringMatching(/localhost/),
    ]);
    expect(asked).toEqual(["a.example", "b.example", "c.b.example"]);
  });

  test.each(["TLSv1.3", "TLSv1.2"] as const)("may have certificates for names alone, in %s", async (maxVersion) => {
    const context = tls.createSecureContext(identityOf("a.example"));
    const server = tls.createServer({
      SNICallback: (name, done) => done(null, name === "a.example" ? context : undefined),
    });
    const port = await listening(server);
    expect(await shown(port, { servername: "a.example", maxVersion })).toBe("DNS:a.example");
    expect(await shown(port, { servername: "b.example", maxVersion })).toMatch(/HANDSHAKE_FAILURE/);
  });

  test.each<[string, (done: (error: Error | null, context?: node.SecureContext) => void) => void, unknown]>([
    ["fails", (done) => done(new Error("no such name")), "no such name"],
    ["gives no context", (done) => done(null, {} as node.SecureContext), "Invalid SNI context"],
  ])("tells what is wrong where SNICallback %s", async (__, answer, message) => {
    const server = tls.createServer({ cert, key, SNICallback: (_servername, done) => answer(done) });
    const failure = once(server, "tlsClientError");
    const refused = shown(await listening(server));
    expect(await failure).toMatchObject([{ message }, expect.anything()]);
    expect(await refused).toEqual(expect.stringMatching(/^E/));
  });

  test("asks ALPNCallback for the protocol, which may be none of the client's", async () => {
    const asked: unknown[] = [];
    const server = tls.createServer({
      cert,
      key,
      ALPNCallback: (offer) => {
        asked.push(offer);
        return offer.protocols.find((protocol) => protocol.startsWith("h"));
      },
    });
    const port = await listening(server);
    const first = client(port, { ALPNProtocols: ["x", "h2", "http/1.1"] });
    await once(first, "secureConnect");
    const without = client(port);
    await once(without, "secureConnect");
    expect([first.alpnProtocol, without.alpnProtocol]).toEqual(["h2", false]);
    expect(await shown(port, { ALPNProtocols: ["x"] })).toMatch(/ALERT_NO_APPLICATION_PROTOCOL/);
    expect(await shown(port, { ALPNProtocols: ["h"], servername: "" })).toMatch(/localhost/);
    expect(asked).toEqual([
      { servername: "localhost", protocols: ["x", "h2", "http/1.1"] },
      { servername: "localhost", protocols: ["x"] },
      { servername: false, protocols: ["h"] },
    ]);
    expect(() => tls.createServer({ cert, key, ALPNCallback: () => "a", ALPNProtocols: ["a"] })).toThrow(
      expect.objectContaining({ code: "ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS" }),
    );
  });

  /** A server whose sessions are in a map. */
  function keeping(options: node.TlsOptions) {
    const kept = new Map<string, Buffer>();
    const server = tls.createServer({ cert, key, ...options }, (socket) => socket.resume());
    server.on("newSession", (id, data, done) => {
      kept.set(id.toString("hex"), data);
      setImmediate(done);
    });
    server.on("resumeSession", (id, done) => setImmediate(done, null, kept.get(id.toString("hex"))));
    return { kept, server };
  }

  test.each(["TLSv1.3", "TLSv1.2"] as const)("has sessions kept by whoever listens, in %s", async (maxVersion) => {
    const { kept, server } = keeping({ maxVersion, secureOptions: constants.SSL_OP_NO_TICKET });
    const port = await listening(server);
    const session = await sessionOf(port);
    expect(kept.size).toBeGreaterThan(0);
    // In TLS 1.3 Node asks for the session of an identifier that means nothing there.
    expect(await resumes(port, session)).toBe(maxVersion === "TLSv1.2" || tls === inPlace);
    kept.clear();
    expect(await resumes(port, session)).toBe(false);
  });

  test("has tickets for clients that take them, whoever keeps the sessions of others", async () => {
    const { kept, server } = keeping({ maxVersion: "TLSv1.2" });
    const port = await listening(server);
    const ticket = await sessionOf(port);
    expect(kept.size).toBe(0);
    expect(await resumes(port, ticket)).toBe(true);
    const secureOptions = constants.SSL_OP_NO_TICKET;
    const session = await sessionOf(port, { secureOptions });
    expect(kept.size).toBe(1);
    expect(await resumes(port, session, { secureOptions })).toBe(true);
    kept.clear();
    expect(await resumes(port, session, { secureOptions })).toBe(false);
  });

  test("takes another's tickets with its keys, and no more when it has other ones", async () => {
    const made = (options: node.TlsOptions = {}): node.Server =>
      tls.createServer({ cert, key, ...options }, (socket) => socket.resume());
    const [first, second] = [made(), made()];
    const [one, other] = [await listening(first), await listening(second)];
    const session = await sessionOf(one);
    expect(await resumes(other, session)).toBe(false);
    expect(first.getTicketKeys()).toHaveLength(48);
    second.setTicketKeys(first.getTicketKeys());
    expect(second.getTicketKeys()).toEqual(first.getTicketKeys());
    expect(await resumes(other, session)).toBe(true);
    second.setTicketKeys(Buffer.alloc(48, 1));
    expect(await resumes(other, session)).toBe(false);
    const third = made({ ticketKeys: first.getTicketKeys() });
    expect(await resumes(await listening(third), session)).toBe(true);
    expect(() => third.setTicketKeys(Buffer.alloc(47))).toThrow(/48/);
    expect(() => third.setTicketKeys("keys" as never)).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" }),
    );
  });

  test("resumes sessions over streams that are there already, of one context", async () => {
    const secureContext = tls.createSecureContext({ cert, key });
    const server = createTcpServer((raw) => {
      const socket = new tls.TLSSocket(raw, { isServer: true, secureContext });
      socket.on("error", () => undefined);
      socket.resume();
    });
    const port = await listening(server);
    const session = await sessionOf(port);
    expect(await resumes(port, session)).toBe(true);
  });

  test("asks for an OCSP response for a client that wants one", async () => {
    const asked: unknown[] = [];
    const server = tls.createServer({ cert, key, ca });
    server.on("OCSPRequest", (certificate, issuer, done) => {
      asked.push([Buffer.isBuffer(certificate), Buffer.isBuffer(issuer)]);
      setImmediate(done, null, Buffer.from("hello"));
    });
    const port = await listening(server);
    const socket = client(port, { requestOCSP: true });
    expect(String((await once(socket, "OCSPResponse"))[0])).toBe("hello");
    expect(await shown(port)).toMatch(/localhost/);
    expect(asked).toEqual([[true, true]]);
  });

  test.each(["TLSv1.3", "TLSv1.2"] as const)("finds pre-shared keys by pskCallback, in %s", async (version) => {
    const psk = Buffer.alloc(32, 7);
    const told: unknown[] = [];
    const hints: unknown[] = [];
    const server = tls.createServer({
      maxVersion: version,
      ciphers: "TLS_AES_128_GCM_SHA256:ECDHE-PSK-CHACHA20-POLY1305",
      pskIdentityHint: "whoever you are",
      pskCallback: (socket, identity) => {
        told.push(socket instanceof tls.TLSSocket);
        return identity === "client 1" ? psk : null;
      },
    });
    server.on("secureConnection", (socket) => socket.end(`${socket.authorized}`));
    const port = await listening(server);
    const with_ = (identity: string): node.TLSSocket =>
      client(port, {
        maxVersion: version,
        ciphers: "TLS_AES_128_GCM_SHA256:ECDHE-PSK-CHACHA20-POLY1305",
        checkServerIdentity: () => undefined,
        pskCallback: (hint) => {
          hints.push(hint);
          return { psk, identity };
        },
      });
    const known = with_("client 1");
    expect(await text(known)).toMatch(/true|false/);
    expect(told).toEqual([true]);
    expect(hints.at(-1)).toBe(version === "TLSv1.2" ? "whoever you are" : null);
    const stranger = with_("client 2");
    await once(stranger, "close").catch(() => undefined);
    expect(stranger.errored).toMatchObject({ code: expect.stringMatching(/ALERT/) });
  });

  test("ends a handshake that takes too long", async () => {
    const server = tls.createServer({ cert, key, handshakeTimeout: 50 });
    const port = await listening(server);
    const raw = connectTcp(port, "127.0.0.1");
    raw.on("error", () => undefined);
    onTestFinished(() => void raw.destroy());
    const [error] = await once(server, "tlsClientError");
    expect(error).toMatchObject({ code: "ERR_TLS_HANDSHAKE_TIMEOUT" });
  });

  test("hands out sockets that are paused, where it is told to", async () => {
    const server = tls.createServer({ cert, key, pauseOnConnect: true });
    const port = await listening(server);
    const socket = client(port);
    socket.write("hello");
    const [accepted]: node.TLSSocket[] = await once(server, "secureConnection");
    expect(accepted?.isPaused()).toBe(true);
    const data = once(accepted ?? socket, "data");
    expect(accepted?.isPaused()).toBe(true);
    accepted?.resume();
    expect(String((await data)[0])).toBe("hello");
  });

  test("tells its key log", async () => {
    const server = tls.createServer({ cert, key });
    const lines: string[] = [];
    server.on("keylog", (line, socket) => lines.push(`${socket instanceof tls.TLSSocket} ${line}`));
    const port = await listening(server);
    const socket = client(port);
    const own: string[] = [];
    socket.on("keylog", (line) => own.push(`true ${line}`));
    await Promise.all([once(server, "secureConnection"), once(socket, "secureConnect")]);
    expect(lines.toSorted()).toEqual(own.toSorted());
  });
});
