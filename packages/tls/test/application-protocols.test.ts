import { MemorySessionStore, StoredTickets } from "@tlskit/sessions";
import { seededRandom } from "@tlskit/testing";
import { Alert, type AlpnOffer, peerError, type SelectAlpnProtocol, tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { connect, host, now, pair } from "./helpers/world.ts";

// RFC 7301 §3.2
describe.each([
  ["TLS 1.3", tls13],
  ["TLS 1.2", tls12],
])("a server's own choice of the application protocol, in %s", (_, version) => {
  const versions = [version];
  const offers: AlpnOffer[] = [];
  const connected = (selectAlpnProtocol: SelectAlpnProtocol, alpnProtocols: readonly string[] = ["h2", "x", "y"]) =>
    connect(
      pair({
        client: { versions, alpnProtocols },
        server: {
          versions,
          alpnProtocols: undefined,
          selectAlpnProtocol: (offer) => {
            offers.push(offer);
            return selectAlpnProtocol(offer);
          },
        },
      }),
    );

  it("is one of the client's, by the name that it asks for", () => {
    offers.length = 0;
    const { atClient, atServer } = connected(({ alpnProtocols }) => alpnProtocols[1]);
    expect(offers).toEqual([{ serverName: host, alpnProtocols: ["h2", "x", "y"] }]);
    expect([atClient.info?.alpnProtocol, atServer.info?.alpnProtocol]).toEqual(["x", "x"]);
  });

  it("isn't asked for where the client offers none", () => {
    offers.length = 0;
    const { atClient } = connected(() => "h2", []);
    expect(offers).toEqual([]);
    expect(atClient.info).toMatchObject({ alpnProtocol: undefined });
  });

  it("may come later", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const made = connected(() => promise);
    expect(made.atClient.info).toBeUndefined();
    resolve("y");
    for (let turn = 0; turn < 10; turn += 1) await undefined;
    made.network.run();
    expect(made.atClient.info?.alpnProtocol).toBe("y");
  });

  it("may be none of them, or a refusal of its own", () => {
    const none = connected(() => undefined);
    expect(none.atServer.error).toMatchObject({ kind: "peer", code: "no_application_protocol", alert: 120 });
    expect(none.atClient.error).toMatchObject({ kind: "alert", alert: Alert.noApplicationProtocol });
    const refused = connected(() => {
      throw peerError("busy", Alert.accessDenied, "not now");
    });
    expect(refused.atClient.error).toMatchObject({ kind: "alert", alert: Alert.accessDenied });
  });

  it.each([
    ["which isn't offered", () => "z" as const],
    ["that can't be written", () => "ä" as const],
    ["which is no text", () => 1 as never],
  ])("is the server's own fault with one %s", (__, select) => {
    const { atServer, atClient } = connected(select);
    expect(atServer.error).toMatchObject({ kind: "caller" });
    expect(atClient.error).toMatchObject({ kind: "alert", alert: Alert.internalError });
  });

  it("is made anew where a session is resumed", () => {
    const sessions = new MemorySessionStore({ clock: () => now });
    const tickets = new StoredTickets({ random: seededRandom(9), clock: () => now });
    const chosen = ["x", "y"].map((protocol) => {
      const server = { versions, tickets, alpnProtocols: undefined, selectAlpnProtocol: () => protocol };
      return connect(pair({ client: { versions, sessions, alpnProtocols: ["x", "y"] }, server })).atClient.info;
    });
    expect(chosen).toMatchObject([
      { resumed: false, alpnProtocol: "x" },
      { resumed: true, alpnProtocol: "y" },
    ]);
  });

  it("and a list exclude each other", () => {
    expect(() => pair({ server: { versions, alpnProtocols: ["x"], selectAlpnProtocol: () => "x" } })).toThrow(
      expect.objectContaining({ kind: "caller", code: "conflicting_options" }),
    );
  });
});
