import { secp384r1, x25519 } from "@tlskit/ciphersuites";
import { expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { EarlyServer, earlyClient } from "../src/early.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { OurServer, type OurServerOptions, ourClient } from "../src/ours.ts";
import { payload } from "../src/payload.ts";
import { scratchFile } from "../src/scratch.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { earlyData, sessions, tickets } from "./helpers/sessions.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const certificate = identity("P-256");
const tls13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3";
const retrying = { namedGroups: [x25519, secp384r1], keyShareGroups: [x25519] };

describePeer("gnutls", "our client resumes with gnutls-serv", () => {
  async function resumed(priority: string, options = {}) {
    const server = await GnutlsServer.start(certificate, ["--priority", priority]);
    const store = sessions();
    const infos = [];
    for (const _ of ["first", "second", "third"]) {
      const peer = server.next();
      const ours = ourClient(server.port, trusting(certificate, { ...options, sessions: store }));
      infos.push(await ours.established());
      await expectData(ours, peer);
      await ours.end();
    }
    return infos;
  }

  it("over and over", async () => {
    expect(await resumed(tls13)).toMatchObject([{ resumed: false }, { resumed: true }, { resumed: true }]);
  });

  it("with a HelloRetryRequest in each", async () => {
    expect(await resumed(`${tls13}:-GROUP-ALL:+GROUP-SECP384R1`, retrying)).toMatchObject([
      { resumed: false, helloRetryRequest: true },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
    ]);
  });
});

describePeer("gnutls", "our client sends early data to gnutls-serv", () => {
  async function known(priority: string, options = {}) {
    const args = ["--earlydata", "--maxearlydata", "16384", "--priority", priority];
    const server = await GnutlsServer.start(certificate, args);
    const client = await earlyClient(server.port, trusting(certificate, options));
    await client.info;
    const session = await client.session();
    await server.next().exchange(client, payload(2));
    client.close();
    await client.closed;
    return { server, session };
  }

  it("which is accepted", async () => {
    const { server, session } = await known(tls13);
    const early = payload(3);
    const client = await earlyClient(server.port, trusting(certificate), { session, early });
    expect(await client.info).toMatchObject({ resumed: true, earlyData: "accepted" });
    expect(client).toMatchObject({ outcome: "accepted", handedBack: "" });
    await server.next().exchange(client, payload(2));
  });

  // Not with a HelloRetryRequest: GnuTLS 3.7.9 can't pass over early data then, and answers OpenSSL's client with
  // bad_record_mac, too.
  it("which is rejected with the ticket, since that is another server's, and handed back", async () => {
    const { session } = await known(tls13);
    const { server } = await known(tls13);
    const early = payload(3);
    const client = await earlyClient(server.port, trusting(certificate), { session, early });
    expect(await client.info).toMatchObject({ resumed: false, earlyData: "rejected" });
    expect(client).toMatchObject({ outcome: "rejected", handedBack: early });
    await server.next().exchange(client, early);
  });
});

describePeer("gnutls", "gnutls-cli resumes with our server", () => {
  async function connections(client: readonly string[], server: Partial<OurServerOptions> = {}) {
    const listening = await OurServer.listen(showing([certificate], { ...tickets(), ...server }));
    onTestFinished(() => listening.close());
    const peer = gnutlsClient(listening.port, certificate, ["--resume", "--waitresumption", ...client]);
    const first = await listening.accept();
    const before = await first.established();
    const second = await listening.accept();
    const after = await second.established();
    await peer.waitForLine(/This is a resumed session/);
    await expectData(second, peer);
    return [before, after];
  }

  it("once", async () => {
    expect(await connections(["--priority", tls13])).toMatchObject([{ resumed: false }, { resumed: true }]);
  });

  it("with a HelloRetryRequest in each", async () => {
    const groups = ["--single-key-share", "--priority", `${tls13}:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP384R1`];
    expect(await connections(groups, { namedGroups: [secp384r1] })).toMatchObject([
      { resumed: false, helloRetryRequest: true },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
    ]);
  });
});

describePeer("gnutls", "gnutls-cli sends early data to our server", () => {
  async function connections(client: readonly string[], options: Partial<OurServerOptions>) {
    const listening = await EarlyServer.listen(showing([certificate], options));
    onTestFinished(() => listening.close());
    const early = payload(3);
    const resuming = ["--resume", "--waitresumption", "--earlydata", scratchFile("early", early)];
    const peer = gnutlsClient(listening.port, certificate, [...resuming, ...client]);
    const first = await listening.accept();
    expect(await first.info).toMatchObject({ resumed: false });
    const second = await listening.accept();
    const info = await second.info;
    await peer.waitForLine(/This is a resumed session/);
    await peer.exchange(second, payload(2));
    return { info, early, came: second.early };
  }

  it("which is accepted", async () => {
    const { info, early, came } = await connections(["--priority", tls13], earlyData("admits"));
    expect(info).toMatchObject({ resumed: true, earlyData: "accepted" });
    expect(came).toBe(early);
  });

  it("which is rejected by the guard, while the session is resumed", async () => {
    const { info, came } = await connections(["--priority", tls13], earlyData("declines"));
    expect(info).toMatchObject({ resumed: true, earlyData: "rejected", earlyDataDeclined: "replay" });
    expect(came).toBe("");
  });
});
