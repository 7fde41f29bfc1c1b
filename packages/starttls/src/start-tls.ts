import { callerError, concat, notTls, TlsError } from "@tlskit/wire";
import { aFunction, aString, bytes, checkArguments, objectWith, optional } from "@tlskit/wire/arguments";
import { type Dialogue, malformed, nextOctet } from "./dialogue.ts";
import { maxOctets } from "./limits.ts";
import type { ClientNames, Protocol, ServerNames } from "./protocol.ts";
import { checkedClientName, checkedHost } from "./protocols/names.ts";

/** What a dialogue tells. Exactly one of `ready` and `failed` is called, once, and nothing behind it. */
export interface StartTlsHandlers {
  /** To be sent to the peer, as it is, in the clear. */
  bytes(bytes: Uint8Array): void;
  /** Both sides have agreed: what goes over the stream from here on, both ways, is TLS. */
  ready(): void;
  /** TLS doesn't begin. What was sent before it is all that there is to be said; the stream is to be closed. */
  failed(error: TlsError): void;
}

/**
 * What goes before TLS over one stream: bytes in, bytes out. Made by {@link startTlsClient} or {@link startTlsServer}.
 *
 * Nothing that comes in the clear is believed but the agreement itself: whoever is on the way can have written it, and can
 * have left out that the server has TLS, which is why a server without it is an error (RFC 3207 §6, RFC 2595 §2.1, RFC 7457
 * §2.1). Octets that come behind the agreement in one piece with it belong to nobody: they were sent before the TLS that
 * they would be taken for a part of, and are refused (the STARTTLS injection, CVE-2011-0411).
 */
export class StartTls {
  readonly #dialogue: Dialogue;
  readonly #handlers: StartTlsHandlers;
  /** What the dialogue waits for, if it waits. */
  #step: IteratorResult<Uint8Array | typeof nextOctet, void> | undefined;
  readonly #received: Uint8Array[] = [];
  #octets = 0;
  #state: "new" | "talking" | "ready" | "failed" = "new";

  /** @internal */
  constructor(dialogue: Dialogue, handlers: StartTlsHandlers) {
    this.#dialogue = dialogue;
    this.#handlers = handlers;
  }

  /** Whether TLS is to begin. */
  get isReady(): boolean {
    return this.#state === "ready";
  }

  /**
   * All that the peer has said in the clear: for whoever wants the greeting, as a client of MySQL does. Anybody on the way
   * can have written it.
   */
  get received(): Uint8Array {
    return concat(...this.#received);
  }

  /**
   * Says what this side says first, if it does.
   * @throws {TlsError} `already_started` (the caller's fault)
   */
  start(): void {
    if (this.#state !== "new") throw callerError("already_started", "the dialogue has been started");
    this.#state = "talking";
    this.#advance(new Uint8Array(0));
  }

  /**
   * What came from the peer.
   * @throws {TlsError} `invalid_argument`, `not_started`, `tls_begun` (the caller's fault): what comes behind `ready` is TLS's
   */
  receive(received: Uint8Array): void {
    checkArguments({ received }, { received: bytes });
    if (this.#state === "new") throw callerError("not_started", "the dialogue has not been started");
    if (this.#state === "ready") throw callerError("tls_begun", "what comes now is TLS's");
    if (this.#state === "failed") return;
    this.#octets += received.length;
    if (this.#octets > maxOctets) {
      this.#fail(notTls("message_too_long", `the peer sent more than ${maxOctets} octets before TLS`));
      return;
    }
    this.#received.push(received.slice());
    this.#advance(received);
  }

  /** The peer has ended the stream. */
  receiveEnd(): void {
    if (this.#state !== "talking") return;
    this.#fail(new TlsError("truncation", "truncated", "the peer ended the stream before TLS"));
  }

  /** Goes on with these octets until more are needed, or there is nothing more to say. */
  #advance(octets: Uint8Array): void {
    const said: Uint8Array[] = [];
    // What is told last is of this call alone: another one may be made while `bytes` is called.
    let outcome: "ready" | TlsError | undefined;
    let at = 0;
    try {
      this.#step ??= this.#dialogue.next(0);
      while (this.#step.done !== true) {
        const wanted = this.#step.value;
        if (wanted !== nextOctet) said.push(wanted);
        else if (at === octets.length) break;
        else at += 1;
        this.#step = this.#dialogue.next(wanted === nextOctet ? (octets[at - 1] ?? 0) : 0);
      }
      if (this.#step.done === true) {
        [this.#state, outcome] = ["ready", "ready"];
        // RFC 3207 §4.1, RFC 9051 §6.2.1, RFC 4642 §2.2.2: behind the agreement nothing comes but TLS.
        if (at < octets.length) {
          said.length = 0;
          throw plaintextBehind(octets.length - at);
        }
      }
    } catch (error) {
      [this.#state, outcome] = ["failed", asTlsError(error)];
    }
    if (said.length > 0) this.#handlers.bytes(concat(...said));
    if (outcome === "ready") this.#handlers.ready();
    else if (outcome !== undefined) this.#handlers.failed(outcome);
  }

  #fail(error: TlsError): void {
    this.#state = "failed";
    this.#handlers.failed(error);
  }
}

function plaintextBehind(count: number): TlsError {
  return notTls(
    "plaintext_before_tls",
    `${count} octets came in the clear behind the agreement to begin TLS, before it began`,
  );
}

function asTlsError(error: unknown): TlsError {
  // A row of somebody else's may fail in its own ways.
  if (!(error instanceof TlsError)) {
    return new TlsError("internal", "dialogue_failed", "the protocol's dialogue failed by itself", { cause: error });
  }
  // What can't be read has an alert, which nobody is sent: there is no TLS.
  return error.alert === undefined ? error : malformed("a message that is cut short");
}

const handlersMembers = { bytes: aFunction, ready: aFunction, failed: aFunction };
const checkedHandlers = objectWith("handlers", handlersMembers);
const aProtocol = objectWith("a protocol of @tlskit/starttls", { name: aString, client: aFunction });

/**
 * A client's part of what goes before TLS. Its ClientHello follows `ready`.
 * @throws {TlsError} `invalid_argument`, `invalid_host`, `invalid_client_name` (the caller's fault)
 */
export function startTlsClient(protocol: Protocol, names: ClientNames, handlers: StartTlsHandlers): StartTls {
  checkArguments(
    { protocol, names, handlers },
    {
      protocol: aProtocol,
      names: objectWith("names", { host: aString, clientName: optional(aString) }),
      handlers: checkedHandlers,
    },
  );
  return new StartTls(protocol.client(checkedClientName(checkedHost(names))), handlers);
}

/**
 * A server's part of what goes before TLS.
 * @throws {TlsError} `invalid_argument`, `invalid_host`, `no_server_dialogue` (the caller's fault)
 */
export function startTlsServer(protocol: Protocol, names: ServerNames, handlers: StartTlsHandlers): StartTls {
  checkArguments(
    { protocol, names, handlers },
    { protocol: aProtocol, names: objectWith("names", { host: aString }), handlers: checkedHandlers },
  );
  if (protocol.server === undefined) {
    throw callerError("no_server_dialogue", `there is no server's part of ${protocol.name}`);
  }
  return new StartTls(protocol.server(checkedHost(names)), handlers);
}
