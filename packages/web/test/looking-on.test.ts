import { nobleProvider } from "@tlskit/crypto-noble";
import { RotatingTicketKeys, SealedTickets } from "@tlskit/sessions";
import { type TraceEvent, tls12 } from "@tlskit/tls";
import { describe, expect, test } from "vitest";
import { codeOf, say, text, turns, write } from "./helpers/streams.ts";
import { opened, type Pair, pair, providers } from "./helpers/world.ts";

describe.each(providers)("looking on, by $name", (provider) => {
  test("both ends have the same key log", async () => {
    const [atClient, atServer]: [string[], string[]] = [[], []];
    await opened({
      provider,
      connect: { keyLog: (line) => atClient.push(line) },
      accept: { keyLog: (line) => atServer.push(line) },
    });
    expect(atClient.map((line) => line.split(" ")[0])).toContain("CLIENT_TRAFFIC_SECRET_0");
    expect(atClient.toSorted()).toEqual(atServer.toSorted());
  });

  test("each step is told", async () => {
    const events: TraceEvent[] = [];
    await opened({ provider, connect: { trace: (event) => events.push(event) } });
    const messages = events.flatMap((event) => (event.type === "message" ? [event.messageType.name] : []));
    expect(messages.slice(0, 6)).toEqual([
      "ClientHello",
      "ServerHello",
      "EncryptedExtensions",
      "Certificate",
      "CertificateVerify",
      "Finished",
    ]);
  });
});

// By WebCrypto alone: `nobleProvider` has nothing of TLS 1.2.
describe("TLS 1.2", () => {
  const options = { client: { versions: [tls12] }, server: { versions: [tls12] } };

  test("goes there and back", async () => {
    const { client, server } = await opened(options);
    expect(client.info?.version).toBe(0x0303);
    await Promise.all([say(client.writable, "question")]);
    expect(await text(server.readable)).toBe("question");
    await Promise.all([client.closed, server.closed]);
    expect(await text(client.readable)).toBe("");
  });

  test("a session is told when the handshake is done, though it comes in it", async () => {
    const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
    const keys = new RotatingTicketKeys({ random, clock: Date.now });
    const [provider = nobleProvider] = providers;
    const states: (number | undefined)[] = [];
    const made: Pair = await pair({
      client: options.client,
      server: { ...options.server, tickets: new SealedTickets({ provider, random, keys }) },
      connect: { keepSession: () => states.push(made.client.info?.version) },
    });
    await Promise.all([made.client.opened, made.server.opened]);
    await turns();
    expect(states).toEqual([0x0303]);
  });

  // RFC 5246 §7.2.1#close-answered
  test("the peer's end is ours: closing is no failure then, and a write is one", async () => {
    const { client, server } = await opened(options);
    await client.writable.close();
    await server.closed;
    await server.writable.close();
    const other = await opened(options);
    await other.client.writable.close();
    await other.server.closed;
    expect(await codeOf(write(other.server.writable, "x"))).toBe("closed");
  });
});
