import { run } from "@tlskit/crypto";
import { HelloRetryRequest, MessageAssembler, type MessageType, ServerHello } from "@tlskit/messages";
import { ContentType, contentTypeName, decodeAlert, type Opening, RecordReader } from "@tlskit/record";
import { Alert, TlsError } from "@tlskit/wire";
import { maxAnswerMessages, maxAnswerRecords, maxAnswerWarnings } from "../limits.ts";
import type { AnswerEnd, SeenMessage } from "./answer.ts";
import type { Octets } from "./octets.ts";

/** A handshake message of the server's: its type, if it is one of those that are known, and itself, header included. */
export interface ServerMessage {
  readonly type: MessageType<unknown> | undefined;
  readonly bytes: Uint8Array;
}

/** The server's handshake messages out of its octets. Everything that comes is noted. */
export class ServerMessages {
  readonly #octets: Octets;
  readonly #seen: SeenMessage[];
  readonly #reader = new RecordReader();
  readonly #assembler = new MessageAssembler();
  #records = 0;
  #messages = 0;
  #warnings = 0;
  /** Those that may come, by what is known of the version. */
  types: readonly MessageType<unknown>[] = [ServerHello, HelloRetryRequest];
  /** Why no more messages come, or are read. */
  end: AnswerEnd = { how: "complete" };

  constructor(octets: Octets, seen: SeenMessage[]) {
    this.#octets = octets;
    this.#seen = seen;
    // Where it may come isn't ours to judge.
    this.#reader.changeCipherSpec = "expect";
  }

  /** Reads in this way from here on. */
  protect(opening: Opening): void {
    this.#reader.protect(opening);
  }

  /** The next message; nothing if none comes any more: then {@link end} says why. */
  async next(): Promise<ServerMessage | undefined> {
    try {
      return await this.#next();
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      return this.#ended({ how: "unreadable", reason: error.message });
    }
  }

  async #next(): Promise<ServerMessage | undefined> {
    for (;;) {
      const message = this.#assembler.nextOfAny(this.types);
      if (message !== undefined) {
        this.#messages += 1;
        if (this.#messages > maxAnswerMessages) return this.#tooMany(maxAnswerMessages, "handshake messages");
        const bytes = this.#note("handshake", message.bytes);
        return { type: message.type, bytes };
      }
      const record = await run(this.#reader.next());
      if (record === undefined) {
        const more = await this.#octets.read();
        if (!(more instanceof Uint8Array)) return this.#ended(more);
        this.#reader.push(more);
        continue;
      }
      this.#records += 1;
      if (this.#records > maxAnswerRecords) return this.#tooMany(maxAnswerRecords, "records");
      if (record.type === ContentType.handshake) {
        this.#assembler.push(record.content);
        continue;
      }
      if (record.type === ContentType.alert) {
        this.#note("alert", record.content);
        const alert = decodeAlert(record.content);
        if (alert.level !== 1 || alert.description === Alert.closeNotify)
          return this.#ended({ how: "alert", ...alert });
        this.#warnings += 1;
        if (this.#warnings > maxAnswerWarnings) return this.#tooMany(maxAnswerWarnings, "alerts");
        continue;
      }
      if (record.type === ContentType.changeCipherSpec) {
        this.#note("change_cipher_spec", record.content);
        continue;
      }
      this.#note("application_data", record.content);
      return this.#ended({ how: "unreadable", reason: `it sent ${contentTypeName(record.type)} in the handshake` });
    }
  }

  /** Ends the reading for a reason that was found in what came. */
  unreadable(reason: string): undefined {
    return this.#ended({ how: "unreadable", reason });
  }

  #tooMany(limit: number, what: string): undefined {
    return this.unreadable(`it sent more than ${limit} ${what}`);
  }

  #ended(end: AnswerEnd): undefined {
    this.end = end;
    return undefined;
  }

  /** A copy, so that what is kept is no more than the message. */
  #note(type: SeenMessage["type"], bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    this.#seen.push({ from: "server", type, bytes: copy });
    return copy;
  }
}
