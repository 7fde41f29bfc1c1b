import { Alert, concat, peerError } from "@tlskit/wire";
import { handshakeHeaderLength, type MessageType, typeOfMessage, unexpectedMessage } from "./message.ts";

/**
 * Handshake messages out of a stream of fragments: they may be cut and joined in any way (RFC 9846 §5.1).
 * What may come is said at the place that takes the next one, so that a message that may not, or is too long, is
 * refused by its header, before the rest of it is kept.
 */
export class MessageAssembler {
  #pending: Uint8Array[] = [];
  #pendingLength = 0;

  /** Adds a fragment. The bytes are kept, not copied, until they have been taken. */
  push(fragment: Uint8Array): void {
    if (fragment.length === 0) return;
    this.#pending.push(fragment);
    this.#pendingLength += fragment.length;
  }

  /** Whether nothing is left of what was pushed: what a key change demands (RFC 9846 §5.1). */
  get isEmpty(): boolean {
    return this.#pendingLength === 0;
  }

  /**
   * The next message, header included, and its type among those accepted; nothing if it is not there whole.
   * @throws {TlsError} `unexpected_message`, `message_too_long`
   */
  next<T extends MessageType<unknown>>(
    accept: readonly T[],
  ): { readonly type: T; readonly bytes: Uint8Array } | undefined {
    if (this.#pendingLength === 0) return undefined;
    const { code, length } = this.#header();
    const candidates = accept.filter((type) => type.code === code);
    if (candidates.length === 0) throw unexpectedMessage(code, accept);
    const maxLength = Math.max(...candidates.map((type) => type.maxLength));
    if (length === undefined) return undefined;
    if (length > maxLength) {
      const names = candidates.map(({ name }) => name).join(" or ");
      // RFC 9846 §6.2: syntactically right, and more than anything that makes sense.
      throw peerError(
        "message_too_long",
        Alert.illegalParameter,
        `${names} has ${length} bytes, of which at most ${maxLength} are allowed`,
      );
    }
    const end = handshakeHeaderLength + length;
    if (this.#pendingLength < end) return undefined;
    const pending = this.#joined();
    const bytes = pending.subarray(0, end);
    const type = typeOfMessage(candidates, bytes);
    if (type === undefined) throw unexpectedMessage(code, accept);
    this.#pending = end < pending.length ? [pending.subarray(end)] : [];
    this.#pendingLength -= end;
    return { type, bytes };
  }

  /** The type's code and, if its bytes are there, the length. */
  #header(): { readonly code: number; readonly length: number | undefined } {
    // Only a header that came in pieces is joined here: joining at each piece of a long message would take quadratic time.
    const first = this.#pending[0] ?? new Uint8Array(0);
    const start = first.length < handshakeHeaderLength ? this.#joined() : first;
    const [code = 0, high = 0, middle = 0, low = 0] = start;
    return { code, length: start.length < handshakeHeaderLength ? undefined : (high << 16) | (middle << 8) | low };
  }

  #joined(): Uint8Array {
    const [first] = this.#pending;
    if (first !== undefined && this.#pending.length === 1) return first;
    const joined = concat(...this.#pending);
    this.#pending = [joined];
    return joined;
  }
}
