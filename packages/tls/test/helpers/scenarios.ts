import { secp256r1, TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256, x25519 } from "@tlskit/ciphersuites";
import { Alert, toHex } from "@tlskit/wire";
import { expect } from "vitest";
import { connect, host, type Pair, type PairOptions, pair } from "./world.ts";

/** What is told in one world is told in the others too: with other chunks, with late answers. */
export interface Scenario {
  readonly name: string;
  run(world: Pick<PairOptions, "tasks" | "link">): void;
}

/** ASCII text as bytes. */
export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Both sides came to the same. */
export function expectEstablished({ client, server, atClient, atServer, clientKeyLog, serverKeyLog }: Pair): void {
  expect(atClient.error).toBeUndefined();
  expect(atServer.error).toBeUndefined();
  expect(atClient.info).toBeDefined();
  expect(atServer.info).toBeDefined();
  // Each by its own clock, and the one later than the other.
  const { peer: chain, role: clientRole, verifiedAt: atItsClient, ...ofClient } = atClient.info ?? {};
  const { peer: none, role: serverRole, verifiedAt: atItsServer, ...ofServer } = atServer.info ?? {};
  expect([clientRole, serverRole, none]).toEqual(["client", "server", undefined]);
  // The server alone knows both lists.
  const { sharedSignatureSchemes } = atServer.info ?? {};
  expect({ ...ofClient, sharedSignatureSchemes }).toEqual(ofServer);
  expect(atItsClient).toBeGreaterThanOrEqual(atItsServer ?? Number.NaN);
  expect(chain?.certificates.length).toBe(2);
  const exported = client.exportKeyingMaterial("EXPERIMENTAL test", text("context"), 40);
  expect(toHex(server.exportKeyingMaterial("EXPERIMENTAL test", text("context"), 40))).toBe(toHex(exported));
  expect(toHex(server.exportKeyingMaterial("EXPERIMENTAL test", text("another"), 40))).not.toBe(toHex(exported));
  const labels =
    atClient.info?.version === 0x0304
      ? [
          "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
          "SERVER_HANDSHAKE_TRAFFIC_SECRET",
          "CLIENT_TRAFFIC_SECRET_0",
          "SERVER_TRAFFIC_SECRET_0",
          "EXPORTER_SECRET",
        ]
      : ["CLIENT_RANDOM"];
  expect(clientKeyLog.map((line) => line.split(" ")[0])).toEqual(labels);
  expect(serverKeyLog).toEqual(clientKeyLog);
}

/** Data arrives in both directions. */
export function expectData({ network, client, server, atClient, atServer }: Pair, size: number = 40_000): void {
  const before = [atClient.data.length, atServer.data.length] as const;
  const toServer = new Uint8Array(size).map((_, index) => index % 251);
  const toClient = new Uint8Array(size).map((_, index) => index % 241);
  client.send(toServer);
  server.send(toClient);
  network.run();
  expect(toHex(atServer.data.subarray(before[1]))).toBe(toHex(toServer));
  expect(toHex(atClient.data.subarray(before[0]))).toBe(toHex(toClient));
  expect([client.unsent, server.unsent, client.unread, server.unread]).toEqual([0, 0, 0, 0]);
}

/** Both close, and both take it for orderly. */
export function expectOrderlyClose({ network, client, server, atClient, atServer }: Pair): void {
  client.close();
  network.run();
  expect(atServer.events.at(-1)).toBe("ended");
  expect(atClient.outcome).toBeUndefined();
  server.close();
  network.run();
  expect(atClient.outcome).toBe("orderly");
  expect(atServer.outcome).toBe("orderly");
}

/** After `closed`, neither side calls anything but its transport's end. */
export function expectNothingAfterClosed({ atClient, atServer }: Pair): void {
  for (const { events } of [atClient, atServer]) expect(events.at(-1)).toBe("closed");
}

const quick = { cipherSuites: [TLS_AES_128_GCM_SHA256], namedGroups: [x25519] } as const;

const kinds = (events: Pair["atClient"]["traced"], direction: "sent" | "received"): string[] =>
  events.flatMap((event) =>
    event.type === "message" && event.direction === direction ? [event.messageType.name] : [],
  );

/** The generations of the keys that came into use. */
function generations(side: Pair["atClient"] | Pair["atServer"], direction: "sent" | "received"): number[] {
  return side.traced.flatMap((event) =>
    event.type === "keys" && event.direction === direction ? [event.generation] : [],
  );
}

export const scenarios: readonly Scenario[] = [
  {
    name: "a handshake, data, an orderly end",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      expectEstablished(made);
      expectData(made);
      expectOrderlyClose(made);
      expect(kinds(made.atClient.traced, "received")).toEqual([
        "ServerHello",
        "EncryptedExtensions",
        "Certificate",
        "CertificateVerify",
        "Finished",
      ]);
    },
  },
  {
    name: "a handshake with the provider's defaults",
    run(world) {
      const made = connect(pair(world));
      expectEstablished(made);
      expect(made.atClient.info?.namedGroup?.name).toBe("X25519MLKEM768");
      expectData(made);
    },
  },
  {
    name: "a handshake that looks like TLS 1.2 to middleboxes",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      const outside = ({ written }: Pair["link"]["left"]): string[] =>
        written
          .map(([type = 0, major = 0, minor = 0]) => `${type} ${major}.${minor}`)
          // A flight whose signature comes late goes out in two records.
          .filter((record, index, all) => record !== all[index - 1]);
      // RFC 9846 §E.4, §5.1#version-sent, §5.1#second-hello-version, §5#types-sent
      expect(outside(made.link.left)).toEqual(["22 3.1", "20 3.3", "23 3.3"]);
      expect(outside(made.link.right)).toEqual(["22 3.3", "20 3.3", "23 3.3"]);
      const retried = connect(pair({ ...quick, ...world, client: { keyShareGroups: [] } }));
      expect(outside(retried.link.left)).toEqual(["22 3.1", "20 3.3", "22 3.3", "23 3.3"]);
      expect(outside(retried.link.right)).toEqual(["22 3.3", "20 3.3", "22 3.3", "23 3.3"]);
    },
  },
  {
    name: "a failure drops the data that is not sent yet",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      made.client.send(text("first"));
      made.network.run();
      const before = made.link.left.written.length;
      made.client.send(new Uint8Array(200_000));
      made.client.receive(text("garbage"));
      made.network.run();
      expect(made.atClient.error).toMatchObject({ code: "unknown_record_type" });
      if (world.tasks !== undefined) expect(made.link.left.written.length - before).toBeLessThan(5);
      expect(made.client.unsent).toBe(0);
      expect(made.atServer.error).toMatchObject({ code: "alert_unexpected_message" });
    },
  },
  {
    name: "a handshake without middlebox compatibility",
    run(world) {
      const made = connect(pair({ ...quick, ...world, client: { middleboxCompatibility: false } }));
      expectEstablished(made);
      const types = ({ written }: Pair["link"]["left"]): unknown[] => written.map(([type]) => type);
      expect(types(made.link.left)).not.toContain(20);
      // RFC 9846 §E.4: a server's costs nothing, and it is sent to everybody.
      expect(types(made.link.right)).toContain(20);
      expectData(made);
    },
  },
  {
    name: "a HelloRetryRequest, since the client sent a share for another group",
    run(world) {
      const made = connect(
        pair({
          ...world,
          namedGroups: [x25519, secp256r1],
          client: { keyShareGroups: [x25519] },
          server: { namedGroups: [secp256r1] },
        }),
      );
      expectEstablished(made);
      expect(made.atClient.info?.helloRetryRequest).toBe(true);
      expect(made.atClient.info?.namedGroup).toBe(secp256r1);
      expect(kinds(made.atServer.traced, "received")).toEqual(["ClientHello", "ClientHello", "Finished"]);
      expectData(made);
      expectOrderlyClose(made);
    },
  },
  {
    name: "a HelloRetryRequest, since the client sent no share",
    run(world) {
      const made = connect(pair({ ...quick, ...world, client: { keyShareGroups: [] } }));
      expectEstablished(made);
      expect(made.atServer.info?.helloRetryRequest).toBe(true);
    },
  },
  {
    name: "data that is given before the handshake is done",
    run(world) {
      const made = pair({ ...quick, ...world });
      made.client.start();
      made.server.start();
      made.client.send(text("early, "));
      made.client.send(text("but not too early"));
      expect(made.client.unsent).toBe(24);
      made.server.send(text("the server's too"));
      made.network.run();
      expect(made.atServer.text).toBe("early, but not too early");
      expect(made.atClient.text).toBe("the server's too");
      expect(made.client.unsent).toBe(0);
      expect(made.atClient.events).toContain("drained");
    },
  },
  {
    name: "key updates, asked and answered",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      const { client, server, network, atClient, atServer } = made;
      client.updateKeys();
      expectData(made, 100);
      client.updateKeys(true);
      network.run();
      expectData(made, 100);
      server.updateKeys(true);
      client.updateKeys(true);
      network.run();
      expectData(made, 100);
      expect(generations(atClient, "sent")).toEqual([0, 0, 1, 2, 3, 4]);
      expect(generations(atServer, "received")).toEqual([0, 0, 1, 2, 3, 4]);
      expect(generations(atServer, "sent")).toEqual([0, 0, 1, 2, 3]);
      expect(generations(atClient, "received")).toEqual([0, 0, 1, 2, 3]);
      expectOrderlyClose(made);
    },
  },
  // RFC 9846 §4.7.3#one-request
  {
    name: "requests for a key update are not repeated before the answer",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      const { client, network, atServer } = made;
      client.updateKeys(true);
      client.updateKeys(true);
      client.updateKeys(true);
      network.run();
      const requests = atServer.traced.flatMap((event) =>
        event.type === "message" && event.messageType.name === "KeyUpdate" && event.direction === "received"
          ? [event.bytes[4]]
          : [],
      );
      expect(requests).toEqual([1, 0, 0]);
      expect(generations(atServer, "sent")).toEqual([0, 0]);
      expectData(made, 100);
      expect(generations(atServer, "sent")).toEqual([0, 0, 1]);
    },
  },
  // RFC 9846 §4.7.3#answered
  {
    name: "requests for a key update that come apart while we are silent get one answer, before the next data",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      const { client, server, network, atServer } = made;
      for (let i = 0; i < 3; i += 1) {
        client.updateKeys(true);
        network.run();
      }
      server.send(text("at last"));
      network.run();
      expect(made.atClient.text).toBe("at last");
      expect(generations(atServer, "sent")).toEqual([0, 0, 1]);
      expectData(made, 100);
    },
  },
  // RFC 9846 §6.1#close-sent
  {
    name: "half-close by the client: the server's data still arrives",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      const { client, server, network, atClient, atServer } = made;
      client.send(text("question"));
      client.close();
      network.run();
      expect(atServer.text).toBe("question");
      expect(atServer.events).toContain("ended");
      expect(atClient.events).toContain("sendEnded");
      expect(() => client.send(text("more"))).toThrow(expect.objectContaining({ kind: "caller", code: "closed" }));
      server.send(text("answer"));
      network.run();
      expect(atClient.text).toBe("answer");
      expect(atClient.outcome).toBeUndefined();
      server.close();
      network.run();
      expect([atClient.outcome, atServer.outcome]).toEqual(["orderly", "orderly"]);
    },
  },
  {
    name: "half-close by the server",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      const { client, server, network, atClient, atServer } = made;
      server.close();
      network.run();
      expect(atClient.events).toContain("ended");
      client.send(text("still here"));
      network.run();
      expect(atServer.text).toBe("still here");
      client.close();
      network.run();
      expect([atClient.outcome, atServer.outcome]).toEqual(["orderly", "orderly"]);
    },
  },
  {
    name: "both close at once",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      made.client.close();
      made.server.close();
      made.network.run();
      expect([made.atClient.outcome, made.atServer.outcome]).toEqual(["orderly", "orderly"]);
    },
  },
  {
    name: "a stream that is lost is a truncation, and what came before it is delivered",
    run(world) {
      const made = connect(pair({ ...quick, ...world }));
      made.server.send(text("half of an ans"));
      made.network.run();
      made.link.lose();
      made.network.run();
      expect(made.atClient.text).toBe("half of an ans");
      for (const side of [made.atClient, made.atServer]) {
        expect(side.error).toMatchObject({ kind: "truncation", code: "truncated" });
        expect(side.events).not.toContain("ended");
      }
    },
  },
  {
    name: "close during the handshake gives it up",
    run(world) {
      const made = pair({ ...quick, ...world });
      made.server.start();
      made.client.start();
      made.client.close();
      made.network.run();
      // RFC 9846 §6.1#canceled-then-closed
      const alerts = made.atClient.traced.flatMap((event) => (event.type === "alert" ? [event.description] : []));
      expect(alerts).toEqual([Alert.userCanceled, Alert.closeNotify]);
      expect(made.atClient.error).toMatchObject({ kind: "caller", code: "closed_during_handshake" });
      expect(made.atServer.error).toMatchObject({ kind: "alert", code: "closed_during_handshake" });
      expect(made.atServer.info).toBeUndefined();
      expectNothingAfterClosed(made);
    },
  },
  {
    name: "close while the handshake waits for its provider",
    run(world) {
      // However many answers have come before it, what comes after it changes nothing any more.
      for (let answers = 0; answers < 14; answers += 1) {
        const made = pair({ ...quick, ...world });
        made.server.start();
        made.client.start();
        for (let i = 0; i < answers; i += 1) world.tasks?.step();
        made.server.close();
        made.network.run();
        expect(made.atServer.error).toMatchObject({ kind: "caller", code: "closed_during_handshake" });
        expect(made.atClient.error).toMatchObject({ kind: "alert", code: "closed_during_handshake" });
        expectNothingAfterClosed(made);
      }
    },
  },
  {
    name: "no cipher suite in common",
    run(world) {
      const made = connect(
        pair({
          ...world,
          client: { cipherSuites: [TLS_AES_128_GCM_SHA256] },
          server: { cipherSuites: [TLS_CHACHA20_POLY1305_SHA256] },
        }),
      );
      expect(made.atServer.error).toMatchObject({ kind: "peer", code: "no_common_cipher_suite", alert: 40 });
      expect(made.atClient.error).toMatchObject({ kind: "alert", code: "alert_handshake_failure", alert: 40 });
    },
  },
  {
    name: "the server is somebody else",
    run(world) {
      const made = connect(pair({ ...quick, ...world, host: `not-${host}` }));
      expect(made.atClient.error).toMatchObject({ kind: "peer", code: "certificate_name_mismatch" });
      expect(made.atServer.error).toMatchObject({ kind: "alert", alert: made.atClient.error?.alert });
      expect([made.atClient.info, made.atServer.info]).toEqual([undefined, undefined]);
    },
  },
];
