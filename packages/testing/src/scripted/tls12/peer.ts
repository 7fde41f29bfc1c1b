import {
  type NamedGroup,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
  x25519,
} from "@tlskit/ciphersuites";
import { aeadOf, blockCipherOf, type HashFunction, hashOf, type Steps } from "@tlskit/crypto";
import { type KeyBlock, MainSecret, PreliminarySecret, prf, type WriteKeys } from "@tlskit/keyschedule";
import { HandshakeType } from "@tlskit/messages";
import { callerError, equalBytes } from "@tlskit/wire";
import { ScriptedPeer } from "../peer.ts";
import type { Protection } from "../protection.ts";
import { framed, RawFinished } from "../raw-messages.ts";
import { Tls12AeadProtection, Tls12CbcProtection } from "./protection.ts";
import type { ScriptedTls12Session } from "./session.ts";

/** What both scripted peers of TLS 1.2 have in common. */
export abstract class ScriptedTls12Peer extends ScriptedPeer {
  abstract readonly role: "client" | "server";
  /** Settled by the ServerHello. */
  cipherSuite: Tls12CipherSuite = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
  /** Of the key exchange, where it has one. */
  group: NamedGroup = x25519;
  clientRandom: Uint8Array = new Uint8Array(32);
  serverRandom: Uint8Array = new Uint8Array(32);
  /** RFC 7627, RFC 7366: settled by the ServerHello. */
  extendedMainSecret = false;
  encryptThenMac = false;
  mainSecret: MainSecret | undefined;
  #keys: KeyBlock | undefined;
  #write: Protection | undefined;
  #finishedWasRight: boolean | undefined;

  override get hash(): HashFunction {
    return hashOf(this.provider, this.cipherSuite.hash);
  }

  /** Whether the other side's Finished had the right contents; nothing before it has come. */
  get finishedWasRight(): boolean | undefined {
    return this.#finishedWasRight;
  }

  /** RFC 5246 §8.1, RFC 7627 §4: from the transcript until now, the ClientKeyExchange included. */
  deriveMainSecret(preliminary: PreliminarySecret): void {
    const hellos = { client: this.clientRandom, server: this.serverRandom };
    this.#expand(
      this.extendedMainSecret
        ? preliminary.extendedMainSecret(prf(this.hash), this.transcriptHash)
        : preliminary.mainSecret(prf(this.hash), hellos),
    );
  }

  /** RFC 5246 §7.3: goes on with a session's. */
  resume({ mainSecret, extended }: ScriptedTls12Session): void {
    this.#expand(new MainSecret(prf(this.hash), mainSecret, extended));
  }

  /** Goes on with a secret that the other side can't have: where a message that would have brought one is missing. */
  forgetMainSecret(): void {
    this.#expand(PreliminarySecret.ofEcdhe(this.random(32)).extendedMainSecret(prf(this.hash), this.transcriptHash));
  }

  #expand(mainSecret: MainSecret): void {
    this.mainSecret = mainSecret;
    const { protection } = this.cipherSuite;
    const lengths =
      protection.type === "AEAD"
        ? {
            mac: 0,
            key: aeadOf(this.provider, protection.aead).keyLength,
            iv: protection.nonce === "explicit" ? 4 : 12,
          }
        : {
            mac: hashOf(this.provider, protection.mac).length,
            key: protection.type === "CBC" ? blockCipherOf(this.provider, protection.cipher).keyLength : 0,
            iv: 0,
          };
    this.#keys = mainSecret.keyBlock({ client: this.clientRandom, server: this.serverRandom }, lengths);
  }

  /** A Finished of this role over the transcript until now; of random bytes where there is no secret. */
  finished(): Uint8Array {
    const verifyData = this.mainSecret?.verifyData(this.role, this.transcriptHash) ?? this.random(12);
    return framed(HandshakeType.finished, RawFinished, verifyData);
  }

  /** For sending, behind a change_cipher_spec. Nothing happens without a main secret. */
  *useKeys(): Steps<void> {
    yield* this.flush();
    const keys = this.#keys?.[this.role];
    if (keys === undefined) return;
    this.#write = this.#protection(keys);
    yield* this.sealWith(this.#write);
  }

  /** What protects records that are sent, where it is a block cipher: for a step that spoils one. */
  get writing(): Tls12CbcProtection {
    if (this.#write instanceof Tls12CbcProtection) return this.#write;
    throw callerError("no_block_cipher", "records aren't protected by a block cipher");
  }

  /** What the other side sends behind its change_cipher_spec is protected. */
  protected override observeChangeCipherSpec(): void {
    const keys = this.#keys?.[this.role === "client" ? "server" : "client"];
    if (keys !== undefined) this.openWith(this.#protection(keys));
  }

  /** Notes the other side's first Finished, which isn't in the transcript yet. */
  protected observeFinished(message: Uint8Array): void {
    const sender = this.role === "client" ? "server" : "client";
    const expected = this.mainSecret?.verifyData(sender, this.transcriptHash);
    this.#finishedWasRight ??= expected !== undefined && equalBytes(message.subarray(4), expected);
  }

  #protection(keys: WriteKeys): Protection {
    const { protection } = this.cipherSuite;
    if (protection.type === "AEAD") return new Tls12AeadProtection(aeadOf(this.provider, protection.aead), keys);
    if (protection.type === "NULL") throw callerError("unsupported_suite", "a scripted peer encrypts");
    return new Tls12CbcProtection(
      blockCipherOf(this.provider, protection.cipher),
      hashOf(this.provider, protection.mac),
      keys,
      this.encryptThenMac,
      this.random,
    );
  }
}
