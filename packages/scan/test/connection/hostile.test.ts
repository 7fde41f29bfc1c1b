import { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  scriptedServer,
  scriptedTls12Server,
  seededRandom,
  serverDeviations,
  tls12ServerDeviations,
} from "@tlskit/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { clientContext, type VersionRange } from "../../src/connection/client-context.ts";
import { type Conversation, converse } from "../../src/connection/conversation.ts";
import { defaultConnectionTime, maxMessagesSeen } from "../../src/connection/limits.ts";
import { answeredWholly } from "../../src/connection/visits.ts";
import { getRequest } from "../../src/http/request.ts";
import type { ByteStream } from "../../src/transport.ts";
import { type HostileServer, hostileServers, scriptedStream } from "../helpers/hostile-servers.ts";
import { host, now, sharedPki } from "../helpers/in-memory-server.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A whole connection, which is over in its time by the clock that is advanced here. */
async function talk(stream: ByteStream, versions: VersionRange = "any"): Promise<Conversation> {
  const conversation = converse(stream, new AbortController().signal, {
    context: clientContext(
      { provider: nodeProvider, random: seededRandom(3), clock: () => now },
      { versions, sessions: true },
    ),
    host,
    request: getRequest({ host, port: 443 }),
    isEnough: answeredWholly(),
  });
  let isThere = false;
  void conversation.then(() => {
    isThere = true;
  });
  for (let waited = 0; !isThere && waited <= defaultConnectionTime; waited += 500) {
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(isThere).toBe(true);
  return await conversation;
}

const ways = ["complete", "closed", "silent", "too much", "failed"];

describe.each(hostileServers)("a server that $name", ({ connect }: HostileServer) => {
  it("comes to no handshake, within limits", async () => {
    const { end, info, seen } = await talk(connect());
    expect(["silent", "too much", "failed"]).toContain(end.how);
    expect(info).toBeUndefined();
    expect(seen.length).toBeLessThanOrEqual(maxMessagesSeen);
  });
});

describe("a scripted server of TLS 1.3", () => {
  it.each([undefined, ...serverDeviations])("is talked to to an end: $name", async (deviation) => {
    const stream = scriptedStream((ends) =>
      scriptedServer({ provider: nodeProvider, random: seededRandom(4), pki: sharedPki(), deviation, ...ends }),
    );
    const { end, info } = await talk(stream, "TLS 1.3");
    expect(ways).toContain(end.how);
    if (deviation === undefined) expect(info?.version).toBe(0x0304);
  });
});

describe("a scripted server of TLS 1.2", () => {
  it.each([undefined, ...tls12ServerDeviations])("is talked to to an end: $name", async (deviation) => {
    const cipherSuite = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
    const common = { provider: nodeProvider, random: seededRandom(4), pki: sharedPki(), cipherSuite, deviation };
    const stream = scriptedStream((ends) => scriptedTls12Server({ ...common, ...ends }));
    const { end, info } = await talk(stream, "before TLS 1.3");
    expect(ways).toContain(end.how);
    if (deviation === undefined) expect(info?.version).toBe(0x0303);
  });
});
