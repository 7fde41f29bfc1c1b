import type { Steps } from "@tlskit/crypto";
import type { EarlierSecrets, HandshakeIo } from "@tlskit/handshake";
import { ClientHello, HelloRequest } from "@tlskit/messages";
import { Alert, callerError, peerError } from "@tlskit/wire";
import type { After } from "./after.ts";
import type { ChannelBindingType } from "./channel-binding.ts";
import { maxRenegotiationsRefused } from "./limits.ts";

/** What of a connection may be renegotiated, and refused. */
export interface LaterHandshakes {
  /** Sends an alert that ends nothing. */
  sendAlert(description: number): void;
  /**
   * Makes the handshake that the peer has asked for.
   * @returns what it leaves; nothing where it is to be refused
   */
  renegotiate(): Steps<EarlierSecrets | undefined>;
}

/**
 * What may come after the handshake before TLS 1.3: wishes for another one, which are refused unless a client was told
 * otherwise (RFC 5746 §4.2#refused, §4.2#alert, §4.4#refused, §5#option). There is none of what makes it dangerous then
 * (RFC 5746 §1).
 */
export class AfterTls12 implements After {
  readonly peerKeys = undefined;
  readonly sendsAfterEnd = false;
  readonly #io: HandshakeIo;
  readonly #role: "client" | "server";
  readonly #later: LaterHandshakes;
  /** Of the last handshake. */
  #secrets: EarlierSecrets;
  #refused = 0;

  constructor(io: HandshakeIo, role: "client" | "server", secrets: EarlierSecrets, later: LaterHandshakes) {
    this.#io = io;
    this.#role = role;
    this.#secrets = secrets;
    this.#later = later;
  }

  get secretsAreItsOwn(): boolean {
    return this.#secrets.extendedMainSecret;
  }

  data(): void {}

  channelBinding(type: ChannelBindingType): Uint8Array | undefined {
    // RFC 9266 §4.2, RFC 7627 §5.4#no-binding, §5.4#no-renegotiation: without it somebody in between gives two connections the same binding.
    if (!this.secretsAreItsOwn) {
      throw callerError("no_channel_binding", "the connection has no extended main secret");
    }
    const { verifyData, finishedFirst } = this.#secrets;
    return type === "tls-unique" ? verifyData[finishedFirst].slice() : undefined;
  }

  *message(): Steps<void> {
    // RFC 5246 §7.4.1.1, §7.4.1.2: a server asks for it, a client begins it.
    yield* this.#io.receive(this.#role === "client" ? HelloRequest : ClientHello);
    if (!(yield* this.#makesAnother())) this.#refuse();
  }

  *renegotiate(): Steps<void> {
    yield* this.#makesAnother();
  }

  *#makesAnother(): Steps<boolean> {
    const secrets = yield* this.#later.renegotiate();
    if (secrets !== undefined) this.#secrets = secrets;
    return secrets !== undefined;
  }

  #refuse(): void {
    this.#refused += 1;
    if (this.#refused > maxRenegotiationsRefused) {
      throw peerError(
        "too_many_renegotiations",
        Alert.unexpectedMessage,
        `the peer asked for more than ${maxRenegotiationsRefused} renegotiations, all of which were refused`,
      );
    }
    this.#later.sendAlert(Alert.noRenegotiation);
  }
}
