import { TlsError } from "@tlskit/wire";
import { bytes as aUint8Array, check } from "@tlskit/wire/arguments";
import type { CapturedPacket, CaptureItem, Damage } from "./capture-item.ts";
import { CaptureReader } from "./capture-reader.ts";
import { IpFragments } from "./ip-fragments.ts";
import { ipPacketIn } from "./ip-packet.ts";
import { isKnownLinkType, networkPacketIn } from "./link-layer.ts";
import type { Moment } from "./moment.ts";
import { type CapturedEndpoint, tcp, tcpSegmentIn } from "./tcp-segment.ts";
import { type TcpEvent, TcpStreams } from "./tcp-streams.ts";
import { checkDecrypterOptions, type DecrypterOptions } from "./tls-decrypter.ts";
import type { TlsEvent } from "./tls-event.ts";
import { TlsInStream } from "./tls-in-stream.ts";

/** What is in a capture, decrypted as far as the key log goes. */
export type CaptureEvent =
  /** Something can't be read; what is behind it can. */
  | (Damage & { readonly moment: Moment })
  /** What became of a TCP connection, but for its data. */
  | (Exclude<TcpEvent, { readonly type: "data" }> & { readonly moment: Moment })
  /** There is TLS in it. What follows has the number of its stream. */
  | {
      readonly type: "tls";
      readonly stream: number;
      readonly client: CapturedEndpoint;
      readonly server: CapturedEndpoint;
      readonly moment: Moment;
    }
  | (TlsEvent & { readonly stream: number });

interface Followed {
  readonly initiator: CapturedEndpoint;
  readonly responder: CapturedEndpoint;
  readonly tls: TlsInStream;
}

/** Reads a capture to the end of it all: packets, TCP connections, and TLS in them. */
export class CaptureDecrypter {
  readonly #options: DecrypterOptions;
  readonly #reader = new CaptureReader();
  readonly #fragments = new IpFragments();
  readonly #tcp = new TcpStreams();
  readonly #streams = new Map<number, Followed>();
  readonly #unknownLinkTypes = new Set<number>();
  #moment: Moment = { packet: 0, at: undefined };

  /**
   * @param options whose key log gets what the capture itself has of one.
   * @throws {TlsError} `invalid_argument`, `unknown_option` (the caller's fault)
   */
  constructor(options: DecrypterOptions) {
    checkDecrypterOptions(options);
    this.#options = options;
  }

  /**
   * Reads on.
   * @param bytes of the file, which may be kept, and aren't to be changed any more.
   * @throws {TlsError} `not_a_capture`, `invalid_argument` (the caller's fault)
   */
  push(bytes: Uint8Array): readonly CaptureEvent[] {
    return this.#reader.push(bytes).flatMap((item) => [...this.#item(item)]);
  }

  /**
   * There is no more: tells what is incomplete because of that.
   * @throws {TlsError} `not_a_capture` (the caller's fault)
   */
  end(): readonly CaptureEvent[] {
    const events = this.#reader.end().flatMap((item) => [...this.#item(item)]);
    const { incomplete } = this.#fragments;
    if (incomplete > 0) {
      events.push(this.#damage("fragments_missing", `${incomplete} packets of IP were captured in part`));
    }
    return [...events, ...this.#tcp.end().flatMap((event) => [...this.#tcpEvent(event)])];
  }

  *#item(item: CaptureItem): Generator<CaptureEvent, void, undefined> {
    switch (item.type) {
      case "damage":
        yield { ...item, moment: this.#moment };
        break;
      case "keyLog":
        for (const { line, reason } of this.#options.keyLog.add(item.text)) {
          yield this.#damage("key_log", `line ${line} of a key log in the capture: ${reason}`);
        }
        break;
      case "packet":
        this.#moment = { packet: item.number, at: item.at };
        yield* this.#packet(item);
    }
  }

  *#packet({ linkType, bytes, number }: CapturedPacket): Generator<CaptureEvent, void, undefined> {
    if (!isKnownLinkType(linkType)) {
      if (this.#unknownLinkTypes.has(linkType)) return;
      this.#unknownLinkTypes.add(linkType);
      yield this.#damage("unknown_link_type", `packets of link type ${linkType} can't be read`);
      return;
    }
    try {
      const network = networkPacketIn(linkType, bytes);
      const packet = network && this.#fragments.add(ipPacketIn(network));
      if (packet?.protocol !== tcp) return;
      for (const event of this.#tcp.add(tcpSegmentIn(packet))) yield* this.#tcpEvent(event);
    } catch (error) {
      if (!(error instanceof TlsError && error.code === "decode_error")) throw error;
      yield this.#damage("malformed_packet", `packet ${number}: ${error.message}`);
    }
  }

  *#tcpEvent(event: TcpEvent): Generator<CaptureEvent, void, undefined> {
    const { stream } = event;
    const moment = this.#moment;
    if (event.type === "opened") {
      const { initiator, responder, fromBeginning } = event;
      const tls = new TlsInStream(this.#options, fromBeginning);
      this.#streams.set(stream, { initiator, responder, tls });
    }
    if (event.type !== "data" && event.type !== "closed") yield { ...event, moment };
    const followed = this.#streams.get(stream);
    if (followed === undefined) return;
    const { tls } = followed;
    if (event.type === "data") {
      for (const told of tls.push(event.from, event.bytes, moment))
        yield told.type === "tls" ? { ...told, stream, ...endsOf(followed, told.client) } : { ...told, stream };
    }
    if (event.type === "gap") for (const told of tls.gap(event.from, event.length)) yield { ...told, stream };
    if (event.type === "closed") {
      for (const told of tls.end()) yield { ...told, stream };
      this.#streams.delete(stream);
      yield { ...event, moment };
    }
  }

  #damage(code: string, reason: string): CaptureEvent {
    return { type: "damage", code, reason, moment: this.#moment };
  }
}

function endsOf(
  { initiator, responder }: Followed,
  client: "initiator" | "responder",
): { readonly client: CapturedEndpoint; readonly server: CapturedEndpoint } {
  return client === "initiator" ? { client: initiator, server: responder } : { client: responder, server: initiator };
}

/** Bytes of a capture that are read at a time. */
const chunkLength = 65_536;

/**
 * Everything in a capture that is there, decrypted as far as the key log goes.
 * @throws {TlsError} `not_a_capture`, `invalid_argument`, `unknown_option` (the caller's fault)
 */
export function* decryptCapture(
  bytes: Uint8Array,
  options: DecrypterOptions,
): Generator<CaptureEvent, void, undefined> {
  check(bytes, "bytes", aUint8Array);
  const decrypter = new CaptureDecrypter(options);
  for (let at = 0; at < bytes.length; at += chunkLength) yield* decrypter.push(bytes.subarray(at, at + chunkLength));
  yield* decrypter.end();
}
