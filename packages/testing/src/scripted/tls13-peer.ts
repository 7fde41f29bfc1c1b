import { type CipherSuite, TLS_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { aeadOf, type HashFunction, hashOf, type Steps } from "@tlskit/crypto";
import type { HandshakeStage, MainStage, TrafficSecret } from "@tlskit/keyschedule";
import { HandshakeType } from "@tlskit/messages";
import { callerError } from "@tlskit/wire";
import { ScriptedPeer } from "./peer.ts";
import { Tls13Protection } from "./protection.ts";
import { frame } from "./raw-messages.ts";

/** What both scripted peers of TLS 1.3 have in common. */
export abstract class ScriptedTls13Peer extends ScriptedPeer {
  /** Settled by the ServerHello. */
  cipherSuite: CipherSuite = TLS_AES_128_GCM_SHA256;
  handshakeStage: HandshakeStage | undefined;
  mainStage: MainStage | undefined;
  #read: Tls13Protection | undefined;
  #write: Tls13Protection | undefined;

  override get hash(): HashFunction {
    return hashOf(this.provider, this.cipherSuite.hash);
  }

  /** RFC 9846 §4.1: what takes the place of the first ClientHello when there is a HelloRetryRequest. */
  replaceClientHello1(): void {
    this.transcript = [frame(HandshakeType.messageHash, this.transcriptHash)];
  }

  /** Sends a protected record with this TLSInnerPlaintext. */
  *inner(inner: Uint8Array): Steps<void> {
    yield* this.flush();
    if (this.#write === undefined) throw callerError("no_keys", "there are no keys to protect a record with");
    this.raw(yield* this.#write.sealInner(inner));
  }

  /** What is sent is protected with; nothing before there are keys. */
  protected get writeSecret(): TrafficSecret | undefined {
    return this.#write?.secret;
  }

  readWith(secret: TrafficSecret): void {
    this.#read = new Tls13Protection(aeadOf(this.provider, this.cipherSuite.aead), secret);
    this.openWith(this.#read);
  }

  *writeWith(secret: TrafficSecret): Steps<void> {
    const protection = new Tls13Protection(aeadOf(this.provider, this.cipherSuite.aead), secret);
    yield* this.sealWith(protection);
    this.#write = protection;
  }

  /** RFC 9846 §7.2: goes over to the next generation of keys for sending. */
  *updateWriteKeys(): Steps<void> {
    const secret = this.#write?.secret;
    if (secret === undefined) throw callerError("no_keys", "there are no keys to be updated");
    yield* this.writeWith(secret.next());
  }

  /** RFC 9846 §4.7.3: what follows the other side's KeyUpdate is under its next keys. */
  protected followKeyUpdate(): void {
    const secret = this.#read?.secret;
    if (secret !== undefined) this.readWith(secret.next());
  }
}
