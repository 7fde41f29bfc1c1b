/** What programs do with nodemailer. */
import { createTransport } from "nodemailer";
import type { Options } from "nodemailer/lib/smtp-connection/index.js";
import { type Cases, input, runCases } from "./cases.ts";

const { versions, connections } = input<{
  /** By version, of connections on which everything is done that programs do. */
  readonly versions: Readonly<Record<string, Options>>;
  /** Of connections over which one mail is sent. */
  readonly connections: Readonly<Record<string, Options>>;
}>();

const mail = { from: "alice@example.com", to: "bob@example.com", subject: "Something happened" };

for (const [version, settings] of Object.entries(versions)) await runCases(everything(settings), version);

await runCases(
  Object.fromEntries(
    Object.entries(connections).map(([name, options]) => [
      name,
      async () => {
        const { response } = await createTransport(options).sendMail({ ...mail, text: "Nobody knows what." });
        return response;
      },
    ]),
  ),
);

function everything(usual: Options): Cases {
  return {
    async "a large attachment"() {
      const content = Buffer.alloc(3_000_000, "large ");
      const { response } = await createTransport(usual).sendMail({ ...mail, attachments: [{ content }] });
      return response;
    },

    async "many mails over few connections"() {
      const transport = createTransport({ ...usual, pool: true, maxConnections: 3 });
      const sent = await Promise.all(
        Array.from({ length: 20 }, (_, n) => transport.sendMail({ ...mail, text: `mail ${n}` })),
      );
      transport.close();
      return sent.map(({ response }) => response);
    },

    async "a verification"() {
      return await createTransport(usual).verify();
    },
  };
}
