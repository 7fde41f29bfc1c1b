import { TLS_CHACHA20_POLY1305_SHA256, x25519 } from "@tlskit/ciphersuites";
import { everythingAtOnce, oneByteAtATime, randomChunks, type Side, seededRandom, splitAt } from "@tlskit/testing";
import { describe, expect, it } from "vitest";
import { expectEstablished, scenarios } from "./helpers/scenarios.ts";
import { connect, type Pair, pair, sharedPki } from "./helpers/world.ts";

describe("the byte stream comes", () => {
  for (const scenario of scenarios) {
    it(`one byte at a time: ${scenario.name}`, () => scenario.run({ link: { chunking: oneByteAtATime } }));
    it(`everything at once: ${scenario.name}`, () => scenario.run({ link: { chunking: everythingAtOnce } }));
    for (const seed of [1, 2, 3]) {
      it(`in random chunks, ${seed}: ${scenario.name}`, () =>
        scenario.run({ link: { chunking: () => randomChunks(seededRandom(seed), 300), latency: 3 } }));
    }
  }
});

/** A handshake in which the stream from one side is split at an offset. */
function split(from: Side, offset: number): Pair {
  return connect(
    pair({
      cipherSuites: [TLS_CHACHA20_POLY1305_SHA256],
      namedGroups: [x25519],
      server: { certificates: [sharedPki().certificateOf("Ed25519")] },
      link: { chunking: (side) => splitAt(side === from ? offset : 0) },
    }),
  );
}

describe("the byte stream is split once, at every offset", () => {
  for (const from of ["left", "right"] as const) {
    it(`from the ${from === "left" ? "client" : "server"}`, () => {
      const whole = split(from, 0);
      expectEstablished(whole);
      const length = whole.link[from].written.reduce((sum, bytes) => sum + bytes.length, 0);
      expect(length).toBeGreaterThan(200);
      for (let offset = 1; offset < length; offset += 1) {
        const made = split(from, offset);
        expect(made.atClient.info, `established, split at ${offset}`).toBeDefined();
        expect(made.atServer.info, `established, split at ${offset}`).toBeDefined();
      }
    }, 60_000);
  }
});
