import { type TracingChannelSubscribers, tracingChannel } from "node:diagnostics_channel";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { type HandshakeMessage, TlsSocket } from "../src/index.ts";
import { connected, ourClient, ourServer, pki, rawSocket } from "./helpers/world.ts";

type Told = readonly [event: string, message: HandshakeMessage];

/** Listens to `tlskit:handshake` until the test is over: what was told, at each end. */
function listening(): { readonly client: Told[]; readonly server: Told[] } {
  const told = { client: [] as Told[], server: [] as Told[] };
  const take = (event: string) => (message: object) => {
    const handshake = message as HandshakeMessage; // as documented
    told[handshake.role].push([event, { ...handshake }]);
  };
  const subscribers: TracingChannelSubscribers<object> = {
    start: take("start"),
    end: take("end"),
    asyncStart: take("asyncStart"),
    asyncEnd: take("asyncEnd"),
    error: take("error"),
  };
  const channel = tracingChannel("tlskit:handshake");
  channel.subscribe(subscribers);
  onTestFinished(() => void channel.unsubscribe(subscribers));
  return told;
}

const events = (told: readonly Told[]): readonly string[] => told.map(([event]) => event);

describe("the tracing channel tlskit:handshake", () => {
  it("tells of a handshake at both ends, with its socket and what came of it", async () => {
    const told = listening();
    const pair = await connected();
    for (const role of ["client", "server"] as const) {
      expect(events(told[role])).toEqual(["start", "end", "asyncStart", "asyncEnd"]);
      for (const [, message] of told[role]) expect(message).toMatchObject({ socket: pair[role], role });
      expect(told[role].map(([, { info }]) => info)).toEqual([undefined, undefined, pair[role].info, pair[role].info]);
      expect(told[role].every(([, message]) => message.error === undefined)).toBe(true);
    }
  });

  it("tells why one fails", async () => {
    const told = listening();
    const { server, port } = await ourServer();
    const refusing = ourClient(port, { servername: "example.com" });
    const [[atServer], [atClient]] = await Promise.all([once(server, "tlsClientError"), once(refusing, "error")]);
    for (const [role, error] of [
      ["client", atClient],
      ["server", atServer],
    ] as const) {
      expect(events(told[role])).toEqual(["start", "end", "error", "asyncStart", "asyncEnd"]);
      const last = told[role].at(-1)?.[1];
      expect([last?.error, last?.info]).toEqual([error, undefined]);
    }
  });

  it("tells of one that is given up", async () => {
    const told = listening();
    const { port } = await ourServer();
    const socket = ourClient(port, { socket: rawSocket(port) });
    await once(socket, "connect");
    await new Promise(setImmediate);
    socket.destroy();
    expect(events(told.client)).toEqual(["start", "end", "error", "asyncStart", "asyncEnd"]);
    expect(told.client.at(-1)?.[1].error).toMatchObject({ code: "closed_during_handshake" });
  });

  it("tells of none that doesn't begin", async () => {
    const told = listening();
    const socket = ourClient(1, { host: "127.0.0.1" });
    await once(socket, "error");
    expect(socket).toBeInstanceOf(TlsSocket);
    expect(told.client).toEqual([]);
  });

  it("begins where somebody listens, and not in the middle", async () => {
    const { client } = await connected({ ca: pki.anchors });
    const told = listening();
    client.updateKeys(true);
    client.destroy();
    await once(client, "close");
    expect(told.client).toEqual([]);
  });
});
