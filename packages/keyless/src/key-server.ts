import { type Awaitable, isWaitable, type SignatureAlgorithm, type Signer } from "@tlskit/crypto";
import { Alert, callerError, peerError, TlsError } from "@tlskit/wire";
import {
  aFunction,
  aNumber,
  anObject,
  aString,
  bytes,
  check,
  checkArguments,
  checkOptions,
  type Expectations,
  listOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { checkSize } from "./expectations.ts";
import { type ConnectionHandlers, expectedHandlers } from "./handlers.ts";
import {
  defaultRequestsInFlight,
  defaultSignaturesPending,
  defaultSignatureTimeout,
  maxKeyNameLength,
  maxSignatureLength,
  maxUnreadBytes,
} from "./limits.ts";
import {
  algorithmNamed,
  answers,
  encodeMessage,
  type MessageType,
  type RefusalReason,
  refusalFor,
  requests,
  type SignRequest,
} from "./message.ts";
import { MessageStream } from "./message-stream.ts";
import { formAllows, type SignedFormName, signedFormNames } from "./signed-form.ts";
import { isVisibleText } from "./text.ts";

/** A key, who may use it, and for what. */
export interface ServedKey<Client> {
  /** Whatever signs with it: `signerFor(provider, privateKey, random)` of `@tlskit/crypto`, or what is elsewhere itself. */
  readonly signer: Signer;
  /** Whether a client may use it. Asked at each request; what it throws is a refusal. */
  readonly mayUse: (client: Client) => boolean;
  /** What it may sign with: everything that the signer can, unless told otherwise. */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined;
  /** What it may sign: `tls13` alone, unless told otherwise. */
  readonly forms?: readonly SignedFormName[] | undefined;
}

/** What became of a request, for who runs the server. No secret is in it, nor what was signed. */
export interface KeyServerEvent<Client> {
  readonly type: "described" | "signed" | "refused";
  readonly client: Client;
  /** As the client names it: visible ASCII, and at a refusal maybe the name of nothing. */
  readonly key: string;
  readonly algorithm?: string;
  readonly form?: SignedFormName;
  /** Why it was refused. */
  readonly reason?: RefusalReason;
  /** What the signer, or the rule of who may use the key, threw. */
  readonly cause?: unknown;
}

/** What a key server is made with. */
export interface KeyServerOptions<Client> {
  /** The keys by name: 1 to 255 visible ASCII characters. */
  readonly keys: Readonly<Record<string, ServedKey<Client>>>;
  /** Milliseconds; what they are counted from doesn't matter. */
  readonly clock: () => number;
  /** Requests of a connection that are worked on at a time: 256 unless told otherwise. */
  readonly maxRequestsInFlight?: number | undefined;
  /** Signatures that a key's signer owes at a time: 256 unless told otherwise. */
  readonly maxSignaturesPending?: number | undefined;
  /** Milliseconds that a signer has for a signature: 2000 unless told otherwise. */
  readonly signatureTimeout?: number | undefined;
  /** Told what became of each request. It has to return. */
  readonly told?: ((event: KeyServerEvent<Client>) => void) | undefined;
}

const ofServers: Expectations<KeyServerOptions<unknown>> = {
  keys: anObject,
  clock: aFunction,
  maxRequestsInFlight: optional(aNumber),
  maxSignaturesPending: optional(aNumber),
  signatureTimeout: optional(aNumber),
  told: optional(aFunction),
};

const ofKeys: Expectations<ServedKey<unknown>> = {
  signer: objectWith("a signer", { algorithms: listOf(aString), sign: aFunction }),
  mayUse: aFunction,
  algorithms: optional(listOf(aString)),
  forms: optional(listOf(aString)),
};

/** A key that is served, and the signatures that its signer owes. */
interface KeyInUse<Client> {
  readonly signer: Signer;
  readonly mayUse: (client: Client) => boolean;
  /** What it signs by, in each form that it may. */
  readonly allowed: ReadonlyMap<SignedFormName, readonly SignatureAlgorithm[]>;
  pending: number;
}

/** What all connections of a server have in common. */
interface Served<Client> {
  readonly keys: ReadonlyMap<string, KeyInUse<Client>>;
  readonly clock: () => number;
  readonly maxRequestsInFlight: number;
  readonly maxSignaturesPending: number;
  readonly signatureTimeout: number;
  readonly told: (event: KeyServerEvent<Client>) => void;
}

/**
 * Signs with private keys for TLS servers that haven't got them. Who asks has been authenticated before, by the TLS
 * connection that the protocol runs over: `accept` is told who it is. It signs what a TLS server signs in a handshake,
 * which it composes itself, and never octets that somebody sends.
 */
export class KeyServer<Client> {
  readonly #served: Served<Client>;

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range`, `invalid_key_name`, `unsuitable_key` (the caller's fault) */
  constructor(options: KeyServerOptions<Client>) {
    checkOptions<KeyServerOptions<Client>>("KeyServer", options, ofServers);
    const {
      maxRequestsInFlight = defaultRequestsInFlight,
      maxSignaturesPending = defaultSignaturesPending,
      signatureTimeout = defaultSignatureTimeout,
    } = options;
    this.#served = {
      keys: new Map(Object.entries(options.keys).map(([name, key]) => [name, keyInUse(name, key)])),
      clock: options.clock,
      maxRequestsInFlight: checkSize("maxRequestsInFlight", maxRequestsInFlight),
      maxSignaturesPending: checkSize("maxSignaturesPending", maxSignaturesPending),
      signatureTimeout: checkSize("signatureTimeout", signatureTimeout),
      told: options.told ?? (() => undefined),
    };
  }

  /**
   * A connection with a client that has been authenticated.
   * @param client who it is, for the keys' rules and for events.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  accept(client: Client, handlers: ConnectionHandlers): KeyServerConnection<Client> {
    check(handlers, "handlers", expectedHandlers);
    return new KeyServerConnection(this.#served, client, handlers);
  }
}

function keyInUse<Client>(name: string, key: ServedKey<Client>): KeyInUse<Client> {
  if (!isVisibleText(name, maxKeyNameLength)) {
    throw callerError(
      "invalid_key_name",
      `a key's name is 1 to ${maxKeyNameLength} visible ASCII characters, not ${JSON.stringify(name)}`,
    );
  }
  checkOptions<ServedKey<Client>>(`keys[${JSON.stringify(name)}]`, key, ofKeys);
  const { signer, mayUse, algorithms = signer.algorithms, forms = ["tls13"] } = key;
  const unknown = forms.find((form) => !signedFormNames.includes(form));
  if (unknown !== undefined) throw callerError("unsuitable_key", `the key ${name} has no form ${unknown}`);
  const cannot = algorithms.find((algorithm) => !signer.algorithms.includes(algorithm));
  if (cannot !== undefined)
    throw callerError("unsuitable_key", `the signer of the key ${name} doesn't sign by ${cannot}`);
  const allowed = new Map(
    forms.map((form) => [form, algorithms.filter((algorithm) => formAllows(form, algorithm))] as const),
  );
  if ([...allowed.values()].every(({ length }) => length === 0)) {
    throw callerError("unsuitable_key", `the key ${name} can sign nothing that it may`);
  }
  return { signer, mayUse, allowed, pending: 0 };
}

/** Why something is not done. */
class Refused {
  readonly reason: RefusalReason;
  readonly cause: unknown;

  constructor(reason: RefusalReason, cause?: unknown) {
    this.reason = reason;
    this.cause = cause;
  }
}

/** A request that is worked on. */
interface InFlight {
  readonly request: SignRequest;
  readonly deadline: number;
}

/** A client's connection to a key server. Made by {@link KeyServer.accept}. */
export class KeyServerConnection<Client> {
  readonly #served: Served<Client>;
  readonly #client: Client;
  readonly #handlers: ConnectionHandlers;
  readonly #messages = new MessageStream(requests);
  /** By id, in the order in which they are due. */
  readonly #inFlight = new Map<number, InFlight>();
  #working = false;
  /** Whether bytes waited for an answer when work was last done. */
  #waits = false;
  #over = false;

  /** @internal */
  constructor(served: Served<Client>, client: Client, handlers: ConnectionHandlers) {
    this.#served = served;
    this.#client = client;
    this.#handlers = handlers;
  }

  /** When `checkDeadline` is due, by the server's clock; nothing while no signature is waited for. */
  get deadline(): number | undefined {
    const [first] = this.#inFlight.values();
    return first?.deadline;
  }

  /** Bytes that wait until requests have been answered. While there are any, a transport reads no more. */
  get unread(): number {
    return this.#isFull ? this.#messages.length : 0;
  }

  /** Bytes from the client. They may be kept, and are never written to. */
  receive(received: Uint8Array): void {
    checkArguments({ bytes: received }, { bytes });
    if (this.#over) return;
    this.#messages.push(received);
    this.#work();
    if (this.unread > maxUnreadBytes) {
      this.#end(
        peerError("too_much_unread", Alert.internalError, `more than ${maxUnreadBytes} bytes wait, and more were read`),
      );
    }
  }

  /** The client sends no more. It waits for no answer then: what is worked on isn't answered any more. */
  receiveEnd(): void {
    if (this.#over) return;
    if (!this.#messages.isEmpty && !this.#isFull) {
      this.#end(new TlsError("truncation", "truncated", "the stream ended inside a request"));
    } else this.#end(undefined);
  }

  /** Ends it: what is worked on isn't answered any more. */
  close(): void {
    this.#end(undefined);
  }

  /** To be called at `deadline`, or whenever: refuses what a signer has taken too long for. */
  checkDeadline(): void {
    const now = this.#served.clock();
    for (const [id, { request, deadline }] of [...this.#inFlight]) {
      if (deadline <= now) this.#answer(id, request, new Refused("signature_timeout"));
    }
    this.#work();
  }

  get #isFull(): boolean {
    return this.#inFlight.size >= this.#served.maxRequestsInFlight;
  }

  /** Takes requests as long as there are any, and not too many are worked on. */
  #work(): void {
    // An answer that comes at once leads here from inside the loop, which goes on by itself.
    if (this.#working) return;
    this.#working = true;
    try {
      while (!this.#over && !this.#isFull) {
        const message = this.#messages.next();
        if (message === undefined) break;
        if (message.name === "describe") this.#describe(message.id, message.value.key);
        else this.#sign(message.id, message.value);
      }
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      this.#end(error);
    } finally {
      this.#working = false;
    }
    const waited = this.#waits;
    this.#waits = this.unread > 0;
    if (waited && !this.#waits && !this.#over) this.#handlers.drained?.();
  }

  #describe(id: number, name: string): void {
    const key = this.#keyFor(name);
    if (key instanceof Refused) {
      this.#served.told({ type: "refused", client: this.#client, key: name, ...key });
      this.#send(answers.refusal, id, refusalFor(key.reason));
      return;
    }
    this.#served.told({ type: "described", client: this.#client, key: name });
    this.#send(answers.description, id, { algorithms: [...new Set([...key.allowed.values()].flat())] });
  }

  /** A key by its name, if it is there for this client; whether there is one that isn't, nobody is told. */
  #keyFor(name: string): KeyInUse<Client> | Refused {
    const key = this.#served.keys.get(name);
    if (key === undefined) return new Refused("no_such_key");
    try {
      return key.mayUse(this.#client) === true ? key : new Refused("no_such_key");
    } catch (error) {
      return new Refused("no_such_key", error);
    }
  }

  #sign(id: number, request: SignRequest): void {
    if (this.#inFlight.has(id)) {
      throw peerError("id_in_use", Alert.illegalParameter, `a request has the id ${id} of one that isn't answered`);
    }
    const deadline = this.#served.clock() + this.#served.signatureTimeout;
    this.#inFlight.set(id, { request, deadline });
    const key = this.#keyFor(request.key);
    if (key instanceof Refused) {
      this.#answer(id, request, key);
      return;
    }
    const made = this.#signatureOf(key, request);
    if (!isWaitable(made)) {
      this.#answer(id, request, made);
      return;
    }
    const flight = this.#inFlight.get(id);
    made.then(
      (answer) => {
        // One that comes too late has been answered, and its id may be another's.
        if (this.#inFlight.get(id) === flight) this.#answer(id, request, answer);
        this.#work();
      },
      () => undefined, // it doesn't fail
    );
  }

  /** A signature, or why there is none. Never fails. */
  #signatureOf(key: KeyInUse<Client>, { algorithm: name, content }: SignRequest): Awaitable<Uint8Array | Refused> {
    const allowed = key.allowed.get(content.form);
    if (allowed === undefined) return new Refused("form_not_allowed");
    const algorithm = algorithmNamed(name);
    if (algorithm === undefined || !allowed.includes(algorithm)) return new Refused("algorithm_not_allowed");
    // Also one that nobody waits for any longer is owed.
    if (key.pending >= this.#served.maxSignaturesPending) return new Refused("key_too_busy");
    let made: Awaitable<Uint8Array>;
    try {
      made = key.signer.sign(algorithm, content.content);
    } catch (error) {
      return new Refused("signer_failed", error);
    }
    if (!isWaitable(made)) return checkedSignature(made);
    key.pending += 1;
    const settled = <T>(answer: T): T => {
      key.pending -= 1;
      return answer;
    };
    const waitable = made;
    return {
      // biome-ignore lint/suspicious/noThenProperty: being waited for is what it is for
      then: (done) =>
        waitable.then(
          (given) => done(settled(checkedSignature(given))),
          (error) => done(settled(new Refused("signer_failed", error))),
        ),
    };
  }

  #answer(id: number, { key, algorithm, content: { form } }: SignRequest, answer: Uint8Array | Refused): void {
    if (this.#over) return;
    this.#inFlight.delete(id);
    const about = { client: this.#client, key, algorithm, form };
    if (answer instanceof Refused) {
      this.#served.told({ type: "refused", ...about, ...answer });
      this.#send(answers.refusal, id, refusalFor(answer.reason));
      return;
    }
    this.#served.told({ type: "signed", ...about });
    this.#send(answers.signature, id, { signature: answer });
  }

  #send<T>(type: MessageType<string, T>, id: number, value: T): void {
    if (!this.#over) this.#handlers.bytes(encodeMessage(type, id, value));
  }

  #end(error: TlsError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#inFlight.clear();
    this.#messages.clear();
    this.#handlers.closed(error);
  }
}

/** Signers may be written in JavaScript. */
function checkedSignature(given: unknown): Uint8Array | Refused {
  if (bytes(given, "signature") !== undefined) return new Refused("signer_failed");
  const made = given as Uint8Array; // by the check above, of whatever realm
  return made.length > 0 && made.length <= maxSignatureLength ? made : new Refused("signer_failed");
}
