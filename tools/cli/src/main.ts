#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { bothOptions, connectOptions, decryptOptions, serveOptions } from "./options.ts";
import { UsageError } from "./usage.ts";

/**
 * Runs a command line, without the program's name. Resolves with the exit code. A command is loaded when it is asked for:
 * what all of them need takes longer to load than most take to run.
 */
async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case "connect": {
      const { values, positionals } = parseArgs({
        args: rest,
        allowPositionals: true,
        options: { ...connectOptions, ...bothOptions },
      });
      if (values.help === true) return await printHelp();
      const [endpoint] = positionals;
      if (endpoint === undefined || positionals.length !== 1) throw new UsageError("connect takes one HOST[:PORT]");
      const { connectCommand } = await import("./connect.ts");
      return await connectCommand({ ...values, endpoint });
    }
    case "serve": {
      const { values } = parseArgs({
        args: rest,
        options: { ...serveOptions, ...bothOptions },
      });
      if (values.help === true) return await printHelp();
      const { port } = values;
      if (port === undefined) throw new UsageError("serve takes --port N");
      const { serveCommand } = await import("./serve.ts");
      return await serveCommand({ ...values, port });
    }
    case "decrypt": {
      const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options: decryptOptions });
      if (values.help === true) return await printHelp();
      const [capture] = positionals;
      if (capture === undefined || positionals.length !== 1) throw new UsageError("decrypt takes one CAPTURE");
      const { decryptCommand } = await import("./decrypt/index.ts");
      return await decryptCommand({ ...values, capture });
    }
    case "scan": {
      const { scanCommand } = await import("./scan/index.ts");
      return await scanCommand(rest);
    }
    case "cert": {
      const { certCommand } = await import("./cert/index.ts");
      return await certCommand(rest);
    }
    case "ciphers": {
      if (rest.length > 0) throw new UsageError("ciphers takes nothing");
      const { cipherList } = await import("./ciphers.ts");
      return printed(cipherList());
    }
    case "asn1": {
      const { asn1Command } = await import("./asn1.ts");
      return await asn1Command(rest);
    }
    case "--help":
    case "-h":
    case "help":
      return await printHelp();
    case "--version":
      return printed(`${version()}\n`);
    default:
      throw new UsageError(command === undefined ? "there is no command" : `no command ${JSON.stringify(command)}`);
  }
}

async function printHelp(): Promise<number> {
  const { help } = await import("./help.ts");
  return printed(help);
}

function printed(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "?";
}

/** What the command line does wrong, for which parseArgs has TypeErrors with codes of their own; nothing for other failures. */
async function wrongUsage(error: unknown): Promise<string | undefined> {
  if (error instanceof UsageError) return error.message;
  if (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))
    return error.message;
  const { TlsError } = await import("@tlskit/tls");
  return error instanceof TlsError && error.kind === "caller" ? error.message : undefined;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const message = await wrongUsage(error);
  if (message === undefined) throw error;
  // A sentence may have words out of a file that somebody else wrote.
  const { escapedText } = await import("@tlskit/x509/text");
  process.stderr.write(`tlskit: ${escapedText(message)}\nTry tlskit --help.\n`);
  process.exitCode = 2;
}
