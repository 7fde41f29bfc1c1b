import type { CryptoProvider } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type clientDeviations,
  type Deviation,
  InMemoryNetwork,
  type LateTasks,
  lateProvider,
  type ScriptedPeer,
  scriptedClient,
  scriptedData,
  scriptedServer,
  seededRandom,
  type serverDeviations,
} from "@tlskit/testing";
import {
  alertName,
  ClientContext,
  type ClientInfo,
  notChecked,
  type PskClientInfo,
  resumption,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsServer,
} from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { expect } from "vitest";
import { Recorder } from "./under-test.ts";
import { alpnProtocols, host, now, sharedPki, whenAvailable } from "./world.ts";

/** How a connection with a scripted peer went. */
export interface Course {
  /** To be run on where a provider answers by promises. */
  readonly network: InMemoryNetwork;
  readonly recorder: Recorder<ClientInfo> | Recorder<PskClientInfo> | Recorder<ServerInfo>;
  readonly peer: ScriptedPeer;
}

/** A client of ours and a scripted server. */
export function againstServer(
  deviation: (typeof serverDeviations)[number],
  tasks?: LateTasks,
  base: CryptoProvider = nodeProvider,
): Course {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link();
  const provider = tasks === undefined ? base : lateProvider(base, tasks);
  const share = deviation.needs?.keyShare;
  const context = new ClientContext({
    resumption,
    provider,
    random: seededRandom(3),
    clock: network.clock,
    anchors: sharedPki().anchors,
    alpnProtocols: deviation.needs?.noAlpn === true ? [] : alpnProtocols,
    keyShareGroups: share === undefined ? undefined : [share],
    revocation: deviation.needs?.noStatusRequest === true ? notChecked : whenAvailable,
  });
  const recorder = new Recorder<ClientInfo>(left.write, left.end);
  const client: TlsClient = new TlsClient(
    context,
    { host },
    {
      ...bound(recorder),
      ended: () => {
        recorder.ended();
        client.close();
      },
    },
  );
  const peer = scriptedServer({
    provider: nodeProvider,
    random: seededRandom(4),
    ciphertext: right.write,
    ended: right.end,
    pki: sharedPki(),
    deviation,
  });
  left.attach(client);
  right.attach(peer);
  peer.start();
  client.start();
  network.run();
  return { network, recorder, peer };
}

/** A server of ours and a scripted client. */
export function againstClient(
  deviation: (typeof clientDeviations)[number],
  tasks?: LateTasks,
  base: CryptoProvider = nodeProvider,
  options: Partial<ServerOptions> = {},
): Course {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link();
  const provider = tasks === undefined ? base : lateProvider(base, tasks);
  const context = new ServerContext({
    provider,
    random: seededRandom(3),
    clock: network.clock,
    certificates: sharedPki().certificates.slice(0, 1),
    alpnProtocols,
    ...options,
  });
  const recorder = new Recorder<ServerInfo>(right.write, right.end);
  const server: TlsServer = new TlsServer(context, {
    ...bound(recorder),
    ended: () => {
      recorder.ended();
      server.close();
    },
  });
  const peer = scriptedClient({
    provider: nodeProvider,
    random: seededRandom(4),
    ciphertext: left.write,
    ended: left.end,
    host,
    alpnProtocols,
    deviation,
  });
  right.attach(server);
  left.attach(peer);
  server.start();
  peer.start();
  network.run();
  return { network, recorder, peer };
}

function bound<Info>(recorder: Recorder<Info>) {
  const { ciphertext, plaintext, established, ended, closed } = recorder;
  return { ciphertext, plaintext, established, ended, closed };
}

/** Holds the course to what the deviation says has to come of it. */
export function check(deviation: Omit<Deviation<unknown>, "apply">, { recorder, peer }: Course): void {
  expect(peer.failure, "the script itself").toBeUndefined();
  if (deviation.expected === "accepted") {
    expect(recorder.error).toBeUndefined();
    expect(recorder.info).toBeDefined();
    expect(toHex(recorder.data)).toBe(toHex(scriptedData));
    expect(recorder.outcome).toBe("orderly");
    expect(peer.alert).toBeUndefined();
    expect(peer.closeNotify).toBe(true);
    return;
  }
  expect(recorder.error, "it has to fail").toBeDefined();
  expect(toHex(recorder.data), "no data after a failure").toBe("");
  expect(recorder.info === undefined, "established").toBe(deviation.phase === "handshake");
  expect(recorder.events.filter((event) => event.includes("after"))).toEqual([]);
  const { alert, code } = deviation.expected;
  expect(recorder.error?.code, "the error's code").toBe(code);
  if (alert === undefined) {
    expect(peer.alert).toBeUndefined();
    // Without an alert of its own only a peer's fault is that has no TLS.
    expect(recorder.error?.kind === "peer" ? recorder.error.alert : undefined).toBeUndefined();
    expect(["alert", "truncation", "peer"]).toContain(recorder.error?.kind);
    return;
  }
  const expected = alertName(alert);
  expect(`${recorder.error?.kind}: ${alertName(recorder.error?.alert ?? 255)}`).toBe(`peer: ${expected}`);
  if (deviation.alertUnreadable === true) expect(peer.unreadableRecords).toBeGreaterThan(0);
  else expect(alertName(peer.alert ?? 255), "the alert that the peer got").toBe(expected);
}
