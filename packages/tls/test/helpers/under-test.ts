import {
  type ClientInfo,
  type ConnectionHandlers,
  type ServerInfo,
  type TlsClient,
  TlsError,
  type TlsServer,
  type TraceEvent,
} from "@tlskit/tls";
import { concat } from "@tlskit/wire";

/** What a connection told its application, in order. */
export class Recorder<Info> implements ConnectionHandlers<Info> {
  readonly events: string[] = [];
  readonly traced: TraceEvent[] = [];
  info: Info | undefined;
  /** Nothing before `closed`; then the error, or "orderly". */
  outcome: TlsError | "orderly" | undefined;
  /** Data as it was handed over, which is nobody else's. */
  readonly pieces: Uint8Array[] = [];
  readonly #write: (bytes: Uint8Array) => void;
  readonly #end: () => void;

  constructor(write: (bytes: Uint8Array) => void, end: () => void) {
    this.#write = write;
    this.#end = end;
  }

  readonly ciphertext = (bytes: Uint8Array): void => {
    if (this.outcome !== undefined) this.events.push("ciphertext after closed");
    this.#write(bytes);
  };

  readonly plaintext = (bytes: Uint8Array): void => {
    if (this.outcome !== undefined) this.events.push("plaintext after closed");
    this.events.push("plaintext");
    this.pieces.push(bytes);
  };

  readonly established = (info: Info): void => {
    this.events.push("established");
    this.info = info;
  };

  readonly renegotiating = (): void => {
    this.events.push("renegotiating");
  };

  readonly renegotiated = (info: Info): void => {
    this.events.push("renegotiated");
    this.info = info;
  };

  readonly ended = (): void => {
    this.events.push("ended");
  };

  readonly sendEnded = (): void => {
    this.events.push("sendEnded");
  };

  readonly drained = (): void => {
    this.events.push("drained");
  };

  readonly trace = (event: TraceEvent): void => {
    this.traced.push(event);
  };

  readonly closed = (error: TlsError | undefined): void => {
    this.events.push("closed");
    this.outcome = error ?? "orderly";
    this.#end();
  };

  get data(): Uint8Array {
    return concat(...this.pieces);
  }

  get text(): string {
    return new TextDecoder().decode(this.data);
  }

  get error(): TlsError | undefined {
    return this.outcome instanceof TlsError ? this.outcome : undefined;
  }
}

export type ClientRecorder = Recorder<ClientInfo>;
export type ServerRecorder = Recorder<ServerInfo>;
export type Either = TlsClient | TlsServer;
