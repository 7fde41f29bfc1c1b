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
import { maxAnswerOctets } from "../../src/limits.ts";
import type { Answer, AnswerEnd } from "../../src/probe/answer.ts";
import type { HelloOffer } from "../../src/probe/hello.ts";
import { probe } from "../../src/probe/probe.ts";
import type { ByteStream } from "../../src/transport.ts";
import { type HostileServer, hostileServers, scriptedStream } from "../helpers/hostile-servers.ts";
import { host, sharedPki } from "../helpers/in-memory-server.ts";

const tls13: HelloOffer = { versions: ["TLS 1.3"], cipherSuites: [0x1301, 0x1302, 0x1303] };
const tls12: HelloOffer = { versions: ["TLS 1.2"], cipherSuites: [0xc02b, 0xc02f] };

/** Milliseconds that nothing takes longer than, by the clock that is advanced here. */
const longest = 20_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function answerOf(stream: ByteStream, offer: HelloOffer): Promise<Answer> {
  const answer = probe(stream, offer, "flight", {
    provider: nodeProvider,
    random: seededRandom(3),
    serverName: host,
    patience: { silence: 5000, answer: 15_000 },
  });
  let isThere = false;
  void answer.then(() => {
    isThere = true;
  });
  for (let waited = 0; !isThere && waited < longest; waited += 500) await vi.advanceTimersByTimeAsync(500);
  expect(isThere).toBe(true);
  return await answer;
}

function sayingOf(end: AnswerEnd): string {
  if (end.how === "unreadable") return end.reason;
  return end.how === "silent" ? `silent for ${end.seconds} s` : end.how;
}

function octetsSeen({ seen }: Answer): number {
  return seen.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

describe.each(hostileServers)("a server that $name", ({ connect, says }: HostileServer) => {
  it.each([tls13, tls12])("is told of, within limits: $versions", async (offer) => {
    const answer = await answerOf(connect(), offer);
    expect(sayingOf(answer.end)).toBe(says);
    expect(octetsSeen(answer)).toBeLessThan(maxAnswerOctets + 4096);
  });
});

/** How an answer to a scripted server ends: a probe reads, and judges little, so that many deviations are none to it. */
const ways = ["complete", "alert", "closed", "silent", "unreadable"];

describe("a scripted server of TLS 1.3", () => {
  it.each([undefined, ...serverDeviations])("is read to an end: $name", async (deviation) => {
    const share = deviation?.needs?.keyShare;
    const stream = scriptedStream((ends) =>
      scriptedServer({ provider: nodeProvider, random: seededRandom(4), pki: sharedPki(), deviation, ...ends }),
    );
    const answer = await answerOf(stream, share === undefined ? tls13 : { ...tls13, keyShares: [share.code] });
    expect(ways).toContain(answer.end.how);
    expect(octetsSeen(answer)).toBeLessThan(maxAnswerOctets + 4096);
    if (deviation === undefined) expect(answer.end).toEqual({ how: "complete" });
  });
});

describe("a scripted server of TLS 1.2", () => {
  it.each([undefined, ...tls12ServerDeviations])("is read to an end: $name", async (deviation) => {
    const cipherSuite = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
    const common = { provider: nodeProvider, random: seededRandom(4), pki: sharedPki(), cipherSuite, deviation };
    const answer = await answerOf(
      scriptedStream((ends) => scriptedTls12Server({ ...common, ...ends })),
      tls12,
    );
    expect(ways).toContain(answer.end.how);
    expect(octetsSeen(answer)).toBeLessThan(maxAnswerOctets + 4096);
    if (deviation === undefined) expect(answer.end).toEqual({ how: "complete" });
  });
});
