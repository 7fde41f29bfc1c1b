import type { Random } from "@tlskit/crypto";
import { ContentType, decodeAlert, recordHeaderLength } from "@tlskit/record";
import { ByteQueue, callerError, concat, Reader, TlsError, Writer } from "@tlskit/wire";
import type { Answer } from "./answer.ts";
import { type Draft, emptyDraft } from "./draft.ts";
import type { HelloOffer } from "./hello.ts";
import type { NoMore, Octets } from "./octets.ts";

// "The SSL Protocol", Hickman, Netscape 1995 (draft-hickman-netscape-ssl-00). RFC 6101 §E has its hello too.

/** Types of messages. */
const [msgError, msgClientHello, msgServerHello] = [0, 1, 4];

/** Octets of a challenge, of a kind of cipher's code, and of an alert. */
const [challengeLength, cipherKindLength, alertLength] = [16, 3, 2];

/**
 * Sends a CLIENT-HELLO of SSL 2.0, and reads the SERVER-HELLO.
 * @throws {TlsError} `invalid_offer` (the caller's fault)
 */
export async function probeSsl2(octets: Octets, offer: HelloOffer, random: Random): Promise<Answer> {
  if (offer.versions.length > 1) throw callerError("invalid_offer", "SSL 2.0 is offered alone");
  const hello = clientHello(offer.cipherSuites, random);
  const answer = emptyDraft();
  answer.seen.push({ from: "client", type: "ssl2", bytes: hello });
  octets.write(concat(Uint8Array.of(0x80 | (hello.length >> 8), hello.length & 0xff), hello));
  const end = await readServerHello(octets, answer);
  return { ...answer, end };
}

function clientHello(cipherKinds: readonly number[], random: Random): Uint8Array {
  const writer = new Writer();
  writer.u8(msgClientHello);
  writer.u16(0x0002);
  writer.u16(cipherKinds.length * cipherKindLength);
  writer.u16(0); // no session identifier
  writer.u16(challengeLength);
  for (const kind of cipherKinds) writer.u24(kind);
  writer.bytes(random(challengeLength));
  return writer.finish();
}

async function readServerHello(octets: Octets, answer: Draft): Promise<Answer["end"]> {
  const queue = new ByteQueue();
  const fill = async (length: number): Promise<NoMore | undefined> => {
    while (queue.length < length) {
      const more = await octets.read();
      if (!(more instanceof Uint8Array)) return more;
      queue.push(more);
    }
    return undefined;
  };
  const begin = await fill(2);
  if (begin !== undefined) return begin;
  if (queue.at(0) === ContentType.alert)
    return (await fill(recordHeaderLength + alertLength)) ?? readAlert(queue, answer);
  // A record without padding has the highest bit set; its length has two octets.
  if (queue.at(0) < 0x80)
    return { how: "unreadable", reason: "it sent something that is neither SSL 2.0 nor an alert" };
  const length = ((queue.at(0) & 0x7f) << 8) | queue.at(1);
  const rest = await fill(2 + length);
  if (rest !== undefined) return rest;
  const message = queue.take(2 + length).slice(2);
  answer.seen.push({ from: "server", type: "ssl2", bytes: message });
  try {
    return noteServerHello(message, answer);
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    return { how: "unreadable", reason: error.message };
  }
}

function readAlert(queue: ByteQueue, answer: Draft): Answer["end"] {
  const content = queue.take(recordHeaderLength + alertLength).slice(recordHeaderLength);
  answer.seen.push({ from: "server", type: "alert", bytes: content });
  return { how: "alert", ...decodeAlert(content) };
}

/** @throws {TlsError} `decode_error` */
function noteServerHello(message: Uint8Array, answer: Draft): Answer["end"] {
  const reader = new Reader(message);
  const type = reader.u8();
  if (type === msgError) return { how: "unreadable", reason: "it sent an error of SSL 2.0" };
  if (type !== msgServerHello) return { how: "unreadable", reason: `it sent a message of SSL 2.0 of type ${type}` };
  reader.u8(); // whether the session was found
  reader.u8(); // the certificate's type: X.509 alone
  const version = reader.u16();
  const [certificate, cipherKinds, connectionId] = [reader.u16(), reader.u16(), reader.u16()];
  if (version !== 0x0002)
    return { how: "unreadable", reason: `its SERVER-HELLO is of version 0x${version.toString(16)}` };
  const chain = reader.bytes(certificate);
  const kinds = reader.sub(cipherKinds);
  reader.bytes(connectionId);
  answer.version = "SSL 2.0";
  if (chain.length > 0) answer.chain = [chain];
  const codes: number[] = [];
  while (kinds.remaining > 0) codes.push(kinds.u24());
  answer.ssl2CipherKinds = codes;
  return { how: "complete" };
}
