import { Alert, type ConnectionHandlers, type TlsClient, TlsError, type TlsServer, type TraceEvent } from "@tlskit/tls";
import { promise } from "./target.ts";

/** What a connection emits besides an echo: its handshake and its alert, in bytes. */
const maxHandshakeBytes = 8192;
/** A byte of data is echoed in a record of its own at worst, and came in one. */
const maxEchoFactor = 4;
/** A record with its header: what may wait for its rest. */
const maxUnread = 5 + 2 ** 14 + 256;

/** Data that begins with this byte has the application update its keys. */
const updateWord = 0x75;

/** Alerts that end nothing by themselves: a refused renegotiation's is a warning (RFC 5746 §4.2). */
const warnings: readonly number[] = [Alert.closeNotify, Alert.noRenegotiation];

/** An application that sends back what it gets, closes when the peer does, and watches what becomes of its connection. */
export class Observer implements ConnectionHandlers<unknown> {
  /** The handshake messages that came. */
  readonly received: Uint8Array[] = [];
  readonly #write: (bytes: Uint8Array) => void;
  #connection: TlsClient | TlsServer | undefined;
  #established = 0;
  #emitted = 0;
  #alerts = 0;
  #closed = 0;
  #error: TlsError | undefined;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  watch(connection: TlsClient | TlsServer): void {
    this.#connection = connection;
  }

  get isEstablished(): boolean {
    return this.#established > 0;
  }

  get error(): TlsError | undefined {
    return this.#error;
  }

  readonly ciphertext = (bytes: Uint8Array): void => {
    promise(this.#closed === 0, "nothing is sent after closed");
    this.#emitted += bytes.length;
    this.#write(bytes);
  };

  readonly plaintext = (bytes: Uint8Array): void => {
    promise(this.#established === 1 && this.#closed === 0, "data comes between established and closed");
    this.#connection?.send(bytes);
    if (bytes[0] === updateWord) unlessEarlier("no_key_update", () => this.#connection?.updateKeys(true));
  };

  readonly established = (): void => {
    this.#established += 1;
    promise(this.#established === 1, "a connection is established once");
    unlessEarlier("no_exporter", () =>
      this.#connection?.exportKeyingMaterial("EXPERIMENTAL fuzz", new Uint8Array(0), 16),
    );
  };

  readonly ended = (): void => {
    promise(this.#closed === 0, "the peer's end comes before closed");
    this.#connection?.close();
  };

  readonly closed = (error: TlsError | undefined): void => {
    this.#closed += 1;
    this.#error = error;
  };

  readonly trace = (event: TraceEvent): void => {
    if (event.type === "alert" && event.direction === "sent" && !warnings.includes(event.description))
      this.#alerts += 1;
    if (event.type === "message" && event.direction === "received") this.received.push(event.bytes);
  };

  /** Holds the connection, to which so many bytes came and no more will, to how it may have ended. */
  check(receivedBytes: number): void {
    const connection = this.#connection;
    promise(this.#closed === 1, `closed is called once, not ${this.#closed} times`);
    const error = this.#error;
    if (error !== undefined) {
      promise(error instanceof TlsError, "an error is a TlsError");
      // A connection that fails on its own account, or lays it on the caller, has a defect.
      if (error.kind === "internal" || error.kind === "caller") throw error;
    }
    promise(this.#alerts <= 1, "the peer gets one alert at most that ends the connection");
    promise(
      this.#emitted <= maxHandshakeBytes + maxEchoFactor * receivedBytes,
      `${this.#emitted} bytes are not too many`,
    );
    promise((connection?.unread ?? 0) <= maxUnread, "what waits for its rest has a limit");
    promise(connection?.unsent === 0, "nothing is left to be sent");
  }
}

/** Does what can't be done before TLS 1.3, or not without an extended main secret (RFC 7627 §5.4). */
function unlessEarlier(code: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof TlsError && error.code === code)) throw error;
  }
}
