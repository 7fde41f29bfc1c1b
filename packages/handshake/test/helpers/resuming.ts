import { runSync, type Steps } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type ClientHandshakeSettings,
  clientHandshake,
  type Established,
  receivePostHandshake,
  resumption,
  type ServerHandshakeSettings,
  serverHandshake,
} from "@tlskit/handshake";
import { GivenTicketKeys, type ReplayGuard, SealedTickets } from "@tlskit/sessions";
import { seededRandom } from "@tlskit/testing";
import { type Ending, MemoryHost, runBoth } from "./memory-host.ts";
import { clientHandshakeSettings, resultOf, serverHandshakeSettings } from "./two-hosts.ts";

/** When the first handshake is, in milliseconds since 1970. */
export const begin = Date.UTC(2026, 5, 1);

/** A client that keeps sessions, a server that gives tickets, and the time. */
export class Resuming {
  now = begin;
  /** What the client keeps; it takes the newest. */
  readonly sessions: { readonly bytes: Uint8Array; readonly expiresAt: number }[] = [];
  /** What failed without ending anything. */
  readonly failures: unknown[] = [];
  readonly clock = (): number => this.now;
  readonly tickets = new SealedTickets({
    provider: nodeProvider,
    random: seededRandom(11),
    keys: new GivenTicketKeys([{ name: new Uint8Array(16), secret: new Uint8Array(32).fill(7) }]),
  });
  /** What the replay guard was asked. */
  readonly admitted: string[] = [];
  readonly guard: ReplayGuard = {
    admit: ({ binder }) => {
      const key = Buffer.from(binder).toString("hex");
      const isNew = !this.admitted.includes(key);
      this.admitted.push(key);
      return isNew;
    },
  };

  readonly client: Partial<ClientHandshakeSettings<string>> = {
    clock: this.clock,
    sessions: resumption({
      take: () => this.sessions.pop()?.bytes,
      keep: (bytes, expiresAt) => void this.sessions.push({ bytes, expiresAt }),
    }),
    resumptionFailed: (error) => this.failures.push(error),
  };
  readonly server: Partial<ServerHandshakeSettings> = {
    clock: this.clock,
    tickets: this.tickets,
    resumptionFailed: (error) => this.failures.push(error),
  };

  /** A handshake, and the tickets that come of it. */
  shake(
    client: Partial<ClientHandshakeSettings<string>> = {},
    server: Partial<ServerHandshakeSettings> = {},
    hosts: readonly [MemoryHost, MemoryHost] = [new MemoryHost(), new MemoryHost()],
  ): Shaken {
    const random = (seed: number) => seededRandom(seed + this.now / 1000 + this.sessions.length);
    const [atClient, atServer] = runBoth(hosts, [
      clientHandshake(hosts[0], clientHandshakeSettings({ random: random(2), ...this.client, ...client })),
      serverHandshake(hosts[1], serverHandshakeSettings({ random: random(3), ...this.server, ...server })),
    ]);
    if (atClient !== undefined && "value" in atClient && atServer !== undefined && "value" in atServer) {
      issue(hosts, atClient.value, atServer.value);
    }
    return { hosts, atClient, atServer };
  }

  /** A handshake that ends well, and what came of it. */
  established(...args: Parameters<Resuming["shake"]>) {
    const { hosts, atClient, atServer } = this.shake(...args);
    return { hosts, client: resultOf(atClient), server: resultOf(atServer) };
  }
}

export interface Shaken {
  readonly hosts: readonly [MemoryHost, MemoryHost];
  readonly atClient: Ending<Established<string>> | undefined;
  readonly atServer: Ending<Established<unknown>> | undefined;
}

/** Lets the client have the server's tickets, all of them. */
function issue(
  [clientHost, serverHost]: readonly [MemoryHost, MemoryHost],
  atClient: Established<string>,
  atServer: Established<unknown>,
): void {
  const before = serverHost.events.length;
  runSync(atServer.resumption.issue(serverHost));
  const sent = serverHost.events.slice(before).filter(({ type }) => type === "sent").length;
  const { secrets } = atClient;
  if (secrets.type !== "TLS 1.3") throw new TypeError("tickets are issued here by TLS 1.3 alone");
  for (let i = 0; i < sent; i += 1) {
    const steps: Steps<unknown> = receivePostHandshake(
      clientHost,
      "client",
      secrets.cipherSuite,
      secrets.server,
      atClient.resumption,
    );
    runSync(steps);
  }
}
