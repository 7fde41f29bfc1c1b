import { DescribeRequest, Header, Refusal, SignatureAnswer, SignRequest } from "@tlskit/keyless";
import { asciiBytes, type Codec, concat, decode, encode, explain, leavesOf } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { lengthPrefixed, rawMessage, signBody } from "./helpers/raw.ts";
import { algorithm, certificateVerify, forAlice, SlowSigner, world } from "./helpers/world.ts";

const hash = lengthPrefixed(new Uint8Array(32).fill(7));
const request = rawMessage(2, 1, signBody("www", algorithm, 1, hash));
const peersFault = (code: string) => expect.objectContaining({ name: "TlsError", kind: "peer", code });

describe("what is written", () => {
  it("is as it is written down", async () => {
    const { client, toServer, toClient } = world();
    await client.sign("www", algorithm, certificateVerify());
    await client.algorithms("www");
    await client.algorithms("other").catch(() => undefined);
    expect(toServer).toEqual([
      rawMessage(2, 0, signBody("www", algorithm, 1, hash)),
      rawMessage(1, 1, lengthPrefixed(asciiBytes("www"))),
      rawMessage(1, 2, lengthPrefixed(asciiBytes("other"))),
    ]);
    const algorithms = lengthPrefixed(asciiBytes(algorithm));
    expect(toClient.slice(1)).toEqual([
      rawMessage(3, 1, concat(Uint8Array.of(0, algorithms.length), algorithms)),
      rawMessage(5, 2, Uint8Array.of(1)),
    ]);
    expect(decode(Header, (toClient[0] ?? request).subarray(0, 8))).toMatchObject({ version: 1, type: 4, id: 0 });
  });

  it.each<[string, Codec<unknown>, Uint8Array]>([
    ["a request to sign for TLS 1.3", SignRequest as Codec<unknown>, request.subarray(8)],
    [
      "a request to sign for TLS 1.2",
      SignRequest as Codec<unknown>,
      signBody("www", algorithm, 2, concat(new Uint8Array(64), Uint8Array.of(3, 0, 29, 32), new Uint8Array(32))),
    ],
    ["a request to describe", DescribeRequest as Codec<unknown>, lengthPrefixed(asciiBytes("www"))],
    ["a refusal", Refusal as Codec<unknown>, Uint8Array.of(4)],
    ["a signature", SignatureAnswer as Codec<unknown>, Uint8Array.of(0, 1, 9)],
  ])("decodes, encodes to the same and is explained to the last byte: %s", (_, codec, bytes) => {
    expect(encode(codec, decode(codec, bytes))).toEqual(bytes);
    let end = 0;
    for (const leaf of leavesOf(explain(codec, bytes))) {
      expect(leaf.start).toBe(end);
      end = leaf.end;
    }
    expect(end).toBe(bytes.length);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decode(codec, bytes.subarray(0, length))).toThrow(peersFault("decode_error"));
    }
    expect(() => decode(codec, concat(bytes, Uint8Array.of(0)))).toThrow(peersFault("decode_error"));
  });
});

describe("a client ends its connection to the server", () => {
  it.each<[string, Uint8Array, string]>([
    ["with another version", rawMessage(1, 1, lengthPrefixed(asciiBytes("www")), { version: 2 }), "decode_error"],
    ["with a type that isn't known", rawMessage(9, 1, new Uint8Array(0)), "decode_error"],
    ["with an answer", rawMessage(4, 1, Uint8Array.of(0, 1, 9)), "decode_error"],
    ["with a body that is too short", rawMessage(2, 1, request.subarray(8, -1)), "decode_error"],
    ["with a body that is too long", rawMessage(2, 1, concat(request.subarray(8), Uint8Array.of(0))), "decode_error"],
    [
      "with a length that no request has, of which nothing has come",
      rawMessage(2, 1, new Uint8Array(0), { length: 524 }),
      "decode_error",
    ],
    ["with no name", rawMessage(1, 1, Uint8Array.of(0)), "decode_error"],
    ["with a name that can't be seen", rawMessage(1, 1, lengthPrefixed(Uint8Array.of(0x77, 0x20))), "decode_error"],
    ["with a form that isn't known", rawMessage(2, 1, signBody("www", algorithm, 3, hash)), "decode_error"],
    [
      "with a hash that TLS 1.3 hasn't",
      rawMessage(2, 1, signBody("www", algorithm, 1, lengthPrefixed(new Uint8Array(40)))),
      "decode_error",
    ],
    [
      "with a curve that is spelled out",
      rawMessage(
        2,
        1,
        signBody("www", algorithm, 2, concat(new Uint8Array(64), Uint8Array.of(1, 0, 29, 32), new Uint8Array(32))),
      ),
      "decode_error",
    ],
  ])("%s", (_, bytes, code) => {
    const { server, toClient, ended, events } = world({ wired: false });
    server.receive(bytes);
    server.receive(request);
    expect(ended.server).toEqual(peersFault(code));
    expect([toClient, events]).toEqual([[], []]);
  });

  it("with an id that isn't answered yet", () => {
    const { server, ended } = world({ wired: false, keys: { www: { ...forAlice, signer: new SlowSigner() } } });
    server.receive(request);
    expect(ended.server).toBeUndefined();
    server.receive(request);
    expect(ended.server).toEqual(peersFault("id_in_use"));
  });

  it("and may use an id again that is answered", () => {
    const { server, toClient, ended } = world({ wired: false });
    server.receive(request);
    server.receive(request);
    expect(toClient).toHaveLength(2);
    expect(ended).toEqual({});
  });

  it("in order, between two requests", () => {
    const { server, ended } = world({ wired: false });
    server.receive(request);
    server.receiveEnd();
    expect(ended.server).toBe("orderly");
  });

  it("inside a request", () => {
    const { server, ended } = world({ wired: false });
    server.receive(request.subarray(0, 20));
    server.receiveEnd();
    expect(ended.server).toMatchObject({ kind: "truncation", code: "truncated" });
  });
});

it("is over when the server's end is closed: what comes late is told nobody", async () => {
  const slow = new SlowSigner();
  const { server, toClient, ended, events } = world({ wired: false, keys: { www: { ...forAlice, signer: slow } } });
  server.receive(request);
  server.close();
  server.close();
  slow.owed[0]?.done(Uint8Array.of(1));
  await Promise.resolve();
  expect(ended.server).toBe("orderly");
  expect([toClient, events]).toEqual([[], []]);
  expect(server.deadline).toBeUndefined();
});

describe("a server ends its connection to a client", () => {
  const ending = async (...bytes: readonly Uint8Array[]) => {
    const made = world({ wired: false });
    const asked = [made.client.sign("www", algorithm, certificateVerify()), made.client.algorithms("www")];
    for (const piece of bytes) made.client.receive(piece);
    const failures = await Promise.all(
      asked.map((one) =>
        one.then(
          () => "answered",
          (error: unknown) => error,
        ),
      ),
    );
    return { ...made, failures };
  };

  it.each<[string, Uint8Array, string]>([
    ["with an answer that nobody asked for", rawMessage(4, 7, Uint8Array.of(0, 1, 9)), "unexpected_answer"],
    ["with a signature in place of a description", rawMessage(4, 1, Uint8Array.of(0, 1, 9)), "unexpected_answer"],
    ["with a description in place of a signature", rawMessage(3, 0, Uint8Array.of(0, 2, 1, 0x41)), "unexpected_answer"],
    ["with a request", request, "decode_error"],
    ["with an empty signature", rawMessage(4, 0, Uint8Array.of(0, 0)), "decode_error"],
    ["with a length that no answer has", rawMessage(4, 0, new Uint8Array(0), { length: 1027 }), "decode_error"],
    ["with another version", rawMessage(4, 0, Uint8Array.of(0, 1, 9), { version: 0 }), "decode_error"],
  ])("%s, and fails what is open", async (_, bytes, code) => {
    const { failures, ended, client } = await ending(bytes);
    expect(failures).toEqual([peersFault(code), peersFault(code)]);
    expect(ended.client).toEqual(peersFault(code));
    await expect(client.algorithms("www")).rejects.toEqual(peersFault(code));
  });

  it("by going, and fails what is open", async () => {
    const { client, ended } = world({ wired: false });
    const asked = client.sign("www", algorithm, certificateVerify());
    client.receiveEnd();
    await expect(asked).rejects.toMatchObject({ kind: "internal", code: "key_server_lost", alert: 80 });
    expect(ended.client).toMatchObject({ code: "key_server_lost" });
    expect(client.over).toMatchObject({ code: "key_server_lost" });
  });

  it("in order, if nothing is open", () => {
    const { client, ended } = world({ wired: false });
    client.receiveEnd();
    expect(ended.client).toBe("orderly");
  });

  it("and a client does, too", async () => {
    const { client, ended } = world({ wired: false });
    const asked = client.algorithms("www");
    client.close();
    await expect(asked).rejects.toMatchObject({ code: "key_server_lost" });
    expect(ended.client).toBe("orderly");
  });

  it("and knows refusals and algorithms that are newer than the client", async () => {
    const { client } = world({ wired: false });
    const [refused, described] = [client.algorithms("www"), client.algorithms("www")];
    client.receive(rawMessage(5, 0, Uint8Array.of(200)));
    client.receive(
      rawMessage(
        3,
        1,
        concat(Uint8Array.of(0, 12), lengthPrefixed(asciiBytes("Ed25519")), lengthPrefixed(asciiBytes("new"))),
      ),
    );
    await expect(refused).rejects.toMatchObject({ kind: "internal", code: "refused" });
    expect(await described).toEqual(["Ed25519"]);
  });
});
