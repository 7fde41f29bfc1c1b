import { secp384r1, x25519 } from "@tlskit/ciphersuites";
import { expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { EarlyServer, earlyClient } from "../src/early.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { OurServer, type OurServerOptions, ourClient } from "../src/ours.ts";
import { payload } from "../src/payload.ts";
import { scratchFile, scratchPath } from "../src/scratch.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { earlyData, sessions, tickets } from "./helpers/sessions.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const certificate = identity("P-256");

describePeer("openssl", "our client resumes with openssl s_server", () => {
  async function resumed(retry: boolean) {
    const server = await OpensslServer.start(certificate, ...(retry ? ["-groups", "P-384"] : []));
    const options = {
      sessions: sessions(),
      ...(retry ? { namedGroups: [x25519, secp384r1], keyShareGroups: [x25519] } : {}),
    };
    const infos = [];
    for (const _ of ["first", "second", "third"]) {
      const peer = server.next();
      const ours = ourClient(server.port, trusting(certificate, options));
      infos.push(await ours.established());
      await expectData(ours, peer);
      await ours.end();
      await peer.closed();
    }
    return infos;
  }

  it("over and over", async () => {
    expect(await resumed(false)).toMatchObject([{ resumed: false }, { resumed: true }, { resumed: true }]);
  });

  it("with a HelloRetryRequest in each", async () => {
    expect(await resumed(true)).toMatchObject([
      { resumed: false, helloRetryRequest: true },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
    ]);
  });
});

describePeer("openssl", "our client sends early data to openssl s_server", () => {
  /** A server that takes early data, and a session with it. */
  async function known(...args: readonly string[]) {
    const server = await OpensslServer.start(certificate, "-early_data", ...args);
    const peer = server.next();
    const client = await earlyClient(server.port, trusting(certificate));
    await client.info;
    const session = await client.session();
    await peer.exchange(client, payload(2));
    client.close();
    expect(await client.closed).toBeUndefined();
    await peer.closed();
    return { server, session };
  }

  it("which is accepted", async () => {
    const { server, session } = await known();
    const peer = server.next();
    const early = payload(3);
    const client = await earlyClient(server.port, trusting(certificate), { session, early });
    expect(await client.info).toMatchObject({ resumed: true, earlyData: "accepted" });
    expect(client).toMatchObject({ outcome: "accepted", handedBack: "" });
    await peer.waitForLine(/^Early data received:/);
    await peer.received(early);
    await peer.exchange(client, payload(2));
    client.close();
    expect(await client.closed).toBeUndefined();
  });

  it("which is rejected for a HelloRetryRequest, and handed back", async () => {
    const { server, session } = await known("-groups", "P-384");
    const peer = server.next();
    const early = payload(3);
    const options = { namedGroups: [x25519, secp384r1], keyShareGroups: [x25519] };
    const client = await earlyClient(server.port, trusting(certificate, options), { session, early });
    // OpenSSL forgets a session when it is first asked for with early data, and has none to resume then.
    expect(await client.info).toMatchObject({ resumed: false, helloRetryRequest: true, earlyData: "rejected" });
    expect(client).toMatchObject({ outcome: "rejected", handedBack: early });
    await peer.waitForLine(/^Early data was rejected/);
    client.send(early);
    await peer.received(early);
    client.close();
    expect(await client.closed).toBeUndefined();
  });

  it("which is rejected with the ticket, since that was used before, and handed back", async () => {
    const { server, session } = await known();
    for (const [resumed, outcome] of [
      [true, "accepted"],
      [false, "rejected"],
    ] as const) {
      const peer = server.next();
      const early = payload(3);
      const client = await earlyClient(server.port, trusting(certificate), { session, early });
      expect(await client.info).toMatchObject({ resumed, earlyData: outcome });
      expect(client).toMatchObject({ outcome, handedBack: outcome === "accepted" ? "" : early });
      await peer.exchange(client, payload(2));
      client.close();
      expect(await client.closed).toBeUndefined();
      await peer.closed();
    }
  });
});

describePeer("openssl", "openssl s_client resumes with our server", () => {
  async function connections(client: readonly string[], server: Partial<OurServerOptions> = {}) {
    const listening = await OurServer.listen(showing([certificate], { ...tickets(), ...server }));
    onTestFinished(() => listening.close());
    const infos = [];
    let ticket: string | undefined;
    for (const _ of ["first", "second", "third"]) {
      const next = scratchPath("session.pem");
      const known = ticket === undefined ? [] : ["-sess_in", ticket];
      const peer = opensslClient(listening.port, certificate, "-sess_out", next, ...known, ...client);
      const ours = await listening.accept();
      infos.push(await ours.established());
      await expectData(ours, peer);
      await peer.waitForLine(ticket === undefined ? /^New, TLSv1\.3/ : /^Reused, TLSv1\.3/);
      peer.end();
      expect(await ours.closed).toBeUndefined();
      await peer.closed();
      await peer.waitForLine(/TLS session ticket lifetime hint: 86\d{3} \(seconds\)/);
      ticket = next;
    }
    return infos;
  }

  it("over and over", async () => {
    expect(await connections([])).toMatchObject([{ resumed: false }, { resumed: true }, { resumed: true }]);
  });

  it("with a HelloRetryRequest in each", async () => {
    expect(await connections(["-groups", "X25519:P-384"], { namedGroups: [secp384r1] })).toMatchObject([
      { resumed: false, helloRetryRequest: true },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
    ]);
  });
});

describePeer("openssl", "openssl s_client sends early data to our server", () => {
  /** A server that takes early data, and a file with a session of it. */
  async function known(options: Partial<OurServerOptions>) {
    const listening = await EarlyServer.listen(showing([certificate], options));
    onTestFinished(() => listening.close());
    const ticket = scratchPath("session.pem");
    const peer = opensslClient(listening.port, certificate, "-sess_out", ticket);
    const ours = await listening.accept();
    await peer.exchange(ours, payload(2));
    peer.end();
    await peer.closed();
    await peer.waitForLine(/Max Early Data: 16384/);
    return { listening, ticket };
  }

  it("which is accepted", async () => {
    const { listening, ticket } = await known(earlyData("admits"));
    const early = payload(3);
    const file = scratchFile("early", early);
    const peer = opensslClient(listening.port, certificate, "-sess_in", ticket, "-early_data", file);
    const ours = await listening.accept();
    expect(await ours.info).toMatchObject({ resumed: true, earlyData: "accepted" });
    await peer.waitForLine(/^Early data was accepted/);
    expect(ours.early).toBe(early);
    await peer.exchange(ours, payload(2));
    peer.end();
    expect(await ours.closed).toBeUndefined();
  });

  it("which is rejected by the guard, while the session is resumed", async () => {
    const { listening, ticket } = await known(earlyData("declines"));
    const file = scratchFile("early", payload(3));
    const peer = opensslClient(listening.port, certificate, "-sess_in", ticket, "-early_data", file);
    const ours = await listening.accept();
    expect(await ours.info).toMatchObject({ resumed: true, earlyData: "rejected", earlyDataDeclined: "replay" });
    await peer.waitForLine(/^Early data was rejected/);
    await peer.exchange(ours, payload(2));
    expect(ours.early).toBe("");
  });

  it("which is rejected for a HelloRetryRequest", async () => {
    const { listening, ticket } = await known({ ...earlyData("admits"), namedGroups: [secp384r1] });
    const file = scratchFile("early", payload(3));
    const early = ["-sess_in", ticket, "-early_data", file, "-groups", "X25519:P-384"];
    const peer = opensslClient(listening.port, certificate, ...early);
    const ours = await listening.accept();
    expect(await ours.info).toMatchObject({
      resumed: true,
      helloRetryRequest: true,
      earlyData: "rejected",
      earlyDataDeclined: "hello_retry_request",
    });
    await peer.waitForLine(/^Early data was rejected/);
    await peer.exchange(ours, payload(2));
    expect(ours.early).toBe("");
  });
});
