import { runSync } from "@tlskit/crypto";
import { decodeMessage, MessageAssembler, RawClientHello } from "@tlskit/messages";
import { ContentType, contentTypeName, RecordReader } from "@tlskit/record";
import { Alert, callerError, peerError } from "@tlskit/wire";
import { bytes as aUint8Array, check } from "@tlskit/wire/arguments";

/** The ClientHello that a stream begins with. */
export interface FoundClientHello {
  /** Its extensions are not looked into: `extensionIn` decodes those that are of interest. */
  readonly hello: RawClientHello;
  /** The message with its header, without any record's. */
  readonly message: Uint8Array;
  /** How many bytes of the stream it took: whole records. Whoever passes the connection on passes these on too. */
  readonly consumed: number;
}

/**
 * Reads the ClientHello from the first records of a stream, for whoever decides by it where a connection goes, without
 * taking part in it: it may be in as many pieces and records as its sender likes.
 * ```ts
 * const reader = new ClientHelloReader();
 * const found = reader.push(chunk); // again for each chunk, until there is one
 * const names = found && extensionIn(found.hello, serverNameList);
 * ```
 * It keeps no more than one ClientHello of `messageLimits.ClientHello` bytes, one record, and what was pushed last.
 */
export class ClientHelloReader {
  readonly #records = new RecordReader();
  readonly #assembler = new MessageAssembler();
  #pushed = 0;
  #over = false;

  /**
   * Adds the stream's next bytes. They may be kept until the ClientHello is there, and behind it, and are never written
   * to: they aren't to be changed any more.
   * @returns nothing as long as more bytes are needed.
   * @throws {TlsError} what the client did wrong, with the alert that it deserves: `unknown_record_type` if that is no TLS
   * at all, `unexpected_message`, `record_overflow`, `message_too_long`, `decode_error`, `duplicate_extension`;
   * `ssl_2_client_hello`; without an alert `http_request`, and whatever else a {@link RecordReader} knows not to be TLS.
   * `invalid_argument`, `client_hello_over` (the caller's fault) once it has answered or thrown.
   */
  push(bytes: Uint8Array): FoundClientHello | undefined {
    check(bytes, "bytes", aUint8Array);
    if (this.#over) throw callerError("client_hello_over", "this stream's ClientHello has been read or refused");
    this.#pushed += bytes.length;
    this.#records.push(bytes);
    this.#over = true;
    const message = this.#next();
    if (message === undefined) {
      this.#over = false;
      return undefined;
    }
    const consumed = this.#pushed - this.#records.buffered;
    return { hello: decodeMessage(RawClientHello, message), message, consumed };
  }

  #next(): Uint8Array | undefined {
    for (;;) {
      // Without keys no record is waited for.
      const record = runSync(this.#records.next());
      if (record === undefined) return undefined;
      if (record.type !== ContentType.handshake) {
        throw peerError(
          "unexpected_record",
          Alert.unexpectedMessage,
          `${contentTypeName(record.type)} came where a ClientHello was expected`,
        );
      }
      this.#assembler.push(record.content);
      const found = this.#assembler.next([RawClientHello]);
      if (found !== undefined) return found.bytes;
    }
  }
}

/**
 * The ClientHello that these bytes begin with, or nothing if more are needed. For a stream that comes in pieces
 * {@link ClientHelloReader} spares reading the first of them again and again.
 * @throws {TlsError} as {@link ClientHelloReader.push}
 */
export function readClientHello(bytes: Uint8Array): FoundClientHello | undefined {
  return new ClientHelloReader().push(bytes);
}
