import { constants, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import * as https from "node:https";
import * as tls from "node:tls";
import {
  createClientContext,
  createHttp2Server,
  createHttpsServer,
  createServerContext,
  HttpsAgent,
  type TlsSocket,
} from "@tlskit/node";
import { MemorySessionStore, StoredTickets } from "@tlskit/sessions";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ConnectOptions, CreateServerOptions, SecureServer } from "../src/index.ts";
import { connected, listening, ourClient, ourServer, pem, pki, text } from "./helpers/world.ts";

/** A server that says hello to whoever has connected, and hangs up. */
async function greeting(options: Partial<CreateServerOptions> = {}): Promise<{ server: SecureServer; port: number }> {
  return await ourServer(options, (socket) => socket.end("hello"));
}

/** A connection from its begin to its end: whether it was resumed, and the sessions that came. */
async function visit(
  port: number,
  options: Partial<ConnectOptions> = {},
): Promise<{ readonly resumed: boolean; readonly sessions: readonly Buffer[]; readonly client: TlsSocket }> {
  const sessions: Buffer[] = [];
  const client = ourClient(port, options);
  client.on("session", (session: Buffer) => sessions.push(session));
  await client.established;
  expect(await text(client)).toBe("hello");
  return { resumed: client.isSessionReused(), sessions, client };
}

const store = () => new MemorySessionStore({ clock: Date.now });

describe("a client", () => {
  test("gets sessions, each of which another connection resumes", async () => {
    const { port } = await greeting();
    const first = await visit(port);
    expect(first.resumed).toBe(false);
    expect(first.sessions).toHaveLength(2);
    expect(first.client.getSession()).toEqual(first.sessions[1]);
    for (const session of first.sessions) {
      const next = await visit(port, { session });
      expect(next.resumed).toBe(true);
      expect(next.client.authorized).toBe(true);
      expect(next.client.peerCertificates).toEqual(first.client.peerCertificates);
      expect(next.sessions).toHaveLength(1);
    }
  });

  test("with what isn't a session has a full handshake", async () => {
    const { port } = await greeting();
    expect((await visit(port, { session: Buffer.from("of somebody else's") })).resumed).toBe(false);
  });

  test("can ask for a full handshake", async () => {
    const { port } = await greeting();
    const { sessions } = await visit(port);
    expect((await visit(port, { session: sessions[0], requireFullHandshake: true })).resumed).toBe(false);
  });

  test("has none before one came, nor at a server", async () => {
    const { client, server } = await connected({}, { tickets: false });
    expect([client.getSession(), server.getSession()]).toEqual([undefined, undefined]);
    expect([client.isSessionReused(), server.isSessionReused()]).toEqual([false, false]);
  });

  test("verifies a server that it resumes a session with: whoever trusts others has a full handshake that fails", async () => {
    const { port } = await greeting();
    const { sessions } = await visit(port);
    const client = ourClient(port, { session: sessions[0], servername: "other.example" });
    await expect(client.established).rejects.toMatchObject({ kind: "peer" });
    expect(client.isSessionReused()).toBe(false);
  });

  test("keeps sessions by name and port in a store that it is given", async () => {
    const [here, elsewhere] = [await greeting(), await greeting()];
    const sessions = store();
    expect((await visit(here.port, { sessions })).resumed).toBe(false);
    expect((await visit(elsewhere.port, { sessions })).resumed).toBe(false);
    expect((await visit(here.port, { sessions })).resumed).toBe(true);
  });

  test("resumes a session of Node's own server", async () => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key, minVersion: "TLSv1.3" }, (socket) => {
      socket.on("error", () => undefined);
      socket.end("hello");
    });
    const port = await listening(server);
    const { sessions } = await visit(port);
    expect((await visit(port, { session: sessions[0] })).resumed).toBe(true);
  });
});

describe("a server", () => {
  test("resumes sessions of Node's own client", async () => {
    const { port } = await greeting();
    const asNode = async (session?: Buffer): Promise<{ resumed: boolean; session: Buffer }> => {
      const socket = tls.connect({ port, host: "127.0.0.1", servername: "localhost", ca: pem.ca, session });
      const [[next]] = await Promise.all([once(socket, "session"), once(socket.resume(), "end")]);
      return { resumed: socket.isSessionReused(), session: next };
    };
    const first = await asNode();
    expect(first.resumed).toBe(false);
    expect((await asNode(first.session)).resumed).toBe(true);
  });

  test("sends as many tickets as it is told", async () => {
    const { port } = await greeting({ ticketCount: 3 });
    expect((await visit(port)).sessions).toHaveLength(3);
  });

  test.each<[string, Partial<CreateServerOptions>]>([
    ["tickets: false", { tickets: false }],
    ["SSL_OP_NO_TICKET", { secureOptions: constants.SSL_OP_NO_TICKET }],
  ])("sends none with %s", async (_, options) => {
    const { port } = await greeting(options);
    expect((await visit(port)).sessions).toEqual([]);
  });

  test("may keep its sessions itself", async () => {
    const tickets = new StoredTickets({ random: (length) => new Uint8Array(randomBytes(length)), clock: Date.now });
    const { port } = await greeting({ tickets });
    const { sessions } = await visit(port);
    expect(tickets.bytes).toBeGreaterThan(0);
    expect((await visit(port, { session: sessions[0] })).resumed).toBe(true);
  });

  test("shares its tickets with whoever has its keys", async () => {
    const ticketKeys = randomBytes(48);
    const [one, other] = [await greeting({ ticketKeys }), await greeting()];
    expect(one.server.getTicketKeys()).toEqual(ticketKeys);
    const { sessions } = await visit(one.port);
    expect((await visit(other.port, { session: sessions[0] })).resumed).toBe(false);
    other.server.setTicketKeys(one.server.getTicketKeys());
    expect((await visit(other.port, { session: sessions[1] })).resumed).toBe(true);
  });

  test("resumes nothing more when its keys have changed", async () => {
    const { server, port } = await greeting();
    const { sessions } = await visit(port);
    const keys = server.getTicketKeys();
    expect(keys).toHaveLength(48);
    server.setTicketKeys(randomBytes(48));
    expect((await visit(port, { session: sessions[0] })).resumed).toBe(false);
    server.setTicketKeys(keys);
    expect((await visit(port, { session: sessions[1] })).resumed).toBe(true);
  });

  test("shares keys with nobody whose sessionIdContext is another", async () => {
    const ticketKeys = randomBytes(48);
    const ports = await Promise.all(
      ["a", "b", "a"].map(async (sessionIdContext) => (await greeting({ ticketKeys, sessionIdContext })).port),
    );
    const { sessions } = await visit(ports[0] ?? 0);
    expect((await visit(ports[1] ?? 0, { session: sessions[0] })).resumed).toBe(false);
    expect((await visit(ports[2] ?? 0, { session: sessions[1] })).resumed).toBe(true);
  });

  test("of HTTP has ticket keys too", () => {
    const ticketKeys = randomBytes(48);
    const certificates = [pki.certificate];
    for (const server of [
      createHttpsServer({ certificates, ticketKeys }),
      createHttp2Server({ certificates, ticketKeys }),
    ]) {
      expect(server.getTicketKeys()).toEqual(ticketKeys);
      server.setTicketKeys(ticketKeys.toReversed());
      expect(server.getTicketKeys()).toEqual(Buffer.from(ticketKeys.toReversed()));
    }
  });
});

describe("https.Agent, six connections at once", () => {
  const connections = 6;

  /** A server for HTTP that counts resumed connections, and tickets that it was asked to open. */
  async function counting(): Promise<{ port: number; resumed: () => number; tickets: string[] }> {
    const sealed = new StoredTickets({ random: (length) => new Uint8Array(randomBytes(length)), clock: Date.now });
    const tickets: string[] = [];
    const server = createHttpsServer(
      {
        certificates: [pki.certificate],
        tickets: {
          ticketFor: (session, expiresAt) => sealed.ticketFor(session, expiresAt),
          sessionOf: (ticket) => {
            tickets.push(Buffer.from(ticket).toString("hex"));
            return sealed.sessionOf(ticket);
          },
        },
      },
      (_request, response) => response.end("hello"),
    );
    let resumed = 0;
    server.on("secureConnection", (socket: TlsSocket) => {
      if (socket.isSessionReused()) resumed += 1;
    });
    return { port: await listening(server), resumed: () => resumed, tickets };
  }

  async function answer(request: ClientRequest): Promise<string> {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    let body = "";
    for await (const chunk of response) body += chunk;
    return body;
  }

  async function six(get: () => ClientRequest): Promise<void> {
    const answers = await Promise.all(Array.from({ length: connections }, () => answer(get())));
    expect(new Set(answers)).toEqual(new Set(["hello"]));
  }

  /** As many tickets as connections, and each that is used gets one in its place: however they follow each other, six are left. */
  const ticketRequest = { newSessionCount: connections, resumptionCount: 1 };

  test("HttpsAgent resumes its sessions, each once", async () => {
    const { port, resumed, tickets } = await counting();
    const agent = new HttpsAgent({ ca: pki.anchors, ticketRequest });
    onTestFinished(() => agent.destroy());
    const get = (): ClientRequest => https.get({ host: "localhost", port, agent });
    await six(get);
    const before = resumed();
    await six(get);
    await six(get);
    expect(resumed() - before).toBe(2 * connections);
    expect(new Set(tickets).size).toBe(tickets.length);
  });

  test("an agent of Node's over our sockets does so with a store", async () => {
    const { port, resumed, tickets } = await counting();
    const ours = { ca: pki.anchors, sessions: store(), ticketRequest };
    const agent = new https.Agent();
    agent.createConnection = (options) => ourClient(port, { ...(options as ConnectOptions), ...ours });
    onTestFinished(() => agent.destroy());
    const get = (): ClientRequest => https.get({ host: "localhost", port, agent });
    await six(get);
    const before = resumed();
    await six(get);
    expect(resumed() - before).toBe(connections);
    expect(new Set(tickets).size).toBe(tickets.length);
  });

  test("HttpsAgent leaves sessions to a context that a request is given", async () => {
    const { port, resumed } = await counting();
    const agent = new HttpsAgent();
    onTestFinished(() => agent.destroy());
    const contexts = [store(), undefined].map((sessions) => createClientContext({ ca: pki.anchors, sessions }));
    for (const context of contexts) {
      const given: object = { context };
      for (let i = 0; i < 2; i += 1) await answer(https.get({ host: "localhost", port, agent, ...given }));
    }
    expect(resumed()).toBe(1);
  });

  test("HttpsAgent keeps no sessions if it is told so, and none of what is asked otherwise", async () => {
    const { port, resumed } = await counting();
    const none = new HttpsAgent({ ca: pki.anchors, maxCachedSessions: 0 });
    const own = new HttpsAgent({ ca: pki.anchors });
    onTestFinished(() => {
      none.destroy();
      own.destroy();
    });
    for (let i = 0; i < 2; i += 1) await answer(https.get({ host: "localhost", port, agent: none }));
    await answer(https.get({ host: "localhost", port, agent: own }));
    const otherwise: object = { checkServer: () => undefined };
    await answer(https.get({ host: "localhost", port, agent: own, ...otherwise }));
    expect(resumed()).toBe(0);
    await answer(https.get({ host: "localhost", port, agent: own }));
    expect(resumed()).toBe(1);
  });
});

describe("events of node:tls that never come", () => {
  test.each(["newSession", "resumeSession"])("%s is refused by name", (event) => {
    const certificates = [pki.certificate];
    for (const server of [createHttpsServer({ certificates }), createHttp2Server({ certificates })]) {
      expect(() => server.on(event, () => undefined)).toThrow(
        expect.objectContaining({ kind: "caller", code: "refused_event", message: expect.stringContaining("tickets") }),
      );
    }
  });
});

describe("options of resumption that contradict each other", () => {
  const certificates = [pki.certificate];
  const ticketKeys = randomBytes(48);
  const tickets = new StoredTickets({ random: (length) => new Uint8Array(length), clock: Date.now });

  test.each<[string, object]>([
    ["ticketKeys and other tickets", { ticketKeys, tickets }],
    ["ticketKeys and none", { ticketKeys, tickets: false }],
    ["tickets and SSL_OP_NO_TICKET", { tickets, secureOptions: constants.SSL_OP_NO_TICKET }],
  ])("%s", (_, options) => {
    expect(() => createServerContext({ certificates, ...options })).toThrow(
      expect.objectContaining({ code: "conflicting_options" }),
    );
  });

  test.each([47, 49])("ticketKeys of %i bytes are out of range", (length) => {
    expect(() => createServerContext({ certificates, ticketKeys: randomBytes(length) })).toThrow(
      expect.objectContaining({ code: "out_of_range" }),
    );
  });

  test("a server without sealed tickets has no keys to tell", async () => {
    const { server } = await greeting({ tickets });
    expect(() => server.getTicketKeys()).toThrow(expect.objectContaining({ code: "no_ticket_keys" }));
    expect(() => server.setTicketKeys(ticketKeys)).toThrow(expect.objectContaining({ code: "no_ticket_keys" }));
  });
});
