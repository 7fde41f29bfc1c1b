import type { Steps } from "@tlskit/crypto";
import type { ChannelBindingType } from "./channel-binding.ts";
import type { DirectionKeys } from "./record-keys.ts";

/** What may come after a handshake, besides data: the version's affair. */
export interface After {
  /** What the peer's next record is protected with; nothing before TLS 1.3, whose keys come of no secret of their own. */
  readonly peerKeys: DirectionKeys | undefined;
  /** RFC 9846 §6.1: whether one may go on sending when the peer has ended. Before TLS 1.3 one may not. */
  readonly sendsAfterEnd: boolean;
  /**
   * Before TLS 1.3, what binds channels by RFC 5929; nothing for what is exported, if that is safe.
   * @throws {TlsError} `no_channel_binding` (the caller's fault)
   */
  channelBinding?(type: ChannelBindingType): Uint8Array | undefined;
  /** RFC 7627 §1: false where somebody in between may have given another connection the same secrets. Absent in TLS 1.3. */
  readonly secretsAreItsOwn?: boolean;
  /** Data came. */
  data(): void;
  /** Takes the next message. */
  message(): Steps<void>;
  /** At a client, before TLS 1.3: makes another handshake unasked. */
  renegotiate?(): Steps<void>;
  /** Goes over to new keys for sending; absent before TLS 1.3. */
  readonly updateKeys?: ((request: boolean) => void) | undefined;
}
