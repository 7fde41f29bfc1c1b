import { anObject, check } from "@tlskit/wire/arguments";
import { maxPendingInAll, maxStreams, maxWindow } from "./limits.ts";
import { PendingPieces } from "./pending-pieces.ts";
import type { CapturedEndpoint, TcpSegment } from "./tcp-segment.ts";

/** Who sent something: the end that opened the connection, or the other one. */
export type TcpSender = "initiator" | "responder";

/** How a connection came to its end. */
export type TcpEnd =
  /** Both ends have finished. */
  | "finished"
  /** One of them has reset it. */
  | "reset"
  /** Another connection began between the same ports. */
  | "replaced"
  /** There were too many others. */
  | "given_up"
  /** It goes on behind the end of the capture. */
  | "capture_ended";

/** What comes of segments. */
export type TcpEvent = { readonly stream: number } & (
  | {
      readonly type: "opened";
      readonly initiator: CapturedEndpoint;
      readonly responder: CapturedEndpoint;
      /** Whether the capture has its beginning. Otherwise the initiator is whoever was seen sending first. */
      readonly fromBeginning: boolean;
    }
  /** What comes next of one direction. The first that was seen of it, where segments overlap. */
  | { readonly type: "data"; readonly from: TcpSender; readonly bytes: Uint8Array }
  /** Bytes that the capture hasn't got, or got too late. */
  | { readonly type: "gap"; readonly from: TcpSender; readonly length: number }
  /** Bytes that came again, and were others than those that wait. */
  | { readonly type: "conflict"; readonly from: TcpSender; readonly length: number }
  /** A segment that has no place in the connection. */
  | { readonly type: "outOfWindow"; readonly from: TcpSender }
  | { readonly type: "closed"; readonly how: TcpEnd }
);

/** One direction of a connection. */
interface Direction {
  readonly sender: TcpSender;
  /** The sequence number of the SYN, if it was seen. */
  initial: number | undefined;
  /** The sequence number that comes next, once one is known. */
  next: number | undefined;
  /** Bytes of the stream in front of that. */
  position: number;
  /** Where the stream ends, if that is known. */
  end: number | undefined;
  readonly pending: PendingPieces;
}

interface Stream {
  readonly number: number;
  readonly initiator: Direction;
  readonly responder: Direction;
  isClosed: boolean;
}

/** Both ends' names in the same order, whoever sends. */
function keyOf({ source, destination }: TcpSegment): string {
  return [source, destination]
    .map(({ address, port }) => `${address} ${port}`)
    .sort()
    .join(" ");
}

function direction(sender: TcpSender): Direction {
  return { sender, initial: undefined, next: undefined, position: 0, end: undefined, pending: new PendingPieces() };
}

/**
 * Puts TCP connections together out of their segments, in whatever order they were captured: what comes again is left out, what
 * overlaps is taken as it came first, and what is missing is told. Connections have numbers from 0, in the order in which they
 * begin, as others count; one that begins anew between the same ports is another one.
 */
export class TcpStreams {
  readonly #streams = new Map<string, { readonly stream: Stream; readonly initiator: CapturedEndpoint }>();
  #count = 0;
  #pending = 0;

  /**
   * Takes a segment, and tells what comes of it.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  add(segment: TcpSegment): readonly TcpEvent[] {
    check(segment, "segment", anObject);
    return [...this.#add(segment)];
  }

  /** The capture is over: what still waits is told, with the gaps in front of it. */
  end(): readonly TcpEvent[] {
    const events = [...this.#streams.values()].flatMap(({ stream }) => [...this.#close(stream, "capture_ended")]);
    this.#streams.clear();
    return events;
  }

  *#add(segment: TcpSegment): Generator<TcpEvent, void, undefined> {
    const key = keyOf(segment);
    const known = this.#streams.get(key);
    const isInitiators = known !== undefined && isSame(known.initiator, segment.source);
    if (known !== undefined && !beginsAnew(known.stream, isInitiators, segment)) {
      yield* this.#take(known.stream, isInitiators ? known.stream.initiator : known.stream.responder, segment);
      return;
    }
    if (known !== undefined) yield* this.#close(known.stream, "replaced");
    // What comes of a connection behind its end, of which the capture has nothing else, is nothing.
    if (!segment.syn && segment.payload.length === 0) return;
    yield* this.#makeRoom();
    const isAnswer = segment.syn && segment.ack;
    const [initiator, responder] = isAnswer
      ? [segment.destination, segment.source]
      : [segment.source, segment.destination];
    const stream: Stream = {
      number: this.#count,
      initiator: direction("initiator"),
      responder: direction("responder"),
      isClosed: false,
    };
    this.#count += 1;
    this.#streams.delete(key);
    this.#streams.set(key, { stream, initiator });
    yield { stream: stream.number, type: "opened", initiator, responder, fromBeginning: segment.syn };
    yield* this.#take(stream, isAnswer ? stream.responder : stream.initiator, segment);
  }

  *#makeRoom(): Generator<TcpEvent, void, undefined> {
    if (this.#streams.size < maxStreams) return;
    for (const [key, { stream }] of this.#streams) {
      this.#streams.delete(key);
      yield* this.#close(stream, "given_up");
      return;
    }
  }

  *#take(stream: Stream, side: Direction, segment: TcpSegment): Generator<TcpEvent, void, undefined> {
    const { number } = stream;
    if (stream.isClosed) return;
    const { payload, missing } = segment;
    // RFC 9293 §3.4: a SYN takes up a number of its own.
    const first = (segment.sequenceNumber + (segment.syn ? 1 : 0)) >>> 0;
    if (segment.syn) side.initial = segment.sequenceNumber;
    if (side.next === undefined && (segment.syn || segment.fin || segment.rst || payload.length > 0)) side.next = first;
    if (side.next === undefined) return;
    // RFC 9293 §3.4: numbers wrap around; what is less than half of them ahead is ahead.
    const ahead = (first - side.next) | 0;
    // RFC 5961 §3.2: a reset that isn't where the stream is would be anybody's. A FIN takes up a number of its own.
    const isReset = segment.rst && (ahead === 0 || (side.end === side.position && ahead === 1));
    if (Math.abs(ahead) > maxWindow || segment.rst !== isReset) {
      yield { stream: number, type: "outOfWindow", from: side.sender };
      return;
    }
    if (isReset) {
      yield* this.#close(stream, "reset");
      return;
    }
    const start = side.position + ahead;
    yield* this.#place(stream, side, start, payload);
    if (missing > 0 && start + payload.length === side.position) yield skip(number, side, missing);
    if (segment.fin) side.end = start + payload.length + missing;
    if (isOver(stream.initiator) && isOver(stream.responder)) yield* this.#close(stream, "finished");
  }

  /** Puts bytes where they belong, and tells of all that has come next by that. */
  *#place(stream: Stream, side: Direction, start: number, payload: Uint8Array): Generator<TcpEvent, void, undefined> {
    const { number } = stream;
    const old = Math.max(0, Math.min(payload.length, side.position - start));
    const fresh = payload.subarray(old);
    if (fresh.length === 0) return;
    const from = side.sender;
    if (side.pending.length === 0 && start + old === side.position) {
      yield advance(number, side, fresh);
      return;
    }
    this.#pending -= side.pending.length;
    const conflicting = side.pending.add(start + old, fresh);
    this.#pending += side.pending.length;
    if (conflicting > 0) yield { stream: number, type: "conflict", from, length: conflicting };
    yield* this.#flush(number, side);
    while (side.pending.tooMany || (this.#pending > maxPendingInAll && side.pending.length > 0)) {
      yield* this.#skipGap(number, side);
    }
  }

  /** Tells of what waits, as far as nothing is missing. */
  *#flush(number: number, side: Direction): Generator<TcpEvent, void, undefined> {
    for (;;) {
      const bytes = side.pending.takeAt(side.position);
      if (bytes === undefined) return;
      this.#pending -= bytes.length;
      yield advance(number, side, bytes);
    }
  }

  /** Goes on behind the first gap. */
  *#skipGap(number: number, side: Direction): Generator<TcpEvent, void, undefined> {
    const { start } = side.pending;
    if (start === undefined) return;
    yield skip(number, side, start - side.position);
    yield* this.#flush(number, side);
  }

  *#close(stream: Stream, how: TcpEnd): Generator<TcpEvent, void, undefined> {
    if (stream.isClosed) return;
    stream.isClosed = true;
    for (const side of [stream.initiator, stream.responder]) {
      while (side.pending.length > 0) yield* this.#skipGap(stream.number, side);
      if (side.end !== undefined && side.end > side.position) {
        yield skip(stream.number, side, side.end - side.position);
      }
    }
    yield { stream: stream.number, type: "closed", how };
  }
}

function isSame(one: CapturedEndpoint, other: CapturedEndpoint): boolean {
  return one.address === other.address && one.port === other.port;
}

/** Whether a segment opens another connection than the one that is known between these ports. */
function beginsAnew(stream: Stream, isInitiators: boolean, { syn, ack, sequenceNumber }: TcpSegment): boolean {
  if (!syn) return false;
  const side = isInitiators ? stream.initiator : stream.responder;
  if (side.initial === sequenceNumber) return false;
  // The answer to a SYN belongs to it, unless there was one already.
  return !ack || side.next !== undefined;
}

function isOver({ end, position }: Direction): boolean {
  return end !== undefined && position >= end;
}

function advance(stream: number, side: Direction, bytes: Uint8Array): TcpEvent {
  move(side, bytes.length);
  return { stream, type: "data", from: side.sender, bytes };
}

function skip(stream: number, side: Direction, length: number): TcpEvent {
  move(side, length);
  return { stream, type: "gap", from: side.sender, length };
}

function move(side: Direction, length: number): void {
  side.position += length;
  side.next = ((side.next ?? 0) + length) >>> 0;
}
