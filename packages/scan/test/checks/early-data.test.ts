import { MemoryReplayGuard, type ReplayGuard } from "@tlskit/sessions";
import { type ServerOptions, tls12, tls13 } from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { earlyData } from "../../src/checks/early-data.ts";
import { resumption } from "../../src/checks/resumption.ts";
import type { IntrusiveChecks } from "../../src/scanning.ts";
import { InMemoryScanning, speaking } from "../helpers/in-memory-scanning.ts";
import { connectionTo, now, serverContext } from "../helpers/in-memory-server.ts";
import { sealedTickets } from "../helpers/tickets.ts";

/** A server that speaks HTTP, and what came as early data. */
function taking(guard: ReplayGuard, options: Partial<ServerOptions> = {}, intrusive: Partial<IntrusiveChecks> = {}) {
  const early: string[] = [];
  const context = serverContext({ tickets: sealedTickets(), earlyData: { maxSize: 16_384, guard }, ...options });
  const scanning = new InMemoryScanning(
    () =>
      connectionTo(context, {
        answer: (_, server) => server.send(asciiBytes("HTTP/1.1 200 OK\r\n\r\n")),
        early: (said, server) => {
          early.push(new TextDecoder().decode(said));
          server.send(asciiBytes("HTTP/1.1 200 OK\r\n\r\n"));
        },
      }),
    { intrusive },
  );
  return { early, scanning };
}

/** One that has been there for long: when a guard begins it knows nothing, and admits nothing (RFC 9846 §8.2). */
function guarding(): ReplayGuard {
  let time = now - 86_400_000;
  const guard = new MemoryReplayGuard({ clock: () => time });
  time = now;
  return guard;
}
const careless: ReplayGuard = { admit: () => true };
const withReplay = { earlyDataReplay: true };

describe("the check of early data", () => {
  it("tells how much a server takes, and that it does", async () => {
    const { scanning, early } = taking(guarding());
    const outcome = await scanning.outcomeOf(earlyData);
    expect(outcome).toMatchObject({ state: "found", value: { maxSize: 16_384, accepted: true } });
    expect(outcome).not.toHaveProperty("value.replayed");
    expect(early).toEqual([expect.stringMatching(/^GET \/ HTTP/)]);
    expect(scanning.connections).toBe(2);
  });

  it("makes no connections besides those of resumption", async () => {
    const { scanning } = taking(guarding());
    await scanning.outcomeOf(resumption, speaking("TLS 1.3"));
    await scanning.outcomeOf(earlyData, speaking("TLS 1.3"));
    expect(scanning.connections).toBe(2);
  });

  it("tells that a server takes none", async () => {
    const { scanning } = taking(guarding(), { earlyData: undefined });
    expect(await scanning.outcomeOf(earlyData)).toMatchObject({ value: { maxSize: 0, accepted: false } });
  });

  it("tells that a server takes none though it says that it does", async () => {
    const { scanning } = taking({ admit: () => false });
    expect(await scanning.outcomeOf(earlyData)).toMatchObject({ value: { maxSize: 16_384, accepted: false } });
  });

  it("isn't for servers without TLS 1.3", async () => {
    const { scanning } = taking(guarding(), { versions: [tls12] });
    expect(await scanning.outcomeOf(earlyData)).toMatchObject({ state: "skipped", reason: "TLS 1.3 isn't spoken" });
  });
});

describe("by option, the replay of early data", () => {
  it("is taken by a server that looks out for none", async () => {
    const { scanning, early } = taking(careless, {}, withReplay);
    expect(await scanning.outcomeOf(earlyData)).toMatchObject({ value: { accepted: true, replayed: true } });
    expect(early).toHaveLength(3);
    expect(new Set(early).size).toBe(1);
  });

  it("is refused by one that does", async () => {
    const { scanning, early } = taking(guarding(), { versions: [tls13] }, withReplay);
    expect(await scanning.outcomeOf(earlyData)).toMatchObject({ value: { accepted: true, replayed: false } });
    expect(early).toHaveLength(2);
  });

  it("can't be told where the server doesn't go on taking any", async () => {
    const admitted = [true, false].values();
    const { scanning } = taking({ admit: () => admitted.next().value ?? false }, {}, withReplay);
    expect(await scanning.outcomeOf(earlyData)).toMatchObject({ state: "failed", code: "no_replay" });
  });
});
