import { CryptoError } from "@tlskit/crypto";
import { X509Error } from "@tlskit/x509";
import { UsageError } from "../usage.ts";
import type { Command } from "./command.ts";
import { convert } from "./convert.ts";
import { create } from "./create.ts";
import { csr } from "./csr.ts";
import { show } from "./show.ts";
import { sign } from "./sign.ts";
import { certHelp } from "./usage.ts";
import { verify } from "./verify.ts";

/** The commands behind `tlskit cert`. */
export const certCommands: Readonly<Record<string, Command>> = { show, verify, create, csr, sign, convert };

/** `tlskit cert …`. Resolves with the exit code: 1 for what is wrong with a file. */
export async function certCommand([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) throw new UsageError(`cert takes one of ${Object.keys(certCommands).join(", ")}`);
  if ([name, ...args].some((arg) => arg === "--help" || arg === "-h")) {
    process.stdout.write(certHelp);
    return 0;
  }
  const run = Object.hasOwn(certCommands, name) ? certCommands[name] : undefined;
  if (run === undefined) {
    throw new UsageError(`no command cert ${JSON.stringify(name)}; there are ${Object.keys(certCommands).join(", ")}`);
  }
  try {
    return await run(args);
  } catch (error) {
    if (!(error instanceof X509Error || error instanceof CryptoError)) throw error;
    if (error.code === "invalid_argument" || error.code === "invalid_identity") throw new UsageError(error.message);
    process.stderr.write(`tlskit: ${error.message}\n`);
    return 1;
  }
}
