import { TLS_CHACHA20_POLY1305_SHA256, x25519 } from "@tlskit/ciphersuites";
import type { Aead, AeadAlgorithm, CryptoProvider } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { LateTasks } from "@tlskit/testing";
import { Alert } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { text } from "./helpers/scenarios.ts";
import type { Recorder } from "./helpers/under-test.ts";
import { connect, type Pair, type PairOptions, pair } from "./helpers/world.ts";

const quick = { cipherSuites: [TLS_CHACHA20_POLY1305_SHA256], namedGroups: [x25519] };

function sides(role: "client" | "server", options: PairOptions) {
  const made: Pair = connect(pair({ ...quick, ...options }));
  const { client, server, atClient, atServer, link } = made;
  return role === "client"
    ? { made, own: client, peer: server, atOwn: atClient, atPeer: atServer, end: link.left }
    : { made, own: server, peer: client, atOwn: atServer, atPeer: atClient, end: link.right };
}

const alerts = ({ traced }: Pick<Recorder<unknown>, "traced">, direction: "sent" | "received"): readonly number[] =>
  traced.flatMap((event) => (event.type === "alert" && event.direction === direction ? [event.description] : []));

for (const role of ["client", "server"] as const) {
  describe(`a ${role} whose AEAD answers late, and that has sent and closed,`, () => {
    const late = () => sides(role, { tasks: new LateTasks() });

    // RFC 9846 §6.1: a close_notify says that nothing is missing.
    it("sends no close_notify for data that it drops since the peer misbehaves", () => {
      const { made, own, atOwn, atPeer, end } = late();
      for (const data of ["1", "2", "3"]) own.send(text(data));
      own.close();
      end.inject(text("garbage"));
      made.network.run();
      expect(atOwn.error).toMatchObject({ code: "unknown_record_type" });
      expect(atOwn.events).not.toContain("sendEnded");
      expect(atPeer.text).not.toBe("123");
      expect(atPeer.events).not.toContain("ended");
      expect(atPeer.error).toMatchObject({ code: "alert_unexpected_message" });
      expect(alerts(atOwn, "sent")).toEqual([Alert.unexpectedMessage]);
    });

    it("sends none for data that it drops since the application aborts", () => {
      const { made, own, atOwn, atPeer } = late();
      for (const data of ["1", "2", "3"]) own.send(text(data));
      own.close();
      own.abort();
      made.network.run();
      expect(atOwn.error).toMatchObject({ code: "aborted" });
      expect(atPeer.text).toBe("1");
      expect(atPeer.error).toMatchObject({ code: "alert_internal_error" });
    });

    // The data's turn has come, but for the answer that it owes: that must not carry it along.
    it("sends no data behind an answer to a key update that was being sealed", () => {
      const { made, own, peer, atOwn, atPeer } = late();
      peer.updateKeys(true);
      made.network.run();
      own.send(text("data"));
      own.close();
      own.abort();
      made.network.run();
      expect(atOwn.error).toMatchObject({ code: "aborted" });
      expect([atPeer.text, atPeer.error?.code]).toEqual(["", "alert_internal_error"]);
      expect(own.unsent).toBe(0);
    });

    it("says no more if all had gone before the failure", () => {
      const { made, own, atOwn, atPeer } = late();
      own.send(text("all"));
      own.close();
      made.network.run();
      own.abort();
      made.network.run();
      expect(atOwn.error).toMatchObject({ code: "aborted" });
      expect(alerts(atOwn, "sent")).toEqual([Alert.closeNotify]);
      expect([atPeer.text, atPeer.events.at(-1)]).toEqual(["all", "ended"]);
    });
  });

  describe(`a ${role} whose AEAD fails`, () => {
    /** Its AEADs seal until they are told to fail, and answer late. */
    function failing() {
      const state = { fails: false };
      const algorithm = (aead: AeadAlgorithm): AeadAlgorithm => ({
        ...aead,
        withKey: (key): Aead => {
          const plain = aead.withKey(key);
          const seal: Aead["seal"] = (...given) => {
            if (state.fails) throw new RangeError("the device is lost");
            return plain.seal(...given);
          };
          return { seal, open: (...given) => plain.open(...given), dispose: () => plain.dispose() };
        },
      });
      const provider: CryptoProvider = { ...nodeProvider, aeads: nodeProvider.aeads.map(algorithm) };
      return { ...sides(role, { provider, tasks: new LateTasks() }), state };
    }

    it("is told so, once", () => {
      const { made, own, atOwn, state } = failing();
      state.fails = true;
      own.send(text("data"));
      made.network.run();
      expect(atOwn.error).toMatchObject({ kind: "internal", code: "internal_error" });
      expect(atOwn.events.filter((event) => event === "closed")).toHaveLength(1);
      expect(alerts(atOwn, "sent")).toEqual([]);
    });

    it("is told so though both sides had closed, since not all that it sent has gone", () => {
      const { made, own, peer, atOwn, state } = failing();
      peer.close();
      made.network.run();
      state.fails = true;
      own.send(text("data"));
      own.close();
      made.network.run();
      expect(atOwn.error).toMatchObject({ kind: "internal", code: "internal_error" });
      expect(atOwn.events.filter((event) => event === "closed")).toHaveLength(1);
      expect(atOwn.events).not.toContain("sendEnded");
    });
  });

  describe(`a ${role} that is given up before its start`, () => {
    for (const call of ["close", "abort"] as const) {
      it(`by ${call}, says nothing to the peer, and is over`, () => {
        const made = pair(quick);
        const own = made[role];
        const [recorder, end] = role === "client" ? [made.atClient, made.link.left] : [made.atServer, made.link.right];
        own.send(text("data"));
        own[call]();
        expect(recorder.error?.code).toBe(call === "close" ? "closed_during_handshake" : "aborted");
        own.start();
        made.network.run();
        expect(recorder.events).toEqual(["closed"]);
        expect(end.written).toEqual([]);
        expect([own.unsent, own.deadline]).toEqual([0, undefined]);
      });
    }
  });
}

describe("what is unsent", () => {
  for (const tasks of [undefined, new LateTasks()]) {
    it(`is so until it is handed over, with a provider that answers ${tasks === undefined ? "at once" : "late"}`, () => {
      const { made, own, peer, atOwn } = sides("server", tasks === undefined ? {} : { tasks });
      const inside: number[] = [];
      const { plaintext } = atOwn;
      Object.assign(atOwn, {
        plaintext: (bytes: Uint8Array) => {
          plaintext(bytes);
          own.send(text("four"));
          inside.push(own.unsent);
        },
      });
      peer.send(text("question"));
      made.network.run();
      expect(inside).toEqual([4]);
      expect(own.unsent).toBe(0);
    });
  }
});
