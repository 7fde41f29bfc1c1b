import { nodeProvider } from "@tlskit/crypto-node";
import {
  InMemoryNetwork,
  pcapFile,
  RecordedConnection,
  type RecordedPacket,
  seededRandom,
  throwawayPki,
} from "@tlskit/testing";
import { ClientContext, resumption, ServerContext, TlsClient, TlsServer, tls12, tls13 } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { beforeAll, describe, expect, it } from "vitest";
import { Command, file, tlskit } from "./helpers/command.ts";

const now = Date.UTC(2026, 5, 1, 12);
const request = "GET / HTTP/1.1\r\n\x1b[31mred\r\n\r\n";
const response = "HTTP/1.1 200 OK\r\n\r\nh\u00e9llo";

/** Two connections, of TLS 1.3 and 1.2, packet behind packet, and what both logged. */
function recorded(): { readonly packets: readonly RecordedPacket[]; readonly keyLog: string } {
  const packets: RecordedPacket[] = [];
  const lines: string[] = [];
  for (const [at, version] of [tls13, tls12].entries()) {
    const network = new InMemoryNetwork({ now });
    const connection = new RecordedConnection({
      packets,
      client: { address: Uint8Array.of(192, 0, 2, 1), port: 50_000 + at },
    });
    const link = network.link({
      intercept: (from, bytes) => {
        connection.send(from === "left" ? "client" : "server", bytes);
        return [bytes];
      },
    });
    const pki = throwawayPki(nodeProvider, seededRandom(1), "server.example", now);
    const common = { provider: nodeProvider, clock: () => now, versions: [version] };
    const keyLog = (line: string): void => void lines.push(line);
    const client = new TlsClient(
      new ClientContext({ resumption, ...common, random: seededRandom(2 + at), anchors: pki.anchors, keyLog }),
      { host: "server.example" },
      { ciphertext: link.left.write, plaintext: () => {}, closed: () => {} },
    );
    const server = new TlsServer(
      new ServerContext({ ...common, random: seededRandom(4 + at), certificates: pki.certificates }),
      { ciphertext: link.right.write, plaintext: () => {}, closed: () => {} },
    );
    link.left.attach(client);
    link.right.attach(server);
    server.start();
    client.start();
    network.run();
    client.send(Buffer.from(request));
    network.run();
    server.send(Buffer.from(response));
    network.run();
    client.close();
    server.close();
    network.run();
    connection.finish("client");
    connection.finish("server");
  }
  return { packets, keyLog: lines.join("\n") };
}

describe("tlskit decrypt", () => {
  let packets: readonly RecordedPacket[];
  let keyLog: string;
  beforeAll(() => {
    ({ packets, keyLog } = recorded());
  });
  const capture = (some = packets): string => file("capture.pcap", pcapFile(some));
  const keys = (text = keyLog): string => file("keys.log", text);

  it("tells of messages, alerts and plaintext, with packet, time, stream and who it is from", async () => {
    const { code, stdout, stderr } = await tlskit(["decrypt", capture(), "--keylog", keys()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("     4    0.003000    0  TLS: client 192.0.2.1:50000, server 192.0.2.2:443");
    expect(stdout).toMatch(/^ +\d+ +\d+\.\d{6} +0 {2}server: negotiates TLS 1\.3, TLS_[A-Z0-9_]+$/m);
    expect(stdout).toMatch(/^ +\d+ +\d+\.\d{6} +0 {2}server: Certificate, \d+ bytes, encrypted$/m);
    expect(stdout).toMatch(/^ +\d+ +\d+\.\d{6} +1 {2}server: Certificate, \d+ bytes$/m);
    expect(stdout).toMatch(/^ +\d+ +\d+\.\d{6} +1 {2}client: alert close_notify$/m);
    expect(stdout).toMatch(/ 1 {2}closed: finished\n$/);
  });

  it("escapes what isn't printable ASCII, so that nothing reaches the terminal", async () => {
    const { stdout } = await tlskit(["decrypt", capture(), "--keylog", keys()]);
    expect(stdout).toContain(
      ["        | GET / HTTP/1.1\\x0d\\x0a", "        | \\x1b[31mred\\x0d\\x0a", "        | \\x0d\\x0a", ""].join("\n"),
    );
    expect(stdout).toContain("        | h\\xc3\\xa9llo\n");
    expect(stdout).not.toMatch(/[^\n\x20-\x7e]/);
  });

  it.each([
    ["client", request],
    ["server", response],
  ])("writes what the %s sent, octet by octet", async (end, text) => {
    const raw = await tlskit(["decrypt", capture(), "--keylog", keys(), "--stream", "1", "--raw", end]);
    expect(raw).toEqual({ code: 0, stdout: text, stderr: "" });
  });

  it("tells of one stream alone", async () => {
    const { code, stdout } = await tlskit(["decrypt", capture(), "--keylog", keys(), "--stream", "1", "--json"]);
    expect(code).toBe(0);
    const events: { stream: number }[] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(new Set(events.map(({ stream }) => stream))).toEqual(new Set([1]));
  });

  it("prints an object for each event", async () => {
    const { code, stdout } = await tlskit(["decrypt", capture(), "--keylog", keys(), "--json"]);
    expect(code).toBe(0);
    const events: Record<string, unknown>[] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events[0]).toEqual({
      type: "opened",
      stream: 0,
      packet: 1,
      time: "2026-01-01T00:00:00.000000000Z",
      initiator: "192.0.2.1:50000",
      responder: "192.0.2.2:443",
      fromBeginning: true,
    });
    expect(events).toContainEqual(expect.objectContaining({ type: "negotiated", from: "server", version: "TLSv1.2" }));
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "data",
        from: "server",
        early: false,
        base64: Buffer.from(response).toString("base64"),
      }),
    );
    expect(events).toContainEqual(expect.objectContaining({ type: "alert", level: 1, description: "close_notify" }));
    const hello = events.find(({ name }) => name === "ClientHello");
    expect(hello).toMatchObject({ encrypted: false, bytes: expect.stringMatching(/^01/) });
    expect(hello).not.toHaveProperty("fields");
  });

  it("explains messages field by field", async () => {
    const args = ["decrypt", capture(), "--keylog", keys(), "--stream", "0", "--trace"];
    expect((await tlskit(args)).stdout).toMatch(/^ +cipherSuite: 13\d\d {2}TLS_/m);
    const { stdout } = await tlskit([...args, "--json"]);
    const messages: { fields?: { name: string } }[] = stdout
      .split("\n")
      .filter((line) => line.includes('"message"'))
      .map((line) => JSON.parse(line));
    expect(messages[0]?.fields?.name).toBe("ClientHello");
  });

  it("tells what can't be decrypted, and why, with exit code 1", async () => {
    const { code, stdout } = await tlskit([
      "decrypt",
      capture(),
      "--keylog",
      keys(keyLog.replace(/^CLIENT_RANDOM.*$/m, "")),
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/ 1 {2}client: not decrypted: the key log has no main secret of this connection\n/);
    expect(stdout).toContain("h\\xc3\\xa9llo");
    const raw = await tlskit(["decrypt", capture(), "--stream", "0", "--raw", "server"]);
    expect(raw).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(/^tlskit: the key log has no secret/) });
  });

  it("tells what is missing", async () => {
    const { code, stdout } = await tlskit(["decrypt", capture(packets.toSpliced(10, 1)), "--keylog", keys()]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/ 0 {2}(initiator|responder): \d+ bytes are missing\n/);
    expect(stdout).toMatch(/: not decrypted: \d+ bytes are missing in the capture\n/);
  });

  it("tells which line of the key log makes no sense, and not what is in it", async () => {
    const { code, stderr } = await tlskit([
      "decrypt",
      capture(),
      "--keylog",
      keys(`CLIENT_RANDOM 00ff 00ff\n${keyLog}`),
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^tlskit: .*keys\.log: line 1: [^\n]*\n$/);
    expect(stderr).not.toContain("00ff");
  });

  it.each([
    ["is none", "no capture", /neither pcap nor pcapng/],
    ["is empty", "", /neither pcap nor pcapng/],
  ])("refuses a file that %s", async (_, content, reason) => {
    const { code, stdout, stderr } = await tlskit(["decrypt", file("capture.pcap", content)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(reason);
  });

  it("says that a stream isn't there", async () => {
    const { code, stderr } = await tlskit(["decrypt", capture(), "--stream", "7"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/there is no TLS in stream 7/);
  });

  it("tells of a capture that is cut off what is there", async () => {
    const path = file("capture.pcap", concat(pcapFile(packets).subarray(0, -10)));
    const { code, stdout } = await tlskit(["decrypt", path, "--keylog", keys()]);
    expect(code).toBe(1);
    expect(stdout).toContain("h\\xc3\\xa9llo");
    expect(stdout).toMatch(/damage: the capture ends in the middle/);
  });

  it("ends in order when nobody reads on", async () => {
    const command = new Command(["decrypt", capture(), "--keylog", keys(), "--trace"]);
    command.child.stdin.end();
    command.child.stdout.destroy();
    expect((await command.ended()).code).toBe(0);
  });
});
