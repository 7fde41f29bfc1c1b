import { closeSync, openSync, readSync } from "node:fs";
import { CaptureDecrypter, type CaptureEvent, KeyLog } from "@tlskit/capture";
import { nodeProvider } from "@tlskit/crypto-node";
import { TlsError } from "@tlskit/tls";
import { readBytes } from "../files.ts";
import { UsageError } from "../usage.ts";
import { jsonLine } from "./json.ts";
import { TextPrinter } from "./text.ts";

/** What `tlskit decrypt` is told. */
export interface DecryptCommand {
  readonly capture: string;
  readonly keylog?: string | undefined;
  readonly stream?: string | undefined;
  readonly raw?: string | undefined;
  readonly trace?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Bytes of a capture that are read at a time. */
const chunkLength = 65_536;

/** Tells what is in a capture. Resolves with the exit code: 1 if not everything that was asked for could be told. */
export async function decryptCommand(command: DecryptCommand): Promise<number> {
  const stream = numberOf(command.stream);
  const print = printerOf(command, stream);
  const decrypter = new CaptureDecrypter({ provider: nodeProvider, keyLog: keyLogOf(command) });
  const output = new Output();
  let [isWhole, isThere] = [true, stream === undefined];
  try {
    for (const events of eventsIn(command.capture, decrypter)) {
      for (const event of events) {
        if (event.type !== "damage" && stream !== undefined && event.stream !== stream) continue;
        if (event.type === "tls") isThere = true;
        if (event.type === "damage" || event.type === "undecrypted") isWhole = false;
        await output.write(print(event));
        if (output.isClosed) return 0;
      }
    }
  } catch (error) {
    if (!(error instanceof TlsError && error.code === "not_a_capture")) throw error;
    process.stderr.write(`tlskit: ${command.capture}: ${error.message}\n`);
    return 1;
  }
  if (!isThere) process.stderr.write(`tlskit: ${command.capture}: there is no TLS in stream ${command.stream}\n`);
  return isWhole && isThere ? 0 : 1;
}

function numberOf(stream: string | undefined): number | undefined {
  if (stream === undefined) return undefined;
  if (!/^\d{1,15}$/.test(stream)) throw new UsageError(`--stream takes a number, got ${JSON.stringify(stream)}`);
  return Number(stream);
}

type Print = (event: CaptureEvent) => string | Uint8Array;

function printerOf({ raw, json, trace }: DecryptCommand, stream: number | undefined): Print {
  if (raw !== undefined) {
    if (raw !== "client" && raw !== "server") {
      throw new UsageError(`--raw takes client or server, got ${JSON.stringify(raw)}`);
    }
    if (stream === undefined) throw new UsageError("--raw is for one connection: it needs --stream N");
    if (json === true || trace === true) throw new UsageError("--raw writes nothing else: no --json, no --trace");
    return (event) => {
      if (event.type === "data" && event.from === raw) return event.bytes;
      const isToldOf = event.type === "damage" || (event.type === "undecrypted" && event.from === raw);
      if (isToldOf) process.stderr.write(`tlskit: ${event.reason}\n`);
      return "";
    };
  }
  if (json === true) return (event) => jsonLine(event, trace === true);
  const printer = new TextPrinter(trace === true);
  return (event) => printer.print(event);
}

function keyLogOf({ keylog }: DecryptCommand): KeyLog {
  const keyLog = new KeyLog();
  if (keylog === undefined) return keyLog;
  // What isn't ASCII makes a line that is malformed.
  for (const { line, reason } of keyLog.add(Buffer.from(readBytes(keylog)).toString("latin1"))) {
    process.stderr.write(`tlskit: ${keylog}: line ${line}: ${reason}\n`);
  }
  return keyLog;
}

/** What comes of a file, a piece at a time, however long it is. */
function* eventsIn(file: string, decrypter: CaptureDecrypter): Generator<readonly CaptureEvent[]> {
  const descriptor = reading(file, () => openSync(file, "r"));
  try {
    for (;;) {
      const chunk = new Uint8Array(chunkLength);
      const length = reading(file, () => readSync(descriptor, chunk));
      if (length === 0) break;
      yield decrypter.push(chunk.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
  yield decrypter.end();
}

function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Standard output, which may be slower than we are, or have had enough. */
class Output {
  isClosed = false;
  #goOn: () => void = () => {};

  constructor() {
    process.stdout.on("drain", () => this.#goOn());
    process.stdout.on("error", () => {
      this.isClosed = true;
      this.#goOn();
    });
  }

  async write(what: string | Uint8Array): Promise<void> {
    if (this.isClosed || what.length === 0 || process.stdout.write(what)) return;
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
  }
}
