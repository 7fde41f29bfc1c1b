/** What tickets are: sessions, sealed with keys that are in Redis, or names of sessions that are there. */
export type TicketForm = "sealed" | "stored";

/** What the processes of servers are told at their start. */
export interface Setup {
  /** Where Redis listens. */
  readonly redis: string;
  readonly tickets: TicketForm;
  /** The operator's key, in hexadecimal digits. */
  readonly key: string;
  /** PEM. */
  readonly chain: string;
  readonly privateKey: string;
}

/** The doors of a server: with a guard, and, as a control, with one that admits whatever comes. */
export type Door = "guarded" | "unguarded";

export type Ports = Readonly<Record<Door, number>>;

/** Texts that were taken as early data, by door, each as often as it was taken. */
export type Taken = Readonly<Record<Door, readonly string[]>>;

export const host = "localhost";

/** Tickets that a full handshake brings. */
export const ticketCount = 8;

/** Milliseconds by which tickets may be older than they say: so many that no machine is too slow for this. */
export const tolerance = 3_600_000;
