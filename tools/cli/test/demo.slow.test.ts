import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const demo = fileURLToPath(new URL("../src/demo.ts", import.meta.url));

test("what npm start shows: each handshake's steps, and what is different between them", async () => {
  const env = { ...process.env, NO_COLOR: "1" };
  const { stdout } = await promisify(execFile)(process.execPath, [demo], { env, timeout: 60_000 });
  const [, newest = "", ecdhe = "", rsa = ""] = stdout.split(/^\d\. /m);
  expect(newest).toMatch(/^TLS 1\.3, tlskit to tlskit$/m);
  expect(newest).toMatch(/server CertificateVerify .*encrypted\n +a signature \(ecdsa_secp256r1_sha256/);
  expect(ecdhe).toMatch(/server ServerKeyExchange .*\n +a new public key \(x25519, [0-9a-f]{8}…\); a signature/);
  expect(rsa).not.toContain("ServerKeyExchange ");
  expect(rsa).toMatch(/^ +signed with +nothing$/m);
  // RFC 5246 §7.4.7.1: the version that the client offers, and 46 random bytes.
  expect(rsa).toMatch(
    /^ +who listened +and gets the server's key some day has what the client sent: 0303[0-9a-f]{4}…$/m,
  );
  expect(stdout).toMatch(/^ +round trips +1 +2 +2$/m);
  expect(stdout).toContain("All of it worked.");
});
