/** Asks a resolver for a name's addresses over HTTPS (RFC 8484): `node main.ts NAME URL CA-FILE`. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type ClientHttp2Session, constants } from "node:http2";
import { buffer } from "node:stream/consumers";
import { connectHttp2 } from "@tlskit/node";
import { type Answer, type DecodedPacket, decode, encode, RECURSION_DESIRED, type RecordType } from "dns-packet";

const [name = "", url = "", ca = ""] = process.argv.slice(2);
const { origin, pathname } = new URL(url);
// RFC 8484 §5.2: HTTP/2 at least, so that questions don't wait for each other.
const session = await connectHttp2(origin, { ca: readFileSync(ca) });
const types: readonly RecordType[] = ["A", "AAAA"];
const responses = await Promise.all(types.map((type) => ask(session, type)));
for (const [at, { answers = [], rcode }] of responses.entries()) {
  for (const answer of answers) console.log(`${types[at]} ${shown(answer)}`);
  if (answers.length === 0) console.log(`${types[at]} ${rcode}`);
}
session.close();

/** The types of dns-packet leave out how a response says that it went. */
type Response = DecodedPacket & { readonly rcode?: string };

async function ask(session: ClientHttp2Session, type: RecordType): Promise<Response> {
  // RFC 8484 §4.1: the id is 0, so that the same question is the same request.
  const question = encode({ type: "query", id: 0, flags: RECURSION_DESIRED, questions: [{ name, type }] });
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: "POST",
    [constants.HTTP2_HEADER_PATH]: pathname,
    [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/dns-message",
    [constants.HTTP2_HEADER_ACCEPT]: "application/dns-message",
  });
  stream.end(question);
  // Both at once: the whole answer may come in one piece.
  const [[headers], body] = await Promise.all([once(stream, "response"), buffer(stream)]);
  // RFC 8484 §4.2.1: what the DNS answers is in the message, also that there is no such name.
  const status = headers[constants.HTTP2_HEADER_STATUS];
  if (status !== 200) throw new Error(`the resolver answered with status ${String(status)}`);
  return decode(body);
}

function shown(answer: Answer): string {
  return "data" in answer && typeof answer.data === "string" ? answer.data : answer.type;
}
