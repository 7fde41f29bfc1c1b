import { readFileSync } from "node:fs";
import { type CaptureEvent, decryptCapture, KeyLog } from "@tlskit/capture";
import { byName, tls12CipherSuites } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { type TlsVersion, tls12, tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhe } from "@tlskit/tls/dhe";
import { rsa } from "@tlskit/tls/rsa";
import { describe, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { OurServer, ourClient } from "../src/ours.ts";
import { payload } from "../src/payload.ts";
import type { OurSide, PeerEnd } from "../src/peer.ts";
import { RecordingRelay } from "../src/recording-relay.ts";
import { scratchFile, scratchPath } from "../src/scratch.ts";
import { everyOpensslSuite } from "../src/tls12-peers.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { showing, trusting } from "./helpers/settings.ts";

const certificate = identity("RSA");
const text = payload(2);

/** TLS 1.2 with one cipher suite, by its name. */
function tls12Of(name: string): TlsVersion {
  const suite = byName(tls12CipherSuites, name);
  if (suite === undefined) throw new RangeError(`no cipher suite ${name}`);
  return tls12With({ cipherSuites: [suite], cbc, keyExchanges: [dhe, rsa] });
}

const versions: readonly (readonly [string, TlsVersion])[] = [
  ["TLS 1.3", tls13],
  // Of each protection and key exchange one.
  ...[
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-RSA-AES256-SHA384",
    "DHE-RSA-AES128-SHA256",
    "AES256-GCM-SHA384",
    "AES128-SHA",
  ].map((name) => [`TLS 1.2, ${name}`, tls12Of(name)] as const),
];

function decrypted(file: Uint8Array, keyLog: string): readonly CaptureEvent[] {
  return [...decryptCapture(file, { provider: nodeProvider, keyLog: new KeyLog(keyLog) })];
}

/** What an end sent, as text. */
function dataOf(events: readonly CaptureEvent[], from: "client" | "server"): string {
  const data = events.flatMap((event) => (event.type === "data" && event.from === from ? [event.bytes] : []));
  return Buffer.concat(data).toString("latin1");
}

function expectBoth(events: readonly CaptureEvent[], times = 1): void {
  expect(events.filter(({ type }) => type === "undecrypted" || type === "gap")).toEqual([]);
  expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual([text.repeat(times), text.repeat(times)]);
}

/** Our client of a server behind a relay: what was recorded, read by what our client logged. */
async function ourClientRecorded(
  port: number,
  version: TlsVersion,
  peer: () => Promise<PeerEnd>,
): Promise<readonly CaptureEvent[]> {
  const relay = await RecordingRelay.before(port);
  const lines: string[] = [];
  const keyLog = (line: string): void => void lines.push(line);
  const ours = ourClient(relay.port, trusting(certificate, { versions: [version], keyLog }));
  await exchange(await peer(), ours);
  await ours.end();
  return decrypted(await relay.capture(), lines.join("\n"));
}

async function exchange(peer: PeerEnd, ours: OurSide): Promise<void> {
  await peer.exchange(ours, text);
}

describePeer("openssl", "a capture of a connection with openssl", () => {
  it.each(versions)("as server is read by our client's key log: %s", async (_, version) => {
    const server = await OpensslServer.start(certificate, "-cipher", everyOpensslSuite);
    onTestFinished(() => server.program.kill());
    const peer = server.next();
    expectBoth(await ourClientRecorded(server.port, version, async () => peer));
  });

  it.each([
    ["TLS 1.3", "-tls1_3"],
    ["TLS 1.2", "-tls1_2"],
  ])("as client is read by its key log: %s", async (_, version) => {
    const server = await OurServer.listen(showing([certificate], { versions: [tls13, tls12] }));
    onTestFinished(() => server.close());
    const relay = await RecordingRelay.before(server.port);
    const log = scratchPath("keys.log");
    const peer = opensslClient(relay.port, certificate, "-quiet", version, "-keylogfile", log);
    const ours = await server.accept();
    await exchange(peer, ours);
    await ours.end();
    peer.program.endInput();
    expectBoth(decrypted(await relay.capture(), readFileSync(log, "latin1")));
  });

  it("at both ends is read behind a renegotiation", async () => {
    const server = await OpensslServer.start(certificate, "-tls1_2", "-client_renegotiation");
    onTestFinished(() => server.program.kill());
    const relay = await RecordingRelay.before(server.port);
    const log = scratchPath("keys.log");
    const client = opensslClient(relay.port, certificate, "-tls1_2", "-keylogfile", log);
    const atServer = server.next();
    client.send(text);
    await atServer.received(text);
    client.send("R\n");
    await client.waitForLine(/^RENEGOTIATING$/);
    // It goes behind the handshake, and what the server sends behind that.
    client.send(text);
    await atServer.received(text.repeat(2));
    atServer.send(text.repeat(2));
    await client.received(text.repeat(2));
    client.send("Q\n");
    await client.program.ended();
    const events = decrypted(await relay.capture(), readFileSync(log, "latin1"));
    expectBoth(events, 2);
    expect(events.filter((event) => event.type === "message" && event.name === "ClientHello")).toMatchObject([
      { encrypted: false },
      { encrypted: true },
    ]);
  });

  it("at both ends is read behind key updates, and when it resumes a session with early data", async () => {
    const server = await OpensslServer.start(certificate, "-tls1_3", "-early_data", "-no_anti_replay");
    onTestFinished(() => server.program.kill());
    const relay = await RecordingRelay.before(server.port);
    const [log, session] = [scratchPath("keys.log"), scratchPath("session.pem")];
    const asked = ["-tls1_3", "-keylogfile", log];
    const first = opensslClient(relay.port, certificate, ...asked, "-sess_out", session);
    let atServer = server.next();
    first.send(text);
    await atServer.received(text);
    first.send("K\n");
    await first.waitForLine(/^KEYUPDATE$/);
    atServer.send(text);
    // The tickets have come in front of that.
    await first.received(text);
    first.send("Q\n");
    await first.program.ended();
    atServer = server.next();
    const second = opensslClient(relay.port, certificate, ...asked, "-sess_in", session, "-early_data", earlyFile());
    await second.waitForLine(/Early data was accepted/);
    second.send(text);
    await atServer.received(text);
    atServer.send(text);
    await second.received(text);
    second.send("Q\n");
    await second.program.ended();
    const events = decrypted(await relay.capture(), readFileSync(log, "latin1"));
    const isEarly = (event: CaptureEvent): boolean => event.type === "data" && event.early;
    expectBoth(
      events.filter((event) => !isEarly(event)),
      2,
    );
    expect(dataOf(events.filter(isEarly), "client")).toBe("sent early\n");
    expect(events.some((event) => event.type === "message" && event.name === "KeyUpdate")).toBe(true);
  });
});

function earlyFile(): string {
  return scratchFile("early", "sent early\n");
}

describe("a capture of a connection with Node's tls", () => {
  it.each(versions)("as server is read by our client's key log: %s", async (_, version) => {
    const server = await NodeServer.start(certificate, {
      minVersion: "TLSv1.2",
      ciphers: everyOpensslSuite,
      dhparam: "auto",
    });
    onTestFinished(() => server.close());
    expectBoth(await ourClientRecorded(server.port, version, () => server.accept()));
  });

  it.each(["TLSv1.3", "TLSv1.2"] as const)("at both ends is read by its own: %s", async (version) => {
    const server = await NodeServer.start(certificate, { minVersion: version, maxVersion: version });
    onTestFinished(() => server.close());
    const relay = await RecordingRelay.before(server.port);
    const client = nodeClient(relay.port, certificate, { minVersion: version, maxVersion: version });
    let keyLog = "";
    client.socket.on("keylog", (line: Buffer) => {
      keyLog += line.toString("latin1");
    });
    const atServer = await server.accept();
    await exchange(client, atServer);
    client.end();
    await client.closed();
    expectBoth(decrypted(await relay.capture(), keyLog));
  });
});
