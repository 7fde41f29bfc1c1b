import { smtp } from "@tlskit/starttls";
import { type ServerOptions, tls12, tls13 } from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { earlyData } from "../../src/checks/early-data.ts";
import { resumption } from "../../src/checks/resumption.ts";
import type { CheckName } from "../../src/facts.ts";
import { InMemoryScanning, speaking } from "../helpers/in-memory-scanning.ts";
import { connectionTo, rawConnection, serverContext, sharedPki } from "../helpers/in-memory-server.ts";
import { sealedTickets, storedTickets } from "../helpers/tickets.ts";

function scanningOf(options: Partial<ServerOptions>) {
  const context = serverContext(options);
  return new InMemoryScanning(() =>
    connectionTo(context, { answer: (_, server) => server.send(asciiBytes("HTTP/1.1 200 OK\r\n\r\n")) }),
  );
}

describe("the check of resumption", () => {
  it("tells of sessions of TLS 1.3: how many tickets there are, for how long, and whether they are taken", async () => {
    const scanning = scanningOf({ tickets: sealedTickets(), sessionLifetime: 3_600, versions: [tls13] });
    expect(await scanning.outcomeOf(resumption, speaking("TLS 1.3"))).toMatchObject({
      state: "found",
      value: { psk: { resumed: true, tickets: 2, lifetimeSeconds: 3_600 } },
    });
    expect(scanning.connections).toBe(2);
    expect(scanning.evidence.map(({ about }) => about)).toEqual([
      "a connection of TLS 1.3",
      "another one that resumes it",
    ]);
  });

  it("tells that there are none", async () => {
    const scanning = scanningOf({ versions: [tls13] });
    const outcome = await scanning.outcomeOf(resumption, speaking("TLS 1.3"));
    expect(outcome).toMatchObject({ value: { psk: { resumed: false, tickets: 0 } } });
    expect(scanning.connections).toBe(1);
  });

  it("tells of tickets of TLS 1.2, and that no session has an identifier beside them", async () => {
    const scanning = scanningOf({ tickets: sealedTickets(), sessionLifetime: 3_600, versions: [tls12] });
    expect(await scanning.outcomeOf(resumption)).toMatchObject({
      value: { ticket: { resumed: true, lifetimeSeconds: 3_600 }, identifier: { resumed: false } },
    });
    // The last one is without tickets.
    expect(scanning.connections).toBe(3);
  });

  it("tells of both where there are both versions, and of the key that all tickets are under", async () => {
    const scanning = scanningOf({ tickets: sealedTickets(), versions: [tls13, tls12] });
    const outcome = await scanning.outcomeOf(resumption, speaking("TLS 1.3", "TLS 1.2"));
    expect(outcome).toMatchObject({
      value: { psk: { resumed: true }, ticket: { resumed: true }, ticketKeyName: expect.any(Uint8Array) },
    });
    expect(outcome.state === "found" && outcome.value.ticketKeyName).toHaveLength(16);
    expect(scanning.connections).toBe(5);
  });

  it("tells of identifiers beside tickets, by a hello behind a connection without tickets", async () => {
    const scanning = scanningOf({ tickets: storedTickets(), versions: [tls12] });
    expect(await scanning.outcomeOf(resumption)).toMatchObject({
      value: { ticket: { resumed: true }, identifier: { resumed: true } },
    });
    expect(scanning.connections).toBe(4);
    expect(scanning.evidence.at(-1)?.about).toBe("a hello with its identifier");
  });

  it("doesn't ask in versions that aren't spoken", async () => {
    const scanning = scanningOf({ tickets: sealedTickets(), versions: [tls13, tls12] });
    await scanning.outcomeOf(resumption, speaking("TLS 1.3", "SSL 3.0"));
    expect(scanning.connections).toBe(2);
  });

  it("tells of no key where tickets have nothing in common", async () => {
    const scanning = scanningOf({ tickets: storedTickets(), versions: [tls13] });
    const outcome = await scanning.outcomeOf(resumption, speaking("TLS 1.3"));
    expect(outcome).toMatchObject({ value: { psk: { resumed: true, tickets: 2 } } });
    expect(outcome).not.toHaveProperty("value.ticketKeyName");
  });

  it("fails where the server gives nothing to those who show no certificate", async () => {
    const { anchors } = sharedPki();
    for (const versions of [[tls13], [tls12]]) {
      const scanning = scanningOf({
        tickets: sealedTickets(),
        versions,
        clientCertificates: { demand: "required", anchors },
      });
      const outcome = await scanning.outcomeOf(resumption);
      expect(outcome).toMatchObject({ state: "failed", reason: expect.stringMatching(/certificate|handshake/) });
      expect(await scanning.outcomeOf(earlyData)).toMatchObject({ state: "failed" });
    }
  });

  it("fails where the server says nothing to who resumes, as does what it does about early data", async () => {
    const context = serverContext({
      tickets: sealedTickets(),
      versions: [tls13],
      earlyData: { maxSize: 16_384, guard: { admit: () => true } },
    });
    for (const check of [resumption, earlyData]) {
      let connections = 0;
      const scanning = new InMemoryScanning(
        () => {
          connections += 1;
          return connections === 1 ? connectionTo(context, { early: () => {} }) : rawConnection(() => {});
        },
        { silence: 50, target: { startTls: smtp } },
      );
      const outcome = await scanning.outcomeOf<CheckName>(check, speaking("TLS 1.3"));
      expect(outcome).toMatchObject({ state: "failed", code: "silent" });
    }
  });

  it("fails where TLS 1.3 is spoken and no whole connection of it comes about", async () => {
    const scanning = new InMemoryScanning(() => rawConnection(({ writable }) => void writable.getWriter().close()));
    const outcome = await scanning.outcomeOf(resumption, speaking("TLS 1.3"));
    expect(outcome).toMatchObject({ state: "failed", code: "truncated" });
  });

  it("fails as the handshake does", async () => {
    const scanning = new InMemoryScanning(() => rawConnection(({ writable }) => void writable.getWriter().close()));
    expect(await scanning.outcomeOf(resumption)).toMatchObject({ state: "failed", code: "truncated" });
  });
});
