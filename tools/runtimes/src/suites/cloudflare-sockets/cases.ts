import { connect } from "cloudflare:sockets";
import { createWebProvider } from "@tlskit/crypto-web";
import { MemorySessionStore } from "@tlskit/sessions";
import {
  type ClientContext,
  certificatesFromPem,
  ownCertificates,
  privateKeyFromPem,
  resumption,
  TlsError,
  trustAnchorsFromPem,
} from "@tlskit/tls";
import { type ClientContextOptions, createClientContext } from "@tlskit/web";
import { type ConnectTlsOptions, connectTls, startTls, type WorkerTlsSocket } from "@tlskit/web/cloudflare";
import { behaviour } from "../../peers/behaviour.ts";
import { webPeers } from "../../peers/web.ts";
import type { Case, Cases } from "../../suite.ts";
import type { Given } from "./given.ts";
import { joinedPair } from "./joined.ts";

// Made at the top, where there is neither randomness nor time.
const provider = await createWebProvider(crypto.subtle);

const hostname = "127.0.0.1";
/** The servers certify themselves for a name, not for an address. */
const host = "localhost";

export const cases: Cases<Given> = async ({ authority, client, clientName, ports }) => {
  const anchors = trustAnchorsFromPem(authority);
  const contextWith = (options: Partial<ClientContextOptions>): Promise<ClientContext> =>
    createClientContext({ provider, anchors, ...options });
  const context = await contextWith({});
  const to = (port: number, options: ConnectTlsOptions = {}): WorkerTlsSocket =>
    connectTls(connect, { hostname, port }, context, { host, ...options });

  const openssl: Case = unless(ports.openssl, "talks to openssl s_server", async (port) => {
    const socket = to(port);
    const { version, remoteAddress } = await socket.opened;
    same([version, remoteAddress], [0x0304, `${hostname}:${port}`]);
    await write(socket.writable, "hello\n");
    same(await readLine(socket.readable), "olleh");
    await socket.close();
  });

  const postgres: Case = unless(ports.postgres, "goes over to TLS as PostgreSQL has it", async (port) => {
    const plain = connect({ hostname, port }, { secureTransport: "off", allowHalfOpen: true });
    // https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
    await write(plain.writable, Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f));
    same(await readChunk(plain.readable), "S");
    const socket = startTls(plain, context, { host });
    await write(socket.writable, startup("user", "alice", "database", "postgres"));
    const answer = await readChunk(socket.readable);
    same(answer.slice(0, 9), "R\0\0\0\x08\0\0\0\0"); // AuthenticationOk
    await socket.close();
  });

  return [
    ...behaviour(webPeers(provider, (wire) => joinedPair(ports.joining, wire))),
    openssl,
    postgres,
    {
      name: "sends much, and half-closes: the server's answer comes behind the end",
      run: async () => {
        const socket = to(ports.counting);
        const chunk = new Uint8Array(64 * 1024).fill(7);
        const writer = socket.writable.getWriter();
        for (let count = 0; count < 32; count += 1) await writer.write(chunk);
        await writer.close();
        same(await text(socket.readable), `${32 * chunk.length} ${32 * chunk.length * 7}`);
        await socket.closed;
      },
    },
    {
      name: "gets much, in order, and the end",
      run: async () => {
        const socket = to(ports.sending);
        let at = 0;
        for await (const chunk of socket.readable) {
          for (const byte of chunk) {
            if (byte !== at % 251) throw new TypeError(`byte ${at} is ${byte}`);
            at += 1;
          }
        }
        same(at, 1024 * 1024);
        await socket.writable.close();
        await socket.closed;
      },
    },
    {
      name: "shows a certificate, and is resumed with it",
      run: async () => {
        const chain = certificatesFromPem(client.certificates).certificates;
        const own = await contextWith({
          certificates: ownCertificates([{ chain, key: privateKeyFromPem(client.key, { provider }) }]),
          resumption,
          sessions: new MemorySessionStore({ clock: Date.now }),
        });
        for (const how of ["anew", "resumed"]) {
          const socket = connectTls(connect, { hostname, port: ports.naming }, own, { host });
          same(await text(socket.readable), `${clientName} ${how}`);
          await socket.close();
        }
        const anonymous = to(ports.naming);
        same(await codeOf(text(anonymous.readable)), "alert_certificate_required");
      },
    },
    {
      name: "goes over to TLS in a connection, as STARTTLS has it",
      run: async () => {
        const plain = connect({ hostname, port: ports.starttls }, { secureTransport: "off", allowHalfOpen: true });
        await write(plain.writable, "STARTTLS");
        same(await readChunk(plain.readable), "OK\n");
        const socket = startTls(plain, context, { host });
        await write(socket.writable, "hello");
        same(await readChunk(socket.readable), "hello");
        await socket.close();
      },
    },
    {
      name: "takes nothing for the server's that came before its TLS",
      run: async () => {
        const plain = connect({ hostname, port: ports.starttls }, { secureTransport: "off", allowHalfOpen: true });
        await write(plain.writable, "INJECT");
        const reader = plain.readable.getReader({ mode: "byob" });
        const { value } = await reader.read(new Uint8Array(3));
        reader.releaseLock();
        same(new TextDecoder().decode(value), "OK\n");
        const socket = startTls(plain, context, { host });
        same(await kindOf(socket.opened), "peer");
        await kindOf(socket.closed);
      },
    },
    {
      name: "refuses a server that certifies itself for another name",
      run: async () => {
        const socket = connectTls(connect, { hostname, port: ports.sending }, context);
        same(await codeOf(socket.opened), "certificate_name_mismatch");
        same(await codeOf(text(socket.readable)), "certificate_name_mismatch");
        same(await codeOf(socket.closed), "certificate_name_mismatch");
      },
    },
    {
      name: "tells that nobody listens",
      run: async () => {
        const socket = to(ports.closed);
        same(await codeOf(socket.opened), "transport_failed");
        same(await codeOf(write(socket.writable, "hello")), "transport_failed");
        same(await codeOf(socket.closed), "transport_failed");
      },
    },
    {
      name: "doesn't take a connection that was cut off for one that has ended",
      run: async () => {
        const socket = to(ports.cutting);
        await write(socket.writable, "hello");
        same(await kindOf(text(socket.readable)), "truncation");
        same(await kindOf(socket.closed), "truncation");
      },
    },
    {
      name: "leaves no connection open behind wrong arguments",
      run: async () => {
        let plain: ReturnType<typeof connect> | undefined;
        const watched: typeof connect = (address, options) => {
          plain = connect(address, options);
          return plain;
        };
        const wrong = (): unknown =>
          connectTls(watched, { hostname, port: ports.sending }, context, { host: "no host" });
        same(await codeOf((async () => wrong())()), "invalid_host");
        await plain?.closed;
      },
    },
  ];
};

/** A case that can't be tried where there is a sentence instead of a port. */
function unless(port: number | string, name: string, run: (port: number) => Promise<void>): Case {
  if (typeof port === "string") return { name, cannot: port, run: () => {} };
  return { name, run: () => run(port) };
}

function same(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new TypeError(`expected ${wanted}, got ${got}`);
}

async function failure(promise: Promise<unknown>): Promise<TlsError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof TlsError) return error;
    throw error;
  }
  throw new TypeError("it didn't fail");
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => (await failure(promise)).code;
const kindOf = async (promise: Promise<unknown>): Promise<string> => (await failure(promise)).kind;

async function write(writable: WritableStream<Uint8Array>, data: string | Uint8Array): Promise<void> {
  const writer = writable.getWriter();
  await writer.write(typeof data === "string" ? new TextEncoder().encode(data) : data);
  writer.releaseLock();
}

/** What comes next: servers here write what they say in one go. */
async function readChunk(readable: ReadableStream<Uint8Array>): Promise<string> {
  const reader = readable.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return String.fromCharCode(...(value ?? []));
}

async function readLine(readable: ReadableStream<Uint8Array>): Promise<string> {
  let line = "";
  while (!line.includes("\n")) line += await readChunk(readable);
  return line.trimEnd();
}

async function text(readable: ReadableStream<Uint8Array>): Promise<string> {
  let whole = "";
  for await (const chunk of readable) whole += String.fromCharCode(...chunk);
  return whole;
}

/** PostgreSQL's StartupMessage of protocol 3.0. */
function startup(...parameters: readonly string[]): Uint8Array {
  const body = new TextEncoder().encode(`${parameters.join("\0")}\0\0`);
  const message = new Uint8Array(8 + body.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length);
  view.setUint32(4, 3 << 16);
  message.set(body, 8);
  return message;
}
