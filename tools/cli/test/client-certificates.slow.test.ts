import { once } from "node:events";
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { describe, expect, test } from "vitest";
import { workshop } from "./helpers/cert.ts";
import { served, tlskit } from "./helpers/command.ts";

/** Files of a client's certificate and of the authority that certifies it. */
async function client() {
  const { cert, path } = workshop();
  expect(await cert("create", "--client", "--host", "alice.example")).toMatchObject({ code: 0 });
  return { ca: path("ca.pem"), cert: path("alice.example-client.pem"), key: path("alice.example-client-key.pem") };
}

describe("tlskit serve --require-client-cert", () => {
  test("serves tlskit connect --cert, and both tell who it is", async () => {
    const alice = await client();
    const { port, ca } = await served("--client-ca", alice.ca, "--require-client-cert");
    const own = ["--cert", alice.cert, "--key", alice.key];
    const to = ["connect", `localhost:${port}`, "--ca", ca, "--http", "/", "--json"];
    const { code, stdout, stderr } = await tlskit([...to, ...own]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^client +CN=alice\.example$/m);
    const shown = { subject: "CN=alice.example", issuer: expect.any(String), sha256: expect.any(String) };
    expect(JSON.parse(stderr)).toMatchObject({ clientCertificates: [shown] });
  });

  test("refuses a client that shows none, and both tell why", async () => {
    const alice = await client();
    const { port, ca, command } = await served("--client-ca", alice.ca, "--require-client-cert");
    const { code, stdout, stderr } = await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--http", "/"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/certificate_required/);
    await command.says("stderr", /certificate_required/);
  });

  test("serves Node's client, which shows one", async () => {
    const alice = await client();
    const { port, ca } = await served("--client-ca", alice.ca, "--require-client-cert");
    const [cert, key] = [alice.cert, alice.key].map((file) => readFileSync(file));
    const [response] = await once(get({ host: "localhost", port, ca: readFileSync(ca), cert, key }), "response");
    let page = "";
    for await (const chunk of response) page += chunk;
    expect(page).toMatch(/^client +CN=alice\.example$/m);
  });
});

describe("tlskit serve --request-client-cert", () => {
  test("serves anybody, and who shows a certificate is known", async () => {
    const alice = await client();
    const { port, ca } = await served("--client-ca", alice.ca, "--request-client-cert");
    const to = ["connect", `localhost:${port}`, "--ca", ca, "--http", "/"];
    expect((await tlskit(to)).stdout).toMatch(/^client +\(no certificate\)$/m);
    const own = ["--cert", alice.cert, "--key", alice.key];
    expect((await tlskit([...to, ...own])).stdout).toMatch(/^client +CN=alice\.example$/m);
  });

  test("refuses a certificate of another authority", async () => {
    const [alice, other] = [await client(), await client()];
    const { port, ca, command } = await served("--client-ca", other.ca, "--request-client-cert");
    // Both authorities have one name, so that it is shown.
    const own = ["--cert", alice.cert, "--key", alice.key];
    const { code } = await tlskit(["connect", `localhost:${port}`, "--ca", ca, "--http", "/", ...own]);
    expect(code).toBe(1);
    await command.says("stderr", /bad_certificate|unknown_ca/);
  });
});
