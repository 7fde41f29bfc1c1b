import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import * as tls from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { Command, file, served, tlskit } from "./helpers/command.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const pki = (names: readonly string[], at = Date.now()) => throwawayPki(nodeProvider, random, names, at);

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port; // it listens on a port, so it has one
}

/** A server by Node's own tls, whose certificate is for these names. */
async function nodeServer(
  names: readonly string[],
  options: tls.TlsOptions = {},
  listener: (socket: tls.TLSSocket) => void = (socket) => void socket.pipe(socket),
  at = Date.now(),
): Promise<{ readonly port: number; readonly ca: string }> {
  const { root, certificate } = pki(names, at);
  const server = tls.createServer(
    { cert: certificatesToPem(...certificate.chain), key: privateKeyToPem(certificate.key), ...options },
    (socket) => {
      socket.on("error", () => undefined);
      listener(socket);
    },
  );
  return { port: await listening(server), ca: file("ca.pem", certificatesToPem(root.certificate)) };
}

describe("stdin goes to the peer, and the peer's data to stdout", () => {
  test("with our server", async () => {
    const { port, ca } = await served("--echo");
    expect(await tlskit(["connect", `localhost:${port}`, "--ca", ca], "hello\n")).toEqual({
      code: 0,
      stdout: "hello\n",
      stderr: "",
    });
  });

  test("with Node's own tls, a megabyte of anything", async () => {
    const { port, ca } = await nodeServer(["localhost"], { allowHalfOpen: true } as tls.TlsOptions);
    const data = Array.from({ length: 2 ** 20 }, (_, index) => String.fromCharCode(32 + (index % 90))).join("");
    const { code, stdout } = await tlskit(["connect", `localhost:${port}`, "--ca", ca], data);
    expect(code).toBe(0);
    expect(stdout === data).toBe(true);
  });

  test("also what the peer says unasked, while stdin is open", async () => {
    const { port, ca } = await nodeServer(["localhost"], {}, (socket) => socket.write("welcome\n"));
    const command = new Command(["connect", `localhost:${port}`, "--ca", ca]);
    await command.says("stdout", /welcome/);
  });

  test("whoever reads stdout may have had enough", async () => {
    const { port, ca } = await nodeServer(["localhost"], {}, (socket) => {
      const more = (): void => void socket.write(Buffer.alloc(65536), () => socket.writable && more());
      more();
    });
    const command = new Command(["connect", `localhost:${port}`, "--ca", ca]);
    await command.says("stdout", /./s);
    command.child.stdout.destroy();
    await command.ended();
  });
});

describe("--http", () => {
  test("prints the response to one GET", async () => {
    const { port, ca } = await served();
    const { code, stdout } = await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--http", "/page?x=1"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(stdout).toContain("TLSv1.3");
  });

  test("sends a Host with the port, and Connection: close", async () => {
    let request = "";
    const { port, ca } = await nodeServer(["localhost"], {}, (socket) => {
      socket.once("data", (data) => {
        request = data.toString();
        socket.end("HTTP/1.1 204 No Content\r\n\r\n");
      });
    });
    const { code } = await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--http", "/"]);
    expect(code).toBe(0);
    expect(request).toMatch(/^GET \/ HTTP\/1\.1\r\n/);
    expect(request).toContain(`\r\nHost: localhost:${port}\r\n`);
    expect(request).toContain("\r\nConnection: close\r\n");
  });
});

describe("--json", () => {
  test("is one line on stderr with what was negotiated and verified", async () => {
    const { port, ca } = await served("--alpn", "h2,http/1.1");
    const before = performance.now();
    const { stderr } = await tlskit([
      ...["connect", `127.0.0.1:${port}`, "--servername", "localhost", "--ca", ca, "--json"],
      ...["--alpn", "http/1.1", "--cipher", "TLS_CHACHA20_POLY1305_SHA256", "--group", "P-384"],
    ]);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    const report = JSON.parse(stderr);
    const root = new X509Certificate(readFileSync(ca));
    expect(report).toEqual({
      version: "TLSv1.3",
      cipherSuite: "TLS_CHACHA20_POLY1305_SHA256",
      group: "secp384r1",
      signatureScheme: "ecdsa_secp256r1_sha256",
      psk: null,
      alpn: "http/1.1",
      resumed: false,
      earlyData: null,
      peerCertificates: [
        { subject: "CN=localhost", issuer: root.subject, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
      revocation: [{ status: "unknown", by: null, nextUpdate: null }],
      timestamps: null,
      clientCertificates: [],
      timeMs: expect.any(Number),
    });
    expect(report.timeMs).toBeGreaterThan(0);
    expect(report.timeMs).toBeLessThan(performance.now() - before);
  });

  test("without an application protocol says null", async () => {
    const { port, ca } = await served();
    const { stderr } = await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--json"]);
    expect(JSON.parse(stderr).alpn).toBeNull();
  });
});

test("groups and suites go by IANA's and by OpenSSL's names, as lists", async () => {
  const { port, ca } = await served();
  for (const [group, expected] of [
    ["X25519", "x25519"],
    ["P-256:X25519", "secp256r1"],
    ["prime256v1", "secp256r1"],
    ["secp521r1,x25519", "secp521r1"],
    ["X25519MLKEM768", "X25519MLKEM768"],
  ] as const) {
    const { stderr } = await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--json", "--group", group]);
    expect(JSON.parse(stderr).group, group).toBe(expected);
  }
});

describe("--provider tells what computes, on either side", () => {
  // Node says of the interface that openssl uses that it is experimental, on stderr.
  const quiet = { env: { NODE_OPTIONS: "--disable-warning=ExperimentalWarning" } };
  test.each([
    ["noble", "openssl"],
    ["openssl", "node"],
    ["node", "noble"],
    ["openssl", "openssl"],
  ])("%s at the server, %s at the client", async (server, client) => {
    const { port, ca } = await served("--provider", server);
    const args = ["connect", `localhost:${port}`, "--ca", ca, "--json", "--http", "/", "--provider", client];
    const { code, stdout, stderr } = await tlskit(args, "", quiet);
    expect(code).toBe(0);
    expect(stdout).toContain("HTTP/1.1 200 OK");
    // noble prefers ChaCha20-Poly1305, and a server heeds who does
    const suite = [server, client].includes("noble") ? "TLS_CHACHA20_POLY1305_SHA256" : "TLS_AES_128_GCM_SHA256";
    expect(JSON.parse(stderr).cipherSuite).toBe(suite);
  });

  test("openssl without the interface says what is missing, and nothing else is taken instead", async () => {
    const without = { env: { NODE_OPTIONS: "--no-experimental-ffi" } };
    const { code, stderr } = await tlskit(["connect", "a.example", "--provider", "openssl"], "", without);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "--provider openssl: OpenSSL can't be called: this runtime has no foreign function interface",
    );
  });
});

test("--trace prints each message field by field with its bytes", async () => {
  const { port, ca } = await served();
  const { stderr, stdout } = await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--trace", "--http", "/"]);
  expect(stdout).toMatch(/^HTTP/);
  for (const message of [
    "→ ClientHello",
    "← ServerHello",
    "← EncryptedExtensions",
    "← Certificate",
    "← CertificateVerify",
    "← Finished",
    "→ Finished",
  ]) {
    expect(stderr).toContain(`${message} (`);
  }
  expect(stderr).toMatch(/^ +legacyVersion: 0303 +TLS 1\.2 \(0x0303\)$/m);
  expect(stderr).toMatch(/^ +cipherSuite: 130[123] +TLS_/m);
  expect(stderr).toContain('"localhost"');
  expect(stderr).toContain("→ Alert close_notify");
});

test("--keylog appends secrets that only the owner can read, for Wireshark", async () => {
  const { port, ca } = await served();
  const keys = `${file("x", "")}.keys.log`;
  for (let i = 0; i < 2; i += 1) await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--keylog", keys]);
  const lines = readFileSync(keys, "utf8").trim().split("\n");
  expect(lines).toHaveLength(10);
  for (const line of lines) expect(line).toMatch(/^[A-Z0-9_]+ [0-9a-f]{64} ([0-9a-f]{64}|[0-9a-f]{96})$/);
  expect(statSync(keys).mode & 0o077).toBe(0);
});

describe("a handshake that fails is exit 1, with the alert and the reason on stderr and nothing on stdout", () => {
  async function expectFailure(args: readonly string[], reason: RegExp): Promise<void> {
    const { code, stdout, stderr } = await tlskit(["connect", ...args], "never sent\n");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/^tlskit: [^\n]*\n$/);
  }

  test("the authority is not trusted", async () => {
    const { port } = await nodeServer(["localhost"]);
    await expectFailure([`localhost:${port}`], /unknown_ca/);
  });

  test("the certificate has expired", async () => {
    const longAgo = Date.now() - 400 * 86_400_000;
    const { port, ca } = await nodeServer(["localhost"], {}, undefined, longAgo);
    await expectFailure([`localhost:${port}`, "--ca", ca], /certificate_expired/);
  });

  test("the certificate is for another name", async () => {
    const { port, ca } = await nodeServer(["other.example"]);
    await expectFailure([`localhost:${port}`, "--ca", ca], /bad_certificate.*localhost/);
  });

  test("the server has TLS 1.2 at most, and that isn't to be had", async () => {
    const { port, ca } = await nodeServer(["localhost"], { maxVersion: "TLSv1.2" });
    await expectFailure([`localhost:${port}`, "--ca", ca, "--tls", "1.3"], /protocol_version/);
  });

  test("there is no group in common", async () => {
    const { port, ca } = await nodeServer(["localhost"], { ecdhCurve: "P-256" });
    await expectFailure([`localhost:${port}`, "--ca", ca, "--group", "P-521"], /handshake_failure/);
  });

  test("the peer speaks no TLS", async () => {
    const port = await listening(createTcpServer((socket) => void socket.end("220 mail.example ESMTP\r\n")));
    await expectFailure([`localhost:${port}`], /the peer sent the greeting of SMTP or FTP/);
  });

  test("the peer hangs up", async () => {
    const port = await listening(createTcpServer((socket) => void socket.end()));
    await expectFailure([`localhost:${port}`], /ended during the handshake/);
  });

  test("the peer says nothing within the time that it has", async () => {
    const port = await listening(createTcpServer((socket) => void socket.resume()));
    await expectFailure([`localhost:${port}`, "--timeout", "0.2"], /the handshake took more than 200 ms/);
  });

  test("nobody listens", async () => {
    const server = createTcpServer();
    const port = await listening(server);
    server.close();
    await expectFailure([`127.0.0.1:${port}`, "--servername", "localhost"], /ECONNREFUSED/);
  });

  test("there is no such host", async () => {
    await expectFailure(["no-such-host.invalid"], /no-such-host\.invalid/);
  });
});

test("a stream that is cut off afterwards is exit 1, and what came before is on stdout", async () => {
  const { port, ca } = await nodeServer(["localhost"], {}, (socket) => {
    socket.write("half an ans", () => socket.destroy());
  });
  const { code, stdout, stderr } = await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--http", "/"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "half an ans" });
  expect(stderr).toMatch(/^tlskit: .*(close_notify|ECONNRESET)/);
});
