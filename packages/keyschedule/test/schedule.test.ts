import { createHash } from "node:crypto";
import { type HashFunction, hashOf } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  EarlyStage,
  Exporter,
  ExternalPsk,
  expandLabel,
  keyLogLine,
  PresharedKey,
  TrafficSecret,
  Transcript,
} from "@tlskit/keyschedule";
import { describeVectors } from "@tlskit/vectors";
import { concat, toHex } from "@tlskit/wire";
import { describe, expect, test } from "vitest";

const sha256 = hashOf(nobleProvider, "SHA-256");
const sha384 = hashOf(nobleProvider, "SHA-384");
const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));
const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

interface Acvp {
  readonly cases: readonly {
    readonly name: string;
    readonly hash: "sha256" | "sha384";
    readonly mode: "DHE" | "PSK" | "PSK-DHE";
    readonly psk?: string;
    readonly dhe?: string;
    readonly helloClientRandom: string;
    readonly helloServerRandom: string;
    readonly finishedClientRandom: string;
    readonly finishedServerRandom: string;
    readonly expected: Readonly<Record<string, string>>;
  }[];
}

describeVectors<Acvp>("NIST's samples of the key schedule", "rfc/acvp-tls13-kdf.json", ({ cases }) => {
  test("there are some of each mode with each hash", () => {
    expect(new Set(cases.map(({ hash, mode }) => `${hash} ${mode}`)).size).toBe(6);
  });

  test.each(cases)("$name, $hash, $mode", (sample) => {
    const hash = sample.hash === "sha256" ? sha256 : sha384;
    const transcript = new Transcript();
    transcript.useHash(hash);
    transcript.add(hex(sample.helloClientRandom));
    const { expected } = sample;
    const psk = sample.psk === undefined ? undefined : EarlyStage.withPsk(PresharedKey.ofTicket(hash, hex(sample.psk)));
    if (psk !== undefined) {
      const early = psk.clientEarly(transcript.current());
      expect(toHex(early.dangerouslyExpose())).toBe(expected["clientEarlyTrafficSecret"]);
      const earlyExporter = psk.exporter(transcript.current());
      expect(toHex(earlyExporter.dangerouslyExpose())).toBe(expected["earlyExporterMasterSecret"]);
    }
    transcript.add(hex(sample.helloServerRandom));
    const handshake =
      sample.mode === "PSK"
        ? psk?.withoutSharedSecret(transcript.current())
        : (psk ?? EarlyStage.withoutPsk(hash)).withSharedSecret(hex(sample.dhe ?? ""), transcript.current());
    if (handshake === undefined) throw new TypeError("a PSK alone, without a PSK");
    transcript.add(hex(sample.finishedServerRandom));
    const main = handshake.atServerFinished(transcript.current());
    expect(toHex(handshake.client.dangerouslyExpose())).toBe(expected["clientHandshakeTrafficSecret"]);
    expect(toHex(handshake.server.dangerouslyExpose())).toBe(expected["serverHandshakeTrafficSecret"]);
    expect(toHex(main.client.dangerouslyExpose())).toBe(expected["clientApplicationTrafficSecret"]);
    expect(toHex(main.server.dangerouslyExpose())).toBe(expected["serverApplicationTrafficSecret"]);
    expect(toHex(main.exporter.dangerouslyExpose())).toBe(expected["exporterMasterSecret"]);
    // The secret itself stays inside: a ticket's key tells whether it is the right one.
    transcript.add(hex(sample.finishedClientRandom));
    const nonce = Uint8Array.of(1, 2);
    const fromExpected = expandLabel(
      hash,
      hex(expected["resumptionMasterSecret"] ?? ""),
      "resumption",
      nonce,
      hash.length,
    );
    expect(main.atClientFinished(transcript.current()).presharedKey(nonce)).toEqual(fromExpected);
  });
});

function mainStage() {
  return EarlyStage.withoutPsk(sha256).withSharedSecret(bytes(32, 1), bytes(32, 2)).atServerFinished(bytes(32, 3));
}

describe("a stage", () => {
  const over = expect.objectContaining({ kind: "caller", code: "stage_over" });

  test("goes over into the next once", () => {
    const early = EarlyStage.withoutPsk(sha256);
    const handshake = early.withSharedSecret(bytes(32, 1), bytes(32, 2));
    expect(() => early.withSharedSecret(bytes(32, 1), bytes(32, 2))).toThrow(over);
    const main = handshake.atServerFinished(bytes(32, 3));
    expect(() => handshake.atServerFinished(bytes(32, 3))).toThrow(over);
    main.atClientFinished(bytes(32, 4));
    expect(() => main.atClientFinished(bytes(32, 4))).toThrow(over);
  });

  test("that is over leaves what it handed out", () => {
    const handshake = EarlyStage.withoutPsk(sha256).withSharedSecret(bytes(32, 1), bytes(32, 2));
    const before = handshake.client.verifyData(bytes(32, 5));
    handshake.atServerFinished(bytes(32, 3));
    expect(handshake.client.verifyData(bytes(32, 5))).toEqual(before);
  });

  test("that is over has wiped its secret (RFC 9846 §7.1)", () => {
    const extracted: Uint8Array[] = [];
    const watched: HashFunction = {
      ...sha256,
      name: sha256.name,
      length: sha256.length,
      digest: (data) => sha256.digest(data),
      start: () => sha256.start(),
      hmac: (key, data) => {
        const mac = sha256.hmac(key, data);
        extracted.push(mac);
        return mac;
      },
    };
    const [early, earlySecret] = [EarlyStage.withoutPsk(watched), extracted[0]];
    expect(earlySecret).not.toEqual(bytes(32, 0));
    early.withSharedSecret(bytes(32, 1), bytes(32, 2));
    expect(earlySecret).toEqual(bytes(32, 0));
  });

  test("says whose secrets it hands out, and in which part of the connection", () => {
    const handshake = EarlyStage.withoutPsk(sha256).withSharedSecret(bytes(32, 1), bytes(32, 2));
    expect([handshake.client.kind, handshake.server.kind]).toEqual(["client handshake", "server handshake"]);
    const main = handshake.atServerFinished(bytes(32, 3));
    expect([main.client.kind, main.server.kind]).toEqual(["client application", "server application"]);
  });

  test("takes a shared secret of any length: a hybrid's has 64 bytes, P-521's 66", () => {
    const secrets = [32, 48, 64, 66].map((length) =>
      toHex(EarlyStage.withoutPsk(sha256).withSharedSecret(bytes(length, 1), bytes(32, 2)).client.dangerouslyExpose()),
    );
    expect(new Set(secrets).size).toBe(4);
  });

  test("with a PSK gives secrets that depend on it, each on what it is for, and binders also on whence it comes", () => {
    const stage = (kind: "resumption" | "external", key: Uint8Array) =>
      EarlyStage.withPsk(
        kind === "resumption"
          ? PresharedKey.ofTicket(sha256, key)
          : new ExternalPsk({ identity: Uint8Array.of(1), key }).keyFor(nobleProvider, "SHA-256"),
      );
    const outputs = [
      stage("resumption", bytes(32, 1)).binder(bytes(32, 2)),
      stage("external", bytes(32, 1)).binder(bytes(32, 2)),
      stage("resumption", bytes(32, 7)).binder(bytes(32, 2)),
      stage("resumption", bytes(32, 1)).binder(bytes(32, 3)),
      stage("resumption", bytes(32, 1)).clientEarly(bytes(32, 2)).dangerouslyExpose(),
      stage("resumption", bytes(32, 1)).exporter(bytes(32, 2)).dangerouslyExpose(),
      stage("resumption", bytes(32, 1)).withoutSharedSecret(bytes(32, 2)).client.dangerouslyExpose(),
      EarlyStage.withoutPsk(sha256).withSharedSecret(bytes(32, 0), bytes(32, 2)).client.dangerouslyExpose(),
    ];
    expect(new Set(outputs.map(toHex)).size).toBe(outputs.length);
    expect(stage("external", bytes(32, 1)).clientEarly(bytes(32, 2)).dangerouslyExpose()).toEqual(outputs[4]);
  });

  test("with a PSK goes over into the next once, and hands out nothing afterwards", () => {
    const early = EarlyStage.withPsk(PresharedKey.ofTicket(sha256, bytes(32, 1)));
    early.binder(bytes(32, 2));
    early.withSharedSecret(bytes(32, 1), bytes(32, 2));
    expect(() => early.withoutSharedSecret(bytes(32, 2))).toThrow(over);
    expect(() => early.binder(bytes(32, 2))).toThrow(over);
    expect(() => early.clientEarly(bytes(32, 2))).toThrow(over);
    expect(() => early.exporter(bytes(32, 2))).toThrow(over);
  });

  test("with a PSK that isn't taken is over", () => {
    const early = EarlyStage.withPsk(PresharedKey.ofTicket(sha256, bytes(32, 1)));
    early.abandon();
    expect(() => early.binder(bytes(32, 2))).toThrow(over);
    expect(() => early.withSharedSecret(bytes(32, 1), bytes(32, 2))).toThrow(over);
  });

  test("gives each ticket a key of its own", () => {
    const resumption = mainStage().atClientFinished(bytes(32, 4));
    const [first, second] = [resumption.presharedKey(Uint8Array.of(0)), resumption.presharedKey(Uint8Array.of(1))];
    expect(first).toHaveLength(32);
    expect(toHex(first)).not.toBe(toHex(second));
  });
});

describe("HKDF-Expand-Label (RFC 9846 §7.1)", () => {
  /** The same by another implementation of HKDF, with the label written out. */
  function expected(secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
    const full = Buffer.from(`tls13 ${label}`);
    const info = concat(
      Uint8Array.of(length >> 8, length & 0xff, full.length),
      full,
      Uint8Array.of(context.length),
      context,
    );
    // HKDF-Expand by hand, since hkdfSync extracts too.
    let [block, output] = [new Uint8Array(0), new Uint8Array(0)];
    for (let counter = 1; output.length < length; counter += 1) {
      block = sha256.hmac(secret, concat(block, info, Uint8Array.of(counter))) as Uint8Array<ArrayBuffer>;
      output = concat(output, block) as Uint8Array<ArrayBuffer>;
    }
    return output.subarray(0, length);
  }

  test.each([
    ["k", 0, 16],
    ["key", 0, 16],
    ["iv", 0, 12],
    ["a label of any kind", 32, 100],
    ["x".repeat(249), 255, 32],
  ])("%s", (label, contextLength, length) => {
    const context = bytes(contextLength, 3);
    expect(expandLabel(sha256, bytes(32, 7), label, context, length)).toEqual(
      expected(bytes(32, 7), label, context, length),
    );
  });

  test.each([
    ["", 0],
    ["x".repeat(250), 0],
    ["key", 256],
  ])("a label or a context of another length is refused", (label, contextLength) => {
    expect(() => expandLabel(sha256, bytes(32, 7), label, bytes(contextLength, 3), 16)).toThrow(
      expect.objectContaining({ kind: "caller", code: "out_of_range" }),
    );
  });
});

describe("a traffic secret", () => {
  const secret = new TrafficSecret("client application", sha256, bytes(32, 7));

  test("gives keys of the lengths that are asked for", () => {
    const { key, iv } = secret.keys(16, 12);
    expect([key.length, iv.length]).toEqual([16, 12]);
    expect(key).toEqual(expandLabel(sha256, bytes(32, 7), "key", new Uint8Array(0), 16));
  });

  test("is updated with the label of RFC 9846 §7.2, generation by generation", () => {
    const next = secret.next();
    expect(next.generation).toBe(1);
    expect(next.kind).toBe("client application");
    expect(next.dangerouslyExpose()).toEqual(expandLabel(sha256, bytes(32, 7), "traffic upd", new Uint8Array(0), 32));
    expect(next.next().generation).toBe(2);
    expect(secret.generation).toBe(0);
  });

  test("of the handshake is never updated", () => {
    for (const kind of ["client early", "client handshake", "server handshake"] as const) {
      expect(() => new TrafficSecret(kind, sha256, bytes(32, 7)).next()).toThrow(
        expect.objectContaining({ code: "no_next_generation" }),
      );
    }
  });

  test("can be shown, but the copy is no way in", () => {
    secret.dangerouslyExpose().fill(0);
    expect(secret.dangerouslyExpose()).toEqual(bytes(32, 7));
    expect(JSON.stringify(secret)).not.toContain("7,7");
  });
});

describe("an exporter (RFC 9846 §7.5)", () => {
  const { exporter } = mainStage();

  test("without a context is the same as with an empty one", () => {
    expect(exporter.export("EXPORTER-x")).toEqual(exporter.export("EXPORTER-x", new Uint8Array(0), 32));
  });

  test("gives other bytes for another label, context or length", () => {
    const outputs = [
      exporter.export("EXPORTER-x", bytes(1, 1), 32),
      exporter.export("EXPORTER-y", bytes(1, 1), 32),
      exporter.export("EXPORTER-x", bytes(1, 2), 32),
      exporter.export("EXPORTER-x", bytes(1, 1), 33).subarray(0, 32),
    ];
    expect(new Set(outputs.map(toHex)).size).toBe(4);
  });

  test.each([
    ["x", 1],
    ["x".repeat(249), 255 * 32],
    ["~\x7f", 32],
  ])("takes the label %j with %d bytes", (label, length) => {
    expect(exporter.export(label, new Uint8Array(0), length)).toHaveLength(length);
  });

  test("takes no label in other letters", () => {
    expect(() => exporter.export("größe")).toThrow(expect.objectContaining({ kind: "caller", code: "not_ascii" }));
  });

  test("can be shown, but the copy is no way in", () => {
    const exposed = new Exporter(sha256, bytes(32, 7));
    exposed.dangerouslyExpose().fill(0);
    expect(exposed.dangerouslyExpose()).toEqual(bytes(32, 7));
  });

  test.each([
    ["", 32],
    ["x".repeat(250), 32],
    ["EXPORTER-x", 0],
    ["EXPORTER-x", 255 * 32 + 1],
    ["EXPORTER-x", 1.5],
  ])("refuses the label %j with %d bytes", (label, length) => {
    expect(() => exporter.export(label, new Uint8Array(0), length)).toThrow(
      expect.objectContaining({ kind: "caller", code: "out_of_range" }),
    );
  });
});

describe("key log lines (RFC 9850)", () => {
  const clientRandom = bytes(32, 0xab);
  const line = (label: string): string => `${label} ${"ab".repeat(32)} ${"07".repeat(32)}`;

  test.each([
    ["client early", "CLIENT_EARLY_TRAFFIC_SECRET"],
    ["client handshake", "CLIENT_HANDSHAKE_TRAFFIC_SECRET"],
    ["server handshake", "SERVER_HANDSHAKE_TRAFFIC_SECRET"],
    ["client application", "CLIENT_TRAFFIC_SECRET_0"],
    ["server application", "SERVER_TRAFFIC_SECRET_0"],
  ] as const)("%s", (kind, label) => {
    expect(keyLogLine(new TrafficSecret(kind, sha256, bytes(32, 7)), clientRandom)).toBe(line(label));
  });

  test("generations are counted", () => {
    const third = new TrafficSecret("server application", sha256, bytes(32, 7), 3);
    expect(keyLogLine(third, clientRandom)).toBe(line("SERVER_TRAFFIC_SECRET_3"));
  });

  test("the exporters'", () => {
    expect(keyLogLine(new Exporter(sha256, bytes(32, 7)), clientRandom)).toBe(line("EXPORTER_SECRET"));
    const early = new Exporter(sha256, bytes(32, 7), "early exporter");
    expect(keyLogLine(early, clientRandom)).toBe(line("EARLY_EXPORTER_SECRET"));
  });
});

describe("the transcript", () => {
  const digest = (hash: HashFunction, ...messages: readonly Uint8Array[]): string =>
    createHash(hash.name.replace("-", ""))
      .update(concat(...messages))
      .digest("hex");
  const [first, second] = [bytes(10, 1), bytes(20, 2)];

  test("keeps messages until its hash is settled", () => {
    for (const hash of [sha256, sha384]) {
      const transcript = new Transcript();
      transcript.add(first);
      transcript.useHash(hash);
      transcript.useHash(hash);
      expect(toHex(transcript.current())).toBe(digest(hash, first));
      transcript.add(second);
      expect(toHex(transcript.current())).toBe(digest(hash, first, second));
    }
  });

  test("has its first ClientHello replaced by its hash (RFC 9846 §4.1)", () => {
    const transcript = new Transcript();
    transcript.add(first);
    transcript.useHash(sha256);
    transcript.replaceClientHello1();
    transcript.add(second);
    const replaced = concat(Uint8Array.of(254, 0, 0, 32), hex(digest(sha256, first)));
    expect(toHex(transcript.current())).toBe(digest(sha256, replaced, second));
  });

  test("begins with the hash of a first ClientHello that was forgotten (RFC 9846 §4.3.2)", () => {
    const transcript = new Transcript();
    const clientHello1 = hex(digest(sha256, first));
    expect(() => transcript.recallClientHello1(clientHello1)).toThrow(
      expect.objectContaining({ code: "transcript_hash" }),
    );
    transcript.useHash(sha256);
    expect(() => transcript.recallClientHello1(hex(digest(sha384, first)))).toThrow(
      expect.objectContaining({ code: "transcript_hash" }),
    );
    transcript.recallClientHello1(clientHello1);
    transcript.add(second);
    expect(toHex(transcript.current())).toBe(
      digest(sha256, concat(Uint8Array.of(254, 0, 0, 32), clientHello1), second),
    );
  });

  test("tells the hash of what is to come too, by any hash, and is as it was afterwards", () => {
    const transcript = new Transcript();
    transcript.add(first);
    expect(toHex(transcript.before(sha384, second))).toBe(digest(sha384, first, second));
    transcript.useHash(sha256);
    expect(toHex(transcript.before(sha384, second))).toBe(digest(sha384, first, second));
    expect(toHex(transcript.current())).toBe(digest(sha256, first));
    transcript.replaceClientHello1();
    const replaced = concat(Uint8Array.of(254, 0, 0, 32), hex(digest(sha256, first)));
    expect(toHex(transcript.before(sha256, second))).toBe(digest(sha256, replaced, second));
  });

  test("has no hash before it is settled, and never another", () => {
    const transcript = new Transcript();
    expect(() => transcript.current()).toThrow(expect.objectContaining({ code: "transcript_hash" }));
    transcript.useHash(sha256);
    expect(() => transcript.useHash(sha384)).toThrow(expect.objectContaining({ code: "transcript_hash" }));
  });
});
