import { concat } from "@tlskit/wire";
import { maxWaitingBytes } from "./limits.ts";
import type { Moment } from "./moment.ts";
import type { TcpSender } from "./tcp-streams.ts";
import { type DecrypterOptions, TlsDecrypter } from "./tls-decrypter.ts";
import type { TlsEvent, TlsSender } from "./tls-event.ts";

/** Which end of the TCP connection is TLS's client. */
export interface TlsFound {
  readonly type: "tls";
  readonly client: TcpSender;
  readonly moment: Moment;
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly moment: Moment;
}

/** What an end sent that may be the beginning of TLS, or is a server's and waits for the client's. */
class Held {
  readonly pieces: Piece[] = [];
  /** Bytes of all. */
  length = 0;
  /** The first bytes, as far as they tell a hello. */
  begin: Uint8Array = new Uint8Array(0);

  add(piece: Piece): void {
    this.pieces.push(piece);
    this.length += piece.bytes.length;
    if (this.begin.length < looked)
      this.begin = concat(this.begin, piece.bytes.subarray(0, looked - this.begin.length));
  }
}

/** Bytes that tell a hello: a record's header and the type of a message. */
const looked = 6;

/**
 * Finds TLS in a TCP connection, whatever the ports: where what an end sends begins with a ClientHello, at the start or behind
 * something else (STARTTLS). The client is whose ClientHello it is.
 */
export class TlsInStream {
  readonly #options: DecrypterOptions;
  readonly #fromBeginning: boolean;
  readonly #held: Record<TcpSender, Held> = { initiator: new Held(), responder: new Held() };
  #decrypter: TlsDecrypter | undefined;
  #client: TcpSender = "initiator";
  #isGivenUp = false;
  #hasData = false;

  constructor(options: DecrypterOptions, fromBeginning: boolean) {
    this.#options = options;
    this.#fromBeginning = fromBeginning;
  }

  push(from: TcpSender, bytes: Uint8Array, moment: Moment): readonly (TlsEvent | TlsFound)[] {
    if (this.#isGivenUp) return [];
    if (this.#decrypter !== undefined) return this.#decrypter.push(this.#roleOf(from), bytes, moment);
    const isFirst = !this.#hasData;
    this.#hasData = true;
    const held = this.#held[from];
    held.add({ bytes, moment });
    switch (whatBegins(held.begin)) {
      case "clientHello":
        return this.#begin(from, moment);
      case "serverHello":
        return held.length <= maxWaitingBytes ? [] : this.#giveUp(noClientHello(moment));
      case "perhaps":
        return [];
      case "record":
        if (isFirst && !this.#fromBeginning) return this.#giveUp(beginsInTheMiddle(this.#roleOf(from), moment));
    }
    this.#held[from] = new Held();
    return [];
  }

  gap(from: TcpSender, length: number): readonly TlsEvent[] {
    if (this.#decrypter !== undefined) return this.#decrypter.gap(this.#roleOf(from), length);
    this.#held[from] = new Held();
    return [];
  }

  end(): readonly TlsEvent[] {
    if (this.#decrypter !== undefined) return this.#decrypter.end();
    const held = Object.values(this.#held).find(({ begin }) => whatBegins(begin) === "serverHello");
    const [first] = held?.pieces ?? [];
    return this.#isGivenUp || first === undefined ? [] : this.#giveUp(noClientHello(first.moment));
  }

  #begin(client: TcpSender, moment: Moment): readonly (TlsEvent | TlsFound)[] {
    const decrypter = new TlsDecrypter(this.#options);
    this.#decrypter = decrypter;
    this.#client = client;
    const server = client === "initiator" ? "responder" : "initiator";
    const [ofClient, ofServer] = [this.#held[client].pieces, this.#held[server].pieces];
    this.#forget();
    return [
      { type: "tls", client, moment },
      ...ofClient.flatMap((piece) => decrypter.push("client", piece.bytes, piece.moment)),
      ...ofServer.flatMap((piece) => decrypter.push("server", piece.bytes, piece.moment)),
    ];
  }

  #giveUp(event: TlsEvent): readonly TlsEvent[] {
    this.#isGivenUp = true;
    this.#forget();
    return [event];
  }

  #forget(): void {
    Object.assign(this.#held, { initiator: new Held(), responder: new Held() });
  }

  #roleOf(sender: TcpSender): TlsSender {
    return sender === this.#client ? "client" : "server";
  }
}

/** What a stream that begins so may be. */
function whatBegins(bytes: Uint8Array): "clientHello" | "serverHello" | "record" | "perhaps" | "other" {
  // What isn't there yet is taken for right.
  const [type = 22, major = 3, minor = 1, high = 0, low = 4, message] = bytes;
  const length = (high << 8) | low;
  if (type < 20 || type > 23 || major !== 3 || minor > 4 || length > 2 ** 14 + 2048) return "other";
  if (message === undefined) return type === 22 ? "perhaps" : "other";
  if (type === 22 && message === 1) return "clientHello";
  return type === 22 && message === 2 ? "serverHello" : "record";
}

function noClientHello(moment: Moment): TlsEvent {
  const reason = "the capture has a ServerHello, and no ClientHello that it answers";
  return { type: "undecrypted", from: "server", moment, code: "no_client_hello", reason };
}

function beginsInTheMiddle(from: TlsSender, moment: Moment): TlsEvent {
  const reason = "the capture begins in the middle of this connection, behind its hellos";
  return { type: "undecrypted", from, moment, code: "begins_in_the_middle", reason };
}
