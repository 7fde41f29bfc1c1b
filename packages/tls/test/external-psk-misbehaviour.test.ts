import { TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  certWithExternPskClientDeviations,
  certWithExternPskServerDeviations,
  type Deviation,
  externalPskClientDeviations,
  externalPskServerDeviations,
  InMemoryNetwork,
  LateTasks,
  lateProvider,
  type ScriptedClient,
  type ScriptedServer,
  scriptedClient,
  scriptedPsk,
  scriptedPskKey,
  scriptedServer,
  seededRandom,
} from "@tlskit/testing";
import {
  ClientContext,
  ExternalPsk,
  externalPskOffers,
  PskClient,
  PskClientContext,
  type PskClientInfo,
  resumption,
  ServerContext,
  type ServerInfo,
  TlsClient,
  TlsServer,
} from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { type Course, check } from "./helpers/misbehaviour.ts";
import { Recorder } from "./helpers/under-test.ts";
import { alpnProtocols, host, now, sharedPki } from "./helpers/world.ts";

const psk = new ExternalPsk({ identity: asciiBytes("client 1"), key: scriptedPskKey });
const cipherSuites = [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384];
const session = scriptedPsk(psk, TLS_AES_128_GCM_SHA256);
const peerSettings = { provider: nodeProvider, random: seededRandom(4), session };

/** A world with our end's settings in it. */
function world(tasks: LateTasks | undefined) {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const provider = tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks);
  const options = {
    provider,
    cipherSuites,
    random: seededRandom(3),
    clock: network.clock,
    alpnProtocols,
    externalPsks: [psk],
  };
  return { network, options, ...network.link() };
}

/** A client of ours with the key, alone or besides a certificate, and a scripted server that has it too. */
function againstServer(deviation: Deviation<ScriptedServer>, besides: boolean, tasks?: LateTasks): Course {
  const { network, options, left, right } = world(tasks);
  const recorder = new Recorder<PskClientInfo>(left.write, left.end);
  const handlers = { ...recorder, ended: () => client.close() };
  const client: TlsClient | PskClient = besides
    ? new TlsClient(
        new ClientContext({
          resumption,
          externalPskOffers,
          ...options,
          anchors: sharedPki().anchors,
          certificateWithExternalPsk: true,
        }),
        { host },
        handlers,
      )
    : new PskClient(new PskClientContext({ resumption, ...options }), { host }, handlers);
  const peer = scriptedServer({
    ...peerSettings,
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

/** A server of ours with the key, alone or besides a certificate, and a scripted client that has it too. */
function againstClient(deviation: Deviation<ScriptedClient>, besides: boolean, tasks?: LateTasks): Course {
  const { network, options, left, right } = world(tasks);
  const recorder = new Recorder<ServerInfo>(right.write, right.end);
  const context = new ServerContext({
    ...options,
    certificates: besides ? sharedPki().certificates.slice(0, 1) : [],
    certificateWithExternalPsk: besides,
  });
  const server: TlsServer = new TlsServer(context, { ...recorder, ended: () => server.close() });
  const peer = scriptedClient({
    ...peerSettings,
    ciphertext: left.write,
    ended: left.end,
    host,
    cipherSuites,
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

function judge(deviation: Omit<Deviation<unknown>, "apply">, course: Course): void {
  check(deviation, course);
  if (deviation.expected !== "accepted") return;
  const { resumed, earlyData } = deviation.negotiated ?? {};
  expect(course.recorder.info).toMatchObject({ resumed, earlyData });
  expect(course.recorder.info?.externalPsk).toBe(psk);
}

// RFC 9846 §6.2#named-alert
for (const [when, tasks] of [
  ["at once", () => undefined],
  ["late", () => new LateTasks(seededRandom(5))],
] as const) {
  for (const [what, besides, servers, clients] of [
    ["a pre-shared key", false, externalPskServerDeviations, externalPskClientDeviations],
    ["a certificate besides one", true, certWithExternPskServerDeviations, certWithExternPskClientDeviations],
  ] as const) {
    describe(`a server that misbehaves about ${what}, with a provider that answers ${when}`, () => {
      for (const deviation of servers) {
        it(`${deviation.name} (${deviation.section})`, () =>
          judge(deviation, againstServer(deviation, besides, tasks())));
      }
    });

    describe(`a client that misbehaves about ${what}, with a provider that answers ${when}`, () => {
      for (const deviation of clients) {
        it(`${deviation.name} (${deviation.section})`, () =>
          judge(deviation, againstClient(deviation, besides, tasks())));
      }
    });
  }
}
