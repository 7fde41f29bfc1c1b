import { unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeProvider } from "@tlskit/crypto-node";
import { ExternalPsk } from "@tlskit/tls";
import { type Certificate, createCrlSync, crlsToPem } from "@tlskit/x509";
import {
  connect,
  createClientContext,
  createPskClientContext,
  createServerContext,
  listen,
  type ServerTlsOptions,
  type SocketHandler,
  type TcpTlsListener,
  upgradable,
  upgradeTLS,
} from "../../src/index.ts";
import { type Case, runAll } from "../helpers/case.ts";
import { expectSame, failureOf } from "../helpers/check.ts";
import { clientPem, otherPem, pem, pki } from "../helpers/pki.ts";
import { PromisedSocket } from "../helpers/promised-socket.ts";

const hostname = "localhost";
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

function serve(socket: SocketHandler, tls: ServerTlsOptions = {}): TcpTlsListener {
  return listen({ hostname, port: 0, tls: { cert: pem.cert, key: pem.key, ...tls }, socket });
}

const echo: SocketHandler = { data: (socket, data) => void socket.write(data), error: () => undefined };

async function client(port: number, tls: object = {}): Promise<PromisedSocket> {
  const socket = new PromisedSocket();
  return socket.of(await connect({ hostname, port, tls: { ca: pem.ca, ...tls }, socket: socket.handlers }));
}

async function expectEcho(socket: PromisedSocket, said: string = "hello"): Promise<void> {
  await socket.write(bytes(said));
  expectSame("the answer", text(await socket.read()), said);
}

function crlWith(...revoked: readonly Certificate[]): string {
  const { certificate, key } = pki.intermediate;
  const day = 24 * 60 * 60 * 1000;
  const crl = createCrlSync({
    provider: nodeProvider,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    signer: key,
    issuer: certificate,
    thisUpdate: new Date(Date.now() - day),
    nextUpdate: new Date(Date.now() + day),
    cRLNumber: 1,
    revoked: revoked.map(({ serialNumber }) => ({ serialNumber, revocationDate: new Date(Date.now() - day) })),
  });
  return crlsToPem(crl);
}

/** A server that asks for a certificate, and what each of its handshakes came to. */
const asking: ServerTlsOptions = { requestCert: true, ca: clientPem.ca };

export const cases: readonly Case[] = [
  {
    name: "a client that writes on hears why it is refused, in TLS 1.3 after its handshake",
    run: async () => {
      const listener = serve(echo, asking);
      const heard = new Set<string>();
      for (let i = 0; i < 30; i += 1) {
        const socket = await client(listener.port);
        const writing = (async () => {
          for (;;) await socket.write(new Uint8Array(100_000));
        })();
        heard.add(await failureOf(writing));
        heard.add(await failureOf(socket.read()));
      }
      listener.stop(true);
      expectSame("what was heard", [...heard], ["alert_certificate_required"]);
    },
  },
  {
    name: "a client that can't be verified is let in where that was asked for, and told apart",
    run: async () => {
      const told = Promise.withResolvers<readonly unknown[]>();
      const handshake: SocketHandler["handshake"] = (socket, success, error) =>
        told.resolve([success, socket.authorized, error === null]);
      const listener = serve({ ...echo, handshake }, { ...asking, rejectUnauthorized: false });
      const socket = await client(listener.port, { cert: pem.cert, key: pem.key });
      await expectEcho(socket);
      expectSame("success, authorized, no error", await told.promise, [true, false, false]);
      listener.stop(true);
    },
  },
  {
    name: "whoever isn't a client ends nothing but its own connection",
    run: async () => {
      const failures: string[] = [];
      const done = Promise.withResolvers<void>();
      const handshake: SocketHandler["handshake"] = (_socket, success, error) => {
        if (success) return;
        failures.push(error !== null && "code" in error ? String(error.code) : "");
        if (failures.length === 3) done.resolve();
      };
      const listener = serve({ ...echo, handshake }, { handshakeTimeout: 200 });
      const place = { hostname, port: listener.port };
      const ignore = { data: () => {} };
      // Silence, something else than TLS, and a half of it.
      await Bun.connect({ ...place, socket: ignore });
      const other = await Bun.connect({ ...place, socket: ignore });
      other.write("GET / HTTP/1.1\r\n\r\n");
      const half = await Bun.connect({ ...place, socket: ignore });
      half.write(Uint8Array.of(22, 3, 1, 0, 100, 1));
      half.end();
      await done.promise;
      expectSame("the failures", failures.toSorted(), ["handshake_timeout", "http_request", "truncated"]);
      await expectEcho(await client(listener.port));
      listener.stop(true);
    },
  },
  {
    name: "a listener that stops lets connections be, or ends them in order",
    run: async () => {
      for (const all of [false, true]) {
        const listener = serve(echo);
        const socket = await client(listener.port);
        await expectEcho(socket);
        listener.stop(all);
        if (all) expectSame("the end", await socket.read(), undefined);
        else await expectEcho(socket, "still there");
        const refused = connect({ hostname, port: listener.port, tls: { ca: pem.ca }, socket: {} });
        expectSame("another connection", await failureOf(refused), "ECONNREFUSED");
        socket.socket.close();
      }
    },
  },
  {
    name: "handlers are reloaded for all sockets of a listener, and for one client",
    run: async () => {
      const listener = serve(echo);
      const [one, other] = [await client(listener.port), await client(listener.port)];
      await expectEcho(one);
      await expectEcho(other);
      listener.reload({ socket: { data: (socket) => void socket.write("reloaded") } });
      for (const socket of [one, other]) {
        await socket.write(bytes("hello"));
        expectSame("the answer", text(await socket.read()), "reloaded");
      }
      const said = Promise.withResolvers<string>();
      one.socket.reload({ socket: { data: (_socket, data) => said.resolve(String(data)) } });
      await one.write(bytes("hello"));
      expectSame("the reloaded client", await said.promise, "reloaded");
      await other.write(bytes("hello"));
      expectSame("the other client", text(await other.read()), "reloaded");
      listener.stop(true);
    },
  },
  {
    name: "certificates are reloaded for the connections to come, and what is asked of clients isn't forgotten",
    run: async () => {
      const listener = serve(echo);
      const before = await client(listener.port);
      listener.reload({ tls: { cert: otherPem.cert, key: otherPem.key } });
      const after = await client(listener.port, { ca: otherPem.ca, serverName: "other.example" });
      await expectEcho(after);
      await expectEcho(before);
      listener.reload({ tls: { cert: pem.cert, key: pem.key, ...asking } });
      let refusal = "";
      try {
        listener.reload({ tls: { cert: pem.cert, key: pem.key } });
      } catch (error) {
        refusal = error instanceof Error && "code" in error ? String(error.code) : "";
      }
      expectSame("settings that say nothing of clients", refusal, "conflicting_options");
      listener.stop(true);
    },
  },
  {
    name: "over a Unix socket, to whom serverName says",
    run: async () => {
      const unix = join(tmpdir(), `tlskit-${crypto.randomUUID()}.sock`);
      const listener = listen({ unix, tls: { cert: pem.cert, key: pem.key }, socket: echo });
      const socket = new PromisedSocket();
      const tls = { ca: pem.ca, serverName: hostname };
      await expectEcho(socket.of(await connect({ unix, tls, socket: socket.handlers })));
      expectSame("the place", listener.unix, unix);
      expectSame("nobody's name", await failureOf(connect({ unix, tls: { ca: pem.ca }, socket: {} })), "no_host");
      listener.stop(true);
    },
  },
  {
    name: "files of Bun's are read at once, whole or not at all",
    run: async () => {
      const path = join(tmpdir(), `tlskit-${crypto.randomUUID()}.pem`);
      writeFileSync(path, pem.key);
      const listener = serve(echo, { key: Bun.file(path) });
      await expectEcho(await client(listener.port));
      listener.stop(true);
      for (const key of [Bun.file(path).slice(0, 20), Bun.file(`${path}.no`), new Blob([pem.key])]) {
        expectSame(
          "the failure",
          await failureOf((async () => serve(echo, { key: key as Bun.BunFile }))()),
          key instanceof Blob && "name" in key ? "unreadable_file" : "invalid_argument",
        );
      }
      unlinkSync(path);
    },
  },
  {
    name: "what can't be connected is told to connectError with Bun's own error, and need not be caught",
    run: async () => {
      const free = serve(echo);
      free.stop();
      const told = Promise.withResolvers<Error>();
      const options = { hostname, port: free.port, tls: { ca: pem.ca } };
      connect({ ...options, socket: { connectError: (_socket, error) => told.resolve(error) } });
      expectSame("connectError", "code" in (await told.promise), true);
      expectSame("the promise", await failureOf(connect({ ...options, socket: {} })), "ECONNREFUSED");
    },
  },
  {
    name: "connecting is given up by its signal, and what is connected isn't",
    run: async () => {
      // It says nothing.
      const silent = Bun.listen({ hostname, port: 0, socket: { data: () => {} } });
      const early = new AbortController();
      const tls = { ca: pem.ca };
      const waiting = connect({ hostname, port: silent.port, tls, signal: early.signal, socket: {} });
      early.abort();
      expectSame("before", await failureOf(waiting), "aborted");
      silent.stop(true);
      const listener = serve(echo);
      const late = new AbortController();
      const socket = new PromisedSocket();
      const { signal } = late;
      socket.of(await connect({ hostname, port: listener.port, tls, signal, socket: socket.handlers }));
      await expectEcho(socket);
      late.abort();
      await expectEcho(socket);
      listener.stop(true);
    },
  },
  {
    name: "a server or a client that was revoked is refused by crl",
    run: async () => {
      const listener = serve(echo);
      expectSame("another one is revoked", await failureOf(client(listener.port, { crl: crlWith() })), "no failure");
      const [leaf] = pki.certificate.chain;
      const crl = crlWith(...(leaf === undefined ? [] : [leaf]));
      expectSame("it is revoked", await failureOf(client(listener.port, { crl })), "certificate_revoked");
      const context = createClientContext({ ca: pem.ca, crl });
      const shared = connect({ hostname, port: listener.port, tls: { context }, socket: {} });
      expectSame("by a context", await failureOf(shared), "certificate_revoked");
      listener.stop(true);
    },
  },
  {
    name: "both ends log the same keys, and who asks about a server can refuse it",
    run: async () => {
      const lines: Record<"client" | "server", string[]> = { client: [], server: [] };
      const listener = serve(echo, { keyLog: (line) => void lines.server.push(line) });
      await expectEcho(await client(listener.port, { keyLog: (line: string) => void lines.client.push(line) }));
      expectSame("the keys", lines.client.toSorted(), lines.server.toSorted());
      expectSame("that there are some", lines.client.length > 0, true);
      const refusal = new Error("not this one");
      const asked: string[] = [];
      const identity = {
        checkServerIdentity: (name: string, certificate: { readonly subject: { readonly CN?: string } }) => {
          asked.push(name, String(certificate.subject.CN));
          return refusal;
        },
      };
      expectSame("the refusal", await failureOf(client(listener.port, identity)), "server_identity_refused");
      expectSame("what was asked", asked, [hostname, hostname]);
      listener.stop(true);
    },
  },
  {
    name: "a context is chosen by the name that is asked for, later too",
    run: async () => {
      const other = createServerContext({ cert: otherPem.cert, key: otherPem.key });
      const own = createServerContext({ cert: pem.cert, key: pem.key });
      const contextFor: ServerTlsOptions["contextFor"] = async ({ serverName }) =>
        serverName === "other.example" ? other : own;
      const listener = serve(echo, { contextFor });
      await expectEcho(await client(listener.port, { ca: otherPem.ca, serverName: "other.example" }));
      await expectEcho(await client(listener.port));
      listener.stop(true);
    },
  },
  {
    name: "both ends know each other by a pre-shared key",
    run: async () => {
      const key = crypto.getRandomValues(new Uint8Array(32));
      const externalPsks = [new ExternalPsk({ identity: bytes("both"), key })];
      const listener = listen({ hostname, port: 0, tls: { externalPsks }, socket: echo });
      const socket = new PromisedSocket();
      const tls = { context: createPskClientContext({ externalPsks }) };
      socket.of(await connect({ hostname, port: listener.port, tls, socket: socket.handlers }));
      await expectEcho(socket);
      expectSame("authorized", socket.socket.authorized, true);
      listener.stop(true);
    },
  },
  {
    name: "TLS is begun on single sockets of one listener, and others stay plain",
    run: async () => {
      const done = Promise.withResolvers<void>();
      const listener = Bun.listen({
        hostname,
        port: 0,
        allowHalfOpen: true,
        socket: upgradable({
          open: (socket) => void socket.write("ready"),
          data: (socket, data) => {
            if (String(data) !== "STARTTLS") socket.write(`plain ${data}`);
            else {
              socket.write("go on");
              const tls = { cert: pem.cert, key: pem.key };
              upgradeTLS(socket, { isServer: true, tls, socket: echo }).catch(done.reject);
            }
          },
        }),
      });
      const plain = async (): Promise<Bun.Socket<string[]>> => {
        const ready = Promise.withResolvers<Bun.Socket<string[]>>();
        await Bun.connect<string[]>({
          hostname,
          port: listener.port,
          allowHalfOpen: true,
          data: [],
          socket: {
            data: (socket, data) => {
              socket.data.push(String(data));
              if (String(data) === "ready") socket.write(socket.data.length > 0 ? "STARTTLS" : "");
              if (String(data) === "go on") ready.resolve(socket);
            },
          },
        });
        return await ready.promise;
      };
      const [one, other] = await Promise.all([plain(), plain()]);
      for (const raw of [one, other]) {
        const socket = new PromisedSocket();
        const tls = { ca: pem.ca, serverName: hostname };
        socket.of(await upgradeTLS(raw, { tls, socket: socket.handlers }));
        await expectEcho(socket);
        expectSame("once more", await failureOf(upgradeTLS(raw, { tls, socket: {} })), "already_upgraded");
        socket.socket.end();
        expectSame("the end", await socket.read(), undefined);
        expectSame("what the plain handlers were told", raw.data, ["ready", "go on"]);
      }
      const said = Promise.withResolvers<string>();
      const third = await Bun.connect({
        hostname,
        port: listener.port,
        socket: {
          data: (socket, data) => {
            if (String(data) === "ready") socket.write("hello");
            else said.resolve(String(data));
          },
        },
      });
      expectSame("a plain one", await said.promise, "plain hello");
      third.end();
      listener.stop(true);
    },
  },
  {
    name: "TLS isn't begun on a socket of a listener whose handlers aren't upgradable, also when that has stopped",
    run: async () => {
      const refusals = Promise.withResolvers<readonly string[]>();
      const listener = Bun.listen({
        hostname,
        port: 0,
        socket: {
          open: async (socket) => {
            const tls = { cert: pem.cert, key: pem.key };
            const upgrade = (): Promise<string> => failureOf(upgradeTLS(socket, { isServer: true, tls, socket: {} }));
            const before = await upgrade();
            listener.stop();
            refusals.resolve([before, await upgrade()]);
          },
          data: () => {},
        },
      });
      const raw = await Bun.connect({ hostname, port: listener.port, socket: { data: () => {} } });
      expectSame("the refusals", await refusals.promise, ["not_upgradable", "not_upgradable"]);
      raw.end();
    },
  },
  {
    name: "Bun gives each chunk memory of its own: should that end, nothing here depends on it",
    run: async () => {
      const chunks: { readonly given: Uint8Array; readonly copy: string }[] = [];
      const done = Promise.withResolvers<void>();
      const listener = Bun.listen({
        hostname,
        port: 0,
        socket: {
          data: (socket, data) => {
            chunks.push({ given: data, copy: Buffer.from(data).toString("hex") });
            if (chunks.length === 5) done.resolve();
            else socket.write("next");
          },
        },
      });
      const raw = await Bun.connect({
        hostname,
        port: listener.port,
        socket: {
          open: (socket) => void socket.write("0"),
          data: (socket) => void socket.write(String(chunks.length)),
        },
      });
      await done.promise;
      expectSame(
        "chunks that were changed",
        chunks.filter(({ given, copy }) => Buffer.from(given).toString("hex") !== copy).length,
        0,
      );
      raw.end();
      listener.stop(true);
    },
  },
];

if (import.meta.main) await runAll(cases);
