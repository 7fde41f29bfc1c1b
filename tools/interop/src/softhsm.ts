import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { DeclaredPrivateKey, privateKeyToPem } from "@tlskit/x509";
import type { Identity } from "./certificates.ts";
import { commandOutput } from "./command-output.ts";
import { Program } from "./program.ts";
import { scratchFile, scratchPath } from "./scratch.ts";

/** Where Debian, Fedora and others have the module. */
const modules = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm.so", "/usr/lib/libsofthsm2.so"];

/** SoftHSM's module; nothing if there is none. */
export const softhsm: string | undefined = modules.find(existsSync);

/** Whether SoftHSM can't be asked, in a sentence. */
export function softhsmMissing(): string | undefined {
  if (softhsm === undefined || commandOutput("softhsm2-util", "--version") === undefined) {
    return "SoftHSM (softhsm2) is not on this machine";
  }
  try {
    createRequire(import.meta.url).resolve("pkcs11js");
  } catch {
    return "pkcs11js is not installed: it takes a C++ compiler, and Python";
  }
  return undefined;
}

export const token = { label: "web", pin: "1234" };

/** A token of SoftHSM's, in a folder of its own, with the keys of some identities, each under a label. */
export class SoftToken {
  /** What programs need to find it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly identities: Readonly<Record<string, Identity>>;

  constructor(identities: Readonly<Record<string, Identity>>) {
    const folder = scratchPath("tokens");
    mkdirSync(folder);
    const configuration = scratchFile(
      "softhsm2.conf",
      `directories.tokendir = ${folder}\nobjectstore.backend = file\n`,
    );
    this.environment = { SOFTHSM2_CONF: configuration };
    this.identities = identities;
  }

  /** Makes the token, and puts the keys into it. */
  async make(): Promise<void> {
    await this.#softhsm("--init-token", "--free", "--label", token.label, "--pin", token.pin, "--so-pin", "5678");
    for (const [index, [label, { key: declared }]] of Object.entries(this.identities).entries()) {
      // A token has RSA keys; that one is for PSS alone, its certificate says.
      const pem = privateKeyToPem(DeclaredPrivateKey.of(declared.privateKey));
      const key = ["--import", scratchFile(`${label}.pem`, pem), "--label", label, "--id", `0${index + 1}`];
      await this.#softhsm(...key, "--token", token.label, "--pin", token.pin);
    }
  }

  async #softhsm(...args: readonly string[]): Promise<void> {
    const program = new Program("softhsm2-util", args, { environment: this.environment });
    const code = await program.ended();
    if (code !== 0) throw new Error(`softhsm2-util ${args[0]}: ${program.lines.join("\n")}`);
  }
}

/** A server of ours whose keys are in a token, in a process of its own: a port for each key. */
export class TokenServer {
  readonly program: Program;
  readonly ports: Readonly<Record<string, number>>;

  private constructor(program: Program, ports: Readonly<Record<string, number>>) {
    this.program = program;
    this.ports = ports;
  }

  static async start({ environment, identities }: SoftToken): Promise<TokenServer> {
    const keys = Object.entries(identities).map(([label, { chainPem }]) => ({ label, cert: chainPem }));
    const path = scratchPath("keys.json");
    writeFileSync(path, JSON.stringify(keys));
    const main = fileURLToPath(new URL("token-server.ts", import.meta.url));
    const program = new Program(process.execPath, [main, softhsm ?? "", path], { environment });
    const [, line = "{}"] = await program.waitForLine(/^listening (.*)$/);
    return new TokenServer(program, JSON.parse(line));
  }
}
