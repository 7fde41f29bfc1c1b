import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { expect, it } from "vitest";
import { ca, pki } from "./helpers/servers.ts";

const program = fileURLToPath(new URL("programs/by-proxy.mjs", import.meta.url));

it("undici's ProxyAgent, which makes its connectors itself, is over our TLS with @tlskit/node/register", async () => {
  const { chain, key } = pki.certificate;
  const identity = { ca, cert: certificatesToPem(...chain), key: privateKeyToPem(key) };
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "@tlskit/node/register", program], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { ...process.env, TLSKIT_TEST_IDENTITY: JSON.stringify(identity) },
  });
  expect(JSON.parse(stdout)).toEqual({ answers: ["/0", "/1"], wraps: 0 });
});
