import { secp256r1, x25519 } from "@tlskit/ciphersuites";
import type { Aead, AeadAlgorithm, CryptoProvider, KeyExchange } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { LateTasks } from "@tlskit/testing";
import { dangerouslyTakeTrafficSecrets } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { text } from "./helpers/scenarios.ts";
import { connect, type PairOptions, pair } from "./helpers/world.ts";

/** A provider that knows which of the keys that it made are still in use, and refuses those that were disposed of. */
function watched() {
  const live = { aeads: 0, keyShares: 0 };
  function disposable(kind: keyof typeof live): { readonly use: () => void; readonly dispose: () => void } {
    let isDisposed = false;
    live[kind] += 1;
    const use = (): void => {
      if (isDisposed) throw new RangeError(`one of ${kind} was used, or disposed of, after it was disposed of`);
    };
    return {
      use,
      dispose: () => {
        use();
        isDisposed = true;
        live[kind] -= 1;
      },
    };
  }
  const watchedAead = (algorithm: AeadAlgorithm): AeadAlgorithm => ({
    ...algorithm,
    withKey: (key): Aead => {
      const aead = algorithm.withKey(key);
      const { use, dispose } = disposable("aeads");
      return {
        seal: (...given) => {
          use();
          return aead.seal(...given);
        },
        open: (...given) => {
          use();
          return aead.open(...given);
        },
        dispose,
      };
    },
  });
  const watchedExchange = (exchange: KeyExchange): KeyExchange => ({
    ...exchange,
    offer: (random) => {
      const offer = exchange.offer(random);
      if (!("share" in offer)) throw new TypeError("node:crypto answers at once");
      const { use, dispose } = disposable("keyShares");
      return {
        share: offer.share,
        finish: (share) => {
          use();
          return offer.finish(share);
        },
        dispose,
      };
    },
  });
  const provider: CryptoProvider = {
    ...nodeProvider,
    aeads: nodeProvider.aeads.map(watchedAead),
    keyExchanges: nodeProvider.keyExchanges.map(watchedExchange),
  };
  return { live, provider };
}

for (const world of ["at once", "late"] as const) {
  describe(`keys of a provider that answers ${world}`, () => {
    const watchedPair = (options: PairOptions = {}) => {
      const { live, provider } = watched();
      const made = pair({ provider, ...(world === "late" ? { tasks: new LateTasks() } : {}), ...options });
      return { live, made };
    };

    it("are kept as long as they are in use: two ends, each of which reads and writes", () => {
      const { live, made } = watchedPair();
      connect(made);
      expect(live).toEqual({ aeads: 4, keyShares: 0 });
    });

    it("are disposed of when they are updated", () => {
      const { live, made } = watchedPair();
      connect(made);
      for (let i = 0; i < 3; i += 1) {
        made.client.updateKeys(true);
        made.client.send(text("data"));
        made.network.run();
      }
      expect(made.atServer.text).toBe("datadatadata");
      expect(live.aeads).toBe(4);
    });

    it("are disposed of when the connection ends", () => {
      const { live, made } = watchedPair();
      connect(made);
      made.client.send(text("the last"));
      made.client.close();
      made.server.close();
      made.network.run();
      expect(made.atServer.text).toBe("the last");
      expect([made.atClient.outcome, made.atServer.outcome]).toEqual(["orderly", "orderly"]);
      expect(live).toEqual({ aeads: 0, keyShares: 0 });
    });

    it("are disposed of when another record layer takes the connection over", () => {
      const { live, made } = watchedPair();
      connect(made);
      dangerouslyTakeTrafficSecrets(made.client);
      expect(live.aeads).toBe(2);
      dangerouslyTakeTrafficSecrets(made.server);
      expect(live).toEqual({ aeads: 0, keyShares: 0 });
    });

    it("are disposed of when the connection fails", () => {
      const { live, made } = watchedPair();
      connect(made);
      made.link.left.inject(text("garbage"));
      made.network.run();
      expect(made.atServer.error ?? made.atClient.error).toBeDefined();
      expect(live.aeads).toBe(0);
    });

    it("are disposed of when the connection is discarded, and nobody is told", () => {
      const { live, made } = watchedPair();
      connect(made);
      const { client, server, atClient, atServer, network } = made;
      server.send(text("on its way"));
      client.send(text("never sent, maybe"));
      client.discard();
      const told = atClient.events.length;
      network.run();
      server.send(text("too late"));
      network.run();
      client.receive(text("garbage"));
      client.receiveEnd();
      client.checkDeadline();
      client.close();
      client.abort();
      network.run();
      expect(atClient.events).toHaveLength(told);
      expect(atClient.outcome).toBeUndefined();
      expect(client.deadline).toBeUndefined();
      expect(() => client.send(text("more"))).toThrow(expect.objectContaining({ code: "closed" }));
      expect(() => client.updateKeys()).toThrow(expect.objectContaining({ code: "closed" }));
      expect(() => client.exportKeyingMaterial("EXPERIMENTAL", new Uint8Array(0), 16)).toThrow(
        expect.objectContaining({ code: "closed" }),
      );
      expect(live.aeads).toBe(2);
      client.discard();
      server.discard();
      expect(live.aeads).toBe(0);
      expect(atServer.outcome).toBeUndefined();
    });

    it("are disposed of when the connection is discarded during the handshake, or has ended before", () => {
      const { live, made } = watchedPair();
      made.server.start();
      made.client.start();
      made.client.discard();
      made.server.discard();
      made.network.run();
      expect(live.aeads).toBe(0);
      expect([made.atClient.info, made.atServer.info]).toEqual([undefined, undefined]);
      const ended = watchedPair();
      connect(ended.made);
      ended.made.client.close();
      ended.made.server.close();
      ended.made.network.run();
      for (const end of [ended.made.client, ended.made.server]) end.discard();
      expect(ended.live.aeads).toBe(0);
      expect([ended.made.atClient.outcome, ended.made.atServer.outcome]).toEqual(["orderly", "orderly"]);
    });

    it("are disposed of by a callback that discards the connection, which is told nothing more", () => {
      const { live, made } = watchedPair();
      connect(made);
      const { client, server, atClient, network } = made;
      const plaintext = atClient.plaintext;
      Object.assign(atClient, {
        plaintext: (bytes: Uint8Array) => {
          plaintext(bytes);
          client.discard();
        },
      });
      for (const data of ["1", "2", "3"]) server.send(text(data));
      server.close();
      network.run();
      expect(atClient.text).toBe("1");
      expect(atClient.events.filter((event) => event === "plaintext" || event === "ended")).toEqual(["plaintext"]);
      expect(live.aeads).toBe(2);
    });

    it("are disposed of when a HelloRetryRequest asks for others", () => {
      const { live, made } = watchedPair({
        client: { namedGroups: [x25519, secp256r1], keyShareGroups: [x25519] },
        server: { namedGroups: [secp256r1] },
      });
      connect(made);
      expect(made.atClient.info?.helloRetryRequest).toBe(true);
      expect(live).toEqual({ aeads: 4, keyShares: 0 });
    });
  });
}
