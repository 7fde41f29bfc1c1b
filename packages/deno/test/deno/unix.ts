/** TLS over a Unix socket. The folder for it is told. */
import assert from "node:assert/strict";
import { acceptTls, createServerContext, startTls } from "../../src/index.ts";
import { bytes, close, identity, readText, trusting } from "./world.ts";

Deno.test("both ends over a Unix socket", async () => {
  const path = `${Deno.args[0]}/tls.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const [rawClient, rawServer] = await Promise.all([Deno.connect({ transport: "unix", path }), listener.accept()]);
  const server = acceptTls(rawServer, { context: createServerContext(identity) });
  const client = await startTls(rawClient, trusting);
  await client.write(bytes("hello"));
  assert.equal(await readText(server, 5), "hello");
  assert.equal(client.remoteAddr.transport, "unix");
  await close(client, server);
});
