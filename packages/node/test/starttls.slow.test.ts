import { once } from "node:events";
import { BlockList, createServer as createTcpServer, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { createClientContext, createServerContext } from "../src/index.ts";
import {
  type AcceptStartTlsOptions,
  acceptStartTls,
  imap,
  type Protocol,
  pop3,
  postgres,
  type StartTlsOptions,
  smtp,
  startTls,
} from "../src/starttls.ts";
import type { TlsSocket } from "../src/tls-socket.ts";
import { listening, pki, rawSocket } from "./helpers/world.ts";

const us = { host: "localhost", ca: pki.anchors };

/** A port whose connections go to a listener. */
async function portOf(listener: (raw: Socket) => void): Promise<number> {
  return await listening(createTcpServer({ allowHalfOpen: true }, listener));
}

/** A server that begins in the clear, and echoes under TLS; what becomes of its connections. */
async function startTlsServer(options: Partial<AcceptStartTlsOptions> = {}) {
  const outcomes: Promise<TlsSocket>[] = [];
  const port = await portOf((raw) => {
    const outcome = acceptStartTls(raw, {
      protocol: smtp,
      host: "localhost",
      certificates: [pki.certificate],
      ...options,
    });
    outcomes.push(outcome);
    outcome.then(
      (socket) => socket.pipe(socket),
      () => undefined,
    );
  });
  return { port, outcomes };
}

async function echoed(socket: TlsSocket): Promise<string> {
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  socket.write("hello");
  const [answer] = await once(socket, "data");
  return String(answer);
}

/** A server that says something when it is connected to, and something at each thing that it hears. */
async function scripted(greeting: string, ...answers: readonly string[]): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const port = await portOf((raw) => {
    const left = [...answers];
    raw.write(greeting);
    raw.on("data", (bytes: Buffer) => {
      heard.push(bytes.toString("latin1"));
      raw.write(left.shift() ?? "");
    });
  });
  return { port, heard };
}

const offers = "250-mail\r\n250 STARTTLS\r\n";

describe("startTls", () => {
  it.each<[string, Protocol]>([
    ["SMTP", smtp],
    ["IMAP", imap],
    ["PostgreSQL", postgres],
  ])("gives a verified socket, over a connection of %s", async (_, protocol) => {
    const { port, outcomes } = await startTlsServer({ protocol });
    const socket = await startTls({ ...us, port, protocol });
    expect(socket.authorized).toBe(true);
    expect(socket.servername).toBe("localhost");
    expect(await echoed(socket)).toBe("hello");
    expect((await outcomes[0])?.servername).toBe("localhost");
  });

  it("takes a socket that is there, also one that gives texts", async () => {
    const { port } = await startTlsServer();
    const raw = rawSocket(port);
    raw.setEncoding("utf8");
    expect(await echoed(await startTls({ ...us, socket: raw, protocol: smtp }))).toBe("hello");
  });

  it("takes any Duplex", async () => {
    const { port } = await startTlsServer({ protocol: imap });
    const raw = rawSocket(port);
    const duplex = new Duplex({
      read: () => undefined,
      write: (chunk, _encoding, written) => void raw.write(chunk, written),
      final: (finished) => void raw.end(finished),
    });
    raw.on("data", (bytes) => duplex.push(bytes));
    raw.on("end", () => duplex.push(null));
    expect(await echoed(await startTls({ ...us, socket: duplex, protocol: imap }))).toBe("hello");
  });

  it("resumes sessions", async () => {
    const context = createServerContext({ certificates: [pki.certificate] });
    const { port } = await startTlsServer({ context, certificates: undefined });
    const first = await startTls({ ...us, port, protocol: smtp });
    const [session] = await once(first, "session");
    const second = await startTls({ ...us, port, protocol: smtp, session });
    expect(second.isSessionReused()).toBe(true);
    for (const socket of [first, second]) socket.on("error", () => undefined).destroy();
  });

  it("connects to the protocol's port unless there is another", async () => {
    const { port } = await startTlsServer();
    expect(await echoed(await startTls({ ...us, protocol: { ...smtp, port } }))).toBe("hello");
  });

  it("verifies the server for the host", async () => {
    const { port } = await startTlsServer();
    await expect(startTls({ ...us, servername: "example.com", port, protocol: smtp })).rejects.toMatchObject({
      kind: "peer",
      code: "certificate_name_mismatch",
    });
  });

  it.each<[string, string, string, readonly string[]]>([
    ["no_starttls", "a server without TLS", "220 mail\r\n", ["250 mail\r\n"]],
    ["no_starttls", "one that refuses it", "220 mail\r\n", [offers, "454 no\r\n"]],
    ["plaintext_before_tls", "octets behind the agreement", "220 mail\r\n", [offers, "220 go\r\n250 OK\r\n"]],
    ["malformed_dialogue", "what is no reply", "HTTP/1.1 400 Bad Request\r\n", []],
    [
      "unknown_record_type",
      "a server that goes on in the clear",
      "220 mail\r\n",
      [offers, "220 go\r\n", "500 What?\r\n"],
    ],
  ])("fails, %s, for %s", async (code, _, greeting, answers) => {
    const { port, heard } = await scripted(greeting, ...answers);
    await expect(startTls({ ...us, port, protocol: smtp })).rejects.toMatchObject({ kind: "peer", code });
    // TLS begins where the two have agreed, and nowhere else.
    expect(heard.some((text) => text.startsWith("\x16"))).toBe(code === "unknown_record_type");
  });

  it("fails with a server that hangs up", async () => {
    const port = await portOf((raw) => void raw.end("220 mail\r\n"));
    await expect(startTls({ ...us, port, protocol: smtp })).rejects.toMatchObject({ kind: "truncation" });
  });

  it("fails over a stream that has ended already", async () => {
    const raw = rawSocket(await portOf(() => undefined));
    raw.destroy();
    await expect(startTls({ ...us, socket: raw, protocol: postgres })).rejects.toMatchObject({ kind: "truncation" });
  });

  it("fails with what the system says", async () => {
    const port = await portOf(() => undefined);
    const closed = createTcpServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const address = closed.address();
    closed.close();
    await once(closed, "close");
    const unused = typeof address === "object" && address !== null ? address.port : port;
    await expect(startTls({ ...us, host: "127.0.0.1", port: unused, protocol: smtp })).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
  });

  it("gives a silent server no more time than a handshake has", async () => {
    const { port } = await scripted("");
    const silent = startTls({ ...us, port, protocol: smtp, handshakeTimeout: 50 });
    await expect(silent).rejects.toMatchObject({ kind: "timeout", code: "handshake_timeout" });
  });

  it.each(["before it begins", "in the clear", "while it connects"])("is aborted by a signal %s", async (when) => {
    const { port } = await scripted("220 mail\r\n");
    const controller = new AbortController();
    const reason = new Error("enough");
    const { signal } = controller;
    if (when === "before it begins") controller.abort(reason);
    const raw = rawSocket(port);
    const failed = startTls({
      ...us,
      protocol: smtp,
      signal,
      ...(when === "in the clear" ? { socket: raw } : { port }),
    });
    failed.catch(() => undefined);
    if (when === "in the clear") {
      await once(raw, "data");
      controller.abort(reason);
      await once(raw, "close");
    } else {
      controller.abort(reason);
    }
    await expect(failed).rejects.toBe(reason);
  });

  it("says nothing to an address that is blocked", async () => {
    const blockList = new BlockList();
    blockList.addAddress("127.0.0.1");
    const { port, heard } = await scripted("");
    const blocked = startTls({ ...us, host: "127.0.0.1", port, protocol: postgres, blockList });
    await expect(blocked).rejects.toMatchObject({ code: "ERR_IP_BLOCKED" });
    expect(heard).toEqual([]);
  });

  it.each<[string, Partial<StartTlsOptions>]>([
    ["invalid_argument", { protocol: "smtp" as never }],
    ["invalid_argument", { clientName: 1 as never }],
    ["invalid_client_name", { clientName: "a b" }],
    ["invalid_host", { host: "a b" }],
    ["unknown_option", { clientNam: "me" } as never],
    ["refused_option", { rejectUnauthorized: false }],
    ["invalid_argument", { context: {} as never }],
    ["conflicting_options", { context: createClientContext({ ca: pki.anchors }) }],
  ])("fails before it connects, %s, for %o", async (code, options) => {
    const connected: Socket[] = [];
    const port = await portOf((raw) => void connected.push(raw));
    await expect(startTls({ ...us, port, protocol: smtp, ...options })).rejects.toMatchObject({ kind: "caller", code });
    expect(connected).toEqual([]);
  });
});

describe("acceptStartTls", () => {
  it("tells a client of PostgreSQL that goes on in the clear why it is refused", async () => {
    const { port, outcomes } = await startTlsServer({ protocol: postgres });
    const raw = rawSocket(port);
    raw.end(Buffer.from("\0\0\0\x11\0\x03\0\0user\0me\0\0", "latin1"));
    const [answer] = await once(raw, "data");
    expect(String(answer)).toContain("TLS is required");
    await expect(outcomes[0]).rejects.toMatchObject({ kind: "peer", code: "no_starttls" });
  });

  it("refuses commands that come behind STARTTLS, unencrypted", async () => {
    const { port, outcomes } = await startTlsServer();
    const raw = rawSocket(port);
    const [greeting] = await once(raw, "data");
    expect(String(greeting)).toBe("220 localhost ESMTP\r\n");
    raw.write("STARTTLS\r\nMAIL FROM:<mallory@example.com>\r\n");
    raw.resume();
    await once(raw, "end");
    await expect(outcomes[0]).rejects.toMatchObject({ kind: "peer", code: "plaintext_before_tls" });
    expect(raw.bytesRead).toBe(String(greeting).length);
  });

  it("gives a silent client no more time than a handshake has", async () => {
    const { port, outcomes } = await startTlsServer({ handshakeTimeout: 50 });
    await once(rawSocket(port), "data");
    await expect(outcomes[0]).rejects.toMatchObject({ kind: "timeout", code: "handshake_timeout" });
  });

  it("fails with a client that hangs up", async () => {
    const { port, outcomes } = await startTlsServer();
    const raw = rawSocket(port);
    await once(raw, "data");
    raw.destroy();
    await expect(outcomes[0]).rejects.toMatchObject({ kind: "truncation" });
  });

  it("has options of its own", async () => {
    const raw = rawSocket(await portOf(() => undefined));
    const options = { host: "localhost", protocol: smtp, certificates: [pki.certificate] };
    await expect(acceptStartTls(raw, { ...options, protocol: pop3 })).rejects.toMatchObject({
      code: "no_server_dialogue",
    });
    await expect(acceptStartTls(raw, { ...options, host: "a\r\nb" })).rejects.toMatchObject({ code: "invalid_host" });
    await expect(acceptStartTls(raw, { ...options, blockList: new BlockList() } as never)).rejects.toMatchObject({
      code: "unknown_option",
    });
    await expect(acceptStartTls({} as never, options)).rejects.toMatchObject({ code: "invalid_argument" });
  });
});
