/** Asks a resolver for a name's addresses over TLS (RFC 7858): `node main.ts NAME HOST PORT CA-FILE`. */
import { readFileSync } from "node:fs";
import { connect } from "@tlskit/node";
import { type Answer, type DecodedPacket, decode, encode, RECURSION_DESIRED, type RecordType } from "dns-packet";

const [name = "", host = "", port, ca = ""] = process.argv.slice(2);
// RFC 7858 §8.1, RFC 8310: without a name that is verified, anybody could be the resolver.
const socket = connect({ host, port: Number(port), ca: readFileSync(ca), alpnProtocols: ["dot"] });

// RFC 7858 §3.3: several questions may be under way in one connection, and are sent together.
const types: readonly RecordType[] = ["A", "AAAA"];
socket.write(Buffer.concat(types.map((type, id) => framed(query(id, type)))));
let waiting = types.length;
for await (const { id = 0, answers = [], rcode } of responses(socket)) {
  for (const answer of answers) console.log(`${types[id]} ${shown(answer)}`);
  if (answers.length === 0) console.log(`${types[id]} ${rcode}`);
  waiting -= 1;
  if (waiting === 0) break;
}
// RFC 7858 §3.4: the client closes.
socket.end();

function query(id: number, type: RecordType): Uint8Array {
  const options = (padding: number) => [{ code: 12 as const, length: padding }];
  const ask = (padding: number): Uint8Array =>
    encode({
      type: "query",
      id,
      flags: RECURSION_DESIRED,
      questions: [{ name, type }],
      additionals: [
        {
          type: "OPT",
          name: ".",
          udpPayloadSize: 4096,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: options(padding),
        },
      ],
    });
  // RFC 8467 §4.1: every question has a multiple of 128 octets, so that its length tells nothing of the name.
  return ask(-ask(0).length & 127);
}

/** RFC 1035 §4.2.2: a message behind its length. */
function framed(message: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(message.length >> 8, message.length & 0xff), message]);
}

/** The types of dns-packet leave out how a response says that it went. */
type Response = DecodedPacket & { readonly rcode?: string };

async function* responses(stream: AsyncIterable<Buffer>): AsyncGenerator<Response> {
  let pending = Buffer.alloc(0);
  for await (const chunk of stream) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE()) {
      const end = 2 + pending.readUInt16BE();
      yield decode(pending.subarray(2, end));
      pending = pending.subarray(end);
    }
  }
}

function shown(answer: Answer): string {
  return "data" in answer && typeof answer.data === "string" ? answer.data : answer.type;
}
