import { hashOf } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  Exporter,
  type KeyLogEntry,
  keyLogLimits,
  keyLogLine,
  MainSecret,
  parseKeyLog,
  prf,
  TrafficSecret,
} from "@tlskit/keyschedule";
import { describe, expect, test } from "vitest";

const sha256 = hashOf(nobleProvider, "SHA-256");
const clientRandom = new Uint8Array(32).fill(0xab);
const secret = new Uint8Array(32).fill(7);
const line = (label: string): string => `${label} ${"ab".repeat(32)} ${"07".repeat(32)}`;
const parsed = (text: string): readonly KeyLogEntry[] => [...parseKeyLog(text)];

describe("a key log (RFC 9850)", () => {
  test("gives back the secrets that were written to it", () => {
    const secrets = [
      new TrafficSecret("client early", sha256, secret),
      new TrafficSecret("client handshake", sha256, secret),
      new TrafficSecret("server handshake", sha256, secret),
      new TrafficSecret("client application", sha256, secret),
      new TrafficSecret("server application", sha256, secret, 12),
      new Exporter(sha256, secret),
      new Exporter(sha256, secret, "early exporter"),
    ];
    const entries = parsed(secrets.map((each) => `${keyLogLine(each, clientRandom)}\n`).join(""));
    const again = entries.map((entry) => {
      if (entry.type === "malformed") return entry.reason;
      expect(entry.clientRandom).toEqual(clientRandom);
      if (entry.type === "traffic") return new TrafficSecret(entry.kind, sha256, entry.secret, entry.generation);
      if (entry.type === "exporter") return new Exporter(sha256, entry.secret, entry.kind);
      return entry.label;
    });
    expect(again).toEqual(secrets);
  });

  test("may have comments, empty lines, and lines that end in any of three ways, the last in none", () => {
    const text = `# made by hand\n\r\n${line("EXPORTER_SECRET")}\r\n\n#${line("X")}\r${line("EXPORTER_SECRET")}`;
    expect(parsed(text).map((entry) => [entry.type, entry.line])).toEqual([
      ["exporter", 3],
      ["exporter", 6],
    ]);
    expect(parsed("")).toEqual([]);
    expect(parsed("\n\n# nothing\n")).toEqual([]);
  });

  test("may have its digits in upper case", () => {
    expect(parsed(line("EXPORTER_SECRET").replaceAll("ab", "AB"))).toEqual([
      { type: "exporter", kind: "exporter", line: 1, label: "EXPORTER_SECRET", clientRandom, secret },
    ]);
  });

  test("tells of a main secret of TLS 1.2", () => {
    const main = new MainSecret(prf(sha256), new Uint8Array(48).fill(7), true);
    expect(parsed(main.keyLogLine(clientRandom))).toEqual([
      { type: "main", line: 1, label: "CLIENT_RANDOM", clientRandom, secret: main.dangerouslyExpose() },
    ]);
  });

  // That of ECH, and what never was one.
  test.each([
    "ECH_SECRET",
    "client_traffic_secret_0",
    "CLIENT_TRAFFIC_SECRET_",
    "CLIENT_TRAFFIC_SECRET_00",
    "CLIENT_TRAFFIC_SECRET_1000000000000000",
    "CLIENT_HANDSHAKE_TRAFFIC_SECRET0",
    "EXPORTER_SECRET_0",
  ])("tells of a label that means nothing here: %s", (label) => {
    expect(parsed(line(label))).toEqual([{ type: "other", line: 1, label, clientRandom, secret }]);
  });

  test.each([
    ["a line cut short", line("EXPORTER_SECRET").slice(0, -1)],
    ["no secret", `EXPORTER_SECRET ${"ab".repeat(32)}`],
    ["a client random of another length", `EXPORTER_SECRET ${"ab".repeat(31)} ${"07".repeat(32)}`],
    ["two spaces", line("EXPORTER_SECRET").replace(" ", "  ")],
    ["a space at the end", `${line("EXPORTER_SECRET")} `],
    ["no digits", line("EXPORTER_SECRET").replace("07", "0x")],
    ["no label", line("")],
  ])("tells of %s, without its text, and goes on", (_name, malformed) => {
    const [first, second, ...more] = parsed(`${malformed}\n${line("EXPORTER_SECRET")}\n`);
    expect(first).toEqual({
      type: "malformed",
      line: 1,
      reason: "it isn't a label, 32 bytes of client random and a secret",
    });
    expect([second?.type, second?.line, more.length]).toEqual(["exporter", 2, 0]);
  });

  test("has lines of so many characters, and no more", () => {
    const config = `ECH_CONFIG ${"ab".repeat(32)} ${"07".repeat(2 ** 16)}`;
    expect(parsed(config).map(({ type }) => type)).toEqual(["other"]);
    const start = ` ${"ab".repeat(32)} 07`;
    const longest = `${"L".repeat(keyLogLimits.line - start.length)}${start}`;
    expect(parsed(longest).map(({ type }) => type)).toEqual(["other"]);
    expect(parsed(`${longest}0`)).toEqual([
      { type: "malformed", line: 1, reason: `it has more than ${keyLogLimits.line} characters` },
    ]);
  });

  test("is read as far as is asked for", () => {
    const log = parseKeyLog(`${line("EXPORTER_SECRET")}\n`.repeat(1000));
    expect([log.next().value, log.next().value].map((entry) => entry?.line)).toEqual([1, 2]);
  });
});
