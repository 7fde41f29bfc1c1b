import { once } from "node:events";
import { tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { GnutlsServer } from "../src/gnutls.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { OurServer, ourClient } from "../src/ours.ts";
import { scratchPath } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { sessions, tickets } from "./helpers/sessions.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const certificate = identity("P-256");
const versions = [tls13, tls12];
const resumedTwice = [
  { version: 0x0303, resumed: false },
  { version: 0x0303, resumed: true },
  { version: 0x0303, resumed: true },
];

describePeer("openssl", "sessions of TLS 1.2 with openssl", () => {
  async function atOurClient(...args: readonly string[]) {
    const server = await OpensslServer.start(certificate, "-tls1_2", ...args);
    const store = sessions();
    const infos = [];
    for (const _ of resumedTwice) {
      const peer = server.next();
      const ours = ourClient(server.port, trusting(certificate, { versions, sessions: store }));
      infos.push(await ours.established());
      await expectData(ours, peer);
      await ours.end();
      await peer.closed();
    }
    await server.program.stop();
    return infos;
  }

  it("are resumed by our client with a ticket", async () => {
    expect(await atOurClient()).toMatchObject(resumedTwice);
  });

  it("are resumed by our client with an identifier", async () => {
    expect(await atOurClient("-no_ticket")).toMatchObject(resumedTwice);
  });

  it("are resumed by s_client with our server", async () => {
    const listening = await OurServer.listen(showing([certificate], { ...tickets(), versions }));
    onTestFinished(() => listening.close());
    const infos = [];
    let ticket: string | undefined;
    for (const _ of resumedTwice) {
      const next = scratchPath("session.pem");
      const known = ticket === undefined ? [] : ["-sess_in", ticket];
      const peer = opensslClient(listening.port, certificate, "-tls1_2", "-sess_out", next, ...known);
      const ours = await listening.accept();
      infos.push(await ours.established());
      await expectData(ours, peer);
      await peer.waitForLine(ticket === undefined ? /^New, TLSv1\.2/ : /^Reused, TLSv1\.2/);
      await expectOrderlyEnd(ours, peer, "peer");
      // Of a handshake that resumes OpenSSL writes no session, whatever ticket came in it.
      ticket ??= next;
    }
    expect(infos).toMatchObject(resumedTwice);
  });
});

describe("sessions of TLS 1.2 with Node's tls", () => {
  const only = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;

  it("are resumed by our client with a ticket", async () => {
    const server = await NodeServer.start(certificate, only);
    onTestFinished(() => server.close());
    const store = sessions();
    const infos = [];
    for (const { resumed } of resumedTwice) {
      const ours = ourClient(server.port, trusting(certificate, { versions, sessions: store }));
      const peer = await server.accept();
      infos.push(await ours.established());
      await expectData(ours, peer);
      expect(peer.socket.isSessionReused()).toBe(resumed);
      await expectOrderlyEnd(ours, peer, "ours");
    }
    expect(infos).toMatchObject(resumedTwice);
  });

  it("are resumed by its client with our server", async () => {
    const listening = await OurServer.listen(showing([certificate], { ...tickets(), versions }));
    onTestFinished(() => listening.close());
    const infos = [];
    let session: Buffer | undefined;
    for (const { resumed } of resumedTwice) {
      const peer = nodeClient(listening.port, certificate, {
        ...only,
        ...(session === undefined ? {} : { session }),
      });
      const told = session === undefined ? once(peer.socket, "session") : undefined;
      const ours = await listening.accept();
      infos.push(await ours.established());
      await expectData(ours, peer);
      expect(peer.socket.isSessionReused()).toBe(resumed);
      // Of a handshake that resumes Node tells no session, whatever ticket came in it.
      if (told !== undefined) [session] = await told;
      await expectOrderlyEnd(ours, peer, "peer");
    }
    expect(infos).toMatchObject(resumedTwice);
  });
});

describePeer("gnutls", "sessions of TLS 1.2 with GnuTLS", () => {
  async function atOurClient(priority: string) {
    const server = await GnutlsServer.start(certificate, ["--priority", `NORMAL:-VERS-ALL:+VERS-TLS1.2${priority}`]);
    const store = sessions();
    const infos = [];
    for (const _ of ["first", "second"]) {
      const peer = server.next();
      const ours = ourClient(server.port, trusting(certificate, { versions, sessions: store }));
      infos.push(await ours.established());
      await expectData(ours, peer);
      await expectOrderlyEnd(ours, peer, "ours");
    }
    await server.program.stop();
    return { infos, kept: store.bytes };
  }

  it("are resumed by our client", async () => {
    expect((await atOurClient("")).infos).toMatchObject([{ resumed: false }, { resumed: true }]);
  });

  // RFC 7627 §5.3#session-without
  it("are none without an extended main secret", async () => {
    const { infos, kept } = await atOurClient(":%NO_SESSION_HASH");
    expect(infos).toMatchObject([{ resumed: false }, { resumed: false }]);
    expect(kept).toBe(0);
  });
});
