#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { TlsError } from "@tlskit/tls";
import { asn1Command } from "./asn1.ts";
import { certCommand } from "./cert/index.ts";
import { cipherList } from "./ciphers.ts";
import { connectCommand } from "./connect.ts";
import { decryptCommand } from "./decrypt/index.ts";
import { help } from "./help.ts";
import { bothOptions, connectOptions, decryptOptions, serveOptions } from "./options.ts";
import { scanCommand } from "./scan/index.ts";
import { serveCommand } from "./serve.ts";
import { UsageError } from "./usage.ts";

/** Runs a command line, without the program's name. Resolves with the exit code. */
async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case "connect": {
      const { values, positionals } = parseArgs({
        args: rest,
        allowPositionals: true,
        options: { ...connectOptions, ...bothOptions },
      });
      if (values.help === true) return printed(help);
      const [endpoint] = positionals;
      if (endpoint === undefined || positionals.length !== 1) throw new UsageError("connect takes one HOST[:PORT]");
      return await connectCommand({ ...values, endpoint });
    }
    case "serve": {
      const { values } = parseArgs({
        args: rest,
        options: { ...serveOptions, ...bothOptions },
      });
      if (values.help === true) return printed(help);
      const { port } = values;
      if (port === undefined) throw new UsageError("serve takes --port N");
      return await serveCommand({ ...values, port });
    }
    case "decrypt": {
      const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: decryptOptions });
      if (values.help === true) return printed(help);
      const [capture] = positionals;
      if (capture === undefined || positionals.length !== 1) throw new UsageError("decrypt takes one CAPTURE");
      return await decryptCommand({ ...values, capture });
    }
    case "scan":
      return await scanCommand(rest);
    case "cert":
      return await certCommand(rest);
    case "ciphers":
      if (rest.length > 0) throw new UsageError("ciphers takes nothing");
      return printed(cipherList());
    case "asn1":
      return await asn1Command(rest);
    case "--help":
    case "-h":
    case "help":
      return printed(help);
    case "--version":
      return printed(`${version()}\n`);
    default:
      throw new UsageError(command === undefined ? "there is no command" : `no command ${JSON.stringify(command)}`);
  }
}

function printed(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "?";
}

/** parseArgs throws TypeErrors with codes of their own for what the command line does wrong. */
function isUsage(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  if (error instanceof TlsError) return error.kind === "caller";
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!isUsage(error)) throw error;
  process.stderr.write(`tlskit: ${error.message}\nTry tlskit --help.\n`);
  process.exitCode = 2;
}
