import { TLS_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { hashOf, runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { TrafficSecret } from "@tlskit/keyschedule";
import { HandshakeType } from "@tlskit/messages";
import { ContentType, maxPlaintextLength, RecordReader, tls13Opening } from "@tlskit/record";
import { LateTasks, lateProvider } from "@tlskit/testing";
import { Alert, TlsError } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { maxKeyUpdatesSent } from "../src/limits.ts";
import { Outgoing } from "../src/outgoing.ts";
import { type DirectionKeys, recordKeys } from "../src/record-keys.ts";

const recordLimit = 4;

/** Keys that may seal but a few records: a limit that a test can reach. */
function keysWithLimit(): DirectionKeys {
  return {
    cipherSuite: { ...TLS_AES_128_GCM_SHA256, recordLimit },
    secret: new TrafficSecret("client application", hashOf(nodeProvider, "SHA-256"), new Uint8Array(32).fill(1)),
  };
}

describe("keys that were updated as often as is allowed", () => {
  const secret = (generation: number): TrafficSecret =>
    new TrafficSecret("client application", hashOf(nodeProvider, "SHA-256"), new Uint8Array(32).fill(1), generation);
  const sentWith = (generation: number, act: (outgoing: Outgoing) => void): readonly unknown[] => {
    const told: unknown[] = [];
    const outgoing = new Outgoing({ provider: nodeProvider, recordSize: maxPlaintextLength }, "server", {
      records: (_bytes, data) => told.push(data > 0 ? "data" : "KeyUpdate"),
      keyUpdate: (_message, keys) => told.push(keys.secret.generation),
      alert: () => {},
      drained: () => {},
      exhausted: () => {},
      failed: (error) => told.push(error instanceof TlsError ? error.code : error),
      resumed: () => {},
      settled: () => {},
    });
    outgoing.start();
    outgoing.useKeys({ cipherSuite: TLS_AES_128_GCM_SHA256, secret: secret(generation) });
    act(outgoing);
    return told;
  };

  // RFC 9846 §4.7.3#update-limit
  it("are not updated once more", () => {
    const update = (outgoing: Outgoing): void => outgoing.updateKeys(false);
    expect(sentWith(maxKeyUpdatesSent - 1, update)).toEqual(["KeyUpdate", maxKeyUpdatesSent]);
    expect(sentWith(maxKeyUpdatesSent, update)).toEqual(["too_many_key_updates"]);
  });

  // RFC 9846 §4.7.3#answer-limit
  it("aren't for a peer that asks for it, whose wish is ignored", () => {
    const answer = (outgoing: Outgoing): void => {
      outgoing.peerUpdatedKeys(true);
      outgoing.send(ContentType.applicationData, [Uint8Array.of(1)]);
    };
    expect(sentWith(maxKeyUpdatesSent - 1, answer)).toEqual(["KeyUpdate", maxKeyUpdatesSent, "data"]);
    expect(sentWith(maxKeyUpdatesSent, answer)).toEqual(["data"]);
  });
});

describe("messages after the handshake, near the keys' limit", () => {
  const sent = (act: (outgoing: Outgoing) => void): readonly unknown[] => {
    const told: unknown[] = [];
    const outgoing = new Outgoing({ provider: nodeProvider, recordSize: 1 }, "client", {
      records: (bytes, data) => told.push(data > 0 ? "data" : bytes.length),
      keyUpdate: (_message, { secret }) => told.push(`generation ${secret.generation}`),
      alert: () => {},
      exhausted: () => {},
      drained: () => {},
      failed: (error) => told.push(error instanceof TlsError ? error.code : error),
      resumed: () => {},
      settled: () => {},
    });
    outgoing.start();
    outgoing.useKeys(keysWithLimit());
    outgoing.send(ContentType.applicationData, [Uint8Array.of(1)]);
    outgoing.send(ContentType.applicationData, [Uint8Array.of(2)]);
    act(outgoing);
    return told.filter((one) => typeof one === "string");
  };

  // RFC 9846 §5.5#limits
  it("go under the next keys if these aren't good for all of them, and say so by their Finished", () => {
    const generations: number[] = [];
    const told = sent((outgoing) =>
      outgoing.sendUnderKeys(2, ({ generation }) => {
        generations.push(generation);
        return Uint8Array.of(1, 2);
      }),
    );
    expect(told).toEqual(["data", "data", "generation 1"]);
    expect(generations).toEqual([1]);
    expect(sent((outgoing) => outgoing.sendUnderKeys(0, () => new Uint8Array(0)))).toEqual(["data", "data"]);
  });

  it("do so without depending on the keys too", () => {
    const asking = (outgoing: Outgoing): void => outgoing.send(ContentType.handshake, [Uint8Array.of(1)]);
    expect(sent(asking)).toEqual(["data", "data", "generation 1"]);
  });
});

describe("what is abandoned", () => {
  /** What went out: an answer that depends on its keys is asked for first, and given up before it could be sealed. */
  const sentAfterAbandoning = (recordsBefore: number, recordsSealed: number): readonly unknown[] => {
    const told: unknown[] = [];
    const tasks = new LateTasks();
    const outgoing = new Outgoing({ provider: lateProvider(nodeProvider, tasks), recordSize: 1 }, "client", {
      records: (_bytes, data) => told.push(data > 0 ? "data" : "record"),
      keyUpdate: () => told.push("KeyUpdate"),
      alert: ({ description }) => told.push(description),
      exhausted: () => {},
      drained: () => {},
      failed: (error) => told.push(error),
      resumed: () => {},
      settled: () => {},
    });
    outgoing.start();
    outgoing.useKeys(keysWithLimit());
    outgoing.send(ContentType.applicationData, [new Uint8Array(recordsBefore)]);
    outgoing.sendUnderKeys(1, () => {
      told.push("made");
      return Uint8Array.of(1);
    });
    for (let step = 0; step < recordsSealed; step += 1) tasks.step();
    outgoing.abandon();
    outgoing.alert(Alert.internalError);
    while (tasks.step());
    return told;
  };

  it("is an answer that waits for its keys, also while room is made for it", () => {
    expect(sentAfterAbandoning(1, 0)).toEqual(["data", "record", Alert.internalError]);
    // The keys are good for one more record, so that they are updated first, which is under way.
    expect(sentAfterAbandoning(3, 3)).toEqual(["data", "record", "KeyUpdate", "record", Alert.internalError]);
  });
});

for (const [world, tasks] of [
  ["at once", undefined],
  ["late", new LateTasks("last in, first out")],
] as const) {
  describe(`keys at their limit, with a provider that answers ${world}`, () => {
    // RFC 9846 §5.5#limits, §4.7.3#old-keys, §4.7.3#sender-next-keys, §5.1#key-change-alignment-sent
    it("are updated by a KeyUpdate in the last record that they may seal", () => {
      const provider = tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks);
      const records: Uint8Array[] = [];
      const generations: number[] = [];
      const errors: unknown[] = [];
      const outgoing = new Outgoing({ provider, recordSize: 1 }, "server", {
        records: (bytes) => records.push(bytes),
        keyUpdate: (_message, { secret }) => generations.push(secret.generation),
        alert: () => {},
        drained: () => {},
        exhausted: () => {},
        failed: (error) => errors.push(error),
        resumed: () => {},
        settled: () => {},
      });
      outgoing.start();
      outgoing.useKeys(keysWithLimit());
      for (let i = 0; i < 10; i += 1) outgoing.send(ContentType.applicationData, [Uint8Array.of(i)]);
      while (tasks?.step() === true);

      expect(errors).toEqual([]);
      expect(generations).toEqual([1, 2, 3]);
      let { secret } = keysWithLimit();
      const reader = new RecordReader();
      const use = (): void =>
        reader.protect(tls13Opening(recordKeys(nodeProvider, { ...keysWithLimit(), secret }), false));
      use();
      for (const bytes of records) reader.push(bytes);
      const seen: string[] = [];
      for (let record = runSync(reader.next()); record !== undefined; record = runSync(reader.next())) {
        const { type, content } = record;
        if (type === ContentType.applicationData) {
          seen.push(String(content[0]));
          continue;
        }
        expect([...content]).toEqual([HandshakeType.keyUpdate, 0, 0, 1, 0]);
        seen.push("KeyUpdate");
        secret = secret.next();
        use();
      }
      expect(seen).toEqual(["0", "1", "2", "KeyUpdate", "3", "4", "5", "KeyUpdate", "6", "7", "8", "KeyUpdate", "9"]);
    });
  });
}
