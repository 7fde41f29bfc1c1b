import { TlsError } from "@tlskit/wire";
import { expectText, failed, readExactly } from "./helpers.ts";
import type {
  Attempt,
  Attempted,
  ClientPeer,
  ClientWishes,
  OpenPeers,
  Peers,
  ServerPeer,
  ServerWishes,
} from "./peers.ts";
import { type PeersPki, peersHost } from "./peers-pki.ts";

/** Both ends of a connection that is established. */
export interface EstablishedPeers {
  readonly client: ClientPeer;
  readonly server: ServerPeer;
  cut(): void;
}

/** How an end has to fail. Whatever is left out may be anything. */
export interface ExpectedFailure {
  readonly kind: TlsError["kind"];
  readonly code?: string;
  readonly alert?: number;
}

/** What a case plays on; whatever it has opened is closed behind it. */
export class PeersStage {
  readonly pki: PeersPki;
  readonly #open: OpenPeers;
  readonly #opened: Peers[] = [];
  readonly #attempts: Attempted[] = [];

  constructor(open: OpenPeers, pki: PeersPki) {
    this.#open = open;
    this.pki = pki;
  }

  /** A client that trusts the server, and asks for the host that it is; with whatever is changed. */
  async peers(client: Partial<ClientWishes> = {}, server: Partial<ServerWishes> = {}): Promise<Peers> {
    const { pki } = this;
    const peers = await this.#open({
      client: { host: peersHost, authorities: pki.authority, ...client },
      server: { identity: pki.server, ...server },
    });
    this.#opened.push(peers);
    return peers;
  }

  attempt(peers: Peers, attempt: Attempt = {}): Attempted {
    const attempted = peers.connect(attempt);
    this.#attempts.push(attempted);
    // Both may fail, whichever is looked at first.
    attempted.client.catch(() => undefined);
    attempted.server.catch(() => undefined);
    return attempted;
  }

  async established(peers: Peers, attempt: Attempt = {}): Promise<EstablishedPeers> {
    const { client, server, cut } = this.attempt(peers, attempt);
    const [clientPeer, serverPeer] = await Promise.all([client, server]);
    return { client: clientPeer, server: serverPeer, cut };
  }

  async close(): Promise<void> {
    for (const { client, server, cut } of this.#attempts) {
      cut();
      for (const end of [client, server]) {
        end.then(
          (socket) => socket.destroy(),
          () => undefined,
        );
      }
    }
    for (const peers of this.#opened) await peers.close();
  }
}

/** Data goes both ways. */
export async function expectEcho({ client, server }: EstablishedPeers, text: string = "hello"): Promise<void> {
  const data = Uint8Array.from(text, (char) => char.charCodeAt(0));
  await client.write(data);
  expectText("at the server", await readExactly(server, data.length), text);
  await server.write(data);
  expectText("at the client", await readExactly(client, data.length), text);
}

/** A promise fails as it has to. */
export async function expectRefusal(
  what: string,
  promise: Promise<unknown>,
  { kind, code, alert }: ExpectedFailure,
): Promise<void> {
  let error: unknown;
  try {
    await promise;
  } catch (caught) {
    error = caught;
  }
  if (error === undefined) throw failed(`${what} had to fail (${code ?? kind}), and didn't`);
  if (!(error instanceof TlsError))
    throw failed(`${what} failed with something else than a TlsError: ${String(error)}`);
  const right =
    error.kind === kind &&
    (code === undefined || error.code === code) &&
    (alert === undefined || error.alert === alert);
  if (right) return;
  const shown = `${error.kind} ${error.code} ${error.alert}: ${error.message}`;
  throw failed(`${what} had to fail with ${kind} ${code ?? ""} ${alert ?? ""}, and failed with ${shown}`);
}

export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (got !== expected) throw failed(`${what}: expected ${String(expected)}, got ${String(got)}`);
}
