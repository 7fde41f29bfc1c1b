/** Prints the requests and responses of HTTP/1.1 in a capture: `node main.ts CAPTURE KEYLOG-FILE`. */
import { readFileSync } from "node:fs";
import { type CapturedEndpoint, decryptCapture, KeyLog } from "@tlskit/capture";
import { nodeProvider as provider } from "@tlskit/crypto-node";

const [capture = "", keyLogFile = ""] = process.argv.slice(2);
const keyLog = new KeyLog(readFileSync(keyLogFile, "latin1"));
const servers = new Map<number, CapturedEndpoint>();

for (const event of decryptCapture(readFileSync(capture), { provider, keyLog })) {
  if (event.type === "tls") servers.set(event.stream, event.server);
  if (event.type === "undecrypted") console.log(`stream ${event.stream}, ${event.from}: ${event.reason}`);
  if (event.type !== "data") continue;
  const [line = ""] = Buffer.from(event.bytes).toString("latin1").split("\r\n");
  const { address, port } = servers.get(event.stream) ?? { address: "?", port: 0 };
  // Only what is a line of HTTP is printed: nothing else that somebody sent gets to the terminal.
  if (/^(?:[A-Z]+ [\x21-\x7e]+ HTTP\/1\.1|HTTP\/1\.1 \d{3} [\x20-\x7e]*)$/.test(line)) {
    console.log(`${address}:${port} ${event.from === "client" ? ">" : "<"} ${line}`);
  }
}
