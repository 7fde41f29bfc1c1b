import { describe, expect, test } from "vitest";
import { file, served, tlskit } from "./helpers/command.ts";

const key = "00112233445566778899aabbccddeeff";
const psk = (name: string, digits = key): readonly string[] => ["--psk", `${name}:${digits}`];

describe("--psk", { timeout: 60_000 }, () => {
  test("does without certificates at both ends, and is told by --json and the page", async () => {
    const { command, port } = await served(...psk("client 1"), ...psk("urn:client:2", "ab".repeat(32)));
    expect(command.stdout).not.toContain("CA certificate");
    for (const [args, name] of [
      [psk("client 1"), "client 1"],
      [psk("urn:client:2", "AB".repeat(32)), "urn:client:2"],
    ] as const) {
      const { code, stdout, stderr } = await tlskit(["connect", `localhost:${port}`, ...args, "--json", "--http", "/"]);
      expect(code).toBe(0);
      expect(JSON.parse(stderr)).toMatchObject({ psk: name, signatureScheme: null, peerCertificates: [] });
      expect(stdout).toContain(`pre-shared key    ${name}\n`);
    }
  });

  test("of another name or another key is refused, and the key is in no message", async () => {
    const { command, port } = await served(...psk("client 1"));
    for (const args of [psk("client 2"), psk("client 1", key.replace("00", "01"))]) {
      const { code, stderr } = await tlskit(["connect", `localhost:${port}`, ...args, "--trace"]);
      expect(code).toBe(1);
      expect(stderr).toContain("decrypt_error");
      expect(stderr).not.toContain(key.slice(2));
    }
    await command.says("stderr", /no pre-shared key of the client's has a right binder/);
    expect(command.stderr).not.toContain(key);
  });

  test("takes no certificate instead, unless --ca says whom to trust for that", async () => {
    const { port, ca } = await served();
    const { code, stderr } = await tlskit(["connect", `localhost:${port}`, ...psk("client 1")]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("missing_extension")]);
    const either = await tlskit(["connect", `localhost:${port}`, ...psk("client 1"), "--ca", ca, "--json"]);
    expect(JSON.parse(either.stderr)).toMatchObject({ psk: null, signatureScheme: "ecdsa_secp256r1_sha256" });
  });

  test("resumes what began with it", async () => {
    const { port } = await served(...psk("client 1"), "--echo");
    const session = file("session", "").replace(/session$/, "kept");
    const connect = (...args: readonly string[]) =>
      tlskit(["connect", `localhost:${port}`, ...psk("client 1"), "--json", ...args], "hello");
    const first = await connect("--session-out", session);
    const second = await connect("--session-in", session);
    expect([first, second].map(({ stderr }) => JSON.parse(stderr))).toMatchObject([
      { resumed: false, psk: "client 1" },
      { resumed: true, psk: "client 1" },
    ]);
  });

  describe("with --tls 1.2", () => {
    const older = ["--tls", "1.2"];

    test("is for TLS 1.2: with ephemeral keys unless a suite is named", async () => {
      const { command, port } = await served(...psk("client 1"), ...older);
      expect(command.stdout).not.toContain("CA certificate");
      const connected = await tlskit([
        "connect",
        `localhost:${port}`,
        ...psk("client 1"),
        ...older,
        "--json",
        "--http",
        "/",
      ]);
      expect(JSON.parse(connected.stderr)).toMatchObject({
        version: "TLSv1.2",
        cipherSuite: expect.stringMatching(/^TLS_ECDHE_PSK_WITH_/),
        psk: "client 1",
        peerCertificates: [],
      });
      expect(connected.stdout).toContain("pre-shared key    client 1\n");
      const wrong = await tlskit([
        "connect",
        `localhost:${port}`,
        ...psk("client 1", key.replace("00", "01")),
        ...older,
      ]);
      expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("decrypt_error")]);
      await command.says("stderr", /another pre-shared key, or one whose name isn't known/);
    });

    test.each(["PSK-AES128-GCM-SHA256", "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384", "ECDHE-PSK-AES128-CBC-SHA256"])(
      "takes a suite by its name: %s",
      async (name) => {
        const { port } = await served(...psk("client 1"), ...older, "--cipher", name);
        const args = [...psk("client 1"), ...older, "--cipher", name, "--json", "--http", "/"];
        const { code, stderr } = await tlskit(["connect", `localhost:${port}`, ...args]);
        expect([code, JSON.parse(stderr)]).toEqual([0, expect.objectContaining({ psk: "client 1" })]);
      },
    );

    test("takes a certificate besides with RSA_PSK", async () => {
      const suite = ["--cipher", "RSA-PSK-AES128-GCM-SHA256"];
      const { port, ca } = await served(...psk("client 1"), ...older, ...suite);
      const args = [...psk("client 1"), ...older, ...suite, "--ca", ca, "--json", "--http", "/"];
      const { stderr } = await tlskit(["connect", `localhost:${port}`, ...args]);
      const { psk: name, peerCertificates } = JSON.parse(stderr);
      expect([name, peerCertificates.length]).toEqual(["client 1", 1]);
    });
  });
});
