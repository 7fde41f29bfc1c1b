import type { CaptureEvent } from "@tlskit/capture";
import { cipherSuites, secp256r1, x25519 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { explainMessage } from "@tlskit/messages";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { ownCertificates, postHandshakeAuthentication } from "@tlskit/tls";
import { leavesOf } from "@tlskit/wire";
import { describe, expect, it, test } from "vitest";
import {
  bytesOf,
  dataOf,
  decryptedPackets,
  messagesOf,
  now,
  type RecordingOptions,
  undecrypted,
  World,
} from "./helpers/recording.ts";

/** What a connection comes to, recorded. */
function events(options: RecordingOptions = {}): readonly CaptureEvent[] {
  const world = new World();
  return decryptedPackets([world.record(options)], world.keyLog);
}

/** A key log without the lines that begin so. */
const without = (keyLog: string, ...labels: readonly string[]): string =>
  keyLog
    .split("\n")
    .filter((line) => !labels.some((label) => line.startsWith(label)))
    .join("\n");

describe("a connection of TLS 1.3", () => {
  it.each(cipherSuites.map((suite) => [suite.name, suite] as const))("by %s is read from end to end", (_, suite) => {
    const told = events({ client: { cipherSuites: [suite] }, server: { cipherSuites: [suite] } });
    expect(messagesOf(told, "client")).toEqual(["ClientHello", "[Finished]"]);
    expect(messagesOf(told, "server")).toEqual([
      "ServerHello",
      "[EncryptedExtensions]",
      "[Certificate]",
      "[CertificateVerify]",
      "[Finished]",
      "[NewSessionTicket]",
      "[NewSessionTicket]",
    ]);
    expect([dataOf(told, "client"), dataOf(told, "server")]).toEqual(["ping", "pong"]);
    expect(undecrypted(told)).toEqual([]);
    expect(told).toContainEqual(
      expect.objectContaining({ type: "negotiated", version: 0x0304, cipherSuite: suite.code }),
    );
  });

  it("is told of with who, when, and how it ended", () => {
    const told = events();
    expect(told.map(({ type }) => type).filter((type) => type !== "message")).toEqual([
      "opened",
      "tls",
      "negotiated",
      "changeCipherSpec",
      "changeCipherSpec",
      "data",
      "data",
      "alert",
      "alert",
      "closed",
    ]);
    expect(told[1]).toMatchObject({
      client: { address: "192.0.2.1", port: 50_000 },
      server: { address: "192.0.2.2", port: 443 },
      moment: { packet: 4, at: BigInt(Date.UTC(2026, 0)) * 1_000_000n + 3_000_000n },
    });
    expect(told.at(-1)).toMatchObject({ type: "closed", how: "finished" });
    const numbers = told.flatMap(({ moment }) => moment.packet);
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  });

  it("has its messages explained to the last byte", () => {
    const messages = events().filter((event) => event.type === "message");
    expect(messages).toHaveLength(9);
    for (const { messageType, bytes } of messages) {
      if (messageType === undefined) throw new TypeError("a message without a type");
      const leaves = leavesOf(explainMessage(messageType, bytes));
      expect(leaves.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(bytes.length);
      expect(leaves.map(({ name }) => name)).not.toContain("undecoded");
    }
  });

  it("is read behind a HelloRetryRequest", () => {
    const told = events({ client: { keyShareGroups: [x25519] }, server: { namedGroups: [secp256r1] } });
    expect(messagesOf(told, "client")).toEqual(["ClientHello", "ClientHello", "[Finished]"]);
    expect(messagesOf(told, "server").slice(0, 3)).toEqual([
      "HelloRetryRequest",
      "ServerHello",
      "[EncryptedExtensions]",
    ]);
    expect([dataOf(told, "client"), dataOf(told, "server")]).toEqual(["ping", "pong"]);
  });

  it("is read behind key updates of either end", () => {
    const told = events({
      then: ({ client, server, network }) => {
        for (const word of ["one", "two", "three"]) {
          client.send(bytesOf(word));
          client.updateKeys(true);
          network.run();
          server.updateKeys(false);
          server.send(bytesOf(word));
          network.run();
        }
      },
    });
    expect([dataOf(told, "client"), dataOf(told, "server")]).toEqual(["onetwothree", "onetwothree"]);
    for (const end of ["client", "server"] as const) {
      expect(messagesOf(told, end).filter((name) => name === "[KeyUpdate]")).toHaveLength(3);
    }
    expect(undecrypted(told)).toEqual([]);
  });

  it("is read that resumes a session", () => {
    const world = new World();
    world.record();
    const told = decryptedPackets([world.record()], world.keyLog);
    expect(messagesOf(told, "server").slice(0, 3)).toEqual(["ServerHello", "[EncryptedExtensions]", "[Finished]"]);
    expect([dataOf(told, "client"), dataOf(told, "server")]).toEqual(["ping", "pong"]);
  });

  it("is read where a client shows its certificate afterwards", () => {
    const clients = throwawayPki(nodeProvider, seededRandom(2), "client.example", now, { purpose: "clientAuth" });
    const told = events({
      client: { postHandshakeAuth: postHandshakeAuthentication, certificates: ownCertificates(clients.certificates) },
      server: { clientCertificates: { demand: "later", anchors: clients.anchors } },
      then: ({ client, server, network }) => {
        server.requestClientCertificate();
        network.run();
        client.send(bytesOf("known"));
      },
    });
    expect(messagesOf(told, "server")).toContain("[CertificateRequest]");
    expect(messagesOf(told, "client").slice(-3)).toEqual(["[Certificate]", "[CertificateVerify]", "[Finished]"]);
    expect(dataOf(told, "client")).toBe("known");
    expect(undecrypted(told)).toEqual([]);
  });

  it("is read with data of many records", () => {
    const long = "0123456789".repeat(10_000);
    const told = events({ then: ({ server }) => server.send(bytesOf(long)) });
    expect(dataOf(told, "server")).toBe(long);
  });
});

describe("early data", () => {
  const earlyData = { maxSize: 10_000, guard: { admit: () => true } };

  /** A second connection, whose client has a session that allows early data. */
  function second(options: RecordingOptions): { readonly world: World; readonly told: readonly CaptureEvent[] } {
    const world = new World();
    world.record({ server: { earlyData } });
    world.keyLog = "";
    const recording = world.record({ early: "early", server: { earlyData }, ...options });
    return { world, told: decryptedPackets([recording], world.keyLog) };
  }

  it("is told apart from other data", () => {
    const { told } = second({});
    expect([dataOf(told, "client", true), dataOf(told, "client")]).toEqual(["early", "ping"]);
    expect(messagesOf(told, "client")).toEqual(["ClientHello", "[EndOfEarlyData]", "[Finished]"]);
    expect(dataOf(told, "server")).toBe("pong");
    expect(undecrypted(told)).toEqual([]);
  });

  it("is told that the server doesn't take", () => {
    const { told } = second({ server: { earlyData: undefined } });
    expect(dataOf(told, "client", true)).toBe("early");
    expect(messagesOf(told, "client")).toEqual(["ClientHello", "[Finished]"]);
    expect(dataOf(told, "server")).toBe("pong");
  });

  it("is passed over behind a HelloRetryRequest, which is told", () => {
    const { told } = second({ client: { keyShareGroups: [x25519] }, server: { namedGroups: [secp256r1] } });
    expect(messagesOf(told, "client")).toEqual(["ClientHello", "ClientHello", "[Finished]"]);
    expect(undecrypted(told)).toEqual(["client: early_data"]);
    expect([dataOf(told, "client", true), dataOf(told, "server")]).toEqual(["", "pong"]);
  });

  it.each([
    ["taken", {}],
    ["not taken", { server: { earlyData: undefined } }],
  ])("is passed over if there is no secret for it, which is told: %s", (_, options) => {
    const world = new World();
    world.record({ server: { earlyData } });
    const recording = world.record({ early: "early", server: { earlyData }, ...options });
    const told = decryptedPackets([recording], without(world.keyLog, "CLIENT_EARLY_TRAFFIC_SECRET"));
    expect(undecrypted(told)).toEqual(["client: early_data"]);
    expect(messagesOf(told, "client").at(-1)).toBe("[Finished]");
    expect(dataOf(told, "server")).toBe("pong");
  });
});

describe("a secret that the key log lacks", () => {
  function toldWithout(...labels: readonly string[]): readonly CaptureEvent[] {
    const world = new World();
    return decryptedPackets([world.record()], without(world.keyLog, ...labels));
  }

  test("every one: nothing but the hellos is read, and each end is told of once", () => {
    const told = toldWithout("CLIENT", "SERVER");
    expect(undecrypted(told).toSorted()).toEqual(["client: no_secret", "server: no_secret"]);
    expect([...messagesOf(told, "client"), ...messagesOf(told, "server")]).toEqual(["ClientHello", "ServerHello"]);
  });

  test("that of an end: the other end is read", () => {
    const told = toldWithout("SERVER");
    expect(undecrypted(told)).toEqual(["server: no_secret"]);
    expect([dataOf(told, "client"), dataOf(told, "server")]).toEqual(["ping", ""]);
  });

  test("those of the handshake: the data is read all the same", () => {
    const told = toldWithout("CLIENT_HANDSHAKE", "SERVER_HANDSHAKE");
    expect(undecrypted(told).toSorted()).toEqual(["client: no_secret", "server: no_secret"]);
    expect([dataOf(told, "client"), dataOf(told, "server")]).toEqual(["ping", "pong"]);
    expect(messagesOf(told, "server")).toEqual(["ServerHello", "[NewSessionTicket]", "[NewSessionTicket]"]);
  });

  test("those of the data: the handshake is read", () => {
    const told = toldWithout("CLIENT_TRAFFIC", "SERVER_TRAFFIC");
    expect(undecrypted(told).toSorted()).toEqual(["client: no_secret", "server: no_secret"]);
    expect(messagesOf(told, "client")).toEqual(["ClientHello", "[Finished]"]);
  });

  test("one of another length than the cipher suite's is none", () => {
    const world = new World();
    const recording = world.record();
    const told = decryptedPackets([recording], world.keyLog.replace(/^(SERVER_TRAFFIC.*)..$/m, "$1"));
    expect(undecrypted(told)).toEqual(["server: no_secret"]);
  });

  test("a wrong one: which record doesn't open is told", () => {
    const world = new World();
    const recording = world.record();
    const told = decryptedPackets([recording], world.keyLog.replace(/^(SERVER_HANDSHAKE.*)..$/m, "$100"));
    expect(told).toContainEqual(
      expect.objectContaining({
        type: "undecrypted",
        from: "server",
        code: "bad_record_mac",
        reason: expect.stringContaining("record 3 of the server"),
      }),
    );
    expect(dataOf(told, "client")).toBe("ping");
  });
});
