/**
 * A server whose keys are in a PKCS#11 token: `token-server.ts MODULE KEYS`. Tells its ports, by label; then signs what is
 * written to it, a line `LABEL ALGORITHM MESSAGE` each, until there is no more.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import type { SignatureAlgorithm } from "@tlskit/crypto";
import { type Cryptoki, Pkcs11Signer } from "@tlskit/crypto-pkcs11";
import { createServer } from "@tlskit/node";
import { token } from "./softhsm.ts";

/** As much of `pkcs11js` as is used here. It isn't everywhere, nor are its types. */
interface Pkcs11js {
  readonly PKCS11: new () => Cryptoki & {
    load(path: string): void;
    C_Initialize(options: { flags: number }): void;
    C_Finalize(): void;
  };
  readonly CKF_OS_LOCKING_OK: number;
}

const [, , module = "", keys = ""] = process.argv;
const { PKCS11, CKF_OS_LOCKING_OK }: Pkcs11js = createRequire(import.meta.url)("pkcs11js");
const pkcs11 = new PKCS11();
pkcs11.load(module);
pkcs11.C_Initialize({ flags: CKF_OS_LOCKING_OK });

const signers = new Map<string, Pkcs11Signer>();
const ports: Record<string, number> = {};
const configured: readonly { readonly label: string; readonly cert: string }[] = JSON.parse(readFileSync(keys, "utf8"));
for (const { label, cert } of configured) {
  const key = new Pkcs11Signer(pkcs11, { token: token.label, pin: token.pin, label });
  signers.set(label, key);
  const server = createServer({ cert, key }, (socket) => socket.end(`signed in ${label}\n`));
  server.on("tlsClientError", (error) => console.log(`failed ${error.message}`));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ports[label] = (server.address() as AddressInfo).port; // of a server that listens on a port
}
console.log(`listening ${JSON.stringify(ports)}`);

for await (const line of createInterface({ input: process.stdin })) {
  const [label = "", algorithm = "", hex = ""] = line.split(" ");
  try {
    // What isn't one is refused.
    const signature = await signers.get(label)?.sign(algorithm as SignatureAlgorithm, Buffer.from(hex, "hex"));
    console.log(`signature ${Buffer.from(signature ?? []).toString("hex")}`);
  } catch (error) {
    console.log(`refused ${error instanceof Error && "code" in error ? error.code : String(error)}`);
  }
}
for (const signer of signers.values()) signer.close();
pkcs11.C_Finalize();
process.exit(0);
