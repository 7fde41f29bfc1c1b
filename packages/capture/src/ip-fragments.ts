import { decodeError } from "@tlskit/wire";
import type { IpFragment, IpPacket } from "./ip-packet.ts";
import { maxFragmentedDatagrams, maxFragments } from "./limits.ts";

/** Bytes of a datagram at most (RFC 791 §3.1, RFC 8200 §3). */
const maxDatagramLength = 65_535;

interface Part {
  readonly offset: number;
  readonly payload: Uint8Array;
}

/** A datagram of which something is missing. */
interface Waiting {
  /** Without a gap between two, in order. */
  readonly parts: Part[];
  /** Bytes that it has, if the last part is there. */
  length: number | undefined;
}

/**
 * Puts datagrams together out of their fragments (RFC 791 §3.2, RFC 8200 §4.5). One whose fragments overlap is dropped
 * (RFC 5722 §3): which of two was meant nobody knows, and that is how attackers say two things at once.
 */
export class IpFragments {
  readonly #waiting = new Map<string, Waiting>();
  #incomplete = 0;

  /** Datagrams that never were whole: those that wait included. */
  get incomplete(): number {
    return this.#incomplete + this.#waiting.size;
  }

  /**
   * The packet if it is whole, or the datagram that it makes whole.
   * @throws {TlsError} `decode_error` for a fragment that makes no sense with the others, which are dropped with it
   */
  add(packet: IpPacket): IpPacket | undefined {
    const { source, destination, protocol, payload, missing, fragment } = packet;
    if (fragment === undefined) return packet;
    const key = `${source} ${destination} ${protocol} ${fragment.identification}`;
    const waiting = this.#waiting.get(key) ?? this.#begin(key);
    if (!takes(waiting, fragment, payload) || missing > 0) {
      this.#waiting.delete(key);
      this.#incomplete += 1;
      throw decodeError("fragments of a packet overlap, are cut off or too many, or are longer than it can be");
    }
    const whole = wholeOf(waiting);
    if (whole === undefined) return undefined;
    this.#waiting.delete(key);
    return { ...packet, payload: whole, fragment: undefined };
  }

  #begin(key: string): Waiting {
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined && this.#waiting.size >= maxFragmentedDatagrams) {
      this.#waiting.delete(oldest);
      this.#incomplete += 1;
    }
    const waiting: Waiting = { parts: [], length: undefined };
    this.#waiting.set(key, waiting);
    return waiting;
  }
}

/** Takes a fragment in its place; false if it has none. */
function takes(waiting: Waiting, { offset, isLast }: IpFragment, payload: Uint8Array): boolean {
  const { parts } = waiting;
  const end = offset + payload.length;
  const at = parts.findIndex((part) => part.offset >= offset);
  const [before, after] = at < 0 ? [parts.at(-1), undefined] : [parts[at - 1], parts[at]];
  // The same once more says nothing new.
  if (after?.offset === offset && after.payload.length === payload.length) return true;
  if (end > maxDatagramLength || payload.length === 0 || parts.length >= maxFragments) return false;
  if (before !== undefined && before.offset + before.payload.length > offset) return false;
  if (after !== undefined && after.offset < end) return false;
  if (isLast ? waiting.length !== undefined || after !== undefined : end > (waiting.length ?? end)) return false;
  if (isLast) waiting.length = end;
  // Packets lie in whatever the capture came in, which a part isn't to keep.
  parts.splice(at < 0 ? parts.length : at, 0, { offset, payload: payload.slice() });
  return true;
}

function wholeOf({ parts, length }: Waiting): Uint8Array | undefined {
  if (length === undefined || parts.reduce((sum, { payload }) => sum + payload.length, 0) < length) return undefined;
  const whole = new Uint8Array(length);
  for (const { offset, payload } of parts) whole.set(payload, offset);
  return whole;
}
