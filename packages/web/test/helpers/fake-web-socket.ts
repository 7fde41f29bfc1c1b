/** A WebSocket whose other end is a test. */
export class FakeWebSocket extends EventTarget {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readyState = 0;
  protocol = "";
  binaryType = "blob";
  bufferedAmount = 0;
  readonly url = "wss://relay.example/db.example:5432?token=secret";
  /** What was sent: data, and texts. */
  readonly sent: (Uint8Array | string)[] = [];
  /** With what it was closed here. */
  closedWith: number | undefined;

  send(message: Uint8Array | string): void {
    this.sent.push(message);
  }

  close(code?: number): void {
    if (this.readyState >= 2) return;
    // As browsers: they let a page have these alone.
    if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) throw new RangeError(`close(${code})`);
    this.readyState = 2;
    this.closedWith = code;
  }

  // What the other end does.

  opens(protocol = ""): this {
    this.protocol = protocol;
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
    return this;
  }

  comes(message: Uint8Array | string): void {
    const data = typeof message === "string" ? message : Uint8Array.from(message).buffer;
    // As browsers: once a page has closed it, it gets nothing any more.
    if (this.readyState === 1) this.dispatchEvent(new MessageEvent("message", { data }));
  }

  closes(code: number): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

/** What stands for a `WebSocket` of the DOM, of which it has what is used. */
export function asWebSocket(fake: FakeWebSocket): WebSocket {
  return fake as unknown as WebSocket;
}
