import { callerError, concat } from "@tlskit/wire";
import { asWritten, type Chunking } from "./chunking.ts";
import type { Endpoint } from "./endpoint.ts";

/** An end of a link. */
export type Side = "left" | "right";

/**
 * A man in the middle: what arrives instead of a write. The same bytes let it pass, others change it, none drop it, more
 * add to it.
 */
export type Intercept = (from: Side, bytes: Uint8Array) => readonly Uint8Array[];

/** How a link behaves. */
export interface LinkOptions {
  /** Simulated milliseconds from one end to the other: 0 unless told otherwise. */
  readonly latency?: number;
  /** Makes the policy of each direction; as written unless told otherwise. */
  readonly chunking?: (from: Side) => Chunking;
  readonly intercept?: Intercept;
}

/** What a link needs of its network. */
export interface LinkHost {
  /** Calls after so many simulated milliseconds, behind everything that is due then already. */
  after(milliseconds: number, call: () => void): void;
}

/** A connection of two ends, each of which has what the endpoint there needs to write. */
export class Link {
  readonly left: LinkEnd;
  readonly right: LinkEnd;

  constructor(host: LinkHost, options: LinkOptions) {
    const toRight = new Pipe(host, options, "left");
    const toLeft = new Pipe(host, options, "right");
    this.left = new LinkEnd(toRight, toLeft);
    this.right = new LinkEnd(toLeft, toRight);
  }

  /** The connection is lost: both ends get the end of the stream, and nothing that is on its way arrives. */
  lose(): void {
    this.left.lose();
    this.right.lose();
  }
}

/** One end of a link. */
export class LinkEnd {
  readonly #out: Pipe;
  readonly #in: Pipe;
  #endpoint: Endpoint | undefined;

  constructor(out: Pipe, input: Pipe) {
    this.#out = out;
    this.#in = input;
  }

  /** Puts an endpoint here; what arrived before is given to it. */
  attach(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    this.#in.attach(endpoint);
  }

  /** What is attached, if anything is. */
  get endpoint(): Endpoint | undefined {
    return this.#endpoint;
  }

  /** Sends bytes to the other end. A function of its own, so that it can be passed as a callback. */
  readonly write = (bytes: Uint8Array): void => this.#out.write(bytes);

  /** Half-close: the other end gets the end of the stream behind what was written. */
  readonly end = (): void => this.#out.end();

  /** Delivers bytes here that the other end never sent. */
  inject(bytes: Uint8Array): void {
    this.#in.inject(bytes);
  }

  /** What was written here until now, write by write, before anything in the middle. */
  get written(): readonly Uint8Array[] {
    return this.#out.log;
  }

  /** Nothing that is on its way to here arrives, but the end of the stream. */
  lose(): void {
    this.#in.lose();
  }
}

/** One direction. */
class Pipe {
  readonly #host: LinkHost;
  readonly #from: Side;
  readonly #latency: number;
  readonly #chunking: Chunking;
  readonly #intercept: Intercept;
  readonly log: Uint8Array[] = [];
  #endpoint: Endpoint | undefined;
  #underway: Uint8Array[] = [];
  #ended = false;
  #lost = false;
  #arrived: (() => void)[] = [];

  constructor(host: LinkHost, options: LinkOptions, from: Side) {
    this.#host = host;
    this.#from = from;
    this.#latency = options.latency ?? 0;
    this.#chunking = (options.chunking ?? asWritten)(from);
    this.#intercept = options.intercept ?? ((_from, bytes) => [bytes]);
  }

  attach(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    const arrived = this.#arrived;
    this.#arrived = [];
    for (const deliver of arrived) deliver();
  }

  write(bytes: Uint8Array): void {
    if (this.#ended) throw callerError("closed", "this end of the link was ended");
    // A copy: whoever writes into a buffer that it has sent shall not be helped to go unnoticed, nor punished here.
    this.log.push(bytes.slice());
    for (const piece of this.#intercept(this.#from, bytes.slice())) this.#send(piece);
  }

  inject(bytes: Uint8Array): void {
    this.#send(bytes);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#host.after(this.#latency, () => this.#deliverEnd());
  }

  lose(): void {
    this.#ended = true;
    this.#underway = [];
    this.#deliverEnd();
  }

  #send(bytes: Uint8Array): void {
    this.#underway.push(bytes);
    this.#host.after(this.#latency, () => this.#deliverNext());
  }

  #deliverNext(): void {
    const taken = this.#chunking.joins ? this.#underway.splice(0) : this.#underway.splice(0, 1);
    if (taken.length === 0) return;
    for (const chunk of this.#chunking.cut(concat(...taken))) this.#deliver((endpoint) => endpoint.receive(chunk));
  }

  #deliverEnd(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#deliver((endpoint) => endpoint.receiveEnd());
  }

  #deliver(call: (endpoint: Endpoint) => void): void {
    const endpoint = this.#endpoint;
    if (endpoint !== undefined) call(endpoint);
    else this.#arrived.push(() => this.#deliver(call));
  }
}
