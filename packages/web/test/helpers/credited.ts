import { type CreditCarrier, CreditedStream } from "../../src/index.ts";

/** One direction of messages, which come later, one after the other. */
class Messages implements CreditCarrier {
  receiver: CreditedStream | undefined;
  readonly #later: (task: () => void) => void;
  #last: Promise<void> = Promise.resolve();

  constructor(later: (task: () => void) => void) {
    this.#later = later;
  }

  data(bytes: Uint8Array): void {
    this.#send((receiver) => receiver.receive(bytes));
  }

  message(message: Parameters<CreditCarrier["message"]>[0]): void {
    this.#send((receiver) => receiver.receiveMessage(message));
  }

  /** What is on its way still comes. */
  close(): void {
    this.#send((receiver) => receiver.carrierClosed());
  }

  #send(tell: (receiver: CreditedStream) => void): void {
    const arrived = (): void => {
      if (this.receiver !== undefined) tell(this.receiver);
    };
    this.#last = this.#last.then(
      () =>
        new Promise((resolve) =>
          this.#later(() => {
            arrived();
            resolve();
          }),
        ),
    );
  }
}

/** Both ends of a stream over messages, with credits. */
export function creditedPair(later: (task: () => void) => void): {
  readonly client: CreditedStream;
  readonly server: CreditedStream;
} {
  const [toServer, toClient] = [new Messages(later), new Messages(later)];
  const [client, server] = [new CreditedStream(toServer), new CreditedStream(toClient)];
  toServer.receiver = server;
  toClient.receiver = client;
  return { client, server };
}
