import type { CipherSuite } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import { type HandshakeIo, type Resumption, receivePostHandshake } from "@tlskit/handshake";
import type { TrafficSecret } from "@tlskit/keyschedule";
import { Alert, peerError } from "@tlskit/wire";
import { maxKeyUpdatesInARow } from "./limits.ts";
import type { Outgoing } from "./outgoing.ts";
import type { DirectionKeys } from "./record-keys.ts";

/** What may come after TLS 1.3's handshake (RFC 9846 §4.7): key updates, and tickets at a client. */
export class AfterTls13 {
  readonly #io: HandshakeIo;
  readonly #role: "client" | "server";
  readonly #cipherSuite: CipherSuite;
  readonly #resumption: Resumption;
  readonly #outgoing: Pick<Outgoing, "peerUpdatedKeys" | "updateKeys">;
  /** What the peer writes with. */
  #secret: TrafficSecret;
  #keyUpdatesInARow = 0;

  constructor(
    io: HandshakeIo,
    role: "client" | "server",
    cipherSuite: CipherSuite,
    secret: TrafficSecret,
    resumption: Resumption,
    outgoing: Pick<Outgoing, "peerUpdatedKeys" | "updateKeys">,
  ) {
    this.#io = io;
    this.#role = role;
    this.#cipherSuite = cipherSuite;
    this.#secret = secret;
    this.#resumption = resumption;
    this.#outgoing = outgoing;
  }

  /** What the peer's next record is protected with. */
  get peerKeys(): DirectionKeys {
    return { cipherSuite: this.#cipherSuite, secret: this.#secret };
  }

  /** Data came. */
  data(): void {
    this.#keyUpdatesInARow = 0;
  }

  /** Takes the next message. */
  *message(): Steps<void> {
    const received = yield* receivePostHandshake(
      this.#io,
      this.#role,
      this.#cipherSuite,
      this.#secret,
      this.#resumption,
    );
    if (received.type !== "keyUpdate") return;
    this.#secret = received.next;
    // RFC 9846 §4.7.3: what we asked for is owed to us, also by a peer that has nothing to say.
    if (this.#outgoing.peerUpdatedKeys(received.updateRequested)) return;
    this.#keyUpdatesInARow += 1;
    if (this.#keyUpdatesInARow > maxKeyUpdatesInARow) {
      throw peerError(
        "too_many_key_updates",
        Alert.unexpectedMessage,
        `the peer sent more than ${maxKeyUpdatesInARow} KeyUpdates that it wasn't asked for, with no data between them`,
      );
    }
  }

  /** RFC 9846 §4.7.3: goes over to new keys for sending. */
  updateKeys(request: boolean): void {
    this.#outgoing.updateKeys(request);
  }
}
