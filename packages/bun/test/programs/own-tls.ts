import { once } from "node:events";
import * as nodeTls from "node:tls";
import { type TlsVersion, tls12, tls13 } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import {
  type ClientTlsOptions,
  connect,
  listen,
  type ServerTlsOptions,
  type TcpTlsListener,
  type TlsSocket,
} from "../../src/index.ts";
import { type Case, runAll } from "../helpers/case.ts";
import { expectSame, failureOf } from "../helpers/check.ts";
import { clientPem, otherPem, pem } from "../helpers/pki.ts";
import { PromisedSocket } from "../helpers/promised-socket.ts";

const hostname = "localhost";
const text = "0123456789".repeat(20_000);

/** A listener of Bun's own, with its TLS, that sends everything back, and ends when its client does. */
function bunEcho(tls: Bun.TLSOptions): Bun.TCPSocketListener<Uint8Array> {
  // What there was no room for; Bun's sockets keep nothing.
  const flush = (socket: Bun.Socket<Uint8Array>): void => {
    socket.data = socket.data.subarray(Math.max(0, socket.write(socket.data)));
  };
  return Bun.listen<Uint8Array>({
    hostname,
    port: 0,
    tls: { cert: pem.cert, key: pem.key, ...tls },
    socket: {
      open: (socket) => {
        socket.data = new Uint8Array(0);
      },
      data: (socket, data) => {
        socket.data = concat(socket.data, data);
        flush(socket);
      },
      drain: flush,
      error: () => undefined,
    },
  });
}

/** Our own, which does the same. */
function ourEcho(tls: ServerTlsOptions = {}): TcpTlsListener<Uint8Array> {
  const flush = (socket: TlsSocket<Uint8Array>): void => {
    socket.data = socket.data.subarray(Math.max(0, socket.write(socket.data)));
  };
  return listen<Uint8Array>({
    hostname,
    port: 0,
    tls: { cert: pem.cert, key: pem.key, ...tls },
    data: new Uint8Array(0),
    socket: {
      data: (socket, data) => {
        socket.data = concat(socket.data, data);
        flush(socket);
      },
      drain: flush,
      error: () => undefined,
    },
  });
}

async function ourClient(port: number, tls: ClientTlsOptions = {}): Promise<PromisedSocket> {
  const socket = new PromisedSocket();
  return socket.of(await connect({ hostname, port, tls: { ca: pem.ca, ...tls }, socket: socket.handlers }));
}

/** Sends, and reads as much. */
async function expectEcho(socket: PromisedSocket): Promise<void> {
  const sent = new TextEncoder().encode(text);
  const writing = socket.write(sent);
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < sent.length; ) {
    const chunk = await socket.read();
    if (chunk === undefined) break;
    chunks.push(chunk);
    length += chunk.length;
  }
  await writing;
  expectSame("what came back", new TextDecoder().decode(concat(...chunks)) === text, true);
}

interface Told {
  readonly text: string;
  readonly version: string;
  readonly alpnProtocol: string | false | null;
  readonly peer: string;
  readonly isReused: boolean;
  readonly session: Uint8Array | undefined;
}

/** A client of Bun's own `Bun.connect`: sends the text, and tells what came back when as much has come. */
function bunClient(port: number, tls: Bun.TLSOptions): Promise<Told> {
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  let heard = "";
  let unsent: Uint8Array = new TextEncoder().encode(text);
  const send = (socket: Bun.Socket): void => {
    unsent = unsent.subarray(Math.max(0, socket.write(unsent)));
  };
  Bun.connect({
    hostname,
    port,
    tls: { ca: pem.ca, ...tls },
    socket: {
      handshake: (socket, success, error) => {
        if (success) send(socket);
        else reject(error);
      },
      data: (socket, data) => {
        heard += String(data);
        if (heard.length < text.length) return;
        const { subject } = socket.getPeerCertificate();
        resolve({
          text: heard,
          version: socket.getTLSVersion(),
          alpnProtocol: socket.alpnProtocol,
          peer: String(subject.CN),
          isReused: socket.isSessionReused(),
          session: undefined,
        });
        socket.end();
      },
      drain: send,
      close: () => reject(new Error("closed")),
      error: (_socket, error) => reject(error),
    },
  }).catch(reject);
  return promise;
}

/** A client of Bun's `node:tls`. */
async function nodeClient(port: number, options: nodeTls.ConnectionOptions): Promise<Told> {
  const socket = nodeTls.connect({ host: hostname, port, servername: hostname, ca: pem.ca, ...options });
  let session: Uint8Array | undefined;
  socket.on("session", (bytes: Uint8Array) => {
    session = bytes;
  });
  await once(socket, "secureConnect");
  const { alpnProtocol } = socket;
  const [version, isReused] = [String(socket.getProtocol()), socket.isSessionReused()];
  socket.write(text);
  let heard = "";
  for await (const chunk of socket) {
    heard += String(chunk);
    if (heard.length >= text.length) break;
  }
  socket.destroy();
  return { text: heard, version, alpnProtocol, peer: "", isReused, session };
}

const versions: readonly (readonly [name: "TLSv1.3" | "TLSv1.2", version: TlsVersion])[] = [
  ["TLSv1.3", tls13],
  ["TLSv1.2", tls12],
];

/** Each with a listener, which is stopped behind it. */
function withListener(
  listener: { readonly port?: number; stop(all: boolean): void },
  play: (port: number) => Promise<void>,
): Promise<void> {
  return play(listener.port ?? 0).finally(() => listener.stop(true));
}

export const cases: readonly Case[] = [
  ...versions.flatMap(([name, version]): readonly Case[] => [
    {
      name: `${name}: our client, Bun.listen`,
      run: () =>
        withListener(bunEcho({ ALPNProtocols: "\x02h2\x08http/1.1" }), async (port) => {
          const client = await ourClient(port, { versions: [version], alpnProtocols: ["http/1.1"] });
          const { socket } = client;
          expectSame("the version", socket.getTLSVersion(), name);
          expectSame("ALPN", socket.alpnProtocol, "http/1.1");
          expectSame("authorized", [socket.authorized, socket.getAuthorizationError()], [true, null]);
          expectSame("the server's certificate", socket.getPeerCertificate().subject.CN, hostname);
          await expectEcho(client);
          await client.end();
          expectSame("the end", [await client.read(), await client.closed()], [undefined, undefined]);
        }),
    },
    {
      name: `${name}: Bun.connect, our listener`,
      run: () =>
        withListener(ourEcho({ versions: [version], alpnProtocols: ["h2"] }), async (port) => {
          const { text: heard, ...told } = await bunClient(port, { ALPNProtocols: "\x02h2" });
          const expected = { version: name, alpnProtocol: "h2", peer: hostname, isReused: false };
          expectSame("what Bun knows", told, expected);
          expectSame("what came back", heard === text, true);
        }),
    },
    {
      name: `${name}: our client resumes a session of Bun.listen`,
      run: () =>
        withListener(bunEcho({}), async (port) => {
          const first = await ourClient(port, { versions: [version] });
          await expectEcho(first);
          const session = first.socket.getSession();
          if (session === undefined) throw new Error("there is no session");
          first.socket.close();
          const second = await ourClient(port, { versions: [version], session });
          expectSame("resumed", second.socket.isSessionReused(), true);
          await expectEcho(second);
          second.socket.close();
        }),
    },
    {
      name: `${name}: node:tls in Bun resumes a session of our listener`,
      run: () =>
        withListener(ourEcho({ versions: [version] }), async (port) => {
          const first = await nodeClient(port, {});
          expectSame("the first", [first.version, first.text === text, first.isReused], [name, true, false]);
          if (first.session === undefined) throw new Error("there is no session");
          const second = await nodeClient(port, { session: Buffer.from(first.session) });
          expectSame("the second", [second.text === text, second.isReused], [true, true]);
        }),
    },
    {
      name: `${name}: our client, node:tls in Bun, and its half-close`,
      run: async () => {
        const server = nodeTls.createServer({ cert: pem.cert, key: pem.key, allowHalfOpen: true, maxVersion: name });
        server.on("secureConnection", (socket) => {
          let heard = "";
          socket.on("data", (data) => {
            heard += String(data);
          });
          socket.on("end", () => socket.end(`${heard}!`));
        });
        server.listen(0, hostname);
        await once(server, "listening");
        const { port } = server.address() as { readonly port: number }; // it listens on a port, so it has one
        const client = await ourClient(port, { versions: [version] });
        client.socket.end("question");
        const answer = await client.read();
        expectSame("the answer", new TextDecoder().decode(answer), "question!");
        expectSame("the end", await client.read(), undefined);
        server.close();
      },
    },
    {
      name: `${name}: Bun.connect shows our listener a certificate`,
      run: () =>
        withListener(ourEcho({ versions: [version], requestCert: true, ca: clientPem.ca }), async (port) => {
          const told = await bunClient(port, { cert: clientPem.cert, key: clientPem.key });
          expectSame("what came back", told.text === text, true);
          const failure = await failureOf(bunClient(port, {}));
          expectSame("without one it is refused", failure === "no failure", false);
        }),
    },
    {
      name: `${name}: our client shows Bun.listen a certificate`,
      run: () =>
        withListener(bunEcho({ requestCert: true, ca: clientPem.ca }), async (port) => {
          const client = await ourClient(port, { versions: [version], cert: clientPem.cert, key: clientPem.key });
          await expectEcho(client);
          client.socket.close();
        }),
    },
  ]),
  {
    name: "our client refuses who isn't certified by whom it trusts, or for another name",
    run: () =>
      withListener(bunEcho({}), async (port) => {
        expectSame(
          "another authority",
          await failureOf(ourClient(port, { ca: otherPem.ca })),
          "certificate_bad_signature",
        );
        expectSame(
          "another name",
          await failureOf(ourClient(port, { serverName: "other.example" })),
          "certificate_name_mismatch",
        );
        expectSame("nobody's", await failureOf(connect({ hostname, port, socket: {} })), "certificate_unknown_issuer");
      }),
  },
  {
    name: "our listener has the certificate for each name",
    run: () =>
      withListener(ourEcho({ cert: [pem.cert, otherPem.cert], key: [otherPem.key, pem.key] }), async (port) => {
        expectSame("localhost", (await bunClient(port, {})).peer, hostname);
        const other = await bunClient(port, { ca: otherPem.ca, serverName: "other.example" });
        expectSame("other.example", other.peer, "other.example");
      }),
  },
  {
    name: "Bun's fetch, our listener",
    run: async () => {
      const listener = listen({
        hostname,
        port: 0,
        tls: { cert: pem.cert, key: pem.key },
        socket: {
          data: (socket, data) => {
            if (String(data).endsWith("\r\n\r\n")) {
              socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`);
            }
          },
        },
      });
      const response = await fetch(`https://${hostname}:${listener.port}/`, { tls: { ca: pem.ca } });
      expectSame("the response", [response.status, (await response.text()) === text], [200, true]);
      listener.stop(true);
    },
  },
];

if (import.meta.main) await runAll(cases);
