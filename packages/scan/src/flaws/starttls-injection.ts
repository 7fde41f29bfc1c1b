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

/** Commands for TLS, and one each that does nothing, which is sent behind it in the same octets. */
interface Injection {
  readonly forTls: string;
  readonly injected: string;
  /** What answers it. A greeting is none: there are servers that greet anew in TLS, unasked. */
  readonly answer: RegExp;
}

const numbered = /^(?!220)\d{3}[ -]/m;
const mail: Injection = { forTls: "STARTTLS", injected: "NOOP", answer: numbered };

const injections: Readonly<Record<string, Injection>> = {
  smtp: mail,
  lmtp: mail,
  imap: { forTls: "a STARTTLS", injected: "b NOOP", answer: /^b /m },
  pop3: { forTls: "STLS", injected: "CAPA", answer: /^(?:\.\r|-ERR)/m },
  ftp: { forTls: "AUTH TLS", injected: "NOOP", answer: numbered },
  nntp: { forTls: "STARTTLS", injected: "DATE", answer: /^(?!20[01])\d{3} /m },
};

/**
 * CVE-2011-0411 and its like: what is sent in the clear behind the command for TLS is to be forgotten when TLS begins
 * (RFC 3207 §4.2). A server that keeps it takes it for something that came in TLS, and answers there what nobody asked.
 * @returns nothing of a protocol that has no commands in lines
 */
export async function startTlsInjection(scanning: Scanning, protocol: Protocol): Promise<FlawVerdict | undefined> {
  const injection = injections[protocol.name];
  if (injection === undefined) return undefined;
  const { forTls, injected, answer } = injection;
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
      return answer.test(new TextDecoder().decode(conversation.data))
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
