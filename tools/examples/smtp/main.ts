/** Sends a mail over SMTP with STARTTLS (RFC 3207): `node main.ts HOST PORT CA-FILE FROM TO < MAIL`. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { smtp, startTls } from "@tlskit/node/starttls";

const [host = "", port, ca = "", from = "", to = ""] = process.argv.slice(2);
const mail = await text(process.stdin);

// The server is verified, and TLS is there, or this throws: there is no going on in the clear.
const socket = await startTls({ protocol: smtp, host, port: Number(port), ca: readFileSync(ca) });
const replies = readReplies();

await command("EHLO localhost", 250); // anew: what was said in the clear is forgotten (RFC 3207 §4.2)
await command(`MAIL FROM:<${from}>`, 250);
await command(`RCPT TO:<${to}>`, 250);
await command("DATA", 354);
// RFC 5321 §4.5.2: a line that begins with a dot gets another one, since a dot alone is the end.
const lines = mail
  .trimEnd()
  .split(/\r?\n/)
  .map((line) => (line.startsWith(".") ? `.${line}` : line));
console.log(await command(`${lines.join("\r\n")}\r\n.`, 250));
await command("QUIT", 221);
socket.end();

async function command(line: string, expected: number): Promise<string> {
  if (line.split("\r\n", 1)[0]?.includes("\n")) throw new Error("a command is a line");
  socket.write(`${line}\r\n`);
  const { value, done } = await replies.next();
  if (done === true) throw new Error("the server has hung up");
  if (!value.startsWith(String(expected))) throw new Error(`the server says ${value}`);
  return value;
}

/** RFC 5321 §4.2.1: a reply's last line has a space behind its code. */
async function* readReplies(): AsyncGenerator<string, void> {
  for await (const line of createInterface({ input: socket })) if (/^\d{3}(?: |$)/.test(line)) yield line;
}
