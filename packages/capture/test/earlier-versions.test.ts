import type { CaptureEvent } from "@tlskit/capture";
import { availableTls12CipherSuites, type Tls12CipherSuite, tls12CipherSuites } from "@tlskit/ciphersuites";
import { TLS_ECDHE_RSA_WITH_NULL_SHA } from "@tlskit/ciphersuites/dangerous";
import { nodeProvider } from "@tlskit/crypto-node";
import { decodeMessage, encryptThenMac, explainMessage, extensionCodes, ServerHello } from "@tlskit/messages";
import { type TlsVersion, tls12, tls12With } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dangerousNull } from "@tlskit/tls/dangerous-null";
import { dhe } from "@tlskit/tls/dhe";
import { tls10, tls11 } from "@tlskit/tls/legacy";
import { rsa } from "@tlskit/tls/rsa";
import { leavesOf } from "@tlskit/wire";
import { describe, expect, it, test } from "vitest";
import {
  dataOf,
  decryptedPackets,
  messagesOf,
  type RecordingOptions,
  undecrypted,
  World,
} from "./helpers/recording.ts";

function eventsIn(
  version: TlsVersion,
  { client, server }: RecordingOptions = {},
  world = new World(),
): readonly CaptureEvent[] {
  const versions = [version];
  return decryptedPackets(
    [world.record({ client: { versions, ...client }, server: { versions, ...server } })],
    world.keyLog,
  );
}

/** Both ends' data is there, and nothing is left out. */
function expectWhole(told: readonly CaptureEvent[]): void {
  expect(undecrypted(told)).toEqual([]);
  expect([dataOf(told, "client"), dataOf(told, "server")]).toEqual(["ping", "pong"]);
}

/** TLS 1.2 as a client has it that doesn't know encrypt-then-MAC. */
function withoutEncryptThenMac(version: TlsVersion): TlsVersion {
  const { earlier } = version;
  if (earlier === undefined) throw new TypeError("it has no lines of its own");
  return {
    ...version,
    earlier: {
      ...earlier,
      offer: (...given) => {
        const offer = earlier.offer(...given);
        return { ...offer, extensions: offer.extensions.filter(({ code }) => code !== encryptThenMac.code) };
      },
    },
  };
}

const suites = availableTls12CipherSuites(nodeProvider, tls12CipherSuites).filter(({ keyExchange }) =>
  ["ECDHE", "DHE", "RSA"].includes(keyExchange),
);
const only = (suite: Tls12CipherSuite): TlsVersion =>
  tls12With({ cipherSuites: [suite], keyExchanges: [dhe, rsa], cbc, dangerousNull });

describe("a connection of TLS 1.2", () => {
  it.each(suites.map((suite) => [suite.name, suite] as const))("by %s is read from end to end", (_, suite) => {
    const told = eventsIn(only(suite));
    expectWhole(told);
    expect(messagesOf(told, "client")).toEqual(["ClientHello", "ClientKeyExchange", "[Finished]"]);
    const keyExchange = suite.keyExchange === "RSA" ? [] : ["ServerKeyExchange"];
    expect(messagesOf(told, "server")).toEqual([
      ...["ServerHello", "Certificate", ...keyExchange, "ServerHelloDone", "NewSessionTicket", "[Finished]"],
    ]);
  });

  it.each(suites.filter(({ protection }) => protection.type === "CBC").map((suite) => [suite.name, suite] as const))(
    "by %s, with the MAC in the ciphertext, is read from end to end",
    (_, suite) => {
      const told = eventsIn(only(suite), { client: { versions: [withoutEncryptThenMac(only(suite))] } });
      expectWhole(told);
      const hello = told.find((event) => event.type === "message" && event.name === "ServerHello");
      if (hello?.type !== "message") throw new TypeError("no ServerHello");
      expect(extensionCodes(decodeMessage(ServerHello, hello.bytes))).not.toContain(encryptThenMac.code);
    },
  );

  it("that is only authenticated is read", () => {
    expectWhole(eventsIn(only(TLS_ECDHE_RSA_WITH_NULL_SHA)));
  });

  it("that resumes a session is read by the line that this connection has in the key log", () => {
    const world = new World();
    eventsIn(tls12, {}, world);
    const told = eventsIn(tls12, {}, world);
    expectWhole(told);
    expect(messagesOf(told, "client")).toEqual(["ClientHello", "[Finished]"]);
    expect(messagesOf(told, "server")).not.toContain("Certificate");
  });

  it("has its messages explained, as they are by its key exchange", () => {
    for (const { messageType, bytes, name } of eventsIn(tls12).filter((event) => event.type === "message")) {
      if (messageType === undefined) throw new TypeError("a message without a type");
      const leaves = leavesOf(explainMessage(messageType, bytes));
      expect(leaves.map((leaf) => leaf.name)).not.toContain("undecoded");
      if (name === "ServerKeyExchange") expect(leaves.map((leaf) => leaf.name)).toContain("namedCurve");
    }
  });
});

describe.each([
  ["TLS 1.1", tls11, 0x0302],
  ["TLS 1.0", tls10, 0x0301],
])("a connection of %s", (_, version, code) => {
  it("is read from end to end", () => {
    const told = eventsIn(version);
    expectWhole(told);
    expect(told).toContainEqual(expect.objectContaining({ type: "negotiated", version: code }));
  });

  it("is read with the MAC in the ciphertext", () => {
    expectWhole(eventsIn(version, { client: { versions: [withoutEncryptThenMac(version)] } }));
  });

  it("has its messages explained in their older form", () => {
    for (const { messageType, bytes } of eventsIn(version).filter((event) => event.type === "message")) {
      if (messageType === undefined) throw new TypeError("a message without a type");
      expect(leavesOf(explainMessage(messageType, bytes)).map(({ name }) => name)).not.toContain("undecoded");
    }
  });
});

describe("a main secret", () => {
  test("that the key log lacks: everything up to change_cipher_spec is read, and each end is told of once", () => {
    const world = new World();
    const recording = world.record({ client: { versions: [tls12] }, server: { versions: [tls12] } });
    const told = decryptedPackets([recording], "");
    expect(undecrypted(told).toSorted()).toEqual(["client: no_secret", "server: no_secret"]);
    expect(messagesOf(told, "client")).toEqual(["ClientHello", "ClientKeyExchange"]);
  });

  test("of another length than 48 bytes is none", () => {
    const world = new World();
    const recording = world.record({ client: { versions: [tls12] }, server: { versions: [tls12] } });
    const told = decryptedPackets([recording], world.keyLog.replace(/..$/m, ""));
    expect(undecrypted(told).toSorted()).toEqual(["client: no_secret", "server: no_secret"]);
  });
});
