import type { Random } from "@tlskit/crypto";
import type { Wire } from "./wire.ts";

/** How a peer turns hostile, wherever it is. */
export interface Manner {
  readonly name: string;
  /** From here on. What comes is read, unless this says otherwise. */
  turn(wire: Wire, random: Random): void;
  /** Whether it goes on with the handshake, in its manner. */
  readonly goesOn?: true;
  /** Whether it keeps the connection when the other side has hung up. */
  readonly holds?: true;
  /** What the end under test has to make of it in a handshake, and afterwards: what it ended with. */
  readonly ends: { readonly handshake: RegExp; readonly established: RegExp };
}

/** Any reason to refuse it, and no failure of one's own. */
const refused = /^(?!closed|internal_error)/;
const timedOut = { handshake: /^handshake_timeout$/, established: /^idle$/ };
const cutOff = { handshake: /^(ECONNRESET|EPIPE)$/, established: /^(truncated|ECONNRESET|EPIPE)$/ };

export const manners: readonly Manner[] = [
  { name: "says nothing more", turn: () => undefined, ends: timedOut },
  { name: "reads nothing more", turn: (wire) => wire.readNothing(), ends: timedOut },
  { name: "never closes", turn: () => undefined, holds: true, ends: timedOut },
  {
    name: "sends garbage",
    turn: (wire, random) => wire.write(random(1024)),
    ends: { handshake: refused, established: refused },
  },
  {
    name: "sends records of garbage",
    turn: (wire, random) => {
      for (const type of [22, 23]) wire.write(Buffer.concat([Uint8Array.of(type, 3, 3, 1, 0), random(256)]));
    },
    ends: { handshake: refused, established: refused },
  },
  { name: "half-closes", turn: ({ socket }) => void socket.end(), ends: cutOff },
  { name: "hangs up", turn: ({ socket }) => void socket.destroy(), ends: cutOff },
  { name: "resets", turn: ({ socket }) => void socket.resetAndDestroy(), ends: cutOff },
  {
    name: "goes on a byte at a time",
    turn: (wire) => wire.beSlow(),
    goesOn: true,
    ends: { handshake: /^(handshake_timeout|closed.*)$/, established: /^closed/ },
  },
];
