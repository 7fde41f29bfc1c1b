import { execFile } from "node:child_process";
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { needsOpenssl } from "./helpers/cert.ts";
import { file, served, tlskit } from "./helpers/command.ts";

/** Where a session may be written, and nothing is yet. */
function sessionFile(): string {
  return join(dirname(file("x", "")), "session");
}

/** A `tlskit serve` with a session of it in a file. */
async function servedBefore(...args: readonly string[]) {
  const { port, ca } = await served(...args);
  const session = sessionFile();
  const connect = (more: readonly string[], input = "") =>
    tlskit(["connect", `localhost:${port}`, "--ca", ca, ...more], input);
  const { code, stderr } = await connect(["--session-out", session], "hello");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return { port, ca, session, connect };
}

describe("a session", { timeout: 60_000 }, () => {
  test("is resumed out of the file that it was written to, again and again", async () => {
    const { session, connect } = await servedBefore("--echo");
    for (let i = 0; i < 2; i += 1) {
      const { stdout, stderr } = await connect(["--session-in", session, "--session-out", session, "--json"], "hi");
      expect(stdout).toBe("hi");
      const report = JSON.parse(stderr);
      expect(report).toMatchObject({ resumed: true, earlyData: null });
      expect(report.peerCertificates).toHaveLength(1);
    }
  });

  test("is for its owner alone, whatever was there before", async () => {
    const { session, connect } = await servedBefore("--echo");
    expect(statSync(session).mode & 0o777).toBe(0o600);
    chmodSync(session, 0o644);
    await connect(["--session-out", session]);
    expect(statSync(session).mode & 0o777).toBe(0o600);
  });

  test.each([0o640, 0o602])("isn't taken from a file that is open to others: %o", async (mode) => {
    const session = file("session", "x");
    chmodSync(session, mode);
    const { code, stderr } = await tlskit(["connect", "a.example", "--session-in", session]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is open to others/);
  });

  test("isn't written over something else, nor through a link", async () => {
    const { session, connect } = await servedBefore("--echo");
    const other = file("notes.txt", "dear diary");
    const link = join(dirname(other), "link");
    symlinkSync(session, link);
    for (const out of [other, link]) {
      const { code, stdout } = await connect(["--session-out", out]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    }
    expect(readFileSync(other, "utf8")).toBe("dear diary");
  });

  test("that isn't one means a full handshake", async () => {
    const { connect } = await servedBefore("--echo");
    const nonsense = file("session", "no session");
    chmodSync(nonsense, 0o600);
    const { code, stderr } = await connect(["--session-in", nonsense, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({ resumed: false });
  });

  test("is told to be missing where the server sends none", async () => {
    const { port, ca } = await served("--echo", "--tickets", "0");
    const session = sessionFile();
    const { code, stderr } = await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--session-out", session]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^tlskit: the server sent no session/);
    expect(existsSync(session)).toBe(false);
  });
});

describe("early data", { timeout: 60_000 }, () => {
  test("is echoed, and its end told", async () => {
    const { session, connect } = await servedBefore("--echo", "--early-data");
    const data = file("early.txt", "early ");
    const { stdout, stderr } = await connect(["--session-in", session, "--early-data", data, "--json"], "late");
    expect(stdout).toBe("early late");
    expect(JSON.parse(stderr)).toMatchObject({ resumed: true, earlyData: "accepted" });
  });

  test("is taken once under a ticket, and then given up", async () => {
    const { session, connect } = await servedBefore("--echo", "--early-data");
    const data = file("early.txt", "early ");
    const again = ["--session-in", session, "--early-data", data];
    await connect(again);
    const { code, stdout, stderr } = await connect(again, "late");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "late" });
    expect(stderr).toMatch(/early data: (the server rejected it|it wasn't sent)/);
  });

  test("of requests is answered with a page, or with 425 where it isn't safe", async () => {
    for (const [method, status] of [
      ["GET", "200"],
      ["POST", "425"],
    ]) {
      const { session, connect } = await servedBefore("--early-data");
      const data = file("request", `${method} / HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      const { stdout } = await connect(["--session-in", session, "--early-data", data, "--http", "/"]);
      expect(stdout.match(/(?<=HTTP\/1\.1 )\d+/g)).toEqual([status, "200"]);
      expect(stdout).toMatch(/^early data +accepted$/m);
    }
  });

  test("isn't sent to a server that takes none", async () => {
    const { session, connect } = await servedBefore("--echo");
    const data = file("early.txt", "early ");
    const { stdout, stderr } = await connect(["--session-in", session, "--early-data", data], "late");
    expect(stdout).toBe("late");
    expect(stderr).toMatch(/early data: it wasn't sent/);
  });
});

test("openssl s_client resumes a session of serve, and its early data is taken", {
  timeout: 60_000,
}, async (context) => {
  needsOpenssl(context);
  const { port, ca } = await served("--echo", "--early-data");
  const session = sessionFile();
  const data = file("early.txt", "early\n");
  const client = (...args: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      const options = ["-connect", `127.0.0.1:${port}`, "-servername", "localhost", "-CAfile", ca, "-tls1_3", ...args];
      let said = "";
      const child = execFile("openssl", ["s_client", ...options], () => resolve(said));
      child.stdin?.write("hello\n");
      child.stdout?.on("data", (text: string) => {
        said += text;
        // The echo comes behind the tickets.
        if (/^hello$/m.test(said)) child.stdin?.end("Q\n");
      });
    });
  await client("-sess_out", session);
  const said = await client("-sess_in", session, "-early_data", data);
  expect(said).toContain("Reused, TLSv1.3");
  expect(said).toContain("Early data was accepted");
  expect(said).toMatch(/^early$/m);
});

test("a file that nobody can write is wrong usage, before anything is sent", async () => {
  const session = join(sessionFile(), "below");
  writeFileSync(dirname(session), "");
  const { code, stderr } = await tlskit(["connect", "a.example", "--session-out", session]);
  expect(code).toBe(2);
  expect(stderr).toContain(session);
});
