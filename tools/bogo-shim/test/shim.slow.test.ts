import { spawn } from "node:child_process";
import { on, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { fileURLToPath } from "node:url";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { ClientContext, resumption, TlsClient } from "@tlskit/tls";
import { certificatesToPem, privateKeyToPem, TrustAnchors } from "@tlskit/x509";
import { expect, onTestFinished, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const { root, certificate } = throwawayPki(nodeProvider, random, ["test"], Date.now());
const pem = {
  ca: certificatesToPem(root.certificate),
  cert: certificatesToPem(...certificate.chain),
  key: privateKeyToPem(certificate.key),
};

/** Runs the shim; the runner that it connects to is `play`, which gets each socket behind the shim's number. */
async function shim(args: readonly string[], play: (raw: Socket) => Promise<void>, connections = 1) {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens on a port, so it has one
  const arrivals = on(server, "connection");
  const child = spawn(process.execPath, [main, "-port", String(port), "-shim-id", "258", ...args]);
  let stderr = "";
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const ended = once(child, "close");
  const played = (async () => {
    let count = 0;
    // One that comes while another is played with waits here.
    for await (const [raw] of arrivals) {
      count += 1;
      const socket: Socket = raw;
      socket.on("error", () => undefined);
      let id: unknown = null;
      while (id === null) {
        id = socket.read(8);
        if (id === null) await once(socket, "readable");
      }
      expect(id).toEqual(Buffer.from([2, 1, 0, 0, 0, 0, 0, 0]));
      await play(socket);
      if (count === connections) return;
    }
  })();
  const [code] = await Promise.race([ended, played.then(() => ended)]);
  return { code, stderr };
}

function file(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tlskit-shim-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("a client says who it is, verifies the server, and gives back what it gets, inverted", async () => {
  const echoed = await new Promise<string>((resolve, reject) => {
    shim(["-trust-cert", file("ca.pem", pem.ca), "-expect-version", "772"], async (raw) => {
      const socket = new tls.TLSSocket(raw, { isServer: true, cert: pem.cert, key: pem.key });
      socket.write(Buffer.from([0, 1, 0xff]));
      const [data] = await once(socket, "data");
      socket.end();
      resolve(Buffer.from(data).toString("hex"));
    }).then(({ code, stderr }) => expect({ code, stderr }).toEqual({ code: 0, stderr: "" }), reject);
  });
  expect(echoed).toBe("fffe00");
});

test("a server does the same", async () => {
  const files = ["-cert-file", file("cert.pem", pem.cert), "-key-file", file("key.pem", pem.key)];
  const { code } = await shim(["-server", ...files, "-shim-writes-first"], async (raw) => {
    const socket = tls.connect({ socket: raw, servername: "test", ca: pem.ca });
    const [data] = await once(socket, "data");
    expect(String(data)).toBe("hello");
    socket.end();
  });
  expect(code).toBe(0);
});

test.each([
  ["TLSv1.2", ["-no-tls13"], undefined],
  ["TLSv1.3", [], undefined],
  ["TLSv1.2", ["-cipher", "TLS_RSA_WITH_AES_128_GCM_SHA256", "-max-version", "771"], "AES128-GCM-SHA256"],
] as const)("a server has the versions and suites that it is told: %s by %j", async (version, args, cipher) => {
  const rsa = throwawayPki(nodeProvider, random, ["test"], Date.now(), { keyTypes: ["rsaEncryption"] });
  const cert = file("cert.pem", certificatesToPem(...rsa.certificate.chain));
  const files = ["-cert-file", cert, "-key-file", file("key.pem", privateKeyToPem(rsa.certificate.key))];
  const { code, stderr } = await shim(["-server", ...files, ...args, "-shim-writes-first"], async (raw) => {
    const socket = tls.connect({ socket: raw, servername: "test", ca: certificatesToPem(rsa.root.certificate) });
    await once(socket, "secureConnect");
    expect(socket.getProtocol()).toBe(version);
    if (cipher !== undefined) expect(socket.getCipher().name).toBe(cipher);
    socket.end();
    socket.resume();
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("a second connection resumes the session of the first", async () => {
  const server = tls.createServer({ cert: pem.cert, key: pem.key });
  const reused: boolean[] = [];
  const args = ["-trust-cert", file("ca.pem", pem.ca), "-resume-count", "1", "-shim-writes-first"];
  const { code, stderr } = await shim(
    // node:tls takes no early data, as its tickets say, and gives no new ticket for one that was used.
    [
      ...args,
      "-enable-early-data",
      "-on-resume-expect-early-data-reason",
      "unsupported_for_session",
      "-on-resume-expect-no-session",
    ],
    async (raw) => {
      server.emit("connection", raw);
      const [socket]: tls.TLSSocket[] = await once(server, "secureConnection");
      if (socket === undefined) throw new TypeError("no socket");
      const [data] = await once(socket, "data");
      expect(String(data)).toBe("hello");
      reused.push(socket.isSessionReused());
      socket.end();
      await once(socket, "close");
    },
    2,
  );
  expect({ code, stderr, reused }).toEqual({ code: 0, stderr: "", reused: [false, true] });
});

test("a server takes early data, and answers it", async () => {
  const files = ["-cert-file", file("cert.pem", pem.cert), "-key-file", file("key.pem", pem.key)];
  const anchors = TrustAnchors.of([root.certificate]);
  const context = new ClientContext({ provider: nodeProvider, random, clock: Date.now, anchors, resumption });
  let session: Uint8Array | undefined;
  const outcomes: string[] = [];
  const { code, stderr } = await shim(
    ["-server", ...files, "-resume-count", "1", "-enable-early-data", "-on-resume-expect-accept-early-data"],
    async (raw) => {
      await new Promise<void>((resolve, reject) => {
        const client = new TlsClient(
          context,
          { host: "test", session },
          {
            ciphertext: (bytes) => void raw.write(bytes),
            plaintext: (bytes) => {
              expect([...bytes]).toEqual([254, 253]);
              client.close();
            },
            session: (bytes) => {
              session = bytes;
            },
            earlyDataOutcome: (outcome) => void outcomes.push(outcome),
            closed: (error) => (error === undefined ? resolve() : reject(error)),
          },
        );
        raw.on("data", (bytes: Buffer) => client.receive(new Uint8Array(bytes)));
        raw.on("end", () => client.receiveEnd());
        client.sendEarly(Uint8Array.of(1, 2));
        client.start();
        if (session === undefined) client.send(Uint8Array.of(1, 2));
        raw.resume();
      });
      raw.end();
    },
    2,
  );
  expect({ code, stderr, outcomes }).toEqual({ code: 0, stderr: "", outcomes: ["not_sent", "accepted"] });
});

test("a client shows its certificate to a server that asks, and looks at whom it is to lead to", async () => {
  const files = ["-cert-file", file("cert.pem", pem.cert), "-key-file", file("key.pem", pem.key)];
  const name = Buffer.from(root.certificate.subject.der).toString("hex");
  const shown: (Buffer | undefined)[] = [];
  const serve = async (raw: Socket): Promise<void> => {
    const options = { isServer: true, cert: pem.cert, key: pem.key, ca: pem.ca, requestCert: true };
    const socket = new tls.TLSSocket(raw, options);
    socket.on("error", () => undefined);
    const [data] = await once(socket, "data");
    expect(String(data)).toBe("hello");
    shown.push(socket.getPeerX509Certificate()?.raw);
    socket.end();
  };
  const args = ["-trust-cert", file("ca.pem", pem.ca), ...files, "-shim-writes-first", "-expect-client-ca-list", name];
  expect(await shim(args, serve)).toEqual({ code: 0, stderr: "" });
  expect(shown.map((der) => der?.toString("hex"))).toEqual([
    Buffer.from(certificate.chain[0]?.der ?? []).toString("hex"),
  ]);
});

test("a server that requires a certificate refuses a client that has none", async () => {
  const files = ["-cert-file", file("cert.pem", pem.cert), "-key-file", file("key.pem", pem.key)];
  const args = ["-server", ...files, "-trust-cert", file("ca.pem", pem.ca), "-require-any-client-certificate"];
  const { code, stderr } = await shim(args, async (raw) => {
    const socket = tls.connect({ socket: raw, servername: "test", ca: pem.ca });
    socket.on("error", () => undefined);
    socket.resume();
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^peer:certificate_required: /);
});

test("what is expected and isn't so is exit 1, with the reason", async () => {
  const args = ["-trust-cert", file("ca.pem", pem.ca), "-expect-alpn", "h2"];
  const { code, stderr } = await shim(args, async (raw) => {
    const socket = new tls.TLSSocket(raw, { isServer: true, cert: pem.cert, key: pem.key });
    socket.on("error", () => undefined);
    socket.resume();
  });
  expect(code).toBe(1);
  expect(stderr).toBe("ALPN: h2 expected, got \n");
});

test("a failed handshake is exit 1, with the code of the check that failed", async () => {
  const args = ["-trust-cert", file("ca.pem", pem.cert)];
  const { code, stderr } = await shim(args, async (raw) => {
    raw.end("no TLS at all");
    raw.resume();
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^peer:unknown_record_type: /);
});

test("what isn't there is exit 89, before anything is sent", async () => {
  const child = spawn(process.execPath, [main, "-port", "1", "-dtls"]);
  const [code] = await once(child, "close");
  expect(code).toBe(89);
});
