import { once } from "node:events";
import type { CreditMessage } from "@tlskit/web/relay-protocol";
import { WebSocket } from "ws";

/** What stands for a page: a WebSocket that keeps what comes, with nothing of ours on its side. */
export class Page {
  readonly socket: WebSocket;
  /** What came as data, end to end. */
  data: Buffer = Buffer.alloc(0);
  /** The texts that came, in JSON. */
  readonly said: CreditMessage[] = [];
  /** The code and the reason with which the WebSocket was closed. */
  readonly closed: Promise<readonly [number, string]>;
  /** Tells whoever waits that something has come. */
  #came: () => void = () => {};

  constructor(url: string, protocol?: string, origin?: string) {
    this.socket = new WebSocket(url, protocol === undefined ? [] : [protocol], {
      ...(origin === undefined ? {} : { origin }),
      // The test's own certificate: what is tested is who it is that may connect.
      rejectUnauthorized: false,
    });
    this.socket.on("message", (message: Buffer, isBinary: boolean) => {
      if (isBinary) this.data = Buffer.concat([this.data, message]);
      else this.said.push(JSON.parse(message.toString()));
      this.#came();
    });
    this.socket.on("error", () => {});
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => {
        this.#came();
        resolve([code, String(reason)]);
      });
    });
  }

  async open(): Promise<this> {
    await once(this.socket, "open");
    return this;
  }

  /** Sends data. */
  send(data: string | Uint8Array): void {
    this.socket.send(Buffer.from(data));
  }

  /** Sends a text, in JSON unless it is one. */
  say(message: string | CreditMessage): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Waits until something holds for what has come; the WebSocket's end is something too. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error("the WebSocket was closed");
      await new Promise<void>((resolve) => {
        this.#came = resolve;
      });
    }
  }

  /** The status with which the request was refused. */
  async refused(): Promise<number | undefined> {
    const [, { statusCode }] = await once(this.socket, "unexpected-response");
    this.socket.terminate();
    return statusCode;
  }
}
