/** What programs do with ImapFlow. */
import { ImapFlow, type ImapFlowOptions } from "imapflow";
import { type Cases, input, runCases } from "./cases.ts";
import { cutOff } from "./cut-off.ts";

const { versions, cutPort, connections } = input<{
  /** By version, of connections on which everything is done that programs do. */
  readonly versions: Readonly<Record<string, ImapFlowOptions>>;
  /** Where everybody is cut off who is connected to these. */
  readonly cutPort: number;
  /** Of connections on which nothing is done. */
  readonly connections: Readonly<Record<string, ImapFlowOptions>>;
}>();

for (const [version, settings] of Object.entries(versions)) await runCases(everything(settings), version);

await runCases(
  Object.fromEntries(
    Object.entries(connections).map(([name, options]) => [
      name,
      async () => {
        await using client = await connected(options);
        const { tls = false, authenticated } = client;
        return { authenticated, authorized: tls !== false && tls.authorized, version: tls !== false && tls.version };
      },
    ]),
  ),
);

function everything(usual: ImapFlowOptions): Cases {
  return {
    async "a large mail, back and forth"() {
      await using client = await connected(usual);
      await client.mailboxCreate("large");
      const large = Buffer.from(`Subject: large\r\n\r\n${"large \r\n".repeat(300_000)}`);
      await client.append("large", large);
      await client.mailboxOpen("large");
      const message = await client.fetchOne("*", { source: true });
      await client.mailboxDelete("large");
      return { whole: message !== false && message.source !== undefined && large.equals(message.source) };
    },

    async "many mails"() {
      await using client = await connected(usual);
      await client.mailboxCreate("many");
      for (let n = 0; n < 30; n += 1) await client.append("many", `Subject: mail ${n}\r\n\r\nNobody knows what.\r\n`);
      await client.mailboxOpen("many");
      const subjects: (string | undefined)[] = [];
      for await (const { envelope } of client.fetch("1:*", { envelope: true })) subjects.push(envelope?.subject);
      await client.mailboxDelete("many");
      return { first: subjects.at(0), last: subjects.at(-1), count: subjects.length };
    },

    async "a mail that comes meanwhile"() {
      await using client = await connected(usual);
      await using other = await connected(usual);
      await client.mailboxCreate("watched");
      await client.mailboxOpen("watched");
      const come = new Promise<number>((resolve) => client.once("exists", ({ count }) => resolve(count)));
      const idle = client.idle();
      await other.append("watched", "Subject: news\r\n\r\nSomething happened.\r\n");
      const count = await come;
      await client.mailboxDelete("watched");
      await idle;
      return count;
    },

    async "a connection that is cut off"() {
      const client = await connected(usual);
      await client.mailboxOpen("INBOX");
      const closed = new Promise((resolve) => client.once("close", resolve));
      const idle = client.idle().then(
        () => "an end",
        () => "an error",
      );
      await cutOff(cutPort);
      await closed;
      return { idle: await idle, usable: client.usable };
    },
  };
}

async function connected(options: ImapFlowOptions): Promise<ImapFlow & AsyncDisposable> {
  const client = new ImapFlow({ ...options, logger: false });
  client.on("error", () => undefined);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.logout() });
}
