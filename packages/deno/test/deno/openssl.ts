/** OpenSSL's programs at the other end. */
import assert from "node:assert/strict";
import { MemoryReplayGuard } from "@tlskit/sessions";
import { createServerContext, type EarlyDataOutcome, type ServerTlsConn } from "../../src/index.ts";
import {
  bytes,
  clientPem,
  clientPki,
  close,
  identity,
  ourClient,
  ourListener,
  readText,
  serverPem,
  text,
} from "./world.ts";

const folder = Deno.args[0] ?? ".";
const file = (name: string, content = ""): string => {
  const path = `${folder}/${name}`;
  if (content !== "") Deno.writeTextFileSync(path, content);
  return path;
};
const files = {
  ca: file("ca.pem", serverPem.ca),
  cert: file("cert.pem", serverPem.cert),
  key: file("key.pem", serverPem.key),
  clientCa: file("client-ca.pem", clientPem.ca),
  clientCert: file("client-cert.pem", clientPem.cert),
  clientKey: file("client-key.pem", clientPem.key),
};

/** A program of OpenSSL's that runs, and what it has said. */
class Openssl {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<unknown>;
  #said = "";
  #told: () => void = () => undefined;

  constructor(...args: readonly string[]) {
    const streams = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    this.#process = new Deno.Command("openssl", { args: [...args], ...streams }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#reading = Promise.all([this.#process.stdout, this.#process.stderr].map((output) => this.#read(output)));
  }

  async #read(output: ReadableStream<Uint8Array>): Promise<void> {
    for await (const chunk of output) {
      this.#said += text(chunk);
      this.#told();
    }
  }

  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#said);
      if (found !== null) return found;
      await new Promise<void>((resolve, reject) => {
        this.#told = resolve;
        this.#process.status.then(() => {
          if (!pattern.test(this.#said)) reject(new Error(`openssl ended without ${pattern}:\n${this.#said}`));
        });
      });
    }
  }

  async hears(line: string): Promise<void> {
    await this.#writer.write(bytes(line));
  }

  async end(): Promise<string> {
    await this.#writer.close().catch(() => undefined);
    try {
      this.#process.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await Promise.all([this.#process.status, this.#reading]);
    return this.#said;
  }
}

async function opensslServer(...args: readonly string[]): Promise<{ openssl: Openssl; port: number }> {
  const own = ["-cert", files.cert, "-cert_chain", files.cert, "-key", files.key];
  const openssl = new Openssl("s_server", "-accept", "127.0.0.1:0", ...own, ...args);
  const [, port] = await openssl.says(/^ACCEPT .*:(\d+)$/m);
  return { openssl, port: Number(port) };
}

function opensslClient(port: number, ...args: readonly string[]): Openssl {
  const to = ["-connect", `127.0.0.1:${port}`, "-servername", "localhost"];
  const verification = ["-CAfile", files.ca, "-verify_return_error", "-verify_hostname", "localhost"];
  return new Openssl("s_client", ...to, ...verification, ...args);
}

for (const [version, option] of [
  [0x0304, "-tls1_3"],
  [0x0303, "-tls1_2"],
] as const) {
  Deno.test(`our client and s_server: ${option}`, async () => {
    const { openssl, port } = await opensslServer(option, "-alpn", "two,one");
    const client = await ourClient(port, { alpnProtocols: ["one", "two"] });
    const info = await client.handshake();
    assert.deepEqual([info.version, info.alpnProtocol], [version, "two"]);
    await client.write(bytes("to the server\n"));
    await openssl.says(/to the server/);
    await openssl.hears("to the client\n");
    assert.equal(await readText(client, 14), "to the client\n");
    await close(client);
    await openssl.end();
  });

  Deno.test(`our server and s_client: ${option}`, async () => {
    using listener = ourListener({ alpnProtocols: ["two"] });
    const accepting = listener.accept();
    const openssl = opensslClient(listener.addr.port, option, "-alpn", "one,two");
    const server = await accepting;
    const info = await server.handshake();
    assert.deepEqual([info.version, info.alpnProtocol, info.serverName], [version, "two", "localhost"]);
    await openssl.says(/Verify return code: 0/);
    await openssl.hears("to the server\n");
    assert.equal(await readText(server, 14), "to the server\n");
    await server.write(bytes("to the client\n"));
    await openssl.says(/to the client/);
    await close(server);
    await openssl.end();
  });

  Deno.test(`our client shows its certificate to s_server: ${option}`, async () => {
    const { openssl, port } = await opensslServer(
      option,
      "-Verify",
      "3",
      "-CAfile",
      files.clientCa,
      "-verify_return_error",
    );
    const client = await ourClient(port, { cert: clientPem.cert, key: clientPem.key });
    await client.write(bytes("it is me\n"));
    await openssl.says(/it is me/);
    await close(client);
    assert.match(await openssl.end(), /verify return:1/);
  });

  Deno.test(`s_client shows its certificate to our server: ${option}`, async () => {
    using listener = ourListener({ clientCertificates: { demand: "required", anchors: clientPki.anchors } });
    const accepting = listener.accept();
    const own = ["-cert", files.clientCert, "-cert_chain", files.clientCert, "-key", files.clientKey];
    const openssl = opensslClient(listener.addr.port, option, ...own);
    const server = await accepting;
    assert.deepEqual((await server.handshake()).peer?.leaf.der, clientPki.certificate.chain[0]?.der);
    await close(server);
    await openssl.end();
  });

  Deno.test(`our client resumes a session of s_server's: ${option}`, async () => {
    const { openssl, port } = await opensslServer(option);
    const kept: Uint8Array[] = [];
    const resumed: boolean[] = [];
    for (let visits = 0; visits < 2; visits += 1) {
      const session = kept.at(-1);
      const client = await ourClient(port, { session, keepSession: (session) => kept.push(session) });
      resumed.push((await client.handshake()).resumed);
      // Behind its tickets.
      await openssl.hears("x\n");
      assert.equal(await readText(client, 2), "x\n");
      await close(client);
      await openssl.says(new RegExp(`(?:DONE[^]*){${visits + 1}}`));
    }
    assert.deepEqual(resumed, [false, true]);
    await openssl.end();
  });

  Deno.test(`s_client resumes a session of our server's: ${option}`, async () => {
    using listener = ourListener();
    const session = file(`session${option}.pem`);
    const resumed: boolean[] = [];
    for (const how of ["-sess_out", "-sess_in"]) {
      const accepting = listener.accept();
      const openssl = opensslClient(listener.addr.port, option, how, session);
      const server = await accepting;
      resumed.push((await server.handshake()).resumed);
      await server.write(bytes("goodbye\n"));
      await openssl.says(/goodbye/);
      await close(server);
      await openssl.end();
    }
    assert.deepEqual(resumed, [false, true]);
  });
}

Deno.test("our client sends early data to s_server", async () => {
  const { openssl, port } = await opensslServer("-tls1_3", "-early_data", "-max_early_data", "1000");
  const kept: Uint8Array[] = [];
  const first = await ourClient(port, { keepSession: (session) => kept.push(session) });
  await first.handshake();
  await openssl.hears("x\n");
  await readText(first, 2);
  await close(first);
  await openssl.says(/DONE/);
  const outcomes: EarlyDataOutcome[] = [];
  const earlyData = {
    replayable: bytes("early bird\n"),
    outcome: (outcome: EarlyDataOutcome) => outcomes.push(outcome),
  };
  const second = await ourClient(port, { session: kept.at(-1), earlyData });
  await second.handshake();
  assert.deepEqual(outcomes, ["accepted"]);
  await openssl.says(/early bird/);
  await close(second);
  await openssl.end();
});

Deno.test("s_client sends early data to our server", async () => {
  let ago = 60_000;
  const guard = new MemoryReplayGuard({ clock: () => Date.now() - ago });
  ago = 0;
  const early: string[] = [];
  const context = createServerContext({ ...identity, earlyData: { maxSize: 1000, guard } });
  using listener = ourListener({ context, earlyPlaintext: (data) => early.push(text(data)) });
  const session = file("early-session.pem");
  const data = file("early-data.txt", "early bird\n");
  for (const how of [
    ["-sess_out", session],
    ["-sess_in", session, "-early_data", data],
  ]) {
    const accepting: Promise<ServerTlsConn> = listener.accept();
    const openssl = opensslClient(listener.addr.port, "-tls1_3", ...how);
    const server = await accepting;
    await server.handshake();
    await server.write(bytes("goodbye\n"));
    await openssl.says(/goodbye/);
    await close(server);
    await openssl.end();
  }
  assert.equal(early.join(""), "early bird\n");
});
