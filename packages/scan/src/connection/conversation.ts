import {
  type ClientContext,
  type DangerousClientInfo,
  DangerousTlsClient,
  type EarlyDataOutcome,
  TlsError,
  type TraceEvent,
} from "@tlskit/tls";
import type { SeenMessage } from "../probe/answer.ts";
import type { ByteStream } from "../transport.ts";
import {
  defaultConnectionTime,
  defaultSilence,
  flushTime,
  lingerTime,
  maxConnectionOctets,
  maxDataOctets,
  maxMessagesSeen,
} from "./limits.ts";

/** What a whole connection is to be. */
export interface ConversationPlan {
  readonly context: ClientContext;
  /** The name that is told to the server, unless it is an address. */
  readonly host: string;
  /** A session to resume. */
  readonly session?: Uint8Array | undefined;
  /** What goes as early data, if the session allows that. */
  readonly earlyData?: Uint8Array | undefined;
  /** What is sent when the handshake is done. Without it the connection is closed then, and read to its end. */
  readonly request?: Uint8Array | undefined;
  /** Whether as much of the server's data has come as is wanted: all of it unless told otherwise. */
  readonly isEnough?: ((data: Uint8Array) => boolean) | undefined;
  /**
   * Handshakes that are begun in the connection unasked, one behind the other, when the first is done: then it has no `request`.
   * The context has to have a `renegotiation`.
   */
  readonly renegotiations?: number | undefined;
  /** Milliseconds in which nothing comes: {@link defaultSilence} unless told otherwise. */
  readonly silence?: number | undefined;
  /** Milliseconds in all: {@link defaultConnectionTime} unless told otherwise. */
  readonly time?: number | undefined;
}

/** Why no more was read. */
export type ConversationEnd =
  /** As much came as was asked for. */
  | { readonly how: "complete" }
  /** The server ended the connection, in order or not. */
  | { readonly how: "closed" }
  | { readonly how: "silent"; readonly seconds: number }
  /** It sent more than is read. */
  | { readonly how: "too much"; readonly octets: number }
  /** The protocol was broken, an alert came, or the stream failed. */
  | { readonly how: "failed"; readonly error: TlsError };

/** What came of a whole connection. */
export interface Conversation {
  readonly end: ConversationEnd;
  /** What was negotiated; nothing if the handshake wasn't done. */
  readonly info: DangerousClientInfo | undefined;
  /** Sessions that came, to be resumed: as secret as a key. */
  readonly sessions: readonly Uint8Array[];
  /** What the server said behind the handshake, at most {@link maxDataOctets}. */
  readonly data: Uint8Array;
  /** Handshakes that were made in the connection behind the first. */
  readonly renegotiations: number;
  /** What became of early data; nothing if there was none. */
  readonly earlyData: EarlyDataOutcome | undefined;
  /** Messages of the protocol and data, in the clear, in order: the evidence. */
  readonly seen: readonly SeenMessage[];
}

/**
 * Makes a whole connection, whoever answers: handshake, a request if there is one, as much of the answer as is wanted, and an
 * orderly end. Whatever the server does, it ends within its limits of time and octets, and says how.
 * @param stream is used up by it.
 * @param signal gives it up.
 * @returns fails with the signal's reason alone
 */
export async function converse(stream: ByteStream, signal: AbortSignal, plan: ConversationPlan): Promise<Conversation> {
  signal.throwIfAborted();
  const talk = new Talk(stream, plan);
  const aborted = (): void => talk.giveUp();
  signal.addEventListener("abort", aborted);
  try {
    const conversation = await talk.run();
    signal.throwIfAborted();
    return conversation;
  } finally {
    signal.removeEventListener("abort", aborted);
  }
}

class Talk {
  readonly #plan: ConversationPlan;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #client: DangerousTlsClient;
  readonly #ended: Promise<ConversationEnd>;
  #end!: (end: ConversationEnd) => void;
  #isOver = false;
  #isGivenUp = false;
  #info: DangerousClientInfo | undefined;
  #earlyData: EarlyDataOutcome | undefined;
  readonly #sessions: Uint8Array[] = [];
  /** Made when data comes. */
  #data: Uint8Array | undefined;
  #dataOctets = 0;
  #octets = 0;
  #isEnough = false;
  #renegotiations = 0;
  readonly #seen: SeenMessage[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(stream: ByteStream, plan: ConversationPlan) {
    const { context, host, session } = plan;
    this.#plan = plan;
    this.#ended = new Promise((resolve) => {
      this.#end = (end) => {
        this.#isOver = true;
        resolve(end);
      };
    });
    this.#client = new DangerousTlsClient(
      context,
      { host, nameChecked: false, ...(session === undefined ? {} : { session }) },
      {
        ciphertext: (bytes) => this.#write(bytes),
        plaintext: (bytes) => this.#dataCame(bytes),
        established: (info) => this.#established(info),
        renegotiated: () => {
          this.#renegotiations += 1;
          this.#renegotiateOrClose();
        },
        // Before TLS 1.3 a session comes before the handshake is done, and counts only if that is.
        session: (bytes) => this.#sessions.push(bytes),
        earlyDataOutcome: (outcome) => {
          this.#earlyData = outcome;
        },
        ended: () => this.#client.close(),
        // Many servers close without a word: what they said before is what counts here.
        truncated: () => this.#end({ how: "closed" }),
        sendEnded: () => {
          if (this.#isEnough) this.#end({ how: "complete" });
        },
        closed: (error) => this.#end(error === undefined ? { how: "closed" } : { how: "failed", error }),
        trace: (event) => this.#traced(event),
      },
    );
    this.#reader = stream.readable.getReader();
    this.#writer = stream.writable.getWriter();
    this.#writer.closed.catch(() => {});
    this.#writer.ready.catch(() => {});
  }

  async run(): Promise<Conversation> {
    const { silence = defaultSilence, time = defaultConnectionTime, earlyData } = this.#plan;
    const whole = setTimeout(() => this.#silent(time), time);
    this.#wait(silence);
    if (earlyData !== undefined) this.#client.sendEarly(earlyData);
    this.#client.start();
    const reading = this.#read();
    const end = await this.#ended;
    clearTimeout(whole);
    clearTimeout(this.#timer);
    await this.#release();
    await reading;
    return {
      end,
      info: this.#info,
      sessions: this.#info === undefined ? [] : this.#sessions,
      data: this.#dataSoFar(),
      renegotiations: this.#renegotiations,
      earlyData: this.#earlyData,
      seen: this.#seen,
    };
  }

  /** Nobody wants to know any more. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#end({ how: "closed" });
  }

  async #read(): Promise<void> {
    try {
      while (!this.#isOver) {
        const { done, value } = await this.#reader.read();
        if (this.#isOver) return;
        if (done) {
          this.#client.receiveEnd();
          return;
        }
        this.#octets += value.length;
        if (this.#octets > maxConnectionOctets) this.#end({ how: "too much", octets: maxConnectionOctets });
        else this.#came(value);
      }
    } catch (cause) {
      if (!this.#isOver) this.#failed("the stream failed", cause);
    }
  }

  #came(bytes: Uint8Array): void {
    const { silence = defaultSilence } = this.#plan;
    this.#wait(this.#isClosing ? lingerTime : silence);
    this.#client.receive(bytes);
  }

  /** Nothing more is wanted but the end. */
  get #isClosing(): boolean {
    const { request, renegotiations = 0 } = this.#plan;
    return this.#info !== undefined && request === undefined && this.#renegotiations >= renegotiations;
  }

  #established(info: DangerousClientInfo): void {
    this.#info = info;
    const { request } = this.#plan;
    if (request !== undefined) {
      this.#saw("client", "application_data", request);
      this.#client.send(request);
      return;
    }
    this.#renegotiateOrClose();
  }

  #renegotiateOrClose(): void {
    const { renegotiations = 0 } = this.#plan;
    if (this.#renegotiations < renegotiations) {
      try {
        this.#client.renegotiate();
      } catch (error) {
        if (!(error instanceof TlsError)) throw error;
        this.#end({ how: "failed", error });
      }
      return;
    }
    // A server reads this behind our Finished, and what it has to say of sessions comes in front of its answer.
    this.#client.close();
    this.#wait(lingerTime);
  }

  #dataCame(bytes: Uint8Array): void {
    if (this.#isEnough) return;
    const taken = bytes.subarray(0, maxDataOctets - this.#dataOctets);
    this.#data ??= new Uint8Array(maxDataOctets);
    this.#data.set(taken, this.#dataOctets);
    this.#dataOctets += taken.length;
    this.#saw("server", "application_data", taken);
    if (taken.length < bytes.length) {
      this.#end({ how: "too much", octets: maxDataOctets });
    } else if (this.#plan.isEnough?.(this.#dataSoFar()) === true) {
      this.#isEnough = true;
      this.#client.close();
    }
  }

  #dataSoFar(): Uint8Array {
    return this.#data?.subarray(0, this.#dataOctets) ?? new Uint8Array(0);
  }

  #traced(event: TraceEvent): void {
    if (event.type === "keys") return;
    const from = event.direction === "sent" ? "client" : "server";
    if (event.type === "message") this.#saw(from, "handshake", event.bytes);
    else if (event.type === "alert") this.#saw(from, "alert", Uint8Array.of(event.level, event.description));
    else this.#saw(from, "change_cipher_spec", Uint8Array.of(1));
  }

  #saw(from: SeenMessage["from"], type: SeenMessage["type"], bytes: Uint8Array): void {
    if (this.#seen.length < maxMessagesSeen) this.#seen.push({ from, type, bytes: bytes.slice() });
  }

  #write(bytes: Uint8Array): void {
    // What a server said before it went away comes all the same, and says more than that it went.
    this.#writer.write(bytes).catch(() => {});
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#silent(milliseconds), milliseconds);
  }

  #silent(milliseconds: number): void {
    // An orderly end that nobody answers is one all the same.
    this.#end(this.#isClosing ? { how: "closed" } : { how: "silent", seconds: milliseconds / 1000 });
  }

  #failed(what: string, cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#end({
      how: "failed",
      error: new TlsError("truncation", "transport_failed", `${what}: ${reason}`, { cause }),
    });
  }

  /** What was written goes still, our close_notify or alert last, unless nobody wants to know any more. */
  async #release(): Promise<void> {
    this.#client.discard();
    const closed = this.#writer.close().catch(() => {});
    if (!this.#isGivenUp) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, flushTime);
      });
      await Promise.race([closed, late]);
      clearTimeout(timer);
    }
    this.#reader.cancel().catch(() => {});
  }
}
