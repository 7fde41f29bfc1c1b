import { createPrivateKey, sign } from "node:crypto";
import { once } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import * as https from "node:https";
import type { Socket } from "node:net";
import * as tls from "node:tls";
import { MemorySessionStore } from "@tlskit/sessions";
import { Alert, peerError, tls12, tls13, type VerifiedChain } from "@tlskit/tls";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type ConnectOptions,
  type CreateServerOptions,
  connectHttp2,
  createHttp2Server,
  createHttpsServer,
  createServerContext,
  HttpsAgent,
  type SecureServer,
  TlsSocket,
} from "../src/index.ts";
import { alice, authority, bob, mallory, password, stranger } from "./helpers/clients.ts";
import { failure, listening, ourClient, ourServer, pem, pki, text } from "./helpers/world.ts";

const demanding = { requestCert: true, ca: authority.pem } satisfies Partial<CreateServerOptions>;
const lenient = { ...demanding, rejectUnauthorized: false } satisfies Partial<CreateServerOptions>;

/** What a server knows of a client, whose ever the socket is. */
function known(socket: tls.TLSSocket | TlsSocket) {
  const { subject, issuer } = socket.getPeerCertificate();
  return { authorized: socket.authorized, subject: subject?.CN, issuer: issuer?.CN };
}

const servers = {
  "node:tls": async (options: tls.TlsOptions, taken: (socket: tls.TLSSocket) => void) =>
    await listening(tls.createServer({ cert: pem.cert, key: pem.key, minVersion: "TLSv1.3", ...options }, taken)),
  ours: async (options: Partial<CreateServerOptions>, taken: (socket: TlsSocket) => void) =>
    (await ourServer(options, taken)).port,
};

const clients = {
  "node:tls": (port: number, options: tls.ConnectionOptions) => {
    const socket = tls.connect({ host: "127.0.0.1", servername: "localhost", port, ca: pem.ca, ...options });
    onTestFinished(() => void socket.destroy());
    return socket;
  },
  ours: (port: number, options: Partial<ConnectOptions>) => ourClient(port, options),
};

describe.each(Object.entries(servers))("at a server of %s", (_server, listen) => {
  describe.each(Object.entries(clients))("a client of %s", (_client, open) => {
    /** What the server knows of whoever shows this. */
    async function knownOf(asked: typeof demanding, shown: { cert?: string; key?: string }) {
      const told = Promise.withResolvers<unknown>();
      const port = await listen(asked, (socket: tls.TLSSocket | TlsSocket) => {
        told.resolve({ ...known(socket), because: socket.authorizationError });
        socket.end();
      });
      open(port, shown).on("error", told.reject).resume();
      return await told.promise;
    }

    test("is known by the certificate that is demanded", async () => {
      const trusted = { authorized: true, subject: "alice", issuer: "Clients", because: null };
      expect(await knownOf(demanding, alice.pem)).toEqual(trusted);
      expect(await knownOf(lenient, alice.pem)).toEqual(trusted);
    });

    test("may show none, where it needn't", async () => {
      const anybody = { authorized: false, subject: undefined, because: expect.any(String) };
      expect(await knownOf(lenient, {})).toMatchObject(anybody);
    });

    test("may show one of another authority, where nothing is refused, and is told apart", async () => {
      const unverified = { authorized: false, subject: "alice", issuer: "Clients", because: expect.any(String) };
      expect(await knownOf(lenient, mallory.pem)).toEqual(unverified);
    });
  });
});

describe("our server", () => {
  test.each([
    ["shows none", {}, "certificate_required", Alert.certificateRequired],
    ["shows one of another authority", mallory.pem, "certificate_bad_signature", Alert.badCertificate],
    [
      "shows a server's",
      { cert: pem.cert, key: pem.key },
      "certificate_extended_key_usage",
      Alert.unsupportedCertificate,
    ],
  ])("refuses a client that %s, and gets nothing from it", async (_what, shown, code, alert) => {
    const taken: unknown[] = [];
    const ca = [authority.pem, ...(code === "certificate_extended_key_usage" ? [pem.ca] : [])];
    const { server, port } = await ourServer({ requestCert: true, ca }, (socket) => taken.push(socket));
    const socket = ourClient(port, shown);
    socket.write("into the void");
    const [[refused], heard] = await Promise.all([once(server, "tlsClientError"), failure(socket)]);
    expect(refused).toMatchObject({ kind: "peer", code, alert });
    expect(heard).toMatchObject({ kind: "alert", alert });
    expect(taken).toEqual([]);
  });

  test("tells why it would have refused a client", async () => {
    const told = Promise.withResolvers<string | null>();
    const { port } = await ourServer(lenient, (socket) => told.resolve(socket.authorizationError));
    ourClient(port, mallory.pem);
    expect(await told.promise).toBe("certificate_bad_signature");
  });

  test("asks checkClient, who can refuse, before anything is sent", async () => {
    const asked: (string | undefined)[] = [];
    const checkClient = async (chain: VerifiedChain): Promise<void> => {
      await new Promise((later) => setImmediate(later));
      const name = chain.certificates[0]?.subject.toString();
      asked.push(name);
      if (name !== "CN=alice") throw peerError("unknown_client", Alert.accessDenied, `who is ${name}?`);
    };
    const { port } = await ourServer({ ...demanding, checkClient }, (socket) => socket.end("welcome"));
    expect(await text(ourClient(port, alice.pem))).toBe("welcome");
    expect(await failure(ourClient(port, bob.pem))).toMatchObject({ kind: "alert", alert: Alert.accessDenied });
    expect(asked).toEqual(["CN=alice", "CN=bob"]);
  });

  test("gives a client's certificates in every form that a server's have", async () => {
    const sockets = Promise.withResolvers<TlsSocket>();
    const { port } = await ourServer(demanding, sockets.resolve);
    ourClient(port, alice.pem);
    const socket = await sockets.promise;
    expect(socket.getPeerCertificate(true).issuerCertificate.subject.CN).toBe("Clients");
    expect(socket.getPeerX509Certificate()?.subject).toBe("CN=alice");
    expect(socket.peerCertificates.map(({ subject }) => subject.toString())).toEqual(["CN=alice"]);
  });
});

describe("by TLS 1.2", () => {
  const versions = { versions: [tls13, tls12] };

  test("our server asks as well", async () => {
    const told: unknown[] = [];
    const { server, port } = await ourServer({ ...demanding, ...versions }, (socket) => {
      told.push(known(socket));
      socket.end();
    });
    const open = (shown: tls.ConnectionOptions) => clients["node:tls"](port, { maxVersion: "TLSv1.2", ...shown });
    await once(open(alice.pem).resume(), "end");
    expect(told).toMatchObject([{ authorized: true, subject: "alice" }]);
    open({}).on("error", () => undefined);
    const [refused] = await once(server, "tlsClientError");
    expect(refused).toMatchObject({ kind: "peer", alert: Alert.handshakeFailure });
    expect(told).toHaveLength(1);
  });

  test("our client shows what it has", async () => {
    const told = Promise.withResolvers<unknown>();
    const port = await servers["node:tls"]({ ...demanding, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" }, (socket) =>
      told.resolve(known(socket)),
    );
    ourClient(port, { ...alice.pem, ...versions });
    expect(await told.promise).toMatchObject({ authorized: true, subject: "alice" });
  });
});

describe("our client shows what it is given as", () => {
  test.each<[string, Partial<ConnectOptions>]>([
    ["texts", alice.pem],
    ["bytes", { cert: Buffer.from(alice.pem.cert), key: Buffer.from(alice.pem.key) }],
    ["lists", { cert: [alice.pem.cert], key: [{ pem: alice.pem.key }] }],
    ["an encrypted key", { cert: alice.pem.cert, key: alice.encryptedKey, passphrase: password }],
    [
      "an encrypted key with its own password",
      { cert: alice.pem.cert, key: { key: alice.encryptedKey, passphrase: password } },
    ],
    ["PKCS#12", { pfx: alice.pfx, passphrase: password }],
    ["PKCS#12 with its own password", { pfx: [{ buf: alice.pfx, passphrase: password }] }],
    ["a KeyObject", { cert: alice.pem.cert, key: createPrivateKey(alice.pem.key) }],
    ["certificates with keys", { certificates: [alice] }],
    [
      "a key that is elsewhere",
      {
        cert: alice.pem.cert,
        key: {
          algorithms: ["ECDSA/P-256/SHA-256"],
          sign: async (_algorithm, message) => {
            await new Promise((later) => setTimeout(later, 5));
            return sign("sha256", message, alice.pem.key);
          },
        },
      },
    ],
    [
      "a choice",
      { chooseCertificate: async ({ certificateAuthorities: [first] }) => (first === undefined ? undefined : alice) },
    ],
  ])("%s", async (_form, options) => {
    const told = Promise.withResolvers<unknown>();
    const { server, port } = await ourServer(demanding, (socket) => told.resolve(known(socket)));
    server.on("tlsClientError", told.reject);
    ourClient(port, options);
    expect(await told.promise).toMatchObject({ authorized: true, subject: "alice" });
  });

  test("the one of several that the server asks for, or none", async () => {
    const told: unknown[] = [];
    const { port } = await ourServer(lenient, (socket) => {
      told.push(known(socket).subject);
      socket.end();
    });
    const both = { cert: [stranger.pem.cert, bob.pem.cert], key: [bob.pem.key, stranger.pem.key] };
    for (const shown of [both, stranger.pem]) await text(ourClient(port, shown));
    expect(told).toEqual(["bob", undefined]);
  });

  test("what it has, to a server that says nothing of what it wants", async () => {
    const clientCertificates = { demand: "required", anchors: authority.anchors, certificateAuthorities: [] } as const;
    const { port } = await ourServer({ clientCertificates });
    expect(await failure(ourClient(port, stranger.pem))).toMatchObject({ alert: Alert.unknownCa });
  });

  test("and nothing that can't be read", () => {
    const encrypted = { cert: alice.pem.cert, key: alice.encryptedKey };
    expect(() => ourClient(1, { ...encrypted, passphrase: "wrong" })).toThrow(
      expect.objectContaining({ code: "wrong_password" }),
    );
    expect(() => ourClient(1, { cert: alice.pem.cert })).toThrow(expect.objectContaining({ code: "no_certificates" }));
    expect(() => ourClient(1, { cert: alice.pem.cert, key: bob.pem.key })).toThrow(
      expect.objectContaining({ code: "certificate_key_mismatch" }),
    );
  });
});

describe("sessions", () => {
  /** A client's name at each of the connections that are opened with this, and whether it was resumed. */
  async function names(server: SecureServer, connections: readonly Partial<ConnectOptions>[], port: number) {
    const seen: string[] = [];
    for (const options of connections) {
      const taken = once(server, "secureConnection");
      const client = ourClient(port, options);
      const ticket = once(client, "session");
      const [socket] = (await taken) as [TlsSocket];
      seen.push(`${socket.peerCertificates[0]?.subject ?? "nobody"}, ${socket.isSessionReused() ? "resumed" : "anew"}`);
      expect(socket.authorized).toBe(socket.peerCertificates.length > 0);
      socket.resume().write(".");
      await ticket;
      client.resume().end();
      await once(client, "close");
    }
    return seen;
  }

  test("remember who the client is, and ask about it again", async () => {
    const asked: unknown[] = [];
    const checkClient = (chain: VerifiedChain): void => void asked.push(chain.certificates[0]?.subject.toString());
    const { server, port } = await ourServer({ ...demanding, checkClient });
    const sessions = new MemorySessionStore({ clock: Date.now });
    const own = { ...alice.pem, sessions };
    expect(await names(server, [own, own], port)).toEqual(["CN=alice, anew", "CN=alice, resumed"]);
    expect(asked).toEqual(["CN=alice", "CN=alice"]);
  });

  test("are not those of another client that shares the store", async () => {
    const { server, port } = await ourServer({ ...demanding, rejectUnauthorized: false });
    const sessions = new MemorySessionStore({ clock: Date.now });
    const of = (shown: Partial<ConnectOptions>) => ({ ...shown, sessions });
    expect(await names(server, [of(alice.pem), of(bob.pem), of({}), of(alice.pem)], port)).toEqual([
      "CN=alice, anew",
      "CN=bob, anew",
      "nobody, anew",
      "CN=alice, anew",
    ]);
  });

  test("of one server don't count at another that trusts others", async () => {
    const ticketKeys = Buffer.alloc(48, 7);
    const first = await ourServer({ ...demanding, ticketKeys });
    const second = await ourServer({ requestCert: true, ca: [authority.pem, pem.ca], ticketKeys });
    const open = await ourServer({ ticketKeys });
    const sessions = new MemorySessionStore({ clock: Date.now });
    const own = { ...alice.pem, sessions, sessionsFor: "the fleet" };
    expect(await names(first.server, [own], first.port)).toEqual(["CN=alice, anew"]);
    expect(await names(second.server, [own], second.port)).toEqual(["CN=alice, anew"]);
    expect(await names(open.server, [own], open.port)).toEqual(["nobody, anew"]);
  });
});

describe("virtual hosts", () => {
  const certificates = [pki.certificate];
  const contexts = {
    "alice.example": createServerContext({ certificates, ...demanding }),
    "anybody.example": createServerContext({ certificates, requestCert: false }),
    "forgotten.example": createServerContext({ certificates }),
    "lenient.example": createServerContext({ certificates, ...lenient }),
  };
  const SNICallback: CreateServerOptions["SNICallback"] = (name, done) =>
    done(null, Object.entries(contexts).find(([own]) => own === name)?.[1]);

  async function visit(name: string, server: Partial<CreateServerOptions>, shown: Partial<ConnectOptions> = {}) {
    const { server: listening, port } = await ourServer({ ...server, SNICallback }, (socket) => {
      socket.end(socket.peerCertificates[0]?.subject.toString() ?? "nobody");
    });
    const errors: unknown[] = [];
    listening.on("tlsClientError", (error) => errors.push(error));
    const socket = ourClient(port, {
      servername: name,
      rejectUnauthorized: false,
      dangerouslyAllowUnverified: true,
      ...shown,
    });
    try {
      return await text(socket);
    } catch {
      return errors[0];
    }
  }

  test("have their own rules", async () => {
    expect(await visit("alice.example", {}, alice.pem)).toBe("CN=alice");
    expect(await visit("alice.example", {})).toMatchObject({ code: "certificate_required" });
    expect(await visit("anybody.example", demanding)).toBe("nobody");
    expect(await visit("localhost", demanding)).toMatchObject({ code: "certificate_required" });
  });

  test("say what the server says, or something else, but not nothing", async () => {
    expect(await visit("forgotten.example", demanding, alice.pem)).toMatchObject({ code: "conflicting_options" });
    expect(await visit("lenient.example", demanding, mallory.pem)).toMatchObject({ code: "conflicting_options" });
    expect(await visit("alice.example", lenient, mallory.pem)).toMatchObject({ code: "conflicting_options" });
  });

  test("are not forgotten when a server goes over to other certificates", async () => {
    const { server, port } = await ourServer(demanding);
    expect(() => server.setSecureContext({ certificates })).toThrow(
      expect.objectContaining({ code: "conflicting_options" }),
    );
    expect(await failure(ourClient(port))).toMatchObject({ alert: Alert.certificateRequired });
    server.setSecureContext({ certificates, ...demanding });
    expect(await failure(ourClient(port))).toMatchObject({ alert: Alert.certificateRequired });
  });
});

describe("after the handshake", () => {
  const later = { clientCertificates: { demand: "later", anchors: authority.anchors } } as const;

  async function pair(
    shown: Partial<ConnectOptions>,
  ): Promise<{ readonly server: TlsSocket; readonly client: TlsSocket }> {
    const { server: listening, port } = await ourServer(later);
    const client = ourClient(port, shown);
    const [server] = await once(listening, "secureConnection");
    client.resume();
    server.resume();
    return { client, server };
  }

  test("a client that has offered it says who it is when it is asked", async () => {
    const { server } = await pair({ ...alice.pem, postHandshakeAuth: true });
    expect(server.authorized).toBe(false);
    expect(await server.requestClientCertificate()).toBe(true);
    expect(known(server)).toMatchObject({ authorized: true, subject: "alice" });
  });

  test("one that has nothing to show goes on as anybody", async () => {
    const { server } = await pair({ postHandshakeAuth: true });
    expect(await server.requestClientCertificate()).toBe(false);
    expect(server.authorized).toBe(false);
  });

  test("one whose certificate isn't good is refused", async () => {
    const { server, client } = await pair({ ...mallory.pem, postHandshakeAuth: true });
    await expect(server.requestClientCertificate()).rejects.toMatchObject({ code: "certificate_bad_signature" });
    expect(await failure(client)).toMatchObject({ alert: Alert.badCertificate });
  });

  test("one that hasn't offered it isn't asked", async () => {
    const { server, client } = await pair(alice.pem);
    await expect(server.requestClientCertificate()).rejects.toMatchObject({ code: "client_not_askable" });
    await expect(client.requestClientCertificate()).rejects.toMatchObject({ code: "not_a_server" });
  });

  test("one that goes away has given no answer", async () => {
    const never = Promise.withResolvers<undefined>();
    const { server, client } = await pair({ chooseCertificate: () => never.promise, postHandshakeAuth: true });
    const answer = server.requestClientCertificate();
    client.destroy();
    await expect(answer).rejects.toThrow();
    await expect(server.requestClientCertificate()).rejects.toMatchObject({ code: "closed" });
  });

  test("never under HTTP/2", async () => {
    const ca = pki.anchors;
    await expect(connectHttp2("https://localhost:1", { ca, postHandshakeAuth: true })).rejects.toMatchObject({
      code: "conflicting_options",
    });
  });
});

describe("HTTP", () => {
  const who = (socket: unknown): string =>
    socket instanceof TlsSocket ? `${known(socket).subject} ${socket.authorized}` : "not a TlsSocket";

  async function answer(port: number, options: https.RequestOptions): Promise<string> {
    const [response] = await once(https.get({ host: "localhost", port, ...options }), "response");
    return await text(response);
  }

  test("requests know who asks", async () => {
    const server = createHttpsServer({ certificates: [pki.certificate], ...lenient }, ({ socket }, response) => {
      response.end(who(socket));
    });
    const port = await listening(server);
    expect(await answer(port, { ca: pem.ca, agent: false, ...alice.pem })).toBe("alice true");
    const agent = new HttpsAgent({ ca: pki.anchors });
    expect(await answer(port, { agent })).toBe("undefined false");
    expect(await answer(port, { agent, ...bob.pem })).toBe("bob true");
  });

  test("an agent shares no connections, and no sessions, of whoever shows what", async () => {
    const raws = new Set<Socket>();
    const server = createHttpsServer({ certificates: [pki.certificate], ...lenient }, ({ socket }, response) => {
      response.end(who(socket));
    });
    server.on("connection", (raw: Socket) => raws.add(raw));
    const port = await listening(server);
    for (const keepAlive of [true, false]) {
      const agent = new HttpsAgent({ ca: pki.anchors, keepAlive });
      onTestFinished(() => agent.destroy());
      const asked = [alice.pem, bob.pem, {}, alice.pem, { pfx: bob.pfx, passphrase: password }];
      const answers: string[] = [];
      for (const shown of asked) answers.push(await answer(port, { agent, ...shown }));
      expect(answers).toEqual(["alice true", "bob true", "undefined false", "alice true", "bob true"]);
    }
    expect(raws.size).toBe(4 + 5);
  });

  test("the names that an agent has for its connections tell no secrets", () => {
    const agent = new HttpsAgent({ ca: pki.anchors });
    const named = (options: object): string => agent.getName({ host: "localhost", port: 1, ...options });
    const keys = [alice.pem, bob.pem, { ...alice.pem, passphrase: password }, { pfx: alice.pfx, passphrase: password }];
    const names = keys.map(named);
    expect(new Set(names).size).toBe(keys.length);
    expect(keys.map(named)).toEqual(names);
    for (const name of names) {
      expect(name).not.toContain("PRIVATE KEY");
      expect(name).not.toContain(password);
    }
  });

  test("sessions of HTTP/2 know it as well", async () => {
    const server = createHttp2Server({ certificates: [pki.certificate], ...demanding });
    server.on("stream", (stream: ServerHttp2Stream) => {
      const { socket } = stream.session ?? {};
      stream.respond({ ":status": 200 });
      stream.end(String((socket as TlsSocket | undefined)?.getPeerCertificate().subject.CN));
    });
    const port = await listening(server);
    const session = await connectHttp2(`https://localhost:${port}`, { ca: pki.anchors, ...alice.pem });
    onTestFinished(() => session.destroy());
    expect(await text(session.request({ ":path": "/" }))).toBe("alice");
  });
});
