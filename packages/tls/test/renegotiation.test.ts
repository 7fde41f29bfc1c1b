import {
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  applicationLayerProtocolNegotiation,
  encodeMessage,
  encryptThenMac,
  extendedMainSecret,
  extension,
  extensionCodes,
  extensionIn,
  HelloRequest,
  renegotiationInfo,
  type ServerHello,
  selectedVersion,
  serverNameList,
  sessionTicket,
  supportedVersions,
} from "@tlskit/messages";
import { ContentType } from "@tlskit/record";
import { MemorySessionStore } from "@tlskit/sessions";
import { InMemoryNetwork, LateTasks, type LinkOptions, lateProvider, seededRandom } from "@tlskit/testing";
import {
  Alert,
  ClientContext,
  type ClientInfo,
  type ClientOptions,
  maxHelloRequests,
  maxRenegotiations,
  maxRenegotiationsRefused,
  ownCertificates,
  PskClient,
  PskClientContext,
  type PskClientInfo,
  resumption,
  ServerContext,
  type ServerOptions,
  TlsClient,
  tls12,
  tls12With,
  tls13,
} from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { tls10, tls11 } from "@tlskit/tls/legacy";
import { ecdhePskWith, type PskOptions } from "@tlskit/tls/psk";
import { dangerousRenegotiation, renegotiation } from "@tlskit/tls/renegotiation";
import { concat, toHex } from "@tlskit/wire";
import { describe, expect, it, test } from "vitest";
import { keyOf12, ours, withSuites } from "./helpers/psk12.ts";
import { type Deviations, RenegotiatingServer } from "./helpers/renegotiating-server.ts";
import { text } from "./helpers/scenarios.ts";
import { Recorder } from "./helpers/under-test.ts";
import { clientPki, host, now, pair, sharedPki } from "./helpers/world.ts";

interface Wishes {
  readonly client?: Partial<ClientOptions>;
  readonly server?: Partial<ServerOptions>;
  /** What the server has from the second handshake on. */
  readonly later?: Partial<ServerOptions>;
  readonly deviations?: Deviations;
  readonly link?: LinkOptions;
  readonly tasks?: LateTasks;
}

/** A client that renegotiates, unless told otherwise, and a server that asks. */
function connected(wishes: Wishes = {}) {
  const { client: ofClient, server: ofServer, later, deviations, tasks } = wishes;
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const link = network.link(wishes.link);
  const keyLog: string[] = [];
  const context = new ClientContext({
    resumption,
    provider: tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks),
    clock: network.clock,
    random: seededRandom(1),
    anchors: sharedPki().anchors,
    versions: [tls12, tls13],
    keyLog: (line) => keyLog.push(line),
    renegotiation,
    ...ofClient,
  });
  const serverContext = (options: Partial<ServerOptions> = {}): ServerContext =>
    new ServerContext({
      provider: nodeProvider,
      clock: network.clock,
      random: seededRandom(2),
      versions: [tls12],
      certificates: sharedPki().certificates.slice(0, 1),
      ...ofServer,
      ...options,
    });
  const atClient = new Recorder<ClientInfo>(link.left.write, link.left.end);
  const laterContext = later && serverContext(later);
  const server = new RenegotiatingServer(link.right, serverContext(), {
    ...(laterContext === undefined ? {} : { laterContext }),
    ...deviations,
  });
  const client = new TlsClient(context, { host }, atClient);
  link.left.attach(client);
  client.start();
  network.run();
  expect([server.error, atClient.outcome, server.rounds.length]).toEqual([undefined, undefined, 1]);
  const ask = (): void => {
    server.ask();
    network.run();
  };
  return { network, link, client, server, atClient, keyLog, ask };
}

const namesSent = ({ traced }: Recorder<ClientInfo>): readonly string[] =>
  traced.flatMap((event) => {
    if (event.direction !== "sent") return [];
    if (event.type === "message") return [event.messageType.name];
    return event.type === "changeCipherSpec" ? ["change_cipher_spec"] : [];
  });

const fullHandshake = ["ClientHello", "ClientKeyExchange", "change_cipher_spec", "Finished"];

describe("a client that renegotiates where its server asks (RFC 5746 §3.5)", () => {
  it("makes another handshake in the connection, in whose protection it is", () => {
    const { server, client, network, atClient, ask } = connected();
    ask();
    expect([server.error, atClient.outcome]).toEqual([undefined, undefined]);
    expect(server.rounds).toHaveLength(2);
    expect(atClient.events).toEqual(["established", "renegotiating", "renegotiated"]);
    expect(namesSent(atClient)).toEqual([...fullHandshake, ...fullHandshake]);
    expect(client.info).toMatchObject({ version: 0x0303, resumed: false });
    client.send(text("to the server"));
    server.send("to the client");
    network.run();
    expect([server.text, atClient.text]).toEqual(["to the server", "to the client"]);
    expect(client.deadline).toBeUndefined();
  });

  // RFC 5746 §3.5#sent, §3.5#no-scsv
  it("offers what the connection has, bound to what was before, and nothing else", () => {
    const alpnProtocols = ["x", "y"];
    const sessions = new MemorySessionStore({ clock: () => now });
    const { server, ask, client } = connected({
      client: { alpnProtocols, sessions },
      server: { alpnProtocols: ["y"] },
    });
    ask();
    const [first, second] = server.hellos;
    if (first === undefined || second === undefined) throw new TypeError("there are two hellos");
    const [before] = server.rounds;
    const verifyData = before?.secrets.type === "earlier" ? before.secrets.verifyData.client : undefined;
    expect(extensionIn(second, renegotiationInfo)).toEqual(verifyData);
    expect(second.cipherSuites).not.toContain(0x00ff);
    expect(second.cipherSuites.filter((code) => code >> 8 === 0x13)).toEqual([]);
    expect([second.legacyVersion, second.legacySessionId.length]).toEqual([first.legacyVersion, 0]);
    expect(extensionCodes(first)).toContain(supportedVersions.code);
    expect(extensionCodes(second)).not.toContain(supportedVersions.code);
    expect(extensionIn(second, sessionTicket)).toEqual(new Uint8Array(0));
    expect(extensionIn(second, extendedMainSecret)).toBeNull();
    expect(extensionIn(second, serverNameList)).toEqual(extensionIn(first, serverNameList));
    expect(extensionIn(second, applicationLayerProtocolNegotiation)).toEqual([text("y")]);
    expect(client.info?.alpnProtocol).toBe("y");
  });

  it("shows who it is to a server that wants to know it now", () => {
    const certificate = clientPki().certificateOf("P-256");
    const { client, ask, server, atClient } = connected({
      client: { certificates: ownCertificates([certificate]) },
      later: { clientCertificates: { demand: "required", anchors: clientPki().anchors } },
    });
    expect(client.info?.clientCertificates).toEqual([]);
    ask();
    expect(atClient.outcome).toBeUndefined();
    expect(client.info?.clientCertificates).toEqual(certificate.chain.map(({ der }) => der));
    expect(server.rounds.at(-1)?.negotiated.clientCertificates).toEqual(client.info?.clientCertificates);
  });

  // RFC 5929 §3.1, RFC 5705 §4
  it("binds channels by, and exports from, the last handshake, as its server does", () => {
    const { client, server, ask } = connected();
    const bindings = new Set<string>();
    const exported = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      if (round > 0) ask();
      const secrets = server.rounds.at(-1)?.secrets;
      if (secrets?.type !== "earlier") throw new TypeError("TLS 1.2 is earlier than TLS 1.3");
      expect(client.channelBinding("tls-unique")).toEqual(secrets.verifyData.client);
      const ours = client.exportKeyingMaterial("EXPERIMENTAL test", undefined, 32);
      expect(ours).toEqual(secrets.exporter.export("EXPERIMENTAL test", undefined, 32));
      bindings.add(toHex(client.channelBinding("tls-unique")));
      exported.add(toHex(ours));
    }
    expect([bindings.size, exported.size]).toEqual([3, 3]);
  });

  it("logs the main secret of each", () => {
    const { keyLog, ask } = connected();
    ask();
    expect(new Set(keyLog.map((line) => line.split(" ")[0]))).toEqual(new Set(["CLIENT_RANDOM"]));
    expect(new Set(keyLog).size).toBe(2);
  });

  it("does so behind a session that was resumed too", () => {
    const sessions = new MemorySessionStore({ clock: () => now });
    const kept = new Map<string, Uint8Array>();
    const tickets = {
      ticketFor: (session: Uint8Array) => {
        const ticket = Uint8Array.of(1, kept.size);
        kept.set(toHex(ticket), session.slice());
        return ticket;
      },
      sessionOf: (ticket: Uint8Array) => kept.get(toHex(ticket)),
    };
    const wishes: Wishes = { client: { sessions, versions: [tls12] }, server: { tickets } };
    connected(wishes);
    const { client, server, ask, atClient } = connected(wishes);
    expect(client.info?.resumed).toBe(true);
    ask();
    expect([atClient.outcome, client.info?.resumed, server.rounds.length]).toEqual([undefined, false, 2]);
  });

  // RFC 5246 §7.2.2#session-forgotten
  it("leaves one session to be resumed, the first one's, as long as nothing fails", () => {
    const sessions = new MemorySessionStore({ clock: () => now });
    const tickets = { ticketFor: () => Uint8Array.of(1), sessionOf: () => undefined };
    const { client, server, ask, network, atClient } = connected({
      client: { sessions, certificates: ownCertificates([clientPki().certificateOf("P-256")]) },
      server: { tickets },
      later: { tickets, clientCertificates: { demand: "required", anchors: clientPki().anchors } },
    });
    const { bytes } = sessions;
    expect(bytes).toBeGreaterThan(0);
    ask();
    expect([client.info?.clientCertificates.length, sessions.bytes]).toEqual([2, bytes]);
    server.alert(Alert.internalError, 2);
    network.run();
    expect([atClient.error?.code, sessions.bytes]).toEqual(["alert_internal_error", 0]);
  });

  it.each([
    ["suites with an AEAD", TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384],
    ["CBC", TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256],
    ["CBC and then an AEAD", TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256],
    ["an AEAD and then CBC", TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256],
  ])("goes over to other keys: %s", (_, first, then) => {
    const versions = (...cipherSuites: readonly Tls12CipherSuite[]) => [tls12With({ cipherSuites, cbc })];
    const { client, server, ask, network, atClient } = connected({
      client: { versions: versions(...new Set([first, then])) },
      server: { versions: versions(first) },
      later: { versions: versions(then) },
    });
    ask();
    expect(client.info?.cipherSuite).toBe(then);
    client.send(text("in"));
    server.send("out");
    network.run();
    expect([server.text, atClient.text, atClient.outcome]).toEqual(["in", "out", undefined]);
  });

  it.each([tls11, tls10])("does so in older versions, whose hello says what the first one said: $name", (version) => {
    const { client, server, ask, network, atClient } = connected({
      client: { versions: [tls13, tls12, tls11, tls10] },
      server: { versions: [version] },
    });
    ask();
    client.send(text("in"));
    server.send("out");
    network.run();
    expect([server.text, atClient.text, atClient.outcome]).toEqual(["in", "out", undefined]);
    expect(server.rounds.map(({ negotiated }) => negotiated.version)).toEqual([version.code, version.code]);
    expect(server.hellos.map(({ legacyVersion }) => legacyVersion)).toEqual([0x0303, 0x0303]);
    expect(server.hellos.map((hello) => extensionIn(hello, supportedVersions)?.length)).toEqual([4, undefined]);
  });

  it("is the same where cryptography answers later, whatever comes in between", () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const { client, server, network, atClient } = connected({ tasks: new LateTasks(seededRandom(seed)) });
      client.send(text("one,"));
      server.send("eins,");
      server.ask();
      server.send("zwei");
      client.send(text("two"));
      network.run();
      expect([server.text, atClient.text, server.rounds.length], `seed ${seed}`).toEqual(["one,two", "eins,zwei", 2]);
      expect(atClient.outcome).toBeUndefined();
    }
  });

  it("does so a number of times, and then refuses with a warning", () => {
    const { server, ask, atClient } = connected();
    for (let round = 0; round < maxRenegotiations; round += 1) ask();
    expect([server.rounds.length, atClient.outcome]).toEqual([maxRenegotiations + 1, undefined]);
    ask();
    expect([server.rounds.length, server.log.at(-1)]).toEqual([maxRenegotiations + 1, Alert.noRenegotiation]);
    for (let more = 1; more < maxRenegotiationsRefused; more += 1) ask();
    expect(atClient.outcome).toBeUndefined();
    ask();
    expect(atClient.error).toMatchObject({ code: "too_many_renegotiations", alert: Alert.unexpectedMessage });
  });

  // RFC 5246 §7.4#hello-request-ignored
  it("passes over that it is asked again meanwhile, and heeds no warnings", () => {
    const { server, ask, atClient } = connected({
      deviations: {
        before: (name, at) => {
          if (name !== "ServerHello" && name !== "change_cipher_spec") return;
          for (let time = 0; time < maxHelloRequests / 2; time += 1) at.ask();
          at.alert(Alert.unrecognizedName);
        },
      },
    });
    ask();
    ask();
    expect([server.rounds.length, atClient.outcome]).toEqual([3, undefined]);
  });
});

describe("data while a client renegotiates", () => {
  // RFC 5246 §6.2.1#interleaved-data
  it("comes between the messages of its server", () => {
    const points = ["ServerHello", "Certificate", "ServerKeyExchange", "ServerHelloDone", "change_cipher_spec"];
    const { server, ask, atClient } = connected({
      deviations: {
        before: (name, at) => {
          at.send(points.includes(name) ? `${name}, ` : "");
        },
      },
    });
    // Not directly behind the change of keys, even if there is nothing in it.
    ask();
    expect(atClient.text).toBe(points.map((name) => `${name}, `).join(""));
    expect(atClient.error).toMatchObject({ code: "interleaved_record", alert: Alert.unexpectedMessage });
    expect(server.log.at(-1)).toBe(Alert.unexpectedMessage);
  });

  it("of its own waits for the end, and so does its close", () => {
    const { client, server, network, atClient } = connected({ link: { latency: 10 } });
    client.send(text("before, "));
    server.ask();
    network.advance(10);
    expect(namesSent(atClient).at(-1)).toBe("ClientHello");
    client.send(text("meanwhile"));
    expect(client.unsent).toBe("meanwhile".length);
    client.close();
    client.close();
    expect(() => client.send(text("afterwards"))).toThrow(expect.objectContaining({ kind: "caller", code: "closed" }));
    network.run();
    expect(server.text).toBe("before, meanwhile");
    expect(server.log.slice(4)).toEqual(["data", ...fullHandshake, "data", Alert.closeNotify]);
    expect(atClient.events).toContain("sendEnded");
    server.alert(Alert.closeNotify);
    network.run();
    expect(atClient.outcome).toBe("orderly");
  });

  it("that comes before the server's close_notify is whole", () => {
    const { client, server, network, atClient } = connected({ link: { latency: 10 } });
    server.ask();
    network.advance(10);
    client.send(text("dropped, as everything behind a close_notify is"));
    server.send("last words");
    server.alert(Alert.closeNotify);
    network.advance(10);
    expect([atClient.text, atClient.outcome, atClient.events.at(-2)]).toEqual(["last words", "orderly", "sendEnded"]);
    expect(() => client.send(text("more"))).toThrow(expect.objectContaining({ code: "closed" }));
  });
});

describe("a renegotiation that doesn't end", () => {
  const begun = (client: Partial<ClientOptions> = {}) => {
    const made = connected({ client, link: { latency: 10 } });
    made.server.ask();
    made.network.advance(10);
    expect(namesSent(made.atClient).at(-1)).toBe("ClientHello");
    return made;
  };

  it("has the time of a handshake", () => {
    const { client, network, atClient, link } = begun({ handshakeTimeout: 5_000 });
    link.right.attach({ receive: () => {}, receiveEnd: () => {}, checkDeadline: () => {}, deadline: undefined });
    expect(client.deadline).toBe(network.clock() + 5_000);
    network.advance(5_000);
    expect(atClient.error).toMatchObject({ code: "handshake_timeout" });
  });

  it("is a truncation if the stream ends, also for whoever could go on sending", () => {
    const { client, network, atClient } = begun();
    Object.assign(atClient, { truncated: () => atClient.events.push("truncated") });
    client.send(text("never"));
    client.receiveEnd();
    network.run();
    expect(atClient.error).toMatchObject({ kind: "truncation", code: "truncated" });
    expect(atClient.events).not.toContain("truncated");
  });

  it("can be aborted", () => {
    const { client, network, server, atClient } = begun();
    client.abort(Alert.accessDenied);
    network.run();
    expect(atClient.error).toMatchObject({ code: "aborted" });
    expect(server.log).toContain(Alert.accessDenied);
  });
});

/** TLS 1.2 as it was before RFC 7627. */
function withoutExtendedMainSecret(): typeof tls12 {
  const { earlier } = tls12;
  if (earlier === undefined) throw new TypeError("TLS 1.2 is earlier than TLS 1.3");
  const offer: typeof earlier.offer = (...asked) => {
    const offered = earlier.offer(...asked);
    return { ...offered, extensions: offered.extensions.filter(({ code }) => code !== extendedMainSecret.code) };
  };
  return { ...tls12, earlier: { ...earlier, offer } };
}

describe("a client that is asked for another handshake", () => {
  // RFC 5746 §4.2#refused, §4.2#alert, §5#option
  it("refuses with a warning if it wasn't told otherwise, and goes on", () => {
    const { server, client, ask, network, atClient } = connected({ client: { renegotiation: undefined } });
    ask();
    client.send(text("going on"));
    network.run();
    expect(server.log.slice(4)).toEqual([Alert.noRenegotiation, "data"]);
    expect([atClient.outcome, server.rounds.length]).toEqual([undefined, 1]);
  });

  // RFC 7627 §5.4#no-renegotiation
  it("refuses without an extended main secret", () => {
    const { server, ask, atClient } = connected({ client: { versions: [withoutExtendedMainSecret()] } });
    ask();
    expect(server.log.slice(4)).toEqual([Alert.noRenegotiation]);
    expect([atClient.outcome, server.rounds.length]).toEqual([undefined, 1]);
  });

  // RFC 9113 §9.2.1
  it("refuses under HTTP/2, which forbids it, whatever it was told", () => {
    const { server, ask } = connected({ client: { alpnProtocols: ["h2"] }, server: { alpnProtocols: ["h2"] } });
    ask();
    expect([server.log.slice(4), server.rounds.length]).toEqual([[Alert.noRenegotiation], 1]);
  });

  it("does nothing any more when it has closed", () => {
    const { server, client, ask, atClient } = connected();
    client.close();
    ask();
    expect(namesSent(atClient)).toEqual(fullHandshake);
    expect(server.log.slice(4)).toEqual([Alert.closeNotify]);
  });
});

type Case = readonly [name: string, wishes: Wishes, code: string, alert: number];

describe("a client that renegotiates refuses a server", () => {
  const answering = (serverHello: (hello: ServerHello) => Partial<ServerHello>): Wishes => ({
    deviations: { serverHello },
  });
  const saying = (info: Required<Deviations>["info"]): Wishes => ({ deviations: { info } });
  const without =
    ({ code }: { readonly code: number }) =>
    ({ extensions = [] }: ServerHello): Partial<ServerHello> => ({
      extensions: extensions.filter((each) => each.code !== code),
    });
  const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
    bytes.map((byte, index) => (index === at ? byte ^ 0x80 : byte));
  const refused = "renegotiation_info";
  const cbcVersions = [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256], cbc })];
  const withCbc: Wishes = { client: { versions: cbcVersions }, server: { versions: cbcVersions } };
  const others = sharedPki().certificateOf("P-384");

  it.each<Case>([
    // RFC 5746 §3.5#presence-checked
    ["that doesn't bind it", saying(() => undefined), "no_secure_renegotiation", Alert.handshakeFailure],
    // RFC 5746 §3.5#value-checked
    ["that binds it to nothing", saying(() => new Uint8Array(0)), refused, Alert.handshakeFailure],
    ["that binds it to the client alone", saying((client) => client), refused, Alert.handshakeFailure],
    ["that binds it to itself alone", saying((_, server) => server), refused, Alert.handshakeFailure],
    ["that binds it the wrong way round", saying((client, server) => concat(server, client)), refused, 40],
    ["whose first bit is wrong", saying((...both) => flipped(concat(...both), 0)), refused, Alert.handshakeFailure],
    ["whose last byte is wrong", saying((...both) => flipped(concat(...both), 23)), refused, Alert.handshakeFailure],
    [
      "that says more than it should",
      saying((...both) => concat(...both, Uint8Array.of(0))),
      refused,
      Alert.handshakeFailure,
    ],
    [
      "that shows other certificates",
      { later: { certificates: [others] } },
      "certificate_changed",
      Alert.illegalParameter,
    ],
    [
      "that shows fewer certificates",
      {
        later: {
          certificates: sharedPki()
            .certificates.slice(0, 1)
            .map((each) => ({ ...each, chain: each.chain.slice(0, 1) })),
        },
      },
      "certificate_changed",
      Alert.illegalParameter,
    ],
    // RFC 7627 §5.4#no-renegotiation
    [
      "that has no extended main secret any more",
      answering(without(extendedMainSecret)),
      "extended_main_secret_changed",
      Alert.handshakeFailure,
    ],
    // RFC 7366 §3.1#no-downgrade
    [
      "that goes back to MAC first",
      { ...withCbc, ...answering(without(encryptThenMac)) },
      "encrypt_then_mac_changed",
      Alert.illegalParameter,
    ],
    // RFC 9846 §4.3.1#decides
    // RFC 9846 §4.2.3#renegotiation-version
    [
      "that comes to TLS 1.3",
      answering(({ extensions = [] }) => ({ extensions: [...extensions, extension(selectedVersion, 0x0304)] })),
      "protocol_version",
      Alert.protocolVersion,
    ],
    ["of an older version", answering(() => ({ legacyVersion: 0x0302 })), "protocol_version", Alert.protocolVersion],
    [
      "that has another application protocol",
      {
        client: { alpnProtocols: ["x", "y"] },
        server: { alpnProtocols: ["x"] },
        ...answering(({ extensions = [] }) => ({
          extensions: extensions.map((each) =>
            each.code === applicationLayerProtocolNegotiation.code
              ? extension(applicationLayerProtocolNegotiation, [text("y")])
              : each,
          ),
        })),
      },
      "alpn_not_offered",
      Alert.illegalParameter,
    ],
    [
      "that has no application protocol any more",
      {
        client: { alpnProtocols: ["x"] },
        server: { alpnProtocols: ["x"] },
        ...answering(without(applicationLayerProtocolNegotiation)),
      },
      "alpn_changed",
      Alert.illegalParameter,
    ],
    [
      "that has one now",
      {
        client: { alpnProtocols: ["x"] },
        server: { alpnProtocols: [] },
        ...answering(({ extensions = [] }) => ({
          extensions: [...extensions, extension(applicationLayerProtocolNegotiation, [text("x")])],
        })),
      },
      "unsolicited_extension",
      Alert.unsupportedExtension,
    ],
    [
      "that asks again and again meanwhile",
      {
        deviations: {
          before: (name, at) => {
            if (name !== "Certificate") return;
            for (let time = 0; time <= maxHelloRequests; time += 1) at.ask();
          },
        },
      },
      "too_many_hello_requests",
      Alert.unexpectedMessage,
    ],
    // RFC 5246 §7.1
    [
      "whose change_cipher_spec is in the clear",
      {
        deviations: {
          before: (name, at) => {
            if (name === "change_cipher_spec") at.inTheClear(ContentType.changeCipherSpec, Uint8Array.of(1));
          },
        },
      },
      "bad_record_mac",
      Alert.badRecordMac,
    ],
    [
      "whose change_cipher_spec comes too early",
      {
        deviations: {
          before: (name, at) => {
            if (name === "ServerHelloDone") at.write(ContentType.changeCipherSpec, Uint8Array.of(1));
          },
        },
      },
      "unexpected_record",
      Alert.unexpectedMessage,
    ],
    [
      "that puts data into a message",
      {
        deviations: {
          before: (name, at) => {
            if (name !== "Certificate") return;
            at.write(ContentType.handshake, encodeMessage(HelloRequest, null).subarray(0, 2));
            at.send("data");
          },
        },
      },
      "interleaved_record",
      Alert.unexpectedMessage,
    ],
  ])("%s", (_, wishes, code, alert) => {
    const { client, server, atClient, ask, network } = connected(wishes);
    client.send(text("before"));
    ask();
    expect(atClient.error).toMatchObject({ kind: "peer", code, alert });
    expect(server.log).toContain(alert);
    network.run();
    expect([server.text, atClient.events.includes("renegotiated")]).toEqual(["before", false]);
  });

  // RFC 7366 §3.1#kept
  it("that goes over to encrypt-then-MAC where it had MAC first", () => {
    const { earlier } = cbcVersions[0] ?? {};
    if (earlier === undefined) throw new TypeError("TLS 1.2 is earlier than TLS 1.3");
    const offer: typeof earlier.offer = (io, context, resumable) => {
      const offered = earlier.offer(io, context, resumable);
      if (context.renegotiates !== undefined) return offered;
      return { ...offered, extensions: offered.extensions.filter(({ code }) => code !== encryptThenMac.code) };
    };
    const versions = cbcVersions.map((version) => ({ ...version, earlier: { ...earlier, offer } }));
    const { ask, atClient } = connected({ ...withCbc, client: { versions } });
    ask();
    expect(atClient.error).toMatchObject({ code: "encrypt_then_mac_changed", alert: Alert.illegalParameter });
  });
});

test("a client says once what it takes between handshakes", () => {
  const { server, atClient, network } = connected();
  server.write(ContentType.handshake, Uint8Array.of(12, 0, 0, 0));
  network.run();
  expect(atClient.error).toMatchObject({
    code: "unexpected_message",
    message: "server_key_exchange came where HelloRequest was expected",
  });
});

describe("a server without renegotiation_info", () => {
  const firstServerHello = ({ extensions = [] }: ServerHello): Partial<ServerHello> => ({
    extensions: extensions.filter(({ code }) => code !== renegotiationInfo.code),
  });
  const client = { dangerousServersWithoutRenegotiationInfo: true };

  it("is taken where that is asked for (RFC 5746 §4.1)", () => {
    const { client: taking, server, network, atClient } = connected({ client, deviations: { firstServerHello } });
    taking.send(text("to an old device"));
    network.run();
    expect([server.text, atClient.outcome]).toEqual(["to an old device", undefined]);
  });

  // RFC 5746 §4.2#refused
  it("isn't given another handshake", () => {
    const { server, atClient, ask } = connected({ client, deviations: { firstServerHello } });
    ask();
    expect([server.log.at(-1), server.rounds.length, atClient.outcome]).toEqual([Alert.noRenegotiation, 1, undefined]);
  });

  it("can't become one that hasn't got it any more", () => {
    const { atClient, ask } = connected({ client, deviations: { serverHello: firstServerHello } });
    ask();
    expect(atClient.error).toMatchObject({ code: "no_secure_renegotiation", alert: Alert.handshakeFailure });
  });
});

describe("a client with a pre-shared key that renegotiates", () => {
  const suite = TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256;
  const psks = [ours, keyOf12("client 2", 7)];

  /** @param chosen which of its keys the client takes, handshake by handshake. */
  function byPsk(chosen: readonly number[]) {
    const network = new InMemoryNetwork({ now });
    const { left, right } = network.link();
    const common = { provider: nodeProvider, clock: network.clock, externalPsks: psks };
    let handshakes = 0;
    const choosePsk: PskOptions["choosePsk"] = (_, known) => {
      handshakes += 1;
      return known[chosen[handshakes - 1] ?? 0];
    };
    const versions = [tls12With({ cipherSuites: [suite], keyExchanges: [ecdhePskWith({ choosePsk })] })];
    const context = new PskClientContext({ resumption, ...common, random: seededRandom(1), versions, renegotiation });
    const serverContext = new ServerContext({
      ...common,
      random: seededRandom(2),
      versions: withSuites(suite),
      certificates: [],
    });
    const atClient = new Recorder<PskClientInfo>(left.write, left.end);
    const server = new RenegotiatingServer(right, serverContext);
    const client = new PskClient(context, { host }, atClient);
    left.attach(client);
    client.start();
    network.run();
    server.ask();
    network.run();
    return { server, client, atClient };
  }

  it("keeps to the one that it began with", () => {
    const { server, client, atClient } = byPsk([0, 0]);
    expect([server.rounds.length, atClient.outcome, client.info?.externalPsk]).toEqual([2, undefined, ours]);
    expect(atClient.events).toContain("renegotiated");
  });

  it("refuses a handshake with another one", () => {
    const { atClient } = byPsk([0, 1]);
    expect(atClient.error).toMatchObject({ code: "psk_changed", alert: Alert.illegalParameter });
    expect(atClient.events).not.toContain("renegotiated");
  });
});

describe("a client that begins another handshake unasked (RFC 5246 §7.4.1.2)", () => {
  it("makes it in the connection, bound to the one before", () => {
    const { server, client, network, atClient } = connected();
    client.renegotiate();
    network.run();
    expect([server.error, atClient.outcome]).toEqual([undefined, undefined]);
    expect(server.rounds).toHaveLength(2);
    expect(atClient.events).toEqual(["established", "renegotiating", "renegotiated"]);
    expect(namesSent(atClient)).toEqual([...fullHandshake, ...fullHandshake]);
    const [, second] = server.hellos;
    expect(second && extensionIn(second, renegotiationInfo)).toHaveLength(12);
    client.send(text("to the server"));
    server.send("to the client");
    network.run();
    expect([server.text, atClient.text]).toEqual(["to the server", "to the client"]);
  });

  it("makes one where both want it at once", () => {
    const { server, client, network, atClient } = connected();
    server.ask();
    client.renegotiate();
    network.run();
    expect([server.error, atClient.outcome]).toEqual([undefined, undefined]);
    expect(server.rounds).toHaveLength(2);
  });

  it("makes no more than it may", () => {
    const { server, client, network } = connected();
    for (let round = 0; round < maxRenegotiations; round += 1) {
      client.renegotiate();
      network.run();
    }
    expect(server.rounds).toHaveLength(maxRenegotiations + 1);
    expect(() => client.renegotiate()).toThrow(expect.objectContaining({ code: "no_renegotiation" }));
  });

  it("makes none while another one is under way", () => {
    const { client } = connected();
    client.renegotiate();
    expect(() => client.renegotiate()).toThrow(expect.objectContaining({ code: "no_renegotiation" }));
  });

  it("is over where the server refuses it", () => {
    const before: Deviations["before"] = (name, server) => {
      if (name === "ServerHello") server.alert(Alert.noRenegotiation);
    };
    const { client, network, atClient } = connected({ deviations: { before } });
    client.renegotiate();
    network.run();
    expect(atClient.error).toMatchObject({ kind: "alert", alert: Alert.noRenegotiation });
  });

  it.each<[string, Wishes]>([
    ["by a client that wasn't told to", { client: { renegotiation: undefined } }],
    ["under HTTP/2", { client: { alpnProtocols: ["h2"] }, server: { alpnProtocols: ["h2"] } }],
  ])("isn't made %s", (_, wishes) => {
    const { client } = connected(wishes);
    expect(() => client.renegotiate()).toThrow(expect.objectContaining({ code: "no_renegotiation" }));
  });

  it("isn't made in TLS 1.3", () => {
    const { client, server, network } = pair({ client: { renegotiation } });
    server.start();
    client.start();
    network.run();
    expect(() => client.renegotiate()).toThrow(expect.objectContaining({ code: "no_renegotiation" }));
  });

  it("isn't made before the first one is done, or when the connection is closed", () => {
    const { client, network } = connected();
    client.close();
    expect(() => client.renegotiate()).toThrow(expect.objectContaining({ code: "closed" }));
    network.run();
    const idle = new TlsClient(
      new ClientContext({
        provider: nodeProvider,
        clock: () => now,
        random: seededRandom(1),
        anchors: sharedPki().anchors,
      }),
      { host },
      { ciphertext: () => {}, plaintext: () => {}, closed: () => {} },
    );
    expect(() => idle.renegotiate()).toThrow(expect.objectContaining({ code: "not_established" }));
  });
});

describe("a client that is dangerously told to renegotiate", () => {
  it("does so without an extended main secret, asked or not", () => {
    const { server, client, network, ask, atClient } = connected({
      client: { versions: [withoutExtendedMainSecret()], renegotiation: dangerousRenegotiation },
    });
    client.renegotiate();
    network.run();
    ask();
    expect([server.error, atClient.outcome]).toEqual([undefined, undefined]);
    expect(server.rounds).toHaveLength(3);
  });

  // RFC 7627 §5.4#no-renegotiation
  it("refuses a server that had one and has none any more", () => {
    const { client, network, atClient } = connected({
      client: { renegotiation: dangerousRenegotiation },
      deviations: {
        serverHello: ({ extensions = [] }) => ({
          extensions: extensions.filter(({ code }) => code !== extendedMainSecret.code),
        }),
      },
    });
    client.renegotiate();
    network.run();
    expect(atClient.error).toMatchObject({ code: "extended_main_secret_changed", alert: Alert.handshakeFailure });
  });

  it("does so neither under HTTP/2 nor with a server that binds nothing", () => {
    const http2 = connected({
      client: { alpnProtocols: ["h2"], renegotiation: dangerousRenegotiation },
      server: { alpnProtocols: ["h2"] },
    });
    expect(() => http2.client.renegotiate()).toThrow(expect.objectContaining({ code: "no_renegotiation" }));
    const unbound = connected({
      client: { renegotiation: dangerousRenegotiation, dangerousServersWithoutRenegotiationInfo: true },
      deviations: {
        firstServerHello: ({ extensions = [] }) => ({
          extensions: extensions.filter(({ code }) => code !== renegotiationInfo.code),
        }),
      },
    });
    expect(() => unbound.client.renegotiate()).toThrow(expect.objectContaining({ code: "no_renegotiation" }));
  });
});
