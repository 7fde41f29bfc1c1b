import { type CipherGCMTypes, createCipheriv, createDecipheriv } from "node:crypto";
import { TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256 } from "@tlskit/ciphersuites";
import { hashOf } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { TrafficSecret } from "@tlskit/keyschedule";
import { LateTasks } from "@tlskit/testing";
import {
  type DirectionSecrets,
  dangerouslyTakeTrafficSecrets,
  type TlsClient,
  type TlsServer,
  type TrafficSecrets,
} from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { describe, expect, it, vi } from "vitest";
import { recordsIn } from "./helpers/records.ts";
import { expectData, expectOrderlyClose, text } from "./helpers/scenarios.ts";
import { connect, type Pair, pair } from "./helpers/world.ts";

const [alertType, handshakeType, dataType] = [21, 22, 23];

type Cipher = "aes-128-gcm" | "aes-256-gcm" | "chacha20-poly1305";

// node:crypto's types tell AEADs apart by name; at run time they are called alike.
const asGcm = (cipher: Cipher): CipherGCMTypes => cipher as CipherGCMTypes;

/** RFC 9846 §5.2, §5.3, written down once more with nothing but node:crypto: what a kernel does. */
class OtherRecordLayer {
  readonly #cipher: Cipher;
  #keys: Pick<DirectionSecrets, "key" | "iv">;
  #sequenceNumber: bigint;

  constructor(cipher: Cipher, { key, iv, sequenceNumber }: DirectionSecrets) {
    this.#cipher = cipher;
    this.#keys = { key, iv };
    this.#sequenceNumber = BigInt(sequenceNumber);
  }

  rekey(keys: Pick<DirectionSecrets, "key" | "iv">): void {
    this.#keys = keys;
    this.#sequenceNumber = 0n;
  }

  seal(type: number, content: Uint8Array): Uint8Array {
    const length = content.length + 1 + 16;
    const header = Uint8Array.of(23, 3, 3, length >> 8, length & 0xff);
    const cipher = createCipheriv(asGcm(this.#cipher), this.#keys.key, this.#nonce(), { authTagLength: 16 });
    cipher.setAAD(header);
    const body = cipher.update(concat(content, Uint8Array.of(type)));
    cipher.final();
    return concat(header, body, cipher.getAuthTag());
  }

  open(record: Uint8Array): { readonly type: number | undefined; readonly content: Uint8Array } {
    const cipher = createDecipheriv(asGcm(this.#cipher), this.#keys.key, this.#nonce(), {
      authTagLength: 16,
    });
    cipher.setAAD(record.subarray(0, 5));
    cipher.setAuthTag(record.subarray(-16));
    const inner = concat(cipher.update(record.subarray(5, -16)), cipher.final());
    return { type: inner.at(-1), content: inner.subarray(0, -1) };
  }

  #nonce(): Uint8Array {
    const nonce = Buffer.from(this.#keys.iv);
    nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ this.#sequenceNumber, 4);
    this.#sequenceNumber += 1n;
    return nonce;
  }
}

const suites = [
  ["aes-128-gcm", TLS_AES_128_GCM_SHA256],
  ["aes-256-gcm", TLS_AES_256_GCM_SHA384],
  ["chacha20-poly1305", TLS_CHACHA20_POLY1305_SHA256],
] as const;

/** What the server wrote after so many chunks. */
const written = ({ link }: Pair, from: number): readonly Uint8Array[] => recordsIn(link.right.written.slice(from));

describe.each(suites)("another record layer, with %s", (cipher, suite) => {
  it.each<["at the beginning" | "later" | "after updates"]>([["at the beginning"], ["later"], ["after updates"]])(
    "goes on %s",
    (when) => {
      const made = connect(pair({ cipherSuites: [suite] }));
      if (when !== "at the beginning") expectData(made);
      if (when === "after updates") {
        for (const request of [false, true]) {
          made.client.updateKeys(request);
          expectData(made, 20_000);
        }
        // the server's answer goes in front of its next data
        expectData(made);
      }
      const secrets = dangerouslyTakeTrafficSecrets(made.client);
      expect(secrets.cipherSuite).toBe(suite);
      const sealing = new OtherRecordLayer(cipher, secrets.sent);
      const opening = new OtherRecordLayer(cipher, secrets.received);
      const before = made.atServer.data.length;
      for (const word of ["one", "two"]) made.server.receive(sealing.seal(dataType, text(word)));
      expect(made.atServer.text.slice(before)).toBe("onetwo");

      const from = made.link.right.written.length;
      made.server.send(text("three"));
      made.server.close();
      expect(written(made, from).map((record) => opening.open(record))).toEqual([
        { type: dataType, content: text("three") },
        { type: alertType, content: Uint8Array.of(1, 0) },
      ]);
      made.server.receive(sealing.seal(alertType, Uint8Array.of(1, 0)));
      expect(made.atServer.outcome).toBe("orderly");
    },
  );
});

describe("traffic secrets", () => {
  const [cipher, cipherSuite] = suites[0];
  const established = (): Pair => connect(pair({ cipherSuites: [cipherSuite] }));
  const refused = (code: string, message?: RegExp): object =>
    expect.objectContaining({
      name: "TlsError",
      kind: "caller",
      code,
      ...(message === undefined ? {} : { message: expect.stringMatching(message) }),
    });
  const take = (side: TlsClient | TlsServer) => (): TrafficSecrets => dangerouslyTakeTrafficSecrets(side);

  // RFC 9846 §7.2
  it("are what the next keys come from", () => {
    const made = established();
    const { sent } = dangerouslyTakeTrafficSecrets(made.client);
    const sealing = new OtherRecordLayer(cipher, sent);
    made.server.receive(sealing.seal(handshakeType, Uint8Array.of(24, 0, 0, 1, 0)));
    const hash = hashOf(nodeProvider, "SHA-256");
    sealing.rekey(new TrafficSecret("client application", hash, sent.secret).next().keys(16, 12));
    made.server.receive(sealing.seal(dataType, text("under new keys")));
    expect(made.atServer.text).toBe("under new keys");
  });

  it("are the same at both ends", () => {
    const made = established();
    expectData(made);
    const [atClient, atServer] = [take(made.client)(), take(made.server)()];
    expect(atServer).toEqual({ cipherSuite, sent: atClient.received, received: atClient.sent });
    expect(atClient.sent.sequenceNumber).toBeGreaterThan(0);
  });

  it("aren't given before the handshake is done", () => {
    const made = pair();
    expect(take(made.client)).toThrow(refused("not_established"));
    made.client.start();
    expect(take(made.client)).toThrow(refused("not_established"));
  });

  it("aren't given of a connection that either side has closed, or that failed", () => {
    const closed = established();
    closed.client.close();
    closed.network.run();
    const failed = established();
    failed.client.abort();
    failed.network.run();
    const ended = established();
    expectOrderlyClose(ended);
    for (const { client, server } of [closed, failed, ended]) {
      for (const side of [client, server]) expect(take(side)).toThrow(refused("closed"));
    }
  });

  it("aren't given while a part of a record is there, and are when the rest has come", () => {
    const made = established();
    const from = made.link.right.written.length;
    made.server.send(text("record"));
    const record = concat(...made.link.right.written.slice(from));
    for (const byte of record) {
      made.client.receive(Uint8Array.of(byte));
      if (made.client.unread > 0) expect(take(made.client)).toThrow(refused("not_idle", /what came isn't used up/));
    }
    expect(made.atClient.text).toBe("record");
    expect(take(made.client)().received.sequenceNumber).toBe(1);
  });

  it("aren't given in the middle of a message", () => {
    const made = established();
    const peer = new OtherRecordLayer(cipher, take(made.server)().sent);
    made.client.receive(peer.seal(handshakeType, Uint8Array.of(24, 0)));
    expect(made.client.unread).toBe(0);
    expect(take(made.client)).toThrow(refused("not_idle", /what came isn't used up/));
    made.client.receive(peer.seal(handshakeType, Uint8Array.of(0, 1, 0)));
    expect(take(made.client)().received.sequenceNumber).toBe(0);
  });

  it("aren't given while an answer is owed to a peer that wants new keys", () => {
    const made = established();
    made.server.updateKeys(true);
    made.network.run();
    expect(take(made.client)).toThrow(refused("not_idle", /something to be sent/));
    made.client.updateKeys();
    expect(take(made.client)().sent.sequenceNumber).toBe(0);
  });

  it("aren't given while data is only collected", () => {
    const made = established();
    made.client.batch(() => {
      made.client.send(text("collected"));
      expect(take(made.client)).toThrow(refused("not_idle", /something to be sent/));
    });
    made.network.run();
    expect(made.atServer.text).toBe("collected");
  });

  it("aren't given while an AEAD is busy, with what goes or with what came", () => {
    const tasks = new LateTasks();
    const made = connect(pair({ cipherSuites: [cipherSuite], tasks }));
    made.client.send(text("sealed late"));
    expect(take(made.client)).toThrow(refused("not_idle", /something to be sent/));
    while (made.client.unsent > 0) tasks.step();
    made.server.receive(concat(...made.link.left.written.slice(-1)));
    expect(made.server.unread).toBe(0);
    expect(take(made.server)).toThrow(refused("not_idle", /what came isn't used up/));
    expect(take(made.client)().sent.sequenceNumber).toBe(1);
  });

  it("aren't given while callbacks are still to come, which may have data or records", () => {
    const made = established();
    const seen: unknown[] = [];
    vi.spyOn(made.atClient, "plaintext").mockImplementation(() => {
      made.client.send(text("an answer"));
      try {
        dangerouslyTakeTrafficSecrets(made.client);
      } catch (error) {
        seen.push(error);
      }
    });
    made.server.send(text("a question"));
    made.network.run();
    expect(seen).toEqual([refused("not_idle", /callbacks are still to come/)]);
    expect(made.atServer.text).toBe("an answer");
    expect(take(made.client)().sent.sequenceNumber).toBe(1);
  });

  it("are given in the last callback", () => {
    const made = established();
    const taken: TrafficSecrets[] = [];
    vi.spyOn(made.atClient, "plaintext").mockImplementation(() => {
      taken.push(dangerouslyTakeTrafficSecrets(made.client));
    });
    made.server.send(text("over to you"));
    made.network.run();
    expect(taken.map(({ received }) => received.sequenceNumber)).toEqual([1]);
  });

  it("leave a connection behind that is spent: whatever is called says so, and no handler is called", () => {
    const made = established();
    const { info } = made.client;
    take(made.client)();
    const told = made.atClient.events.length;
    const { client } = made;
    const calls: readonly (() => unknown)[] = [
      () => client.start(),
      () => client.receive(new Uint8Array(1)),
      () => client.release(new ArrayBuffer(1)),
      () => client.receiveEnd(),
      () => client.send(text("more")),
      () => client.sendEarly(text("more")),
      () => client.batch(() => {}),
      () => client.close(),
      () => client.abort(),
      () => client.checkDeadline(),
      () => client.updateKeys(),
      () => client.exportKeyingMaterial("EXPERIMENTAL test", text(""), 20),
      () => client.exportEarlyKeyingMaterial("EXPERIMENTAL test", text(""), 20),
      () => client.channelBinding("tls-exporter"),
      take(client),
    ];
    for (const call of calls) expect(call, String(call)).toThrow(refused("traffic_secrets_taken"));
    client.discard();
    expect(made.atClient.events).toHaveLength(told);
    expect([client.info, client.unsent, client.unread, client.deadline]).toEqual([info, 0, 0, undefined]);
  });
});
