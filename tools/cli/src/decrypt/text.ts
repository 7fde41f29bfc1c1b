import type { CapturedEndpoint, CaptureEvent } from "@tlskit/capture";
import { cipherSuiteName } from "@tlskit/ciphersuites/names";
import { explainMessage, protocolVersionName } from "@tlskit/messages";
import { alertName } from "@tlskit/tls";
import { printable } from "@tlskit/wire";
import { fieldLines } from "../trace-printer.ts";

/** Events as lines for people: number of the packet, seconds since the first, stream, who, what. */
export class TextPrinter {
  readonly #trace: boolean;
  #start: bigint | undefined;

  constructor(trace: boolean) {
    this.#trace = trace;
  }

  print(event: CaptureEvent): string {
    const { packet, at } = event.moment;
    this.#start ??= at;
    const lines = this.#linesOf(event);
    if (lines.length === 0) return "";
    const [first = "", ...others] = lines;
    const stream = event.type === "damage" ? "" : String(event.stream);
    const head = [String(packet).padStart(6), this.#time(at), stream.padStart(4)].join(" ");
    return `${[`${head}  ${first}`, ...others].join("\n")}\n`;
  }

  #time(at: bigint | undefined): string {
    if (at === undefined || this.#start === undefined) return "".padStart(11);
    const microseconds = (at - this.#start) / 1000n;
    return (Number(microseconds) / 1e6).toFixed(6).padStart(11);
  }

  /** The first behind the packet's number, the others as they are. Of what isn't about TLS there are none. */
  #linesOf(event: CaptureEvent): readonly string[] {
    switch (event.type) {
      case "opened":
        return [];
      case "tls":
        return [`TLS: client ${endpointText(event.client)}, server ${endpointText(event.server)}`];
      case "message": {
        const head = `${event.from}: ${event.name}, ${event.bytes.length} bytes${event.encrypted ? ", encrypted" : ""}`;
        if (!this.#trace || event.messageType === undefined) return [head];
        return [head, ...fieldLines(explainMessage(event.messageType, event.bytes), event.bytes, 4)];
      }
      case "negotiated": {
        const { version, cipherSuite } = event;
        return [`${event.from}: negotiates ${protocolVersionName(version)}, ${cipherSuiteText(cipherSuite)}`];
      }
      case "changeCipherSpec":
        return [`${event.from}: change_cipher_spec`];
      case "alert":
        return [`${event.from}: alert ${alertName(event.description)}`];
      case "data": {
        const what = event.early ? "early data" : "data";
        return [`${event.from}: ${what}, ${event.bytes.length} bytes`, ...dataLines(event.bytes)];
      }
      case "undecrypted":
        return [`${event.from}: not decrypted: ${event.reason}`];
      case "damage":
        return [`damage: ${event.reason}`];
      case "gap":
        return [`${event.from}: ${event.length} bytes are missing`];
      case "conflict":
        return [`${event.from}: ${event.length} bytes came twice, and were others: the first are taken`];
      case "outOfWindow":
        return [`${event.from}: a segment that has no place in the connection`];
      case "closed":
        return [`closed: ${event.how.replace("_", " ")}`];
    }
  }
}

export function endpointText({ address, port }: CapturedEndpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

export function cipherSuiteText(code: number): string {
  return cipherSuiteName(code) ?? `0x${code.toString(16).padStart(4, "0")}`;
}

/** Bytes in a line at most. */
const lineLength = 100;

/** Plaintext, a line for each of its own; what isn't printable ASCII is escaped, so that nothing moves a terminal's cursor. */
function dataLines(bytes: Uint8Array): readonly string[] {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const lineFeed = bytes.indexOf(0x0a, start);
    const end = Math.min(lineFeed < 0 ? bytes.length : lineFeed + 1, start + lineLength);
    lines.push(`        | ${printable(bytes.subarray(start, end))}`);
    start = end;
  }
  return lines;
}
