import { constants } from "node:crypto";
import { tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { opensslClient } from "../src/openssl.ts";
import { OurServer, type OurServerOptions, ourClient } from "../src/ours.ts";
import { scratchPath } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { sessions, stored, tickets } from "./helpers/sessions.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const certificate = identity("P-256");
const versions = [tls13, tls12];

/** What a client asks for that takes tickets, and one that doesn't; and whether our server keeps sessions. */
const ways = [
  ["an identifier", false, stored],
  ["a ticket that is a name", true, stored],
  ["a ticket that is the session", true, tickets],
] as const;

async function listen(options: Partial<OurServerOptions>): Promise<OurServer> {
  const listening = await OurServer.listen(showing([certificate], { versions, ...options }));
  onTestFinished(() => listening.close());
  return listening;
}

describePeer("openssl", "s_client resumes TLS 1.2 with our server", () => {
  it.each(ways)("by %s, out of a file", async (_, takesTickets, kept) => {
    const listening = await listen(kept());
    const file = scratchPath("session.pem");
    for (const [known, expected] of [
      [["-sess_out", file], /^New, TLSv1\.2/],
      [["-sess_in", file], /^Reused, TLSv1\.2/],
      [["-sess_in", file], /^Reused, TLSv1\.2/],
    ] as const) {
      const without = takesTickets ? [] : ["-no_ticket"];
      const peer = opensslClient(listening.port, certificate, "-tls1_2", ...without, ...known);
      const ours = await listening.accept();
      expect(await ours.established()).toMatchObject({ version: 0x0303, resumed: known[0] === "-sess_in" });
      await expectData(ours, peer);
      await peer.waitForLine(expected);
      await expectOrderlyEnd(ours, peer, "peer");
    }
  });

  it.each(ways)("by %s, five times at once", async (_, takesTickets, kept) => {
    const listening = await listen(kept());
    const without = takesTickets ? [] : ["-no_ticket"];
    const peer = opensslClient(listening.port, certificate, "-tls1_2", "-reconnect", ...without);
    const resumed: boolean[] = [];
    let last = await listening.accept();
    for (let connection = 0; connection < 6; connection += 1) {
      if (connection > 0) last = await listening.accept();
      resumed.push((await last.established()).resumed);
    }
    expect(resumed).toEqual([false, true, true, true, true, true]);
    await expectOrderlyEnd(last, peer, "peer");
  });
});

describe("Node's tls resumes TLS 1.2 with our server", () => {
  const only = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;

  it.each(ways)("by %s", async (_, takesTickets, kept) => {
    const listening = await listen(kept());
    const secureOptions = takesTickets ? 0 : constants.SSL_OP_NO_TICKET;
    let session: Buffer | undefined;
    for (const resumed of [false, true, true]) {
      const peer = nodeClient(listening.port, certificate, {
        ...only,
        secureOptions,
        ...(session === undefined ? {} : { session }),
      });
      const ours = await listening.accept();
      expect(await ours.established()).toMatchObject({ version: 0x0303, resumed });
      await expectData(ours, peer);
      expect(peer.socket.isSessionReused()).toBe(resumed);
      session ??= peer.socket.getSession();
      expect((peer.socket.getTLSTicket()?.length ?? 0) > 0).toBe(takesTickets);
      await expectOrderlyEnd(ours, peer, "peer");
    }
  });
});

describe("our client resumes TLS 1.2 with Node's tls", () => {
  it("by an identifier, out of the store of its events newSession and resumeSession", async () => {
    const server = await NodeServer.start(certificate, {
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.2",
      secureOptions: constants.SSL_OP_NO_TICKET,
    });
    onTestFinished(() => server.close());
    const known = new Map<string, Buffer>();
    server.server.on("newSession", (id, session, done) => {
      known.set(id.toString("hex"), session);
      done();
    });
    server.server.on("resumeSession", (id, done) => done(null, known.get(id.toString("hex"))));
    const store = sessions();
    for (const resumed of [false, true, true]) {
      const ours = ourClient(server.port, trusting(certificate, { versions, sessions: store }));
      const peer = await server.accept();
      expect(await ours.established()).toMatchObject({ version: 0x0303, resumed });
      await expectData(ours, peer);
      expect(peer.socket.isSessionReused()).toBe(resumed);
      await expectOrderlyEnd(ours, peer, "ours");
    }
    expect(known.size).toBe(1);
  });
});

describePeer("gnutls", "gnutls-cli resumes TLS 1.2 with our server", () => {
  const only = ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"];

  async function connections(kept: Partial<OurServerOptions>, ...args: readonly string[]) {
    const listening = await listen(kept);
    const peer = gnutlsClient(listening.port, certificate, ["--resume", ...args]);
    const first = await listening.accept();
    const before = await first.established();
    const second = await listening.accept();
    const after = await second.established();
    await expectData(second, peer);
    return { peer, infos: [before, after] };
  }

  it.each(ways)("by %s", async (_, takesTickets, kept) => {
    const without = takesTickets ? [] : ["--noticket"];
    const { peer, infos } = await connections(kept(), ...only, ...without);
    expect(infos).toMatchObject([
      { version: 0x0303, resumed: false },
      { version: 0x0303, resumed: true },
    ]);
    await peer.waitForLine(/This is a resumed session/);
  });

  // RFC 7627 §5.3
  it("without an extended main secret where our server has been told so, and otherwise never", async () => {
    const old = ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH"];
    const dangerous = { dangerousResumptionWithoutExtendedMainSecret: true };
    for (const kept of [stored, tickets]) {
      const told = await connections({ ...kept(), ...dangerous }, ...old);
      expect(told.infos).toMatchObject([{ resumed: false }, { resumed: true }]);
      const untold = await connections(kept(), ...old);
      expect(untold.infos).toMatchObject([{ resumed: false }, { resumed: false }]);
    }
  });
});

describePeer("gnutls", "our client resumes TLS 1.2 with gnutls-serv", () => {
  async function connections(priority: string, options = {}, ...args: readonly string[]) {
    const only = ["--priority", `NORMAL:-VERS-ALL:+VERS-TLS1.2${priority}`];
    const server = await GnutlsServer.start(certificate, [...only, ...args]);
    const store = sessions();
    const infos = [];
    for (const _ of ["first", "second", "third"]) {
      const peer = server.next();
      const ours = ourClient(server.port, trusting(certificate, { versions, sessions: store, ...options }));
      infos.push(await ours.established());
      await expectData(ours, peer);
      await expectOrderlyEnd(ours, peer, "ours");
    }
    await server.program.stop();
    return infos;
  }
  const resumed = [{ resumed: false }, { resumed: true }, { resumed: true }];

  it("by an identifier", async () => {
    expect(await connections("", {}, "--noticket")).toMatchObject(resumed);
  });

  // RFC 7627 §5.3
  it.each([
    ["a ticket", []],
    ["an identifier", ["--noticket"]],
  ])("by %s without an extended main secret, where it has been told so", async (_, args) => {
    const dangerous = { dangerousResumptionWithoutExtendedMainSecret: true };
    expect(await connections(":%NO_SESSION_HASH", dangerous, ...args)).toMatchObject(resumed);
  });
});
