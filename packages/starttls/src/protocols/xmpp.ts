import { notTls } from "@tlskit/wire";
import { type Dialogue, malformed, nextOctet, noTls, type Part, say } from "../dialogue.ts";
import { maxLineLength } from "../limits.ts";
import type { ClientNames, Protocol } from "../protocol.ts";

/** XMPP, from a client to its server. */
export const xmpp: Protocol = {
  name: "xmpp",
  specification: "RFC 6120 §5",
  port: 5222,
  client: (names) => client("jabber:client", names),
};

/** XMPP, between servers. */
export const xmppServer: Protocol = {
  name: "xmpp-server",
  specification: "RFC 6120 §5",
  port: 5269,
  client: (names) => client("jabber:server", names),
};

const tls = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'";

function* client(namespace: string, { host }: ClientNames): Dialogue {
  const streams = "xmlns:stream='http://etherx.jabber.org/streams'";
  yield* say(`<?xml version='1.0'?><stream:stream to='${host}' version='1.0' xmlns='${namespace}' ${streams}>`);
  let opened = yield* tag();
  if (opened.name === "?xml") opened = yield* tag();
  if (opened.name !== "stream") throw malformed("something that is no stream");
  if ((yield* tag()).name !== "features") throw noTls("sends no features of its stream");
  let offered = false;
  for (let next = yield* tag(); next.name !== "/features"; next = yield* tag()) offered ||= next.name === "starttls";
  if (!offered) throw noTls("doesn't offer starttls");
  yield* say(`<starttls ${tls}/>`);
  const answer = yield* tag();
  // RFC 6120 §5.4.2.2, §5.4.2.3
  if (answer.name === "failure") throw noTls("answered starttls with a failure");
  if (answer.name !== "proceed") throw malformed("something that is no answer to starttls");
  if (!answer.isEmpty && (yield* tag()).name !== "/proceed") throw malformed("a proceed that has content");
}

interface Tag {
  /** Without its prefix, which is the server's to choose; with the `/` of an end, and the `?` of a declaration. */
  readonly name: string;
  /** Whether it is start and end in one. */
  readonly isEmpty: boolean;
}

/** The next tag of XML; text before it is passed over. RFC 6120 §11.1 has neither comments nor declarations of types. */
function* tag(): Part<Tag> {
  while ((yield nextOctet) !== less);
  let [text, quote] = ["", 0];
  for (;;) {
    const octet = yield nextOctet;
    if (quote === 0 && octet === greater) break;
    if (quote === 0 && octet === less) throw malformed("a tag inside a tag");
    if (octet === quote) quote = 0;
    else if (quote === 0 && quotes.includes(octet)) quote = octet;
    text += String.fromCharCode(octet);
    if (text.length > maxLineLength) {
      throw notTls("message_too_long", `the server sent a tag of more than ${maxLineLength} octets before TLS`);
    }
  }
  const [, mark = "", name] = /^([/?]?)(?:[^\s/:]+:)?([^\s/:]+)/.exec(text) ?? [];
  if (name === undefined || text.startsWith("!")) throw malformed("a tag that XMPP hasn't");
  return { name: mark + name, isEmpty: text.endsWith("/") };
}

const [less, greater] = [0x3c, 0x3e];
const quotes: readonly number[] = [0x22, 0x27];
