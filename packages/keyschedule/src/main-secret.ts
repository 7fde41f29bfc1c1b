import { callerError, concat, toHex } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  aNumber,
  aString,
  bytes,
  checkArguments,
  instanceOf,
  objectWith,
} from "@tlskit/wire/arguments";
import { checkTranscriptHash } from "./expectations.ts";
import { ExternalPsk, tls12Key } from "./external-psk.ts";
import { isMadeOf } from "./made-of-psk.ts";
import type { Prf } from "./prf.ts";

/** RFC 5246 §8.1: the main secret's bytes, whatever it was made of. */
export const mainSecretLength = 48;

/** RFC 5246 §7.4.9: a Finished's verify_data, in bytes, with every cipher suite there is. */
const verifyDataLength = 12;

/** The randoms of the hellos, 32 bytes each. */
export interface HelloRandoms {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

const randoms = objectWith("the hellos' randoms", { client: bytes, server: bytes });

/**
 * RFC 5246 §8.1, renamed by RFC 9846 §D: what a key exchange of TLS 1.2 or earlier ends in (the "premaster secret"), and what the
 * main secret is made of, once.
 */
export class PreliminarySecret {
  readonly #externalPsk: ExternalPsk | undefined;
  #secret: Uint8Array | undefined;

  private constructor(secret: Uint8Array, externalPsk?: ExternalPsk) {
    this.#secret = secret;
    this.#externalPsk = externalPsk;
  }

  /**
   * RFC 8422 §5.10#leading-zeros: of an elliptic curve's key agreement, with its leading zeros.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  static ofEcdhe(sharedSecret: Uint8Array): PreliminarySecret {
    checkArguments({ sharedSecret }, { sharedSecret: bytes });
    return new PreliminarySecret(new Uint8Array(sharedSecret));
  }

  /**
   * RFC 5246 §8.1.2: of Diffie-Hellman in a finite field, without its leading zeros. That shows in the time of what
   * follows, which tells an attacker something as long as a key share is used twice (Raccoon): use none twice.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  static ofDhe(sharedSecret: Uint8Array): PreliminarySecret {
    checkArguments({ sharedSecret }, { sharedSecret: bytes });
    const first = sharedSecret.findIndex((byte) => byte !== 0);
    return new PreliminarySecret(new Uint8Array(first < 0 ? [] : sharedSecret.subarray(first)));
  }

  /**
   * RFC 5246 §8.1.1: the 48 bytes that a client encrypts to the server's RSA key.
   * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
   */
  static ofRsa(preliminarySecret: Uint8Array): PreliminarySecret {
    checkArguments({ preliminarySecret }, { preliminarySecret: bytes });
    if (preliminarySecret.length !== 48) {
      throw callerError("out_of_range", `RSA's preliminary secret has 48 bytes, got ${preliminarySecret.length}`);
    }
    return new PreliminarySecret(new Uint8Array(preliminarySecret));
  }

  /**
   * RFC 4279 §2: of a pre-shared key alone, beside which there are zeros.
   * @throws {TlsError} `invalid_argument`; `psk_protocol` for a key that isn't for TLS 1.2 (the caller's fault)
   */
  static ofExternalPsk(externalPsk: ExternalPsk): PreliminarySecret {
    checkArguments({ externalPsk }, { externalPsk: anExternalPsk });
    const key = tls12Key(externalPsk);
    return new PreliminarySecret(withLengths(new Uint8Array(key.length), key), externalPsk);
  }

  /**
   * RFC 4279 §3, §4, RFC 5489 §2: of a pre-shared key and this one, which ends here.
   * @throws {TlsError} `invalid_argument`, `out_of_range`, `stage_over`; `psk_protocol` for a key that isn't for TLS 1.2 (the caller's fault)
   */
  withExternalPsk(externalPsk: ExternalPsk): PreliminarySecret {
    checkArguments({ externalPsk }, { externalPsk: anExternalPsk });
    const key = tls12Key(externalPsk);
    return this.#spend((other) => new PreliminarySecret(withLengths(other, key), externalPsk));
  }

  /**
   * RFC 5246 §8.1: the main secret out of the hellos' randoms. Whoever sits between two connections can make theirs the same
   * (RFC 7627 §1): only where the peer can't do better.
   * @throws {TlsError} `invalid_argument`, `stage_over` (the caller's fault)
   */
  mainSecret(prf: Prf, hellos: HelloRandoms): MainSecret {
    checkArguments({ prf, hellos }, { prf: aFunction, hellos: randoms });
    const seed = concat(hellos.client, hellos.server);
    return this.#spend((secret) => this.#main(prf, prf(secret, "master secret", seed, mainSecretLength), false));
  }

  /**
   * RFC 7627 §4: the extended main secret, which belongs to this handshake alone.
   * @param sessionHash RFC 7627 §3: the hash of everything up to the ClientKeyExchange, this included.
   * @throws {TlsError} `invalid_argument`, `stage_over` (the caller's fault)
   */
  extendedMainSecret(prf: Prf, sessionHash: Uint8Array): MainSecret {
    checkArguments({ prf, sessionHash }, { prf: aFunction, sessionHash: bytes });
    return this.#spend((secret) =>
      this.#main(prf, prf(secret, "extended master secret", sessionHash, mainSecretLength), true),
    );
  }

  #main(prf: Prf, secret: Uint8Array, extended: boolean): MainSecret {
    const main = new MainSecret(prf, secret, extended);
    if (this.#externalPsk !== undefined) isMadeOf(main, this.#externalPsk);
    return main;
  }

  /** RFC 5246 §8.1: it should be deleted once the main secret has been computed. */
  #spend<T>(next: (secret: Uint8Array) => T): T {
    const secret = this.#secret;
    if (secret === undefined) throw callerError("stage_over", "this preliminary secret has been used");
    this.#secret = undefined;
    const made = next(secret);
    secret.fill(0);
    return made;
  }
}

const anExternalPsk = /* @__PURE__ */ instanceOf(ExternalPsk, "@tlskit/keyschedule");

/** RFC 4279 §2: two secrets, each behind its length. */
function withLengths(other: Uint8Array, presharedKey: Uint8Array): Uint8Array {
  if (other.length > 0xffff) throw callerError("out_of_range", `a secret has at most 65535 bytes, got ${other.length}`);
  const length = ({ length }: Uint8Array): Uint8Array => Uint8Array.of(length >> 8, length & 0xff);
  return concat(length(other), other, length(presharedKey), presharedKey);
}

/** What keys are made with in one direction: bytes, of which a suite has some of no length. Whose they are is in the type. */
export interface WriteKeys<Role extends "client" | "server" = "client" | "server"> {
  /** Who writes with them. */
  readonly role: Role;
  readonly macKey: Uint8Array;
  readonly key: Uint8Array;
  /** RFC 5246 §6.3: for AEADs, what their nonces begin with; for CBC in TLS 1.0, the first IV. */
  readonly iv: Uint8Array;
}

/** RFC 5246 §6.3: what both directions write with. */
export interface KeyBlock {
  readonly client: WriteKeys<"client">;
  readonly server: WriteKeys<"server">;
}

/** How many bytes of each a cipher suite needs for one direction (RFC 5246 §6.3). */
export interface KeyBlockLengths {
  readonly mac: number;
  readonly key: number;
  readonly iv: number;
}

/** The main secret (RFC 5246 §8.1) of one session: of the handshake that made it, and of those that resume it. */
export class MainSecret {
  /** Whether it is bound to its handshake (RFC 7627). */
  readonly extended: boolean;
  readonly #prf: Prf;
  readonly #secret: Uint8Array;

  /**
   * One out of a session, or a key log.
   * @param secret 48 bytes, which are copied, so that the caller's can be wiped.
   * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
   */
  constructor(prf: Prf, secret: Uint8Array, extended: boolean) {
    checkArguments({ prf, secret, extended }, { prf: aFunction, secret: bytes, extended: aBoolean });
    if (secret.length !== mainSecretLength) {
      throw callerError("out_of_range", `a main secret has ${mainSecretLength} bytes, got ${secret.length}`);
    }
    this.extended = extended;
    this.#prf = prf;
    this.#secret = new Uint8Array(secret);
  }

  /**
   * RFC 5246 §6.3: the key block of a connection, cut up; nonces begin with its IVs (RFC 5246 §6.2.3.3#implicit-nonce).
   * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
   */
  keyBlock(hellos: HelloRandoms, lengths: KeyBlockLengths): KeyBlock {
    checkArguments({ hellos, lengths }, { hellos: randoms, lengths: keyBlockLengths });
    const { mac, key, iv } = lengths;
    const block = this.#prf(this.#secret, "key expansion", concat(hellos.server, hellos.client), 2 * (mac + key + iv));
    let end = 0;
    const next = (length: number): Uint8Array => {
      end += length;
      return block.subarray(end - length, end);
    };
    const [clientMacKey, serverMacKey] = [next(mac), next(mac)];
    const [clientKey, serverKey] = [next(key), next(key)];
    const [clientIv, serverIv] = [next(iv), next(iv)];
    return {
      client: { role: "client", macKey: clientMacKey, key: clientKey, iv: clientIv },
      server: { role: "server", macKey: serverMacKey, key: serverKey, iv: serverIv },
    };
  }

  /**
   * RFC 5246 §7.4.9: a Finished's verify_data, 12 bytes.
   * @param sender of the Finished.
   * @param transcriptHash of all handshake messages until then, by the PRF's hash.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  verifyData(sender: "client" | "server", transcriptHash: Uint8Array): Uint8Array {
    checkArguments({ sender }, { sender: aString });
    checkTranscriptHash(transcriptHash);
    return this.#prf(this.#secret, finishedLabels[sender], transcriptHash, verifyDataLength);
  }

  /**
   * RFC 5705 §4: exports keying material of the connection with these randoms.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  exporter(hellos: HelloRandoms): Tls12Exporter {
    checkArguments({ hellos }, { hellos: randoms });
    return new Tls12Exporter(this.#prf, this.#secret, concat(hellos.client, hellos.server));
  }

  /**
   * A line, without its end, of a key log (RFC 9850 §2), with which Wireshark and others read the traffic.
   * @param clientRandom of the ClientHello: 32 bytes.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  keyLogLine(clientRandom: Uint8Array): string {
    checkArguments({ clientRandom }, { clientRandom: bytes });
    return `CLIENT_RANDOM ${toHex(clientRandom)} ${toHex(this.#secret)}`;
  }

  /** The secret itself, for a session or a capture decrypter. Whoever has it reads the traffic. */
  dangerouslyExpose(): Uint8Array {
    return this.#secret.slice();
  }
}

const keyBlockLengths = objectWith("lengths of a key block", { mac: aNumber, key: aNumber, iv: aNumber });

const finishedLabels = { client: "client finished", server: "server finished" } as const;

/** RFC 5705 §4, RFC 7627 §4: labels of the PRF's own use, which nobody may export with. */
const reservedLabels: readonly string[] = [
  "client finished",
  "server finished",
  "master secret",
  "key expansion",
  "extended master secret",
];

/** Exported keying material of TLS 1.2 or earlier (RFC 5705). Made by {@link MainSecret.exporter}. */
export class Tls12Exporter {
  readonly #prf: Prf;
  readonly #secret: Uint8Array;
  readonly #randoms: Uint8Array;

  /** @internal */
  constructor(prf: Prf, secret: Uint8Array, hellos: Uint8Array) {
    this.#prf = prf;
    this.#secret = secret;
    this.#randoms = hellos;
  }

  /**
   * RFC 5705 §4.
   * @param label one that is registered with IANA or starts with "EXPERIMENTAL"; ASCII. An empty one can be had, in contrast to TLS 1.3.
   * @param context none is something else than an empty one, in contrast to TLS 1.3.
   * @param length bytes wanted.
   * @throws {TlsError} `invalid_argument`, `out_of_range`, `not_ascii` (the caller's fault)
   */
  export(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    checkArguments({ label, length }, { label: aString, length: aNumber });
    if (reservedLabels.includes(label)) {
      throw callerError("out_of_range", `${JSON.stringify(label)} is no label to export keying material with`);
    }
    if (!Number.isInteger(length) || length < 1) {
      throw callerError("out_of_range", `an exporter gives 1 byte at least, asked for ${length}`);
    }
    return this.#prf(this.#secret, label, concat(this.#randoms, contextValue(context)), length);
  }

  /** The main secret that it exports from, which reads the traffic too. */
  dangerouslyExpose(): Uint8Array {
    return this.#secret.slice();
  }
}

/** RFC 5705 §4: the context behind its length; nothing without one. */
function contextValue(context: Uint8Array | undefined): Uint8Array {
  if (context === undefined) return new Uint8Array(0);
  checkArguments({ context }, { context: bytes });
  const { length } = context;
  if (length > 0xffff) throw callerError("out_of_range", `a context has at most 65535 bytes, got ${length}`);
  return concat(Uint8Array.of(length >> 8, length & 0xff), context);
}
