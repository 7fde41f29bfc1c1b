import { callerError } from "@tlskit/wire";
import type { LateTasks } from "../late/late-tasks.ts";
import type { Endpoint } from "./endpoint.ts";
import { Link, type LinkEnd, type LinkOptions } from "./link.ts";

/** What a network is made with. */
export interface NetworkOptions {
  /** What its clock shows first, in milliseconds since 1970: the beginning of 2026 unless told otherwise. */
  readonly now?: number;
  /** Late answers, which `run` brings about as well: between any two deliveries, one. */
  readonly tasks?: LateTasks;
}

/** Steps of `run` after which two endpoints are taken to keep each other busy for ever. */
const maxSteps = 10_000_000;

interface Event {
  readonly time: number;
  readonly call: () => void;
}

/**
 * A world without sockets and timers: links, and a clock of its own that goes on only in `run` and `advance`. The same
 * inputs give the same course of events, byte for byte.
 */
export class InMemoryNetwork {
  readonly #tasks: LateTasks | undefined;
  readonly #links: Link[] = [];
  /** By time, and in the order in which they were asked for. */
  readonly #events: Event[] = [];
  #now: number;

  constructor(options: NetworkOptions = {}) {
    this.#now = options.now ?? Date.UTC(2026, 0, 1);
    this.#tasks = options.tasks;
  }

  /** Milliseconds since 1970. A function of its own, so that it can be passed as a clock. */
  readonly clock = (): number => this.#now;

  /** A new connection of two ends. */
  link(options: LinkOptions = {}): Link {
    const link = new Link({ after: (milliseconds, call) => this.after(milliseconds, call) }, options);
    this.#links.push(link);
    return link;
  }

  /** Calls after so many simulated milliseconds, in `run` or `advance`. */
  after(milliseconds: number, call: () => void): void {
    const time = this.#now + milliseconds;
    const place = this.#events.findLastIndex((event) => event.time <= time) + 1;
    this.#events.splice(place, 0, { time, call });
  }

  /** Whether nothing is on its way: where answers come from outside of this world, it isn't over when `run` returns. */
  get isQuiet(): boolean {
    return this.#events.length === 0;
  }

  /**
   * Goes on until nothing is on its way any more and no answer is outstanding. Deadlines count as far as the clock comes
   * to them on the way; it doesn't go on for their sake.
   */
  run(): void {
    this.#runUntil(undefined);
  }

  /** Lets so many milliseconds go by, with everything, deadlines too, that is due in them. */
  advance(milliseconds: number): void {
    this.#runUntil(this.#now + milliseconds);
  }

  #runUntil(end: number | undefined): void {
    for (let steps = 0; this.#step(end); steps += 1) {
      if (steps > maxSteps) throw callerError("never_quiet", `the network is not quiet after ${maxSteps} steps`);
    }
    if (end !== undefined) this.#now = end;
  }

  #step(end: number | undefined): boolean {
    const answered = this.#tasks?.step() ?? false;
    const event = this.#events[0];
    const due = this.#earliestDeadline();
    const until = end ?? event?.time ?? Number.NEGATIVE_INFINITY;
    if (due !== undefined && due.deadline <= Math.min(until, event?.time ?? until)) {
      this.#now = Math.max(this.#now, due.deadline);
      due.endpoint.checkDeadline();
      if (due.endpoint.deadline === due.deadline) {
        throw callerError("deadline_kept", "an endpoint keeps its deadline though it has been reached");
      }
      return true;
    }
    if (event === undefined || event.time > until) return answered;
    this.#events.shift();
    this.#now = event.time;
    event.call();
    return true;
  }

  #earliestDeadline(): { readonly endpoint: Endpoint; readonly deadline: number } | undefined {
    let earliest: { readonly endpoint: Endpoint; readonly deadline: number } | undefined;
    for (const { endpoint } of this.#links.flatMap((link): LinkEnd[] => [link.left, link.right])) {
      const deadline = endpoint?.deadline;
      if (endpoint === undefined || deadline === undefined) continue;
      if (earliest === undefined || deadline < earliest.deadline) earliest = { endpoint, deadline };
    }
    return earliest;
  }
}
