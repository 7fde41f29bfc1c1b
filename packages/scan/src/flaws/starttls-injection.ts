import type { Protocol } from "@tlskit/starttls";
import { TlsError } from "@tlskit/tls";
import { asciiBytes, concat } from "@tlskit/wire";
import { clientContext } from "../connection/client-context.ts";
import { converse } from "../connection/conversation.ts";
import { evidenceOf } from "../connection/visits.ts";
import type { Scanning } from "../scanning.ts";
import { startTls } from "../starting.ts";
import { type FlawVerdict, notVulnerable, unclear, vulnerable } from "./flaw.ts";

export const startTlsInjectionId = "starttls-injection";

/** Commands for TLS, and one each that does nothing and is answered, which is sent behind it in the same octets. */
const commands: Readonly<Record<string, readonly [forTls: string, injected: string]>> = {
  smtp: ["STARTTLS", "NOOP"],
  lmtp: ["STARTTLS", "NOOP"],
  imap: ["a STARTTLS", "b NOOP"],
  pop3: ["STLS", "CAPA"],
  ftp: ["AUTH TLS", "NOOP"],
  nntp: ["STARTTLS", "DATE"],
};

/**
 * CVE-2011-0411 and its like: what is sent in the clear behind the command for TLS is to be forgotten when TLS begins
 * (RFC 3207 §4.2). A server that keeps it takes it for something that came in TLS, and answers there what nobody asked.
 * @returns nothing of a protocol that has no commands in lines
 */
export async function startTlsInjection(scanning: Scanning, protocol: Protocol): Promise<FlawVerdict | undefined> {
  const [forTls, injected] = commands[protocol.name] ?? [];
  if (forTls === undefined || injected === undefined) return undefined;
  const { host } = scanning.target;
  const altered = withMoreBehind(protocol, asciiBytes(`${forTls}\r\n`), asciiBytes(`${injected}\r\n`));
  try {
    return await scanning.inTheClear(async (stream, signal) => {
      try {
        await startTls(stream, altered, host);
      } catch (error) {
        if (!(error instanceof TlsError)) throw error;
        return notVulnerable(`it doesn't begin TLS where ${injected} comes behind ${forTls}`);
      }
      const context = clientContext(scanning, { versions: "any", sessions: false });
      const conversation = await converse(stream, signal, { context, host, silence: scanning.silence });
      scanning.note(evidenceOf(`${injected} in the clear behind ${forTls}`, conversation));
      if (conversation.info === undefined)
        return notVulnerable(`no handshake succeeds where ${injected} comes before it`);
      return conversation.data.length > 0
        ? vulnerable(`${injected}, sent in the clear behind ${forTls}, is answered in TLS`)
        : notVulnerable(`${injected}, sent in the clear behind ${forTls}, isn't answered in TLS`);
    });
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    return unclear(error.message);
  }
}

/** The same protocol, but that a client says more behind one thing that it says. */
function withMoreBehind(protocol: Protocol, said: Uint8Array, more: Uint8Array): Protocol {
  return {
    ...protocol,
    client: function* (names) {
      const dialogue = protocol.client(names);
      let step = dialogue.next();
      while (step.done !== true) {
        const { value } = step;
        const isThat = typeof value !== "symbol" && `${value}` === `${said}`;
        step = dialogue.next(yield isThat ? concat(value, more) : value);
      }
    },
  };
}
