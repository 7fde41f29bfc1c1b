import { nodeProvider } from "@tlskit/crypto-node";
import { maxCertificateRequests, maxPendingCertificateRequests } from "@tlskit/handshake";
import {
  askingScript,
  askingServerDeviations,
  authenticatingClientDeviations,
  authenticatingScript,
  type Deviation,
  InMemoryNetwork,
  LateTasks,
  lateProvider,
  laterAskingScript,
  laterAskingServerDeviations,
  laterAuthenticatingClientDeviations,
  laterAuthenticatingScript,
  messageStep,
  refused,
  type Script,
  type ScriptedClient,
  type ScriptedServer,
  scriptedClient,
  scriptedServer,
  seededRandom,
} from "@tlskit/testing";
import {
  Alert,
  ClientContext,
  type ClientInfo,
  type ClientOptions,
  ownCertificates,
  postHandshakeAuthentication,
  resumption,
  ServerContext,
  type ServerInfo,
  TlsClient,
  TlsServer,
} from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { type Course, check } from "./helpers/misbehaviour.ts";
import { Recorder } from "./helpers/under-test.ts";
import { clientPki, host, now, sharedPki } from "./helpers/world.ts";

/** A server of ours that asks, and a scripted client that has something to show. */
function againstClient(
  deviation: Deviation<ScriptedClient>,
  script: Script<ScriptedClient>,
  tasks: LateTasks | undefined,
): Course {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link();
  const later = script === laterAuthenticatingScript;
  const context = new ServerContext({
    provider: tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks),
    random: seededRandom(3),
    clock: network.clock,
    certificates: sharedPki().certificates.slice(0, 1),
    clientCertificates: { demand: later ? "later" : "required", anchors: clientPki().anchors },
  });
  const recorder = new Recorder<ServerInfo>(right.write, right.end);
  const { ciphertext, plaintext, closed } = recorder;
  const server: TlsServer = new TlsServer(context, {
    ciphertext,
    plaintext,
    closed,
    established: (info) => {
      recorder.established(info);
      for (let times = 0; later && times < 2; times += 1) server.requestClientCertificate();
    },
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
    pki: clientPki(),
    postHandshakeAuth: later,
    script,
    deviation,
  });
  right.attach(server);
  left.attach(peer);
  server.start();
  peer.start();
  network.run();
  return { network, recorder, peer };
}

/** A client of ours that has something to show, and a scripted server that asks. */
function againstServer(
  deviation: Deviation<ScriptedServer>,
  script: Script<ScriptedServer>,
  tasks: LateTasks | undefined,
  options: Partial<ClientOptions> = { certificates: ownCertificates([clientPki().certificate]) },
): Course {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const { left, right } = network.link();
  const context = new ClientContext({
    resumption,
    provider: tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks),
    random: seededRandom(3),
    clock: network.clock,
    anchors: sharedPki().anchors,
    postHandshakeAuth: postHandshakeAuthentication,
    ...options,
  });
  const recorder = new Recorder<ClientInfo>(left.write, left.end);
  const { ciphertext, plaintext, established, closed } = recorder;
  const client: TlsClient = new TlsClient(
    context,
    { host },
    {
      ciphertext,
      plaintext,
      established,
      closed,
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
    script,
    deviation,
  });
  left.attach(client);
  right.attach(peer);
  peer.start();
  client.start();
  network.run();
  return { network, recorder, peer };
}

describe("a server that asks after the handshake", () => {
  const unchanged = (script: Script<ScriptedServer>): Script<ScriptedServer> => script;
  const asking = (times: number) => (script: Script<ScriptedServer>) =>
    script.flatMap((found) =>
      found.name === "receive the answer"
        ? Array.from({ length: times - 1 }, (_, number) =>
            messageStep<ScriptedServer>("again", (server) => server.certificateRequest(Uint8Array.of(9, number))),
          )
        : [found],
    );
  const deviation = (apply: Deviation<ScriptedServer>["apply"], expected: Deviation<unknown>["expected"]) =>
    ({ name: "asking", section: "4.7.2", phase: "established", expected, apply }) as const;
  const certificates = [clientPki().certificate];

  it("may not ask for more than so many certificates before it has an answer", () => {
    const chooseCertificate = () => new Promise<undefined>(() => {});
    const most = againstServer(
      deviation(asking(maxPendingCertificateRequests), "accepted"),
      laterAskingScript,
      undefined,
      { certificates: ownCertificates(chooseCertificate) },
    );
    expect(most.recorder.error).toBeUndefined();
    const course = againstServer(
      deviation(
        asking(maxPendingCertificateRequests + 1),
        refused(Alert.unexpectedMessage, "too_many_certificate_requests"),
      ),
      laterAskingScript,
      undefined,
      { certificates: ownCertificates(chooseCertificate) },
    );
    expect(course.recorder.error).toMatchObject({
      code: "too_many_certificate_requests",
      alert: Alert.unexpectedMessage,
    });
  });

  it("may ask so often that it is no flood", () => {
    const often = deviation(asking(maxCertificateRequests), "accepted");
    check(often, againstServer(often, laterAskingScript, undefined, { certificates: ownCertificates(certificates) }));
    const once = refused(Alert.unexpectedMessage, "too_many_certificate_requests");
    const tooOften = deviation(asking(maxCertificateRequests + 1), once);
    check(
      tooOften,
      againstServer(tooOften, laterAskingScript, undefined, { certificates: ownCertificates(certificates) }),
    );
  });

  // RFC 9846 §4.7.2#unasked-refused, RFC 9325 §3.6#multiplexed
  it("may not ask a client that hasn't offered it, nor under HTTP/2", () => {
    const refusal = deviation(unchanged, refused(Alert.unexpectedMessage, "unexpected_message"));
    for (const options of [{ postHandshakeAuth: undefined }, { alpnProtocols: ["h2"] }]) {
      check(
        refusal,
        againstServer(refusal, laterAskingScript, undefined, {
          certificates: ownCertificates(certificates),
          ...options,
        }),
      );
    }
  });
});

// RFC 9846 §6.2#named-alert
for (const [world, tasks] of [
  ["at once", () => undefined],
  ["late", () => new LateTasks(seededRandom(5))],
] as const) {
  for (const [when, clients, servers] of [
    ["in the handshake", authenticatingClientDeviations, askingServerDeviations],
    ["after it", laterAuthenticatingClientDeviations, laterAskingServerDeviations],
  ] as const) {
    const later = clients === laterAuthenticatingClientDeviations;

    describe(`a client that misbehaves about its certificate ${when}, with a provider that answers ${world}`, () => {
      for (const deviation of clients) {
        it(`${deviation.name} (${deviation.section})`, () =>
          check(
            deviation,
            againstClient(deviation, later ? laterAuthenticatingScript : authenticatingScript, tasks()),
          ));
      }
    });

    describe(`a server that misbehaves about a client's certificate ${when}, with a provider that answers ${world}`, () => {
      for (const deviation of servers) {
        it(`${deviation.name} (${deviation.section})`, () =>
          check(deviation, againstServer(deviation, later ? laterAskingScript : askingScript, tasks())));
      }
    });
  }
}
