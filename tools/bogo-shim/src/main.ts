/**
 * A shim for BoringSSL's test runner (BoGo): connects to the runner, says who it is, and behaves as its flags say.
 * Exit 0: all went as it should; 1: it did not, with the reason on stderr; 89: something is asked for that isn't there.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { TlsError } from "@tlskit/tls";
import { exchange } from "./exchange.ts";
import { type Config, parseFlags, Unimplemented } from "./flags.ts";
import { Sessions } from "./sessions.ts";

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("-is-handshaker-supported")) {
    process.stdout.write("No\n");
    return;
  }
  const { initial, resume, retry } = parseFlags(args);
  const sessions = new Sessions();
  for (let number = 0; number <= initial.resumeCount; number += 1) {
    const config = number === 0 ? initial : resume;
    await connection(config, (socket) => exchange({ config, retry, isResume: number > 0, sessions }, socket));
    sessions.pass(config.resumptionDelay);
  }
}

async function connection(config: Config, use: (socket: Socket) => Promise<void>): Promise<void> {
  const socket = connect({ port: config.port, host: config.ipv6 ? "::1" : "127.0.0.1", allowHalfOpen: true });
  await once(socket, "connect");
  const id = Buffer.alloc(8);
  id.writeBigUInt64LE(config.shimId);
  socket.write(id);
  try {
    await use(socket);
  } finally {
    socket.destroySoon();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Unimplemented) {
    process.stderr.write(`not implemented: ${error.message}\n`);
    process.exitCode = 89;
  } else {
    const code = error instanceof TlsError ? `${error.kind}:${error.code}: ` : "";
    process.stderr.write(`${code}${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
