/** Tells how many messages a mailbox has, over IMAP with STARTTLS (RFC 9051): `PASSWORD=… node main.ts HOST PORT CA-FILE USER`. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { imap, startTls } from "@tlskit/node/starttls";

const [host = "", port, ca = "", user = ""] = process.argv.slice(2);
// Of the environment, since whoever lists processes sees their arguments.
const { PASSWORD: password = "" } = process.env;

// The server is verified, and TLS is there, or this throws: the password is never sent in the clear.
const socket = await startTls({ protocol: imap, host, port: Number(port), ca: readFileSync(ca) });
const lines = createInterface({ input: socket })[Symbol.asyncIterator]();

let count = 0;
await command(`LOGIN ${quoted(user)} ${quoted(password)}`);
for (const line of await command("STATUS INBOX (MESSAGES UNSEEN)")) console.log(line);
await command("LOGOUT");
socket.end();

/** The lines that the server says in answer, but for the last, which has to be OK (RFC 9051 §7.1). */
async function command(text: string): Promise<readonly string[]> {
  count += 1;
  const tag = `a${count}`;
  socket.write(`${tag} ${text}\r\n`);
  const answers: string[] = [];
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the server has hung up");
    if (!value.startsWith(`${tag} `)) answers.push(value);
    else if (value.startsWith(`${tag} OK`)) return answers;
    else throw new Error(`the server says ${value.slice(tag.length + 1)}`);
  }
}

/** RFC 9051 §4.3: a quoted string, which can't hold every octet. */
function quoted(text: string): string {
  if (/[\0\r\n]/.test(text)) throw new Error("neither names nor passwords have several lines");
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
