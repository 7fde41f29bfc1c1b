import type { Steps } from "@tlskit/crypto";
import type { EarlierSecrets, HandshakeIo } from "@tlskit/handshake";
import { ClientHello, HelloRequest } from "@tlskit/messages";
import { Alert, callerError, peerError } from "@tlskit/wire";
import type { After } from "./after.ts";
import type { ChannelBindingType } from "./channel-binding.ts";
import { maxRenegotiationsRefused } from "./limits.ts";

/**
 * What may come after TLS 1.2's handshake: wishes for another one, which are refused (RFC 5746 §4.2#refused, §4.2#alert, §4.4#refused). There is none of
 * what makes it dangerous then (RFC 5746 §1).
 */
export class AfterTls12 implements After {
  readonly peerKeys = undefined;
  readonly sendsAfterEnd = false;
  readonly #io: HandshakeIo;
  readonly #role: "client" | "server";
  readonly #secrets: EarlierSecrets;
  readonly #sendAlert: (description: number) => void;
  #refused = 0;

  constructor(
    io: HandshakeIo,
    role: "client" | "server",
    secrets: EarlierSecrets,
    sendAlert: (description: number) => void,
  ) {
    this.#io = io;
    this.#secrets = secrets;
    this.#role = role;
    this.#sendAlert = sendAlert;
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
    return type === "tls-unique" ? this.#secrets.firstVerifyData.slice() : undefined;
  }

  *message(): Steps<void> {
    // RFC 5246 §7.4.1.1, §7.4.1.2: a server asks for it, a client begins it.
    yield* this.#io.receive(this.#role === "client" ? HelloRequest : ClientHello);
    this.#refused += 1;
    if (this.#refused > maxRenegotiationsRefused) {
      throw peerError(
        "too_many_renegotiations",
        Alert.unexpectedMessage,
        `the peer asked for more than ${maxRenegotiationsRefused} renegotiations, all of which were refused`,
      );
    }
    this.#sendAlert(Alert.noRenegotiation);
  }
}
