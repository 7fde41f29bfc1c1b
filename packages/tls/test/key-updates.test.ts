import { TLS_CHACHA20_POLY1305_SHA256, x25519 } from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { LateTasks } from "@tlskit/testing";
import { maxKeyUpdatesInARow, type TraceEvent } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { recordsIn } from "./helpers/records.ts";
import { text } from "./helpers/scenarios.ts";
import type { Either, Recorder } from "./helpers/under-test.ts";
import { connect, type Pair, type PairOptions, pair } from "./helpers/world.ts";

const quick = { cipherSuites: [TLS_CHACHA20_POLY1305_SHA256], namedGroups: [x25519] };

const worlds: Readonly<Record<string, () => PairOptions>> = {
  "noble answers at once": () => ({ provider: nobleProvider }),
  "node answers at once": () => ({ provider: nodeProvider }),
  "answers come late": () => ({ tasks: new LateTasks() }),
  "answers come late, the last first": () => ({ tasks: new LateTasks("last in, first out") }),
};

/** One of the two as ours, the other as its peer. */
interface Sides {
  readonly made: Pair;
  readonly own: Either;
  readonly peer: Either;
  readonly atOwn: Seen;
  readonly atPeer: Seen;
}

type Seen = Pick<Recorder<unknown>, "error" | "events" | "outcome" | "text" | "traced">;

function sides(role: "client" | "server", world: () => PairOptions): Sides {
  const made = connect(pair({ ...quick, ...world() }));
  const { client, server, atClient, atServer } = made;
  return role === "client"
    ? { made, own: client, peer: server, atOwn: atClient, atPeer: atServer }
    : { made, own: server, peer: client, atOwn: atServer, atPeer: atClient };
}

/** The request_update of each KeyUpdate that a side sent or received. */
function kinds(traced: readonly TraceEvent[], direction: "sent" | "received"): readonly string[] {
  return traced.flatMap((event) => {
    if (event.type !== "message" || event.direction !== direction || event.messageType.name !== "KeyUpdate") return [];
    return [event.bytes[4] === 1 ? "update_requested" : "update_not_requested"];
  });
}

for (const [worldName, world] of Object.entries(worlds)) {
  for (const role of ["client", "server"] as const) {
    describe(`key updates, at a ${role} where ${worldName}`, () => {
      // RFC 9846 §4.7.3: the peer owes an answer to each request, and may give it without data of its own.
      it("that it asks for end nothing, however many are answered by a peer that says nothing else", () => {
        const { made, own, peer, atOwn, atPeer } = sides(role, world);
        for (let round = 0; round < 3 * maxKeyUpdatesInARow; round += 1) {
          own.updateKeys(true);
          own.send(text("."));
          made.network.run();
          peer.updateKeys();
          made.network.run();
        }
        expect([atOwn.outcome, atPeer.outcome]).toEqual([undefined, undefined]);
        expect(atPeer.text).toBe(".".repeat(3 * maxKeyUpdatesInARow));
        expect(kinds(atOwn.traced, "received")).toHaveLength(3 * maxKeyUpdatesInARow);
        expect(kinds(atOwn.traced, "sent")).toEqual(Array(3 * maxKeyUpdatesInARow).fill("update_requested"));
      });

      it("that it asks for buy the peer one answer each, and no more", () => {
        const { made, own, peer, atOwn, atPeer } = sides(role, world);
        const round = (): void => {
          own.updateKeys(true);
          own.send(text("."));
          made.network.run();
          peer.updateKeys();
          peer.updateKeys();
          made.network.run();
        };
        for (let i = 0; i < maxKeyUpdatesInARow; i += 1) round();
        expect(atOwn.outcome).toBeUndefined();
        round();
        expect(atOwn.error).toMatchObject({ kind: "peer", code: "too_many_key_updates", alert: 10 });
        expect(atPeer.error).toMatchObject({ code: "alert_unexpected_message" });
      });

      it("that nobody asked for end the connection, one behind the limit", () => {
        const { made, peer, atOwn } = sides(role, world);
        for (let i = 0; i < maxKeyUpdatesInARow; i += 1) peer.updateKeys();
        made.network.run();
        expect(atOwn.outcome).toBeUndefined();
        peer.updateKeys();
        made.network.run();
        expect(atOwn.error).toMatchObject({ code: "too_many_key_updates", alert: 10 });
      });

      // RFC 9846 §4.7.3#one-request
      it("are asked for once until the peer updates its keys, whoever asked it to", () => {
        const { made, own, peer, atOwn } = sides(role, world);
        own.updateKeys(true);
        own.updateKeys(true);
        made.network.run();
        peer.updateKeys(true);
        made.network.run();
        own.updateKeys(true);
        made.network.run();
        expect(kinds(atOwn.traced, "sent")).toEqual(["update_requested", "update_not_requested", "update_requested"]);
      });

      // RFC 9846 §4.7.3#answered
      it("that the peer asks for are answered by the next one, if that asks for none", () => {
        const { made, own, peer, atOwn, atPeer } = sides(role, world);
        peer.updateKeys(true);
        made.network.run();
        own.updateKeys();
        own.send(text("data"));
        made.network.run();
        expect(kinds(atOwn.traced, "sent")).toEqual(["update_not_requested"]);
        peer.updateKeys(true);
        made.network.run();
        own.updateKeys(true);
        own.send(text(" and more"));
        made.network.run();
        expect(kinds(atOwn.traced, "sent").slice(1)).toEqual(["update_requested", "update_not_requested"]);
        expect(atPeer.text).toBe("data and more");
      });
    });
  }
}

for (const role of ["client", "server"] as const) {
  describe(`key updates, at a ${role} whose AEAD answers late, and whose peer's doesn't`, () => {
    /** What comes last is opened and sealed first: so that a request is read while data waits to be sealed. */
    function late(): Sides & { readonly sent: () => readonly string[] } {
      const tasks = new LateTasks("last in, first out");
      const other = role === "client" ? "server" : "client";
      const found = sides(role, () => ({ tasks, [other]: { provider: nodeProvider }, [role]: { recordSize: 64 } }));
      const end = role === "client" ? found.made.link.left : found.made.link.right;
      const before = end.written.length;
      const sent = () => recordsIn(end.written.slice(before)).map(({ length }) => whatHasLength[length] ?? "?");
      return { ...found, sent };
    }
    /** Header, content, content type, tag: what was sent is told by its length, since its order is what counts. */
    const whatHasLength: Readonly<Record<number, string>> = {
      [5 + 64 + 1 + 16]: "64 bytes",
      [5 + 5 + 1 + 16]: "KeyUpdate",
      [5 + 2 + 1 + 16]: "alert",
    };
    const some = new Uint8Array(64).fill(0x61);

    // RFC 9846 §4.7.3#answered
    it("are answered before data that was sent earlier and waits, once, and whatever it was sent with", () => {
      const { made, own, peer, atPeer, atOwn, sent } = late();
      own.send(new Uint8Array(3 * 64).fill(0x61));
      own.send(some);
      peer.updateKeys(true);
      peer.updateKeys(true);
      made.network.run();
      // What was sent first, three records, was being sealed when the requests came.
      expect(sent()).toEqual(["64 bytes", "64 bytes", "64 bytes", "KeyUpdate", "64 bytes"]);
      expect(kinds(atPeer.traced, "received")).toEqual(["update_not_requested"]);
      expect(atPeer.text).toBe("a".repeat(4 * 64));
      expect([atOwn.outcome, own.unsent]).toEqual([undefined, 0]);
    });

    it("leave a close_notify behind the data", () => {
      const { made, own, peer, atPeer, sent } = late();
      for (let i = 0; i < 3; i += 1) own.send(some);
      own.close();
      peer.updateKeys(true);
      made.network.run();
      expect(sent()).toEqual(["64 bytes", "64 bytes", "KeyUpdate", "64 bytes", "alert"]);
      expect(atPeer.text).toBe("a".repeat(3 * 64));
      expect(atPeer.events.at(-1)).toBe("ended");
    });

    it("need no answer if nothing but a close_notify follows", () => {
      const { made, own, peer, sent } = late();
      peer.updateKeys(true);
      made.network.run();
      own.close();
      made.network.run();
      expect(sent()).toEqual(["alert"]);
    });

    // RFC 9846 §4.7.3#one-request
    it("that came before a request was sealed don't allow another", () => {
      const { made, own, peer, atOwn, sent } = late();
      own.send(some);
      own.updateKeys(true);
      peer.updateKeys();
      while (kinds(atOwn.traced, "received").length === 0) made.network.advance(0);
      own.updateKeys(true);
      made.network.run();
      expect(sent()).toEqual(["64 bytes", "KeyUpdate", "KeyUpdate"]);
      expect(kinds(atOwn.traced, "sent")).toEqual(["update_requested", "update_not_requested"]);
    });
  });
}
