import { once } from "node:events";
import type { ConnectionOptions } from "node:tls";
import { secp384r1, x25519 } from "@tlskit/ciphersuites";
import { describe, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { earlyClient } from "../src/early.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { OurServer, type OurServerOptions, ourClient } from "../src/ours.ts";
import { payload } from "../src/payload.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { sessions, tickets } from "./helpers/sessions.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const certificate = identity("P-256");

describe("our client resumes with Node's tls", () => {
  async function resumed(retry: boolean) {
    const server = await NodeServer.start(certificate, retry ? { ecdhCurve: "P-384" } : {});
    onTestFinished(() => server.close());
    const options = {
      sessions: sessions(),
      ...(retry ? { namedGroups: [x25519, secp384r1], keyShareGroups: [x25519] } : {}),
    };
    const infos = [];
    for (const reused of [false, true, true]) {
      const ours = ourClient(server.port, trusting(certificate, options));
      const peer = await server.accept();
      infos.push(await ours.established());
      await expectData(ours, peer);
      expect(peer.socket.isSessionReused()).toBe(reused);
      await expectOrderlyEnd(ours, peer, "ours");
    }
    return infos;
  }

  it("as often as it has tickets", async () => {
    expect(await resumed(false)).toMatchObject([{ resumed: false }, { resumed: true }, { resumed: true }]);
  });

  it("with a HelloRetryRequest in each", async () => {
    expect(await resumed(true)).toMatchObject([
      { resumed: false, helloRetryRequest: true },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
    ]);
  });

  it("and keeps its early data, which Node's tls never takes", async () => {
    const server = await NodeServer.start(certificate);
    onTestFinished(() => server.close());
    const first = await earlyClient(server.port, trusting(certificate));
    await (await server.accept()).exchange(first, payload(2));
    const session = await first.session();
    first.close();
    expect(await first.closed).toBeUndefined();
    const early = payload(2);
    const client = await earlyClient(server.port, trusting(certificate), { session, early });
    expect(await client.info).toMatchObject({ resumed: true, earlyData: undefined });
    expect(client).toMatchObject({ outcome: "not_sent", handedBack: early });
    await (await server.accept()).exchange(client, early);
  });
});

describe("Node's tls resumes with our server", () => {
  async function connections(server: Partial<OurServerOptions> = {}, client: ConnectionOptions = {}) {
    const listening = await OurServer.listen(showing([certificate], { ...tickets(), ...server }));
    onTestFinished(() => listening.close());
    const infos = [];
    let session: Buffer | undefined;
    for (const reused of [false, true, true]) {
      const peer = nodeClient(listening.port, certificate, {
        ...client,
        ...(session === undefined ? {} : { session }),
      });
      const ticket = once(peer.socket, "session");
      const ours = await listening.accept();
      infos.push(await ours.established());
      await expectData(ours, peer);
      expect(peer.socket.isSessionReused()).toBe(reused);
      [session] = await ticket;
      await expectOrderlyEnd(ours, peer, "peer");
    }
    return infos;
  }

  it("over and over", async () => {
    expect(await connections()).toMatchObject([{ resumed: false }, { resumed: true }, { resumed: true }]);
  });

  it("with a HelloRetryRequest in each", async () => {
    expect(await connections({ namedGroups: [secp384r1] }, { ecdhCurve: "X25519:P-384" })).toMatchObject([
      { resumed: false, helloRetryRequest: true },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
      { resumed: true, helloRetryRequest: true, namedGroup: secp384r1 },
    ]);
  });
});
