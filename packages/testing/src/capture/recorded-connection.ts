import { ethernetFrame, type RecordedEndpoint, type RecordedPacket, TcpFlag, tcpPacket } from "./packets.ts";

/** Who sends. */
export type RecordedSender = "client" | "server";

/** What a recording is made of, if not of what there is unless told otherwise. */
export interface RecordedConnectionOptions {
  /** 192.0.2.1, port 50000, unless told otherwise. */
  readonly client?: RecordedEndpoint;
  /** 192.0.2.2, port 443, unless told otherwise. */
  readonly server?: RecordedEndpoint;
  /** Bytes of a segment at most: 1460 unless told otherwise. */
  readonly segmentLength?: number;
  /** Nanoseconds since the beginning of 1970 at each packet; a millisecond more than at the last unless told otherwise. */
  readonly clock?: () => bigint;
  /** Where packets are put, behind those of other connections; a list of its own unless told otherwise. */
  readonly packets?: RecordedPacket[];
  /** The numbers that the two ends' streams begin with. */
  readonly sequenceNumbers?: Readonly<Record<RecordedSender, number>>;
}

/**
 * A TCP connection as packets of Ethernet, as they would have been captured: what is put into a `pcapFile` is read by Wireshark,
 * and by `@tlskit/capture`. The connection is open when it is made.
 */
export class RecordedConnection {
  readonly packets: RecordedPacket[];
  readonly #ends: Readonly<Record<RecordedSender, RecordedEndpoint>>;
  readonly #next: Record<RecordedSender, number>;
  readonly #segmentLength: number;
  readonly #clock: () => bigint;

  constructor(options: RecordedConnectionOptions = {}) {
    const { segmentLength = 1460, sequenceNumbers = { client: 1000, server: 2000 } } = options;
    this.packets = options.packets ?? [];
    this.#ends = {
      client: options.client ?? { address: Uint8Array.of(192, 0, 2, 1), port: 50_000 },
      server: options.server ?? { address: Uint8Array.of(192, 0, 2, 2), port: 443 },
    };
    this.#segmentLength = segmentLength;
    this.#clock =
      options.clock ?? (() => BigInt(Date.UTC(2026, 0)) * 1_000_000n + BigInt(this.packets.length) * 1_000_000n);
    this.#next = { ...sequenceNumbers };
    this.#packet("client", TcpFlag.syn);
    this.#packet("server", TcpFlag.syn | TcpFlag.ack);
    this.#packet("client", TcpFlag.ack);
  }

  /** An end sends bytes, in as many segments as they take. */
  send(from: RecordedSender, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += this.#segmentLength) {
      this.#packet(from, TcpFlag.psh | TcpFlag.ack, bytes.subarray(at, at + this.#segmentLength));
    }
  }

  /** An end has nothing more to send. */
  finish(from: RecordedSender): void {
    this.#packet(from, TcpFlag.fin | TcpFlag.ack);
  }

  #packet(from: RecordedSender, flags: number, payload: Uint8Array = new Uint8Array(0)): void {
    const to = from === "client" ? "server" : "client";
    const [source, destination] = [this.#ends[from], this.#ends[to]];
    const numbers = { sequenceNumber: this.#next[from], acknowledges: flags & TcpFlag.ack ? this.#next[to] : 0 };
    const bytes = ethernetFrame(tcpPacket({ source, destination, ...numbers, flags, payload }));
    this.packets.push({ at: this.#clock(), bytes });
    const taken = payload.length + (flags & (TcpFlag.syn | TcpFlag.fin) ? 1 : 0);
    this.#next[from] = (this.#next[from] + taken) >>> 0;
  }
}
