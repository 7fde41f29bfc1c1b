import { KeyLog, maxKeyLogConnections } from "@tlskit/capture";
import { describe, expect, it, test } from "vitest";

const random = (number: number): string => number.toString(16).padStart(64, "0");
const bytes = (number: number): Uint8Array => Uint8Array.from(Buffer.from(random(number), "hex"));

describe("a key log", () => {
  it("has secrets by the client's random, whatever comes between", () => {
    const log = new KeyLog(
      [
        "# a comment",
        `CLIENT_RANDOM ${random(1)} ${"11".repeat(48)}`,
        "",
        `CLIENT_TRAFFIC_SECRET_0 ${random(2)} ${"22".repeat(32)}`,
        `CLIENT_TRAFFIC_SECRET_1 ${random(2)} ${"33".repeat(32)}`,
        `EXPORTER_SECRET ${random(2)} ${"44".repeat(32)}`,
        `NOBODY_KNOWS ${random(3)} 00`,
      ].join("\r\n"),
    );
    expect(log.size).toBe(2);
    expect(log.mainSecret(bytes(1))).toEqual(new Uint8Array(48).fill(0x11));
    expect(log.trafficSecret(bytes(2), "client application")).toEqual(new Uint8Array(32).fill(0x22));
    expect(log.trafficSecret(bytes(2), "server application")).toBeUndefined();
    expect(log.mainSecret(bytes(2))).toBeUndefined();
    expect(log.mainSecret(bytes(9))).toBeUndefined();
  });

  it("tells which lines make no sense, and not what is in them", () => {
    const log = new KeyLog();
    expect(log.add(`CLIENT_RANDOM ${random(1)}\nCLIENT_RANDOM ${random(1)} ${"11".repeat(48)}\n`)).toEqual([
      { line: 1, reason: expect.not.stringContaining(random(1)) },
    ]);
    expect(log.size).toBe(1);
  });

  it("has the first of two secrets for the same", () => {
    const log = new KeyLog(`CLIENT_RANDOM ${random(1)} ${"11".repeat(48)}\n`);
    log.add(`CLIENT_RANDOM ${random(1)} ${"22".repeat(48)}\n`);
    expect(log.mainSecret(bytes(1))).toEqual(new Uint8Array(48).fill(0x11));
  });
});

test("a key log is of so many connections at most, and one more is told of", () => {
  const log = new KeyLog();
  for (let at = 0; at < maxKeyLogConnections; at += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, index) => `CLIENT_RANDOM ${random(at + index)} 00\n`);
    expect(log.add(lines.join(""))).toEqual([]);
  }
  const more = `CLIENT_RANDOM ${random(0)} 01\nCLIENT_RANDOM ${random(maxKeyLogConnections)} 00\n`;
  expect(log.add(more)).toEqual([{ line: 2, reason: expect.stringContaining(String(maxKeyLogConnections)) }]);
  expect(log.size).toBe(maxKeyLogConnections);
});
