import type { ClientHandshakeOptions, ServerHandshakeOptions } from "@tlskit/handshake";
import * as handshake from "@tlskit/handshake";
import type { ClientOptions, ServerOptions } from "@tlskit/tls";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { connect, pair } from "./helpers/world.ts";

vi.mock("@tlskit/handshake", { spy: true });
afterEach(() => vi.clearAllMocks());

describe("an option of handshakes", () => {
  it("is one of contexts, as it is", () => {
    expectTypeOf<ClientOptions>().toExtend<ClientHandshakeOptions>();
    expectTypeOf<ServerOptions>().toExtend<ServerHandshakeOptions>();
  });

  it("given to a client's context reaches the handshake, whichever it is", () => {
    const made = connect(pair());
    const [options] = vi.mocked(handshake.clientSettings).mock.lastCall ?? [];
    const settings: object = vi.mocked(handshake.clientSettings).mock.results[0]?.value;
    const [, given] = vi.mocked(handshake.clientHandshake).mock.lastCall ?? [];
    expect(made.client.info?.serverName).toBe("server.example");
    expect(options).toHaveProperty("anchors"); // what the context was given, whole
    expect(Object.keys(settings).length).toBeGreaterThan(8);
    expect(given).toMatchObject(settings);
  });

  it("given to a server's context reaches the handshake, whichever it is", () => {
    connect(pair());
    const [options] = vi.mocked(handshake.serverSettings).mock.lastCall ?? [];
    const settings: object = vi.mocked(handshake.serverSettings).mock.results[0]?.value;
    const [, given] = vi.mocked(handshake.serverHandshake).mock.lastCall ?? [];
    expect(options).toHaveProperty("certificates"); // what the context was given, whole
    expect(Object.keys(settings).length).toBeGreaterThan(8);
    expect(given).toMatchObject(settings);
  });
});
