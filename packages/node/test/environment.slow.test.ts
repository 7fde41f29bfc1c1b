import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { ourServer, pem } from "./helpers/world.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "tlskit-environment-"));
afterAll(() => rmSync(folder, { recursive: true }));

const register = fileURLToPath(new URL("../src/register.ts", import.meta.url));
const program = fileURLToPath(new URL("programs/gets-by-tls.mjs", import.meta.url));
const ca = join(folder, "ca.pem");
writeFileSync(ca, pem.ca);
const [log, other] = [join(folder, "keys.log"), join(folder, "other.log")];

/** What a process comes to that connects by what stands in place of `node:tls`. */
async function connecting(
  port: number,
  options: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const cleared = { NODE_OPTIONS: undefined, NODE_EXTRA_CA_CERTS: undefined, SSL_CERT_FILE: undefined };
  return await run(process.execPath, ["--import", register, ...options, program, String(port)], {
    env: { ...process.env, ...cleared, SSL_CERT_DIR: undefined, SSLKEYLOGFILE: undefined, ...variables },
  });
}

const authorized = "authorized: true, TLSv1.3\n";

describe("whom a process trusts, in place of node:tls", () => {
  it.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ["NODE_EXTRA_CA_CERTS", [], { NODE_EXTRA_CA_CERTS: ca }],
    ["--use-openssl-ca", ["--use-openssl-ca"], { SSL_CERT_FILE: ca }],
    ["--use-system-ca", ["--use-system-ca"], { SSL_CERT_FILE: ca }],
  ])("is as %s says", async (_, options, variables) => {
    const { port } = await ourServer();
    expect((await connecting(port, options, variables)).stdout).toBe(authorized);
  });

  it("is nobody else, whatever NODE_TLS_REJECT_UNAUTHORIZED says, which is told", async () => {
    const { port } = await ourServer();
    const { stdout, stderr } = await connecting(port, [], { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    expect(stdout).toMatch(/^error: (?:UNABLE_TO_|SELF_SIGNED_)/);
    expect(
      stderr.match(/TLSKIT_UNHEEDED\] TlskitWarning: NODE_TLS_REJECT_UNAUTHORIZED=0 is passed over/g),
    ).toHaveLength(1);
  });
});

const labels = (text: string): readonly string[] => text.split("\n").map((line) => line.split(" ")[0] ?? "");
const secrets = [
  "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
  "SERVER_HANDSHAKE_TRAFFIC_SECRET",
  "EXPORTER_SECRET",
  "CLIENT_TRAFFIC_SECRET_0",
  "SERVER_TRAFFIC_SECRET_0",
];

describe("the secrets of a process's connections, in place of node:tls", () => {
  it("are written to the files that it is told of, and that is said", async () => {
    const { port } = await ourServer();
    const variables = { NODE_EXTRA_CA_CERTS: ca, SSLKEYLOGFILE: log };
    const { stdout, stderr } = await connecting(port, [`--tls-keylog=${other}`], variables);
    expect(stdout).toBe(authorized);
    for (const path of [log, other]) {
      expect(labels(readFileSync(path, "utf8")).toSorted()).toEqual(["", ...secrets].toSorted());
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(
        stderr.match(new RegExp(`TLSKIT_KEYLOG\\] TlskitWarning: whoever can read ${path} can read`, "g")),
      ).toHaveLength(1);
    }
  });

  it("are put behind what is in the file, and the warning is shown where warnings are off", async () => {
    const kept = join(folder, "kept.log");
    writeFileSync(kept, "# of another process\n");
    const { port } = await ourServer();
    const variables = { NODE_EXTRA_CA_CERTS: ca, SSLKEYLOGFILE: kept };
    const { stderr } = await connecting(port, ["--no-warnings"], variables);
    expect(labels(readFileSync(kept, "utf8"))).toHaveLength(7);
    expect(readFileSync(kept, "utf8")).toMatch(/^# of another process\n/);
    expect(stderr).toContain("can read what this process sends and receives");
  });

  it("go nowhere if the file can't be written, and that is said", async () => {
    const { port } = await ourServer();
    // One can't be opened, the other, which is always full, not written to.
    const variables = { NODE_EXTRA_CA_CERTS: ca, SSLKEYLOGFILE: folder };
    const { stdout, stderr } = await connecting(port, ["--tls-keylog=/dev/full"], variables);
    expect(stdout).toBe(authorized);
    expect(stderr.match(/TLSKIT_KEYLOG\] TlskitWarning: no secrets are written to /g)).toHaveLength(2);
  });
});
