import { describe, expect, test } from "vitest";
import { file, tlskit } from "./helpers/command.ts";

describe("wrong usage is exit 2, a sentence on stderr and nothing on stdout", () => {
  test.each([
    [[]],
    [["bake"]],
    [["connect"]],
    [["connect", "a.example", "b.example"]],
    [["connect", "a.example:http"]],
    [["connect", "a.example:65536"]],
    [["connect", ":443"]],
    [["connect", "a.example", "--no-such-option"]],
    [["connect", "a.example", "--cipher", "TLS_NO_SUCH_SUITE"]],
    [["connect", "a.example", "--tls", "1.4"]],
    [["connect", "a.example", "--tls", "1.3,1.1"]],
    [["connect", "a.example", "--tls", "1.2", "--tls", "1.0"]],
    [["connect", "a.example", "--tls", "1.1", "--cipher", "ECDHE-RSA-AES128-GCM-SHA256"]],
    [["connect", "a.example", "--tls", "toString"]],
    [["connect", "a.example", "--tls", "1.3", "--renegotiate"]],
    [["connect", "a.example", "--tls", "1.3", "--cipher", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]],
    [["connect", "a.example", "--tls", "1.2", "--cipher", "TLS_PSK_WITH_AES_128_GCM_SHA256"]],
    [["connect", "a.example", "--group", "P-0"]],
    [["connect", "a.example", "--provider", "toString"]],
    [["connect", "a.example", "--provider", "noble", "--cipher", "TLS_AES_128_CCM_SHA256"]],
    [["connect", "a.example", "--http", "no-slash"]],
    [["connect", "a.example", "--http", "/a b"]],
    [["connect", "a.example", "--http", "/\r\nX: y"]],
    [["connect", "a.example", "--ca", "/nonexistent/ca.pem"]],
    [["connect", "a.example", "--keylog", "/nonexistent/keys.log"]],
    [["connect", "a.example", "--servername", ""]],
    [["connect", "a.example", "--timeout", "0"]],
    [["connect", "a.example", "--timeout", "soon"]],
    [["connect", "a.example", "--timeout", "-1"]],
    [["connect", "a.example", "--session-in", "/nonexistent/session"]],
    [["connect", "a.example", "--early-data", "/dev/null"]],
    [["connect", "a.example", "--session-out", "/"]],
    [["connect", "a.example", "--psk", "client"]],
    [["connect", "a.example", "--psk", ":00112233445566778899aabbccddeeff"]],
    [["connect", "a.example", "--psk", "client:0011223344556677"]],
    [["connect", "a.example", "--cert", "/nonexistent/cert.pem"]],
    [["connect", "a.example", "--key", "/nonexistent/key.pem"]],
    [["connect", "a.example", "--cert", "/nonexistent/cert.pem", "--key", "/nonexistent/key.pem"]],
    [["connect", "not a host"]],
    [["connect", "a.example", "--sct", "/nonexistent/logs.json"]],
    [["connect", "a.example", "--sct", "/dev/null"]],
    [["ciphers", "all"]],
    [["decrypt"]],
    [["decrypt", "a.pcap", "b.pcap"]],
    [["decrypt", "/nonexistent/a.pcap"]],
    [["decrypt", "/"]],
    [["decrypt", "/dev/null", "--keylog", "/nonexistent/keys.log"]],
    [["decrypt", "/dev/null", "--stream", "first"]],
    [["decrypt", "/dev/null", "--stream", "-1"]],
    [["decrypt", "/dev/null", "--raw", "client"]],
    [["decrypt", "/dev/null", "--stream", "0", "--raw", "both"]],
    [["decrypt", "/dev/null", "--stream", "0", "--raw", "client", "--json"]],
    [["scan"]],
    [["scan", "a.example", "--require", "nothing"]],
    [["serve"]],
    [["serve", "--port", "many"]],
    [["serve", "--port", "0", "--cert", "/nonexistent/cert.pem"]],
    [["serve", "--port", "0", "--cert", "/nonexistent/cert.pem", "--key", "/nonexistent/key.pem"]],
    [["serve", "--port", "0", "--require-client-cert"]],
    [["serve", "--port", "0", "--client-ca", "/nonexistent/ca.pem"]],
    [["serve", "--port", "0", "--client-ca", "/nonexistent/ca.pem", "--request-client-cert"]],
    [["serve", "--port", "0", "--client-ca", "ca.pem", "--request-client-cert", "--require-client-cert"]],
    [["serve", "--port", "0", "--group", "no-such-group"]],
    [["serve", "--port", "0", "extra"]],
    [["serve", "--port", "0", "--psk", "client:0"]],
    [["serve", "--port", "0", "--ocsp-staple", "/dev/null"]],
    [["serve", "--port", "0", "--tickets", "9"]],
    [["serve", "--port", "0", "--tickets", "some"]],
    [["serve", "--port", "0", "--tickets", "0", "--early-data"]],
    [["serve", "--port", "0", "--timeout", "86401"]],
  ])("%j", async (args) => {
    const { code, stdout, stderr } = await tlskit(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^tlskit: \S/);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test.each([
    ["ECDHE-RSA-AES128-GCM-SHA", /ECDHE-RSA-AES128-GCM-SHA256.*ECDHE-RSA-AES128-SHA/],
    ["tls_rsa_with_aes128_cbc_sha", /TLS_RSA_WITH_AES_128_CBC_SHA/],
  ])("a cipher suite that isn't known, for which near ones are named: %s", async (name, near) => {
    const { code, stderr } = await tlskit(["connect", "a.example", "--tls", "1.2", "--cipher", name]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no cipher suite/);
    expect(stderr).toMatch(near);
  });

  test("a cipher suite that the provider hasn't got, which is said", async () => {
    const { code, stderr } = await tlskit(["connect", "a.example", "--provider", "noble", "--cipher", "AES128-CCM"]);
    expect(code).toBe(2);
    expect(stderr).toContain("the provider hasn't got TLS_RSA_WITH_AES_128_CCM");
  });

  test("RSA's key exchange at a server by a provider that decrypts nothing", async () => {
    const { code, stderr } = await tlskit(["serve", "--port", "0", "--cipher", "AES128-SHA", "--provider", "noble"]);
    expect(code).toBe(2);
    expect(stderr).toContain("there is no certificate whose key can do its key exchange here");
  });

  test("a cipher suite of TLS 1.2 without TLS 1.2, which is said", async () => {
    const { code, stderr } = await tlskit(["connect", "a.example", "--tls", "1.3", "--cipher", "AES128-SHA"]);
    expect(code).toBe(2);
    expect(stderr).toContain("TLS_RSA_WITH_AES_128_CBC_SHA is a cipher suite of TLS 1.2: it takes --tls 1.2");
  });

  test("a cipher suite with a pre-shared key without one, or with one for TLS 1.3", async () => {
    const suite = ["--tls", "1.2", "--cipher", "PSK-AES128-GCM-SHA256"];
    const key = ["--psk", `client:${"5a".repeat(16)}`];
    for (const args of [suite, [...suite, ...key, "--tls", "1.3"]]) {
      const { code, stderr } = await tlskit(["connect", "a.example", ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("TLS_PSK_WITH_AES_128_GCM_SHA256 takes --psk")]);
    }
    const other = ["--tls", "1.2", "--cipher", "ECDHE-RSA-AES128-GCM-SHA256", ...key];
    expect((await tlskit(["serve", "--port", "0", ...other])).stderr).toContain("with PSK in its name");
  });

  test("a pre-shared key, which is not shown", async () => {
    for (const args of [
      ["connect", "a.example"],
      ["serve", "--port", "0"],
    ]) {
      for (const digits of ["5a5a5a5a5a5a", "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"]) {
        const { code, stderr } = await tlskit([...args, "--psk", `client:${digits}`]);
        expect(code).toBe(2);
        expect(stderr).toContain("--psk");
        expect(stderr).not.toContain("5a5a");
      }
    }
  });

  test("a file with controls for a terminal, which is told and not obeyed", async () => {
    const targets = file("targets.txt", "a.example\nb\u{9b}31m.example\n");
    const { code, stderr } = await tlskit(["scan", "--file", targets]);
    expect(code).toBe(2);
    expect(stderr).toContain("targets.txt, line 2: ");
    expect(stderr).not.toContain("\u{9b}");
  });

  test("a file of authorities without any", async () => {
    const { code, stderr } = await tlskit(["connect", "a.example", "--ca", file("ca.pem", "nothing")]);
    expect(code).toBe(2);
    expect(stderr).toContain("ca.pem");
  });
});

test.each([["--help"], ["-h"], ["help"], ["connect", "--help"], ["serve", "-h"]])(
  "help is on stdout: %s %s",
  async (...args) => {
    const { code, stdout, stderr } = await tlskit(args.filter((arg) => arg !== undefined));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const option of ["connect", "serve", "--servername", "--ca", "--alpn", "--cipher", "--group", "--keylog"]) {
      expect(stdout).toContain(option);
    }
  },
);

test("ciphers lists the cipher suites", async () => {
  const { code, stdout, stderr } = await tlskit(["ciphers"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^TLSv1\.2 +TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 +DHE-RSA-AES128-GCM-SHA256$/m);
});

test("--version tells the package's", async () => {
  expect((await tlskit(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
