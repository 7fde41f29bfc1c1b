/**
 * A key server, in a process of its own: `key-server-process.ts`. Gets what it is made with, and tells its port.
 */
import { signerFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { clientsNamed, KeyListener } from "@tlskit/keyless-node";
import { privateKeyFromPem } from "@tlskit/x509";
import type { BenchPki } from "./pki.ts";
import { random } from "./random.ts";

/** @internal What a key server is told: who it is, and a key to serve to the client of this name. */
export interface KeyServerTask extends BenchPki {
  readonly client: string;
  readonly served: string;
}

process.once("message", async ({ cert, key, ca, client, served }: KeyServerTask) => {
  const signer = signerFor(nodeProvider, privateKeyFromPem(served), random);
  const listener = new KeyListener({ cert, key, ca, keys: { www: { signer, mayUse: clientsNamed(client) } } });
  process.send?.((await listener.listen(0, "127.0.0.1")).port);
});
process.once("disconnect", () => process.exit());
