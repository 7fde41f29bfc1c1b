import { ByteQueue, callerError, type TlsError } from "@tlskit/wire";
import { bytes as aUint8Array, check } from "@tlskit/wire/arguments";
import { available, type CaptureItem, damage, type Items } from "./capture-item.ts";
import { pcapFormat, pcapItems } from "./pcap.ts";
import { pcapngItems, sectionHeader } from "./pcapng.ts";

/** Bytes that tell what kind of capture it is. */
const magicLength = 4;

/**
 * Reads a capture in pcap or pcapng, of either byte order, in whatever pieces it comes. It holds no more than the packet or
 * block that isn't there whole.
 */
export class CaptureReader {
  readonly #input = new ByteQueue();
  readonly #items: Items = itemsIn(this.#input);
  #begun = false;
  #ended = false;

  /**
   * Reads on. Where damage is such that nothing tells what begins where behind it, nothing more comes.
   * @param bytes which may be kept, and aren't to be changed any more: packets lie in them.
   * @throws {TlsError} `not_a_capture` for a beginning that no capture has, `invalid_argument` (the caller's fault)
   */
  push(bytes: Uint8Array): readonly CaptureItem[] {
    check(bytes, "bytes", aUint8Array);
    if (this.#ended) return [];
    this.#input.push(bytes);
    this.#begun ||= this.#input.length >= magicLength;
    const items: CaptureItem[] = [];
    for (let next = this.#items.next(); next.value !== undefined || next.done === true; next = this.#items.next()) {
      if (next.value === undefined) {
        this.#ended = true;
        this.#input.clear();
        break;
      }
      items.push(next.value);
    }
    return items;
  }

  /**
   * There is no more.
   * @throws {TlsError} `not_a_capture` if there was too little to be one (the caller's fault)
   */
  end(): readonly CaptureItem[] {
    if (!this.#begun) throw notACapture();
    if (this.#ended) return [];
    this.#ended = true;
    return this.#input.length === 0 ? [] : [damage("truncated", "the capture ends in the middle of a packet or block")];
  }
}

/** Bytes that are read at a time. */
const chunkLength = 65_536;

/**
 * Everything in a capture that is there.
 * @throws {TlsError} `not_a_capture`, `invalid_argument` (the caller's fault)
 */
export function* readCapture(bytes: Uint8Array): Generator<CaptureItem, void, undefined> {
  check(bytes, "bytes", aUint8Array);
  const reader = new CaptureReader();
  for (let at = 0; at < bytes.length; at += chunkLength) yield* reader.push(bytes.subarray(at, at + chunkLength));
  yield* reader.end();
}

function* itemsIn(input: ByteQueue): Items {
  yield* available(input, magicLength);
  const magic = [0, 1, 2, 3].reduce((value, at) => value * 256 + input.at(at), 0);
  const format = pcapFormat(magic);
  if (magic === sectionHeader) yield* pcapngItems(input);
  else if (format !== undefined) yield* pcapItems(input, format);
  else throw notACapture();
}

function notACapture(): TlsError {
  return callerError("not_a_capture", "this is neither pcap nor pcapng");
}
