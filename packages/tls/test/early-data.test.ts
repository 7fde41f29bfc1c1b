import { secp256r1, TLS_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import { ClientContext, type ClientOptions, resumption, type ServerOptions, TlsClient } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { Fleet, run, type Two } from "./helpers/fleet.ts";
import { text } from "./helpers/scenarios.ts";
import { Recorder } from "./helpers/under-test.ts";
import { host, sharedPki } from "./helpers/world.ts";

/** A client with a session that allows early data, which it has been given. */
function early(
  data: Uint8Array,
  client: Partial<ClientOptions> = {},
  server: Partial<ServerOptions> = {},
  fleet: Fleet = new Fleet(),
): Two {
  const { earlyData } = fleet;
  fleet.connected(client, { earlyData, ...server, namedGroups: undefined });
  const two = fleet.made(client, { earlyData, ...server });
  two.client.sendEarly(data);
  return two;
}

describe("early data", () => {
  it("is read apart from other data, before the handshake is done, and can be answered before that", () => {
    const two = early(text("asked early"));
    two.client.send(text(", and later"));
    const established: boolean[] = [];
    two.atServer.answer = () => {
      established.push(two.atServer.info !== undefined);
      two.server.send(text("answered"));
    };
    run(two);
    expect(two.atServer.early).toBe("asked early");
    expect(two.atServer.text).toBe(", and later");
    expect(established).toEqual([false]);
    expect(two.atClient.text).toBe("answered");
    expect(two.atClient.outcomes).toEqual([["accepted", ""]]);
    for (const { info } of [two.atClient, two.atServer]) {
      expect(info).toMatchObject({ resumed: true, earlyData: "accepted" });
    }
    const order = two.atServer.events.filter((event) => ["early", "established", "plaintext"].includes(event));
    expect(order).toEqual(["early", "established", "plaintext"]);
  });

  it("is answered within the first flight, which is what it is for", () => {
    const two = early(text("asked early"));
    two.atServer.answer = () => two.server.send(text("answered"));
    two.server.start();
    two.client.start();
    // Each side's first flight, and nothing of what comes behind.
    for (const bytes of [...two.link.left.written]) two.server.receive(bytes);
    expect(two.atServer.early).toBe("asked early");
    expect(two.atServer.info).toBeUndefined();
    for (const bytes of [...two.link.right.written]) two.client.receive(bytes);
    expect(two.atClient.text).toBe("answered");
    expect(two.atServer.info).toBeUndefined();
  });

  it("has keying material of its own", () => {
    const two = run(early(text("early")));
    const label = ["EXPERIMENTAL test", text("context"), 32] as const;
    const exported = two.client.exportEarlyKeyingMaterial(...label);
    expect(two.server.exportEarlyKeyingMaterial(...label)).toEqual(exported);
    expect(two.client.exportKeyingMaterial(...label)).not.toEqual(exported);
    const without = new Fleet().connected();
    expect(() => without.client.exportEarlyKeyingMaterial(...label)).toThrow(
      expect.objectContaining({ kind: "caller", code: "no_early_data" }),
    );
  });

  it("may be as much as the ticket allows, in records of any size", () => {
    const two = run(early(new Uint8Array(10_000).fill(97), { recordSize: 64 }));
    expect(two.atServer.early).toBe("a".repeat(10_000));
    expect(two.atClient.outcomes).toEqual([["accepted", ""]]);
  });
});

// RFC 9846 §4.3.10#no-resend
describe("early data is given back", () => {
  it.each<[string, Partial<ServerOptions>]>([
    ["by a server that takes none", { earlyData: undefined }],
    ["by a HelloRetryRequest", { namedGroups: [secp256r1] }],
    ["with a full handshake", { sessionContext: "another" }],
  ])("when it is rejected %s, and isn't sent again", (_, server) => {
    const fleet = new Fleet();
    fleet.connected({}, { earlyData: fleet.earlyData });
    const two = fleet.made({}, { earlyData: fleet.earlyData, ...server });
    two.client.sendEarly(text("asked "));
    two.client.sendEarly(text("early"));
    run(two);
    expect(two.atClient.error).toBeUndefined();
    expect(two.atClient.outcomes).toEqual([["rejected", "asked early"]]);
    expect(two.atClient.info?.earlyData).toBe("rejected");
    expect(two.atServer.info).toBeDefined();
    expect([two.atServer.early, two.atServer.text]).toEqual(["", ""]);
  });

  it("when it is longer than the ticket allows: nothing of it is sent", () => {
    const two = run(early(new Uint8Array(10_001)));
    expect(two.atClient.outcomes.map(([what, data]) => [what, data.length])).toEqual([["not_sent", 10_001]]);
    expect(two.atClient.info).toMatchObject({ resumed: true, earlyData: undefined });
  });

  it("when there is no session, before anything has come", () => {
    const two = new Fleet().made();
    two.client.sendEarly(text("early"));
    two.client.start();
    expect(two.atClient.outcomes).toEqual([["not_sent", "early"]]);
  });

  // RFC 9846 §5.5#early-data
  it("when its key would protect too much", () => {
    const cipherSuites = [{ ...TLS_AES_128_GCM_SHA256, recordLimit: 4 }];
    const sent = run(early(new Uint8Array(2 * 64), { cipherSuites, recordSize: 64 }));
    expect(sent.atClient.outcomes).toEqual([["accepted", ""]]);
    const kept = run(early(new Uint8Array(2 * 64 + 1), { cipherSuites, recordSize: 64 }));
    expect(kept.atClient.outcomes.map(([what]) => what)).toEqual(["not_sent"]);
    expect(kept.atServer.early).toBe("");
    expect(kept.atClient.info).toBeDefined();
  });

  it("when the connection ends before the server has said: nobody knows then", () => {
    const two = early(text("early"));
    two.client.start();
    two.client.receiveEnd();
    expect(two.atClient.outcomes).toEqual([["unknown", "early"]]);
    expect(two.atClient.events.indexOf("unknown")).toBeLessThan(two.atClient.events.indexOf("closed"));
  });

  it("when the connection is never started", () => {
    const two = early(text("early"));
    two.client.close();
    expect(two.atClient.outcomes).toEqual([["not_sent", "early"]]);
  });
});

// RFC 9846 §8#at-most-once
describe("early data that is sent again", () => {
  it("is taken once, and by whoever has no guard as often as it comes", () => {
    const fleet = new Fleet();
    const two = early(text("once"), {}, {}, fleet);
    two.server.start();
    two.client.start();
    const flight = [...two.link.left.written];
    two.network.run();
    expect(two.atServer.early).toBe("once");
    for (const [guard, expected] of [
      [fleet.earlyData.guard, ""],
      [{ admit: () => true }, "once"],
    ] as const) {
      const again = fleet.made({}, { earlyData: { maxSize: 10_000, guard } });
      again.server.start();
      for (const bytes of flight) again.server.receive(bytes);
      expect(again.atServer.early).toBe(expected);
      expect(again.atServer.error).toBeUndefined();
    }
  });
});

describe("what a caller does wrong", () => {
  it("early data after the start, or of what isn't bytes", () => {
    const two = early(text("early"));
    run(two);
    expect(() => two.client.sendEarly(text("late"))).toThrow(
      expect.objectContaining({ kind: "caller", code: "started" }),
    );
    const other = new Fleet().made();
    expect(() => other.client.sendEarly("text" as never)).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });

  it("early data without a handler for what becomes of it", () => {
    const { clock } = new Fleet();
    const context = new ClientContext({
      resumption,
      provider: nodeProvider,
      random: seededRandom(1),
      clock,
      anchors: sharedPki().anchors,
    });
    const client = new TlsClient(
      context,
      { host },
      new Recorder(
        () => {},
        () => {},
      ),
    );
    expect(() => client.sendEarly(text("early"))).toThrow(
      expect.objectContaining({ kind: "caller", code: "no_early_data_handler" }),
    );
  });
});
