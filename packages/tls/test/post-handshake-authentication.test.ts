import { maxPendingCertificateRequests } from "@tlskit/handshake";
import { LateTasks, seededRandom } from "@tlskit/testing";
import {
  Alert,
  type CertificateWithKey,
  type ClientAnswer,
  type ClientCertificates,
  type ClientOptions,
  dangerouslyTakeTrafficSecrets,
  ownCertificates,
  peerError,
  postHandshakeAuthentication,
  type ServerInfo,
  type ServerOptions,
  type TraceEvent,
  VerifiedChain,
} from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { Fleet, run, type Two } from "./helpers/fleet.ts";
import { clientPki, connect, type Pair, pair } from "./helpers/world.ts";

const asking = (changes: Partial<ClientCertificates> = {}): Partial<ServerOptions> => ({
  clientCertificates: { demand: "later", anchors: clientPki().anchors, ...changes },
});
const askable: Partial<ClientOptions> = { postHandshakeAuth: postHandshakeAuthentication };
const alice: Partial<ClientOptions> = {
  ...askable,
  certificates: ownCertificates([clientPki().certificateOf("P-256")]),
};

/** What a server was told of its client. */
function answersAt(made: Pair | Two): ClientAnswer<ServerInfo>[] {
  const answers: ClientAnswer<ServerInfo>[] = [];
  Object.assign(made.atServer, { clientAnswered: (answer: ClientAnswer<ServerInfo>) => void answers.push(answer) });
  return answers;
}

function connected(client: Partial<ClientOptions>, server: Partial<ServerOptions>) {
  const made = pair({ client, server });
  const answers = answersAt(made);
  return { ...connect(made), answers };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await undefined;
};

const messages = (events: readonly TraceEvent[], direction: "sent" | "received") =>
  events.flatMap((event) => (event.type === "message" && event.direction === direction ? [event] : []));

describe("a server that asks for a certificate after the handshake", () => {
  it("learns who its client is, and knows from then on", () => {
    const { server, network, answers, atServer, atClient } = connected(alice, asking());
    expect(atServer.info?.peer).toBeUndefined();
    const request = server.requestClientCertificate();
    network.run();
    expect(answers).toMatchObject([
      { request, authenticated: true, info: { clientSignatureScheme: { name: "ecdsa_secp256r1_sha256" } } },
    ]);
    expect(answers[0]?.info.peer).toBeInstanceOf(VerifiedChain);
    expect(server.info).toBe(answers[0]?.info);
    expect(server.info?.clientCertificates).toEqual(clientPki().certificate.chain.map(({ der }) => der));
    expect(atClient.error).toBeUndefined();
    server.send(Uint8Array.of(1));
    network.run();
    expect(atClient.data).toEqual(Uint8Array.of(1));
  });

  it("gives its client a ticket for that, and the one that its store still owed it", async () => {
    const given: ((ticket: Uint8Array) => void)[] = [];
    const tickets = {
      ticketFor: () => new Promise<Uint8Array>((resolve) => given.push(resolve)),
      sessionOf: () => undefined,
    };
    const kept: Uint8Array[] = [];
    const sessions = {
      put: (_server: string, session: Uint8Array) => void kept.push(session),
      take: () => undefined,
      forget: () => undefined,
    };
    const made = connected({ ...alice, sessions }, { ...asking(), tickets, ticketCount: 1 });
    made.server.requestClientCertificate();
    made.network.run();
    expect(made.answers).toMatchObject([{ authenticated: true }]);
    expect(given).toHaveLength(2);
    for (const [at, give] of given.entries()) give(Uint8Array.of(at));
    await turns();
    made.network.run();
    expect(kept).toHaveLength(2);
  });

  // RFC 9846 §4.7.2#answered
  it("gets Certificate, CertificateVerify and Finished, or an empty Certificate and Finished", () => {
    for (const client of [alice, askable]) {
      const { server, network, answers, atClient } = connected(client, asking());
      const before = messages(atClient.traced, "sent").length;
      server.requestClientCertificate();
      network.run();
      const names = messages(atClient.traced, "sent")
        .slice(before)
        .map(({ messageType: { name } }) => name);
      expect(names).toEqual(
        client === alice ? ["Certificate", "CertificateVerify", "Finished"] : ["Certificate", "Finished"],
      );
      expect(answers).toMatchObject([{ authenticated: client === alice }]);
    }
  });

  it("is told that its client shows none, and who it was before stays", () => {
    const chosen: (CertificateWithKey | undefined)[] = [undefined, clientPki().certificate, undefined];
    const client = { ...askable, certificates: ownCertificates(() => chosen.shift()) };
    const { server, network, answers } = connected(client, asking());
    for (let times = 0; times < 3; times += 1) server.requestClientCertificate();
    network.run();
    expect(answers.map(({ authenticated }) => authenticated)).toEqual([false, true, false]);
    expect(server.info?.peer).toBeInstanceOf(VerifiedChain);
  });

  it("ends the connection over none where one is required", () => {
    const certificates = [clientPki().certificate];
    let shows = true;
    const client = { ...askable, certificates: ownCertificates(() => (shows ? certificates[0] : undefined)) };
    const { server, network, atServer, atClient } = connected(client, asking({ demand: "required" }));
    expect(atServer.info?.peer).toBeInstanceOf(VerifiedChain);
    shows = false;
    server.requestClientCertificate();
    network.run();
    expect(atServer.error).toMatchObject({ code: "certificate_required" });
    expect(atClient.error).toMatchObject({ kind: "alert", alert: Alert.certificateRequired });
  });

  it("ends the connection over one that isn't accepted", () => {
    const checkClient = (): never => {
      throw peerError("not_on_the_list", Alert.accessDenied, "nobody of that name is known");
    };
    const { server, network, atServer, atClient, answers } = connected(alice, asking({ checkClient }));
    server.requestClientCertificate();
    network.run();
    expect(atServer.error).toMatchObject({ code: "not_on_the_list" });
    expect(atClient.error).toMatchObject({ kind: "alert", alert: Alert.accessDenied });
    expect(answers).toEqual([]);
  });

  // RFC 9846 §4.7.2#patience
  it("has patience, while data and key updates come and go", async () => {
    let answer = (_: CertificateWithKey | undefined): void => {};
    const chooseCertificate = () => new Promise<CertificateWithKey | undefined>((resolve) => (answer = resolve));
    const made = connected({ ...askable, certificates: ownCertificates(chooseCertificate) }, asking());
    const { client, server, network, atServer, atClient, answers } = made;
    server.requestClientCertificate();
    network.run();
    for (let times = 0; times < 3; times += 1) {
      client.send(Uint8Array.of(times));
      client.updateKeys(true);
      server.send(Uint8Array.of(times));
      network.run();
    }
    expect([atServer.data, atClient.data]).toEqual([Uint8Array.of(0, 1, 2), Uint8Array.of(0, 1, 2)]);
    expect(answers).toEqual([]);
    answer(clientPki().certificate);
    await turns();
    network.run();
    expect(answers).toMatchObject([{ authenticated: true }]);
    expect(atServer.error).toBeUndefined();
  });

  it("takes answers in whatever order they come", async () => {
    const waiting: ((certificate: CertificateWithKey | undefined) => void)[] = [];
    const chooseCertificate = () =>
      new Promise<CertificateWithKey | undefined>((resolve) => void waiting.push(resolve));
    const { server, network, answers } = connected(
      { ...askable, certificates: ownCertificates(chooseCertificate) },
      asking(),
    );
    const requests = [0, 1, 2].map(() => toHex(server.requestClientCertificate()));
    network.run();
    for (const number of [2, 0, 1]) {
      waiting[number]?.(number === 0 ? undefined : clientPki().certificate);
      await turns();
      network.run();
    }
    expect(answers.map(({ request, authenticated }) => [toHex(request), authenticated])).toEqual([
      [requests[2], true],
      [requests[0], false],
      [requests[1], true],
    ]);
  });

  // RFC 9846 §4.4.2#context-unique
  it("uses no context twice, whatever its random source does", () => {
    const server = { ...asking(), random: (length: number) => new Uint8Array(length).fill(7) };
    const made = connected(alice, server);
    const requests = Array.from({ length: 40 }, () => {
      const request = made.server.requestClientCertificate();
      made.network.run();
      return toHex(request);
    });
    expect(new Set(requests).size).toBe(40);
    expect(made.answers).toHaveLength(40);
  });

  it("asks no more when so many are unanswered", async () => {
    const chooseCertificate = () => new Promise<undefined>(() => {});
    const { server, network, atClient, atServer } = connected(
      { ...askable, certificates: ownCertificates(chooseCertificate) },
      asking(),
    );
    for (let times = 0; times < maxPendingCertificateRequests; times += 1) server.requestClientCertificate();
    expect(() => server.requestClientCertificate()).toThrow(
      expect.objectContaining({ kind: "caller", code: "too_many_certificate_requests" }),
    );
    network.run();
    expect([atClient.error, atServer.error]).toEqual([undefined, undefined]);
  });

  // RFC 9846 §4.3.6#only-if-offered
  it("can't ask a client that hasn't offered it, nor without rules, nor too early, nor too late", () => {
    const notAskable = expect.objectContaining({ kind: "caller", code: "client_not_askable" });
    expect(() => connected({}, asking()).server.requestClientCertificate()).toThrow(notAskable);
    expect(() => connected(alice, {}).server.requestClientCertificate()).toThrow(notAskable);
    // RFC 9325 §3.6#multiplexed, RFC 9113 §9.2.3
    const h2 = { alpnProtocols: ["h2"] };
    expect(() => connected({ ...alice, ...h2 }, { ...asking(), ...h2 }).server.requestClientCertificate()).toThrow(
      notAskable,
    );
    const early = pair({ client: alice, server: asking() });
    expect(() => early.server.requestClientCertificate()).toThrow(expect.objectContaining({ code: "not_established" }));
    const late = connected(alice, asking());
    late.server.close();
    expect(() => late.server.requestClientCertificate()).toThrow(expect.objectContaining({ code: "closed" }));
  });

  it("gives a ticket for the client that it has learned of, and resumes it as that client's", () => {
    const fleet = new Fleet();
    const first = fleet.made(alice, asking());
    const answers = answersAt(first);
    run(first);
    const before = first.atClient.sessions.length;
    first.server.requestClientCertificate();
    first.network.run();
    expect(answers).toMatchObject([{ authenticated: true }]);
    expect(first.atClient.sessions.length).toBe(before + 1);
    const [session] = first.atClient.sessions.slice(-1);
    const { atServer } = fleet.connected(alice, asking(), { session });
    expect(atServer.info).toMatchObject({ resumed: true, clientSignatureScheme: { keyType: "P-256" } });
    expect(atServer.info?.peer).toBeInstanceOf(VerifiedChain);
    // One from before knows of nobody.
    const anonymous = fleet.connected(alice, asking(), { session: first.atClient.sessions[0] });
    expect(anonymous.atServer.info).toMatchObject({ resumed: true, peer: undefined });
    const request = anonymous.server.requestClientCertificate();
    anonymous.network.run();
    expect(anonymous.server.info?.peer).toBeInstanceOf(VerifiedChain);
    expect(request).toHaveLength(32);
  });

  it("isn't handed over to another record layer while it waits", () => {
    const chooseCertificate = () => new Promise<undefined>(() => {});
    const { server, client, network } = connected(
      { ...askable, certificates: ownCertificates(chooseCertificate) },
      asking(),
    );
    server.requestClientCertificate();
    network.run();
    for (const end of [server, client]) {
      expect(() => dangerouslyTakeTrafficSecrets(end)).toThrow(expect.objectContaining({ code: "not_idle" }));
    }
  });
});

describe("a client that is asked after the handshake", () => {
  it("answers by the keys that its answer goes with, however late sealing is and whatever is updated meanwhile", () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const tasks = new LateTasks(seededRandom(seed));
      const made = pair({ client: alice, server: asking(), tasks });
      const answers = answersAt(made);
      connect(made);
      made.server.requestClientCertificate();
      made.client.send(new Uint8Array(40_000));
      made.client.updateKeys();
      made.server.updateKeys(true);
      made.network.run();
      made.client.updateKeys();
      made.client.send(new Uint8Array(9));
      made.network.run();
      expect(made.atServer.error, `seed ${seed}`).toBeUndefined();
      expect(answers, `seed ${seed}`).toMatchObject([{ authenticated: true }]);
      expect(made.atServer.data).toHaveLength(40_009);
    }
  });

  it("shows nothing any more when it has closed", async () => {
    let answer = (_: CertificateWithKey | undefined): void => {};
    const chooseCertificate = () => new Promise<CertificateWithKey | undefined>((resolve) => (answer = resolve));
    const { client, server, network, answers, atServer } = connected(
      { ...askable, certificates: ownCertificates(chooseCertificate) },
      asking(),
    );
    server.requestClientCertificate();
    network.run();
    client.close();
    answer(clientPki().certificate);
    await turns();
    network.run();
    expect(answers).toEqual([]);
    expect(atServer.events).toContain("ended");
    server.close();
    network.run();
    expect(atServer.outcome).toBe("orderly");
  });

  it("ends the connection if its own choice fails", () => {
    const chooseCertificate = (): never => {
      throw new RangeError("the card is out");
    };
    const { server, network, atClient, atServer } = connected(
      { ...askable, certificates: ownCertificates(chooseCertificate) },
      asking(),
    );
    server.requestClientCertificate();
    network.run();
    expect(atClient.error).toMatchObject({ kind: "internal" });
    expect(atServer.error).toMatchObject({ kind: "alert", alert: Alert.internalError });
  });
});
