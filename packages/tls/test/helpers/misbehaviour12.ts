import {
  secp256r1,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  x25519,
} from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type Deviation,
  InMemoryNetwork,
  type LateTasks,
  lateProvider,
  type Script,
  type ScriptedTls12Client,
  type ScriptedTls12ClientOptions,
  type ScriptedTls12Server,
  type ScriptedTls12ServerOptions,
  scriptedTls12Client,
  scriptedTls12Server,
  seededRandom,
} from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  type ClientOptions,
  type ClientTarget,
  notChecked,
  resumption,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsServer,
  tls12,
} from "@tlskit/tls";
import { SessionRecorder } from "./fleet.ts";
import type { Course } from "./misbehaviour.ts";
import { alpnProtocols, host, now, sharedPki, whenAvailable } from "./world.ts";

/** What scripted peers of TLS 1.2 have unless told otherwise. */
export const suites12 = [
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
];
const namedGroups = [x25519, secp256r1];

/** How a connection with a scripted peer of TLS 1.2 went. */
export interface Course12 extends Course {
  readonly recorder: SessionRecorder<ClientInfo> | SessionRecorder<ServerInfo>;
}

/** How a side under test and its peer are to be. */
export interface World12 {
  /** A provider that answers late; one that answers at once unless told. */
  readonly tasks?: LateTasks | undefined;
  readonly provider?: CryptoProvider;
  readonly now?: number;
  /** Whether nobody wants a client's sessions. */
  readonly keepsNone?: true;
  readonly client?: Partial<ClientOptions>;
  readonly target?: Partial<ClientTarget>;
  readonly server?: Partial<ServerOptions>;
  readonly scriptedServer?: Partial<ScriptedTls12ServerOptions>;
  readonly scriptedClient?: Partial<ScriptedTls12ClientOptions>;
}

function networkOf({ tasks, now: at = now }: World12): InMemoryNetwork {
  return new InMemoryNetwork({ now: at, ...(tasks === undefined ? {} : { tasks }) });
}

function providerOf({ tasks, provider = nodeProvider }: World12): CryptoProvider {
  return tasks === undefined ? provider : lateProvider(provider, tasks);
}

/** A client of ours, which has TLS 1.2 alone unless told otherwise, and a scripted server. */
export function against12Server(
  deviation: Deviation<ScriptedTls12Server>,
  world: World12 = {},
  script?: Script<ScriptedTls12Server>,
): Course12 {
  const network = networkOf(world);
  const { left, right } = network.link();
  const context = new ClientContext({
    resumption,
    provider: providerOf(world),
    random: seededRandom(3),
    clock: network.clock,
    anchors: sharedPki().anchors,
    versions: [tls12],
    namedGroups,
    alpnProtocols: deviation.needs?.noAlpn === true ? [] : alpnProtocols,
    revocation: deviation.needs?.noStatusRequest === true ? notChecked : whenAvailable,
    ...world.client,
  });
  const recorder = new SessionRecorder<ClientInfo>(left.write, left.end);
  const client: TlsClient = new TlsClient(
    context,
    { host, ...world.target },
    {
      ...bound(recorder),
      ...(world.keepsNone === true ? {} : { session: recorder.session }),
      ended: () => {
        recorder.ended();
        client.close();
      },
    },
  );
  const peer = scriptedTls12Server({
    provider: nodeProvider,
    random: seededRandom(4),
    ciphertext: right.write,
    ended: right.end,
    pki: sharedPki(),
    cipherSuite: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    script,
    deviation,
    ...world.scriptedServer,
  });
  left.attach(client);
  right.attach(peer);
  peer.start();
  client.start();
  network.run();
  return { network, recorder, peer };
}

/** A server of ours, which has TLS 1.2 alone unless told otherwise, and a scripted client. */
export function against12Client(
  deviation: Deviation<ScriptedTls12Client>,
  world: World12 = {},
  script?: Script<ScriptedTls12Client>,
): Course12 {
  const network = networkOf(world);
  const { left, right } = network.link();
  const context = new ServerContext({
    provider: providerOf(world),
    random: seededRandom(3),
    clock: network.clock,
    certificates: sharedPki().certificates.slice(0, 1),
    versions: [tls12],
    namedGroups,
    alpnProtocols,
    ...world.server,
  });
  const recorder = new SessionRecorder<ServerInfo>(right.write, right.end);
  const server: TlsServer = new TlsServer(context, {
    ...bound(recorder),
    ended: () => {
      recorder.ended();
      server.close();
    },
  });
  const peer = scriptedTls12Client({
    provider: nodeProvider,
    random: seededRandom(4),
    ciphertext: left.write,
    ended: left.end,
    host,
    cipherSuites: suites12,
    alpnProtocols,
    script,
    deviation,
    ...world.scriptedClient,
  });
  right.attach(server);
  left.attach(peer);
  server.start();
  peer.start();
  network.run();
  return { network, recorder, peer };
}

function bound<Info>(recorder: SessionRecorder<Info>) {
  const { ciphertext, plaintext, established, ended, closed } = recorder;
  return { ciphertext, plaintext, established, ended, closed };
}
