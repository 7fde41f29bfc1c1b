import type { SignatureAlgorithm } from "@tlskit/crypto";
import { Alert, callerError, peerError, TlsError } from "@tlskit/wire";
import {
  aFunction,
  aNumber,
  aString,
  bytes,
  check,
  checkArguments,
  checkOptions,
  type Expectations,
  optional,
} from "@tlskit/wire/arguments";
import { checkSize } from "./expectations.ts";
import { type ConnectionHandlers, expectedHandlers } from "./handlers.ts";
import { defaultAnswerTimeout, defaultRequestsOpen, maxKeyNameLength } from "./limits.ts";
import { algorithmNamed, answers, encodeMessage, type MessageType, refusalReasons, requests } from "./message.ts";
import { type Message, MessageStream } from "./message-stream.ts";
import type { RemoteKeys } from "./remote-signer.ts";
import { toBeSigned } from "./signed-form.ts";
import { isVisibleText } from "./text.ts";

/** How a client treats its connection. */
export interface KeyClientOptions {
  /** Milliseconds; what they are counted from doesn't matter. */
  readonly clock: () => number;
  /** Milliseconds that an answer may take: 3000 unless told otherwise. After so long the server is taken for gone. */
  readonly answerTimeout?: number | undefined;
  /** Requests that may be open at a time: 4096 unless told otherwise. */
  readonly maxRequestsOpen?: number | undefined;
}

const ofClients: Expectations<KeyClientOptions> = {
  clock: aFunction,
  answerTimeout: optional(aNumber),
  maxRequestsOpen: optional(aNumber),
};

type Answer = Message<typeof answers>;

/** A request that isn't answered yet. */
interface Open {
  readonly key: string;
  readonly deadline: number;
  /** Whether the answer is one to this request. */
  take(answer: Answer): boolean;
  failed(error: TlsError): void;
}

/** A connection to a key server: many requests at a time, each with an id. */
export class KeyClientConnection implements RemoteKeys {
  readonly #clock: () => number;
  readonly #answerTimeout: number;
  readonly #maxRequestsOpen: number;
  readonly #handlers: ConnectionHandlers;
  readonly #messages = new MessageStream(answers);
  /** By id, in the order in which they are due. */
  readonly #open = new Map<number, Open>();
  #nextId = 0;
  /** Why nothing can be asked any more. */
  #over: TlsError | undefined;

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault) */
  constructor(options: KeyClientOptions, handlers: ConnectionHandlers) {
    checkOptions("KeyClientConnection", options, ofClients);
    check(handlers, "handlers", expectedHandlers);
    const { answerTimeout = defaultAnswerTimeout, maxRequestsOpen = defaultRequestsOpen } = options;
    this.#clock = options.clock;
    this.#answerTimeout = checkSize("answerTimeout", answerTimeout);
    this.#maxRequestsOpen = checkSize("maxRequestsOpen", maxRequestsOpen);
    this.#handlers = handlers;
  }

  /** When `checkDeadline` is due, by the clock; nothing while nothing is waited for. */
  get deadline(): number | undefined {
    const [first] = this.#open.values();
    return first?.deadline;
  }

  /**
   * Why nothing can be asked any more: `key_server_lost`, `key_server_timeout`, or what the server did wrong. Requests that
   * are open when it ends fail with it, and may be made again elsewhere.
   */
  get over(): TlsError | undefined {
    return this.#over;
  }

  /**
   * A signature of what a TLS server signs in a handshake.
   * @throws {TlsError} (it rejects) `not_a_server_signature` for anything else, of which the server is told nothing; the
   *   {@link RefusalReason} by which the server refuses; `too_many_requests`, `key_server_timeout`, `key_server_lost`: all
   *   of the kind `internal`, with the alert `internal_error`. `invalid_argument`, `invalid_key_name` (the caller's fault)
   */
  sign(key: string, algorithm: SignatureAlgorithm, message: Uint8Array): Promise<Uint8Array> {
    checkArguments({ key, algorithm, message }, { key: aString, algorithm: aString, message: bytes });
    const content = toBeSigned(message);
    if (content === undefined) {
      const sentence = "a key server signs what a TLS server signs in its handshake, and this is something else";
      return Promise.reject(failure("not_a_server_signature", sentence));
    }
    return this.#ask(requests.sign, { key, algorithm, content }, (answer) =>
      answer.name === "signature" ? answer.value.signature : undefined,
    );
  }

  /**
   * What a key can sign with, of what this client may have.
   * @throws {TlsError} (it rejects) as `sign` does
   */
  algorithms(key: string): Promise<readonly SignatureAlgorithm[]> {
    checkArguments({ key }, { key: aString });
    return this.#ask(requests.describe, { key }, (answer) =>
      // A server that is newer may know more.
      answer.name === "description" ? answer.value.algorithms.flatMap((name) => algorithmNamed(name) ?? []) : undefined,
    );
  }

  /** Bytes from the server. They may be kept, and are never written to. */
  receive(received: Uint8Array): void {
    checkArguments({ bytes: received }, { bytes });
    if (this.#over !== undefined) return;
    this.#messages.push(received);
    try {
      // What is told may end the connection.
      while (this.#over === undefined) {
        const answer = this.#messages.next();
        if (answer === undefined) return;
        this.#answered(answer);
      }
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      this.#end(error, error);
    }
  }

  /** The server sends no more. */
  receiveEnd(): void {
    const lost = failure("key_server_lost", "the key server has ended the connection");
    this.#end(lost, this.#open.size > 0 || !this.#messages.isEmpty ? lost : undefined);
  }

  /** Ends it: what isn't answered fails. */
  close(): void {
    this.#end(failure("key_server_lost", "the connection to the key server was closed"), undefined);
  }

  /** To be called at `deadline`, or whenever: ends the connection if an answer is overdue. */
  checkDeadline(): void {
    const { deadline } = this;
    if (deadline === undefined || deadline > this.#clock()) return;
    const overdue = failure("key_server_timeout", `the key server hasn't answered within ${this.#answerTimeout} ms`);
    this.#end(overdue, overdue);
  }

  #ask<Request extends { readonly key: string }, Taken>(
    type: MessageType<string, Request>,
    request: Request,
    take: (answer: Answer) => Taken | undefined,
  ): Promise<Taken> {
    const { key } = request;
    if (!isVisibleText(key, maxKeyNameLength)) {
      throw callerError(
        "invalid_key_name",
        `a key's name is 1 to ${maxKeyNameLength} visible ASCII characters, not ${JSON.stringify(key)}`,
      );
    }
    if (this.#over !== undefined) return Promise.reject(this.#over);
    if (this.#open.size >= this.#maxRequestsOpen) {
      const sentence = `${this.#maxRequestsOpen} requests to the key server are open already`;
      return Promise.reject(failure("too_many_requests", sentence));
    }
    const id = this.#freeId();
    const bytesToSend = encodeMessage(type, id, request);
    return new Promise((done, failed) => {
      this.#open.set(id, {
        key,
        deadline: this.#clock() + this.#answerTimeout,
        failed,
        take: (answer) => {
          const taken = take(answer);
          if (taken !== undefined) done(taken);
          return taken !== undefined;
        },
      });
      this.#handlers.bytes(bytesToSend);
    });
  }

  #freeId(): number {
    let id = this.#nextId;
    while (this.#open.has(id)) id = (id + 1) >>> 0;
    this.#nextId = (id + 1) >>> 0;
    return id;
  }

  #answered(answer: Answer): void {
    const open = this.#open.get(answer.id);
    if (open === undefined) {
      throw peerError("unexpected_answer", Alert.unexpectedMessage, `no request has the id ${answer.id} of an answer`);
    }
    if (answer.name === "refusal") {
      const reason = refusalReasons[answer.value.reason] ?? "refused";
      this.#open.delete(answer.id);
      open.failed(failure(reason, `the key server refuses the key ${open.key}: ${reason}`));
      return;
    }
    if (!open.take(answer)) {
      throw peerError(
        "unexpected_answer",
        Alert.unexpectedMessage,
        `the answer ${answer.id} is of another request's type`,
      );
    }
    this.#open.delete(answer.id);
  }

  /** @param told what the transport is told. */
  #end(why: TlsError, told: TlsError | undefined): void {
    if (this.#over !== undefined) return;
    this.#over = why;
    this.#messages.clear();
    const left = [...this.#open.values()];
    this.#open.clear();
    for (const { failed } of left) failed(why);
    this.#handlers.closed(told);
  }
}

/** A failure of something of our own, as a key server is to a handshake. */
function failure(code: string, message: string): TlsError {
  return new TlsError("internal", code, message, { alert: Alert.internalError });
}
