import { TlsError } from "@tlskit/tls";
import { describe, expect, test } from "vitest";
import { type ConnectPlain, connectTls, type PlainSocket, startTls } from "../src/cloudflare.ts";
import { accept, createClientContext, createServerContext } from "../src/index.ts";
import { codeOf, failure, read, say, text, write } from "./helpers/streams.ts";
import { type Wire, wire } from "./helpers/wire.ts";
import { host, pki } from "./helpers/world.ts";

const context = await createClientContext({ anchors: pki.anchors });
const serverContext = await createServerContext({ certificates: [pki.certificate] });
const addresses = { remoteAddress: "192.0.2.1:443", localAddress: "192.0.2.2:50000" };

/** A socket as Workers have it, over a wire in memory. */
class MemorySocket implements PlainSocket {
  readonly wire: Wire = wire();
  readonly readable = this.wire.client.readable;
  readonly writable = this.wire.client.writable;
  readonly opened: Promise<typeof addresses>;
  readonly closed: Promise<unknown> = new Promise(() => {});
  isClosed = false;

  constructor(opened: Promise<typeof addresses> = Promise.resolve(addresses)) {
    this.opened = opened;
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

/** A `connect` that gives one socket, and what it was called with. */
function connecting(socket: MemorySocket): { readonly connect: ConnectPlain; readonly calls: unknown[] } {
  const calls: unknown[] = [];
  const connect: ConnectPlain = (...call) => {
    calls.push(call);
    return socket;
  };
  return { connect, calls };
}

function codeThrown(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof TlsError) return error.code;
    throw error;
  }
  throw new TypeError("it didn't fail");
}

describe("over a Worker's TCP", () => {
  test("a connection is made without the runtime's TLS, half-open, and is for the name in the address", async () => {
    const plain = new MemorySocket();
    const { connect, calls } = connecting(plain);
    const client = connectTls(connect, { hostname: host, port: 443 }, context);
    const server = accept(plain.wire.server, serverContext);
    expect(await client.opened).toMatchObject({ ...addresses, serverName: host, version: 0x0304 });
    expect(calls).toEqual([
      [
        { hostname: host, port: 443 },
        { secureTransport: "off", allowHalfOpen: true },
      ],
    ]);
    await Promise.all([say(client.writable, "question"), text(server.readable)]);
    await say(server.writable, "answer");
    expect(await text(client.readable)).toBe("answer");
    await client.closed;
  });

  test("a name that is told counts, not the address's", async () => {
    const plain = new MemorySocket();
    const client = connectTls(connecting(plain).connect, { hostname: host, port: 443 }, context, { host: "x.example" });
    const server = accept(plain.wire.server, serverContext);
    expect((await failure(client.opened)).code).toBe("certificate_name_mismatch");
    expect((await failure(server.opened)).kind).toBe("alert");
  });

  test("TLS begins behind what both ends have said without it", async () => {
    const plain = new MemorySocket();
    await write(plain.writable, "STARTTLS");
    expect(await read(plain.wire.server.readable, 8)).toBe("STARTTLS");
    await write(plain.wire.server.writable, "OK");
    expect(await read(plain.readable, 2)).toBe("OK");
    const client = startTls(plain, context, { host });
    const server = accept(plain.wire.server, serverContext);
    expect(await client.opened).toMatchObject(addresses);
    await Promise.all([say(client.writable, "hello"), text(server.readable).then((got) => expect(got).toBe("hello"))]);
  });

  test("what came before TLS and nobody has read is no TLS", async () => {
    const plain = new MemorySocket();
    await write(plain.wire.server.writable, "220 more than was asked for");
    const client = startTls(plain, context, { host });
    expect((await failure(client.opened)).kind).toBe("peer");
    expect((await failure(client.closed)).kind).toBe("peer");
  });

  test("what keeps the connection from being made is the cause", async () => {
    const refused = new TypeError("nobody listens");
    const plain = new MemorySocket(Promise.reject(refused));
    const client = connectTls(connecting(plain).connect, { hostname: host, port: 443 }, context);
    plain.wire.toClient.failReading(refused);
    plain.wire.toServer.failWriting(refused);
    expect(await failure(client.opened)).toMatchObject({ code: "transport_failed", cause: refused });
    expect(await codeOf(client.closed)).toBe("transport_failed");
  });

  test("what the runtime throws of an address is the cause", () => {
    const cause = new TypeError("no such port");
    const connect: ConnectPlain = () => {
      throw cause;
    };
    const connecting = () => connectTls(connect, { hostname: host, port: 99_999 }, context);
    expect(connecting).toThrow(expect.objectContaining({ code: "transport_failed", cause }));
  });

  test("wrong arguments leave no connection open", () => {
    const plain = new MemorySocket();
    const { connect } = connecting(plain);
    const address = { hostname: host, port: 443 };
    expect(codeThrown(() => connectTls(connect, address, context, { host: "no host" }))).toBe("invalid_host");
    expect(plain.isClosed).toBe(true);
  });

  test.each<[string, (given: never, connect: ConnectPlain) => unknown]>([
    ["connect", (given) => connectTls(given, { hostname: host, port: 443 }, context)],
    ["address", (given, connect) => connectTls(connect, given, context)],
    ["context", (given, connect) => connectTls(connect, { hostname: host, port: 443 }, given)],
    ["options", (given, connect) => connectTls(connect, { hostname: host, port: 443 }, context, given)],
    ["plain", (given) => startTls(given, context, { host })],
  ])("a wrong %s is named", (name, call) => {
    // A caller without types can give anything.
    const wrong = () => call(7 as never, connecting(new MemorySocket()).connect);
    expect(codeThrown(wrong)).toBe("invalid_argument");
    expect(wrong).toThrow(name);
  });
});
