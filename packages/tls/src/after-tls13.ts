import type { CipherSuite } from "@tlskit/ciphersuites";
import type { Steps } from "@tlskit/crypto";
import {
  type CertificateAnswer,
  type Established,
  type HandshakeIo,
  type PreparedAnswer,
  receivePostHandshake,
  type Tls13Secrets,
} from "@tlskit/handshake";
import type { TrafficSecret } from "@tlskit/keyschedule";
import { Alert, peerError } from "@tlskit/wire";
import type { After } from "./after.ts";
import { maxKeyUpdatesInARow, maxTicketsInARow } from "./limits.ts";
import type { Outgoing } from "./outgoing.ts";
import type { DirectionKeys } from "./record-keys.ts";

/** What a connection does about certificates that are asked for after the handshake. */
export interface LaterCertificates<Evidence> {
  /** At a client: prepares an answer, beside all else, and sends it. */
  answer(steps: Steps<PreparedAnswer>): void;
  /** At a server: an answer has come. */
  answered(answer: CertificateAnswer<Evidence>): void;
}

/** What may come after TLS 1.3's handshake (RFC 9846 §4.7): key updates, tickets at a client, requests for certificates. */
export class AfterTls13<Evidence> implements After {
  readonly sendsAfterEnd = true;
  readonly #io: HandshakeIo;
  readonly #role: "client" | "server";
  readonly #cipherSuite: CipherSuite;
  readonly #established: Established<Evidence>;
  readonly #certificates: LaterCertificates<Evidence>;
  readonly #outgoing: Pick<Outgoing, "peerUpdatedKeys" | "updateKeys">;
  /** What the peer writes with. */
  #secret: TrafficSecret;
  #keyUpdatesInARow = 0;
  #ticketsInARow = 0;

  constructor(
    io: HandshakeIo,
    role: "client" | "server",
    established: Established<Evidence>,
    secrets: Tls13Secrets,
    outgoing: Pick<Outgoing, "peerUpdatedKeys" | "updateKeys">,
    certificates: LaterCertificates<Evidence>,
  ) {
    this.#io = io;
    this.#role = role;
    this.#cipherSuite = secrets.cipherSuite;
    this.#secret = role === "client" ? secrets.server : secrets.client;
    this.#established = established;
    this.#outgoing = outgoing;
    this.#certificates = certificates;
  }

  /** What the peer's next record is protected with. */
  get peerKeys(): DirectionKeys {
    return { cipherSuite: this.#cipherSuite, secret: this.#secret };
  }

  /** Data came. */
  data(): void {
    this.#keyUpdatesInARow = 0;
    this.#ticketsInARow = 0;
  }

  /** Takes the next message. */
  *message(): Steps<void> {
    const received = yield* receivePostHandshake(
      this.#io,
      this.#role,
      this.#cipherSuite,
      this.#secret,
      this.#established.resumption,
      this.#established,
    );
    if (received.type === "certificateRequest") this.#certificates.answer(received.answer);
    if (received.type === "certificateAnswer") this.#certificates.answered(received.answer);
    if (received.type === "ticket") this.#ticketCame();
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

  #ticketCame(): void {
    this.#ticketsInARow += 1;
    if (this.#ticketsInARow > maxTicketsInARow) {
      throw peerError(
        "too_many_tickets",
        Alert.unexpectedMessage,
        `the server sent more than ${maxTicketsInARow} tickets with no data between them`,
      );
    }
  }

  /** RFC 9846 §4.7.3: goes over to new keys for sending. */
  updateKeys(request: boolean): void {
    this.#outgoing.updateKeys(request);
  }
}
