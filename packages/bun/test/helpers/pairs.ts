import type { TransportPair } from "@tlskit/testing";
import {
  type ClientTlsOptions,
  connect,
  listen,
  type ServerTlsOptions,
  upgradable,
  upgradeTLS,
} from "../../src/index.ts";
import { pem } from "./pki.ts";
import { PromisedSocket } from "./promised-socket.ts";

/** Both ends of a connection that is established. */
export interface Pair extends TransportPair {
  readonly client: PromisedSocket;
  readonly server: PromisedSocket;
}

interface PairOptions {
  readonly client?: ClientTlsOptions | undefined;
  readonly server?: ServerTlsOptions | undefined;
}

const hostname = "localhost";

/** A client that begins TLS on a plain socket, which can be cut, and a listener. */
export async function upgradedClient({ client = {}, server = {} }: PairOptions = {}): Promise<Pair> {
  const [atClient, atServer] = [new PromisedSocket(), new PromisedSocket()];
  const accepted = Promise.withResolvers<void>();
  const listener = listen({
    hostname,
    port: 0,
    allowHalfOpen: true,
    tls: { cert: pem.cert, key: pem.key, ...server },
    socket: {
      ...atServer.handlers,
      open: (socket) => {
        atServer.of(socket);
        accepted.resolve();
      },
    },
  });
  const raw = await Bun.connect({
    hostname,
    port: listener.port,
    allowHalfOpen: true,
    socket: { data: () => {} },
  });
  const tls = { ca: pem.ca, serverName: hostname, ...client };
  atClient.of(await upgradeTLS(raw, { tls, allowHalfOpen: true, socket: atClient.handlers }));
  await accepted.promise;
  listener.stop();
  return { client: atClient, server: atServer, cut: () => raw.terminate() };
}

/** A client, and a server that begins TLS on a plain socket, which can be cut. */
export async function upgradedServer({ client = {}, server = {} }: PairOptions = {}): Promise<Pair> {
  const [atClient, atServer] = [new PromisedSocket(), new PromisedSocket()];
  const accepted = Promise.withResolvers<Bun.Socket<undefined>>();
  const listener = Bun.listen<undefined>({
    hostname,
    port: 0,
    allowHalfOpen: true,
    socket: upgradable({ open: accepted.resolve, data: () => {} }),
  });
  const connecting = connect({
    hostname,
    port: listener.port,
    allowHalfOpen: true,
    tls: { ca: pem.ca, ...client },
    socket: atClient.handlers,
  });
  const raw = await accepted.promise;
  listener.stop();
  const tls = { cert: pem.cert, key: pem.key, ...server };
  const accepting = upgradeTLS(raw, { tls, isServer: true, allowHalfOpen: true, socket: atServer.handlers });
  atClient.of(await connecting);
  atServer.of(await accepting);
  return { client: atClient, server: atServer, cut: () => raw.terminate() };
}
