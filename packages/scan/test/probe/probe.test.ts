import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import { tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import type { HelloOffer, ReadUntil } from "../../src/probe/hello.ts";
import { type ProbeOptions, probe } from "../../src/probe/probe.ts";
import { connectionTo, host, serverContext, sharedPki } from "../helpers/in-memory-server.ts";

const suitesOfTls13 = [0x1301, 0x1302, 0x1303];
const suitesOfTls12 = [0xc02b, 0xc02f];

const options: ProbeOptions = {
  provider: nodeProvider,
  random: seededRandom(3),
  serverName: host,
  patience: { silence: 5000, answer: 15_000 },
};

async function answerTo(offer: HelloOffer, until: ReadUntil = "flight") {
  return await probe(connectionTo(serverContext({ versions: [tls13, tls12] })), offer, until, options);
}

describe("a hello of TLS 1.3", () => {
  it("shows what the server has chosen", async () => {
    const answer = await answerTo({ versions: ["TLS 1.3"], cipherSuites: [0x1303], groups: [0x1d] }, "hello");
    expect(answer).toMatchObject({
      version: "TLS 1.3",
      end: { how: "complete" },
      serverHello: { cipherSuite: 0x1303 },
    });
    expect(answer.seen.map(({ from, type }) => `${from} ${type}`)).toEqual(["client handshake", "server handshake"]);
  });

  it("has the server's flight decrypted, until its Finished", async () => {
    const answer = await answerTo({ versions: ["TLS 1.3"], cipherSuites: suitesOfTls13 });
    expect(answer.end).toEqual({ how: "complete" });
    expect(answer.encryptedExtensions).toBeDefined();
    expect(answer.chain?.[0]).toEqual(sharedPki().certificates[0]?.chain[0]?.der);
    expect(answer.certificateVerify?.algorithm).toBe(0x0403);
    expect(answer.seen.at(-1)?.bytes[0]).toBe(20);
  });

  it("answers a HelloRetryRequest with a second one, if the flight is wanted", async () => {
    const offer: HelloOffer = {
      versions: ["TLS 1.3"],
      cipherSuites: suitesOfTls13,
      groups: [0x18, 0x17],
      keyShares: [],
    };
    const first = await answerTo(offer, "hello");
    expect(first).toMatchObject({ version: "TLS 1.3", end: { how: "complete" } });
    expect(first.retry).toBeDefined();
    expect(first.serverHello).toBeUndefined();
    const whole = await answerTo(offer);
    expect(whole.end).toEqual({ how: "complete" });
    expect(whole.chain?.length).toBeGreaterThan(0);
    expect(whole.certificateVerify).toBeDefined();
  });
});

describe("a hello of TLS 1.2", () => {
  it("has the flight read until ServerHelloDone", async () => {
    const answer = await answerTo({ versions: ["TLS 1.2"], cipherSuites: suitesOfTls12 });
    expect(answer).toMatchObject({ version: "TLS 1.2", end: { how: "complete" } });
    expect(answer.chain?.length).toBeGreaterThan(0);
    expect(answer.serverKeyExchange?.[0]).toBe(3);
    expect(answer.seen.at(-1)?.bytes[0]).toBe(14);
  });

  it("shows the alert of a server that has nothing in common with it", async () => {
    const answer = await answerTo({ versions: ["TLS 1.2"], cipherSuites: [0x0001] });
    expect(answer).toMatchObject({ end: { how: "alert", level: 2, description: 40 } });
  });
});
