import { Alert, type TlsVersion, tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { type OurEnd, OurServer, ourClient } from "../src/ours.ts";
import type { PeerEnd } from "../src/peer.ts";
import { type Ender, expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const certificate = identity("P-256");

type Versions = "1.2" | "1.3" | "1.3 and 1.2";

const ourVersions: Readonly<Record<Versions, readonly TlsVersion[]>> = {
  "1.2": [tls12],
  "1.3": [tls13],
  "1.3 and 1.2": [tls13, tls12],
};

/** Ours, the peer's, and what they come to: the newest that both have. */
const meetings: readonly (readonly [Versions, Versions, number | undefined])[] = [
  ["1.3 and 1.2", "1.2", 0x0303],
  ["1.3 and 1.2", "1.3", 0x0304],
  ["1.3 and 1.2", "1.3 and 1.2", 0x0304],
  ["1.2", "1.3 and 1.2", 0x0303],
  ["1.2", "1.2", 0x0303],
  ["1.3", "1.3 and 1.2", 0x0304],
  ["1.2", "1.3", undefined],
  ["1.3", "1.2", undefined],
];

/** A peer's two roles. */
interface Peer {
  /** Its server, for one connection after the other. */
  serve(versions: Versions): Promise<{ readonly port: number; next(): PeerEnd | Promise<PeerEnd> }>;
  connect(port: number, versions: Versions): PeerEnd;
}

async function expectMeeting(
  ours: OurEnd,
  peer: PeerEnd | Promise<PeerEnd>,
  version: number,
  ender: Ender,
): Promise<void> {
  expect((await ours.established()).version).toBe(version);
  const end = await peer;
  await expectData(ours, end);
  await expectOrderlyEnd(ours, end, ender);
}

function describeVersions({ serve, connect }: Peer): void {
  it.each(meetings)("our client of TLS %s and its server of TLS %s", async (ours, theirs, version) => {
    const server = await serve(theirs);
    const next = server.next();
    const client = ourClient(server.port, trusting(certificate, { versions: ourVersions[ours] }));
    if (version !== undefined) await expectMeeting(client, next, version, "ours");
    // GnuTLS has other words for it.
    else
      await expect(client.established()).rejects.toMatchObject({
        alert: expect.toBeOneOf([Alert.protocolVersion, Alert.handshakeFailure]),
      });
  });

  it.each(meetings)("our server of TLS %s and its client of TLS %s", async (ours, theirs, version) => {
    const server = await OurServer.listen(showing([certificate], { versions: ourVersions[ours] }));
    onTestFinished(() => server.close());
    const peer = connect(server.port, theirs);
    const end = await server.accept();
    if (version !== undefined) await expectMeeting(end, peer, version, "peer");
    else await expect(end.established()).rejects.toMatchObject({ kind: "peer", alert: Alert.protocolVersion });
  });
}

describePeer("openssl", "versions, with openssl", () => {
  const args = { "1.2": ["-tls1_2"], "1.3": ["-tls1_3"], "1.3 and 1.2": [] } as const;
  describeVersions({
    serve: (versions) => OpensslServer.start(certificate, ...args[versions]),
    connect: (port, versions) => opensslClient(port, certificate, ...args[versions]),
  });

  it("a renegotiation that the client begins is refused, with a warning", async () => {
    const server = await OurServer.listen(showing([certificate], { versions: [tls12] }));
    const peer = opensslClient(server.port, certificate, "-tls1_2");
    const ours = await server.accept();
    await ours.established();
    peer.send("R\n");
    await peer.waitForLine(/no renegotiation/);
    expect(ours.trace.find(({ type }) => type === "alert")).toMatchObject({ direction: "sent", description: 100 });
    server.close();
  });
});

describePeer("gnutls", "versions, with GnuTLS", () => {
  const added = { "1.2": "+VERS-TLS1.2", "1.3": "+VERS-TLS1.3", "1.3 and 1.2": "+VERS-TLS1.3:+VERS-TLS1.2" } as const;
  const args = (versions: Versions) => ["--priority", `NORMAL:-VERS-ALL:${added[versions]}`];
  describeVersions({
    serve: (versions) => GnutlsServer.start(certificate, args(versions)),
    connect: (port, versions) => gnutlsClient(port, certificate, args(versions)),
  });
});

describe("versions, with Node's tls", () => {
  const options = {
    "1.2": { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" },
    "1.3": { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" },
    "1.3 and 1.2": { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" },
  } as const;
  describeVersions({
    serve: async (versions) => {
      const server = await NodeServer.start(certificate, options[versions]);
      onTestFinished(() => server.close());
      return { port: server.port, next: () => server.accept() };
    },
    connect: (port, versions) => nodeClient(port, certificate, options[versions]),
  });
});
