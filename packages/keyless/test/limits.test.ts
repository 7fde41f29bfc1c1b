import { KeyServer } from "@tlskit/keyless";
import { concat } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { lengthPrefixed, rawMessage, signBody } from "./helpers/raw.ts";
import {
  algorithm,
  certificateVerify,
  forAlice,
  SlowSigner,
  serverKeyExchange,
  signer,
  world,
} from "./helpers/world.ts";

const request = (id: number) => rawMessage(2, id, signBody("www", algorithm, 1, lengthPrefixed(new Uint8Array(32))));
const internal = (code: string) => expect.objectContaining({ name: "TlsError", kind: "internal", code, alert: 80 });
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("requests of a connection in flight", () => {
  const full = (maxRequestsInFlight: number) => {
    const slow = new SlowSigner();
    const made = world({ wired: false, keys: { www: { ...forAlice, signer: slow } }, server: { maxRequestsInFlight } });
    return { ...made, slow };
  };

  it("wait at the limit, and the transport is told", async () => {
    const { server, slow, toClient, ended } = full(2);
    server.receive(concat(request(1), request(2)));
    expect([slow.owed.length, server.unread]).toEqual([2, 0]);
    server.receive(request(3));
    expect([slow.owed.length, server.unread]).toEqual([2, request(3).length]);
    slow.owed[1]?.done(Uint8Array.of(1));
    await settled();
    expect([slow.owed.length, server.unread]).toEqual([3, 0]);
    expect(toClient).toHaveLength(1);
    expect(ended).toEqual({});
  });

  it("go on where they have waited, in one go, when one is answered", async () => {
    const made = world({
      wired: false,
      keys: { www: { ...forAlice, signer: { ...signer, sign: async () => Uint8Array.of(1) } } },
      server: { maxRequestsInFlight: 1 },
    });
    made.server.receive(concat(...Array.from({ length: 50 }, (_, id) => request(id))));
    await settled();
    expect(made.toClient).toHaveLength(50);
    expect(made.drained).toBe(1);
  });

  it("are 256 unless told otherwise", () => {
    const slow = new SlowSigner();
    const keys = { www: { ...forAlice, signer: slow } };
    const { server } = world({ wired: false, keys, server: { maxSignaturesPending: 1000 } });
    server.receive(concat(...Array.from({ length: 257 }, (_, id) => request(id))));
    expect(slow.owed).toHaveLength(256);
  });

  it("end the connection if more than 256 KiB wait behind them, which no transport reads", () => {
    const { server, ended } = full(1);
    server.receive(request(0));
    server.receive(new Uint8Array(256 * 1024));
    expect(ended.server).toBeUndefined();
    server.receive(new Uint8Array(1));
    expect(ended.server).toMatchObject({ kind: "peer", code: "too_much_unread" });
  });

  it("aren't held for unfinished by a stream that ends while some wait", () => {
    const { server, ended } = full(1);
    server.receive(concat(request(1), request(2)));
    server.receiveEnd();
    expect(ended.server).toBe("orderly");
  });
});

describe("a signer that hangs", () => {
  it("has two seconds, then the request is refused", async () => {
    const slow = new SlowSigner();
    const made = world({ keys: { www: { ...forAlice, signer: slow } } });
    const asked = made.client.sign("www", algorithm, certificateVerify());
    expect(made.server.deadline).toBe(2000);
    made.now = 1999;
    made.server.checkDeadline();
    expect(made.events).toEqual([]);
    made.now = 2000;
    made.server.checkDeadline();
    await expect(asked).rejects.toEqual(internal("signature_timeout"));
    expect(made.events).toMatchObject([{ type: "refused", reason: "signature_timeout", key: "www" }]);
    expect(made.server.deadline).toBeUndefined();
    slow.owed[0]?.done(Uint8Array.of(1));
    await settled();
    expect([made.toClient.length, made.events.length, made.ended]).toEqual([1, 1, {}]);
  });

  it("is asked no more once it owes as many signatures as it may, whoever asked, and whether anybody still waits", async () => {
    const slow = new SlowSigner();
    let now = 0;
    const keys = { www: { ...forAlice, signer: slow } };
    const server = new KeyServer({ keys, clock: () => now, maxSignaturesPending: 2, signatureTimeout: 10 });
    const answers: number[] = [];
    const client = () =>
      server.accept("alice", { bytes: (bytes) => answers.push(bytes[8] ?? 0), closed: () => undefined });
    const [one, other] = [client(), client()];
    one.receive(request(1));
    other.receive(request(1));
    other.receive(request(2));
    expect([slow.owed.length, answers]).toEqual([2, [4]]); // key_too_busy
    now = 10;
    one.checkDeadline();
    other.checkDeadline();
    one.receive(request(2));
    expect([slow.owed.length, answers]).toEqual([2, [4, 6, 6, 4]]); // signature_timeout twice
    slow.owed[0]?.failed(new TypeError("at last"));
    await settled();
    one.receive(request(3));
    expect(slow.owed).toHaveLength(3);
  });

  it("that comes too late is no answer to a later request of the same id", async () => {
    const slow = new SlowSigner();
    const made = world({ wired: false, keys: { www: { ...forAlice, signer: slow } } });
    made.server.receive(request(1));
    made.now = 2000;
    made.server.checkDeadline();
    made.server.receive(request(1));
    slow.owed[0]?.done(Uint8Array.of(1));
    await settled();
    expect(made.toClient).toHaveLength(1);
    slow.owed[1]?.done(Uint8Array.of(2));
    await settled();
    expect(made.toClient[1]).toEqual(rawMessage(4, 1, Uint8Array.of(0, 1, 2)));
  });
});

describe("a client", () => {
  it("takes a server that says nothing for three seconds for gone", async () => {
    const made = world({ wired: false });
    const asked = made.client.sign("www", algorithm, certificateVerify());
    expect(made.client.deadline).toBe(3000);
    made.now = 2999;
    made.client.checkDeadline();
    expect(made.ended).toEqual({});
    made.now = 3000;
    made.client.checkDeadline();
    await expect(asked).rejects.toEqual(internal("key_server_timeout"));
    expect(made.ended.client).toEqual(internal("key_server_timeout"));
    expect(made.client.deadline).toBeUndefined();
  });

  it("waits for nothing if nothing is open", () => {
    const { client, ended } = world();
    client.checkDeadline();
    expect([client.deadline, ended]).toEqual([undefined, {}]);
  });

  it("has as many requests open as it may, and no more", async () => {
    const { client } = world({ wired: false, client: { maxRequestsOpen: 2 } });
    const asked = [client.algorithms("www"), client.algorithms("www")];
    await expect(client.algorithms("www")).rejects.toEqual(internal("too_many_requests"));
    client.close();
    for (const one of asked) await expect(one).rejects.toEqual(internal("key_server_lost"));
  });
});

describe("lengths", () => {
  it("of names are 255 characters, and signatures of 1024 bytes come through", async () => {
    const name = "k".repeat(255);
    const long = new Uint8Array(1024).fill(9);
    const algorithms = ["ECDSA/P-256/SHA-256"] as const;
    const served = { ...forAlice, forms: ["tls12-ecdhe"] as const, signer: { algorithms, sign: () => long } };
    const { client } = world({ keys: { [name]: served } });
    const message = serverKeyExchange(0x0019, new Uint8Array(133).fill(4)); // the longest request
    expect(await client.sign(name, algorithm, message)).toEqual(long);
    expect(() => client.algorithms(`${name}k`)).toThrow(expect.objectContaining({ code: "invalid_key_name" }));
  });

  it("of the longest request that can be told is what is taken", () => {
    const name = "k".repeat(255);
    const parts = concat(serverKeyExchange(0x0019, new Uint8Array(133).fill(4)));
    const body = signBody(name, "a".repeat(64), 2, parts);
    const { server, toClient, ended } = world({ wired: false });
    server.receive(rawMessage(2, 1, body));
    expect([ended, toClient]).toEqual([{}, [rawMessage(5, 1, Uint8Array.of(1))]]);
    expect(body).toHaveLength(523);
  });
});
