import type { Steps } from "@tlskit/crypto";
import { Certificate } from "../certificate.ts";
import { type ContentInfo, readEncryptedData } from "../cms/content-info.ts";
import { CmsOid } from "../cms/oids.ts";
import { type DerReader, decodeDer } from "../der-reader.ts";
import { contextConstructed, Tag } from "../der-tag.ts";
import { X509Error, x509Error } from "../error.ts";
import { decryptPkcs8 } from "../keys/encrypted-private-key.ts";
import { maximumPkcs12Bags, maximumPkcs12Depth } from "../limits.ts";
import type { PassedOver } from "../passed-over.ts";
import type { IterationBudget } from "../passwords/iterations.ts";
import { decryptByPassword, type PasswordInputs, wrongPassword } from "../passwords/pbes2.ts";
import type { Pkcs12Certificate, Pkcs12Labels } from "./contents.ts";
import { readLabels } from "./labels.ts";
import { Pkcs12Oid } from "./oids.ts";

/** A key that was decrypted and not read yet: its certificate may come after it. */
export interface KeyBag {
  /** Which bag of the file it was, counted from 1. */
  readonly bag: number;
  readonly pkcs8: Uint8Array;
  readonly labels: Pkcs12Labels;
}

/** Collects what the bags of a file hold, whether they are encrypted or not. */
export class BagCollector {
  readonly keys: KeyBag[] = [];
  readonly certificates: Pkcs12Certificate[] = [];
  readonly passedOver: PassedOver[] = [];
  #fault: X509Error | undefined;
  readonly #inputs: PasswordInputs;
  readonly #budget: IterationBudget;
  readonly #toDer: (encoding: Uint8Array) => Uint8Array;
  #bags = 0;

  /** @param toDer makes DER of each encoding that comes to light */
  constructor(inputs: PasswordInputs, budget: IterationBudget, toDer: (encoding: Uint8Array) => Uint8Array) {
    this.#inputs = inputs;
    this.#budget = budget;
    this.#toDer = toDer;
  }

  *collect(contents: readonly ContentInfo[]): Steps<void> {
    for (const { type, content } of contents) yield* this.#safe(yield* this.#opened(type, content));
  }

  /** The first fault of what was passed over. */
  get fault(): X509Error | undefined {
    return this.#fault;
  }

  /** What can't be read takes nothing from the other bags. */
  unlessUnreadable<T>(bag: number, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof X509Error)) throw error;
      this.#fault ??= error;
      this.passedOver.push({ source: `bag ${bag}`, reason: error.message });
      return undefined;
    }
  }

  #passOver(reason: string): void {
    this.passedOver.push({ source: `bag ${this.#bags}`, reason });
  }

  /** The SafeContents of a ContentInfo (RFC 7292 §4.1). */
  *#opened(type: string, content: DerReader): Steps<Uint8Array> {
    const what = "the safe's contents";
    switch (type) {
      case CmsOid.idData: {
        const octets = content.octetString(what);
        content.finish(what);
        return this.#toDer(octets);
      }
      case CmsOid.idEncryptedData: {
        const { algorithm, ciphertext } = readEncryptedData(content);
        content.finish(what);
        const plaintext = yield* decryptByPassword(algorithm, ciphertext, this.#inputs, "PKCS#12", this.#budget);
        return this.#decrypted(plaintext);
      }
      case CmsOid.idEnvelopedData:
        throw x509Error(
          "unsupported_algorithm",
          "PKCS#12 contents that are encrypted to a public key are not supported",
        );
      default:
        throw x509Error("invalid_pkcs12", "the safe's contents are of no known type");
    }
  }

  /** What comes out of a decryption, as far as its outermost length tells whether the password was right. */
  #decrypted(plaintext: Uint8Array): Uint8Array {
    try {
      const der = this.#toDer(plaintext);
      decodeDer(der, "what was decrypted", (reader) => reader.whole(Tag.sequence, "what was decrypted"));
      return der;
    } catch (error) {
      // that it is BER, which nobody was given to read, is no sign of a wrong password
      if (error instanceof X509Error && error.code !== "invalid_pkcs12") throw wrongPassword();
      throw error;
    }
  }

  /** RFC 7292 §4.2: `SafeContents ::= SEQUENCE OF SafeBag` */
  *#safe(der: Uint8Array, depth: number = 1): Steps<void> {
    if (depth > maximumPkcs12Depth) {
      throw x509Error("too_large", `bags lie at most ${maximumPkcs12Depth} deep in one another`);
    }
    const list = decodeDer(der, "the safe", (reader) => reader.sequence("the safe"));
    while (!list.done) yield* this.#bag(list, depth);
  }

  /**
   * ```
   * SafeBag ::= SEQUENCE { bagId OBJECT IDENTIFIER, bagValue [0] EXPLICIT ANY, bagAttributes SET OPTIONAL }
   * ```
   */
  *#bag(list: DerReader, depth: number): Steps<void> {
    this.#bags += 1;
    if (this.#bags > maximumPkcs12Bags) {
      throw x509Error("too_large", `a PKCS#12 file has at most ${maximumPkcs12Bags} bags`);
    }
    const parts = list.sequence("a bag");
    const type = parts.oid("the bag's type");
    const value = parts.open(contextConstructed(0), "the bag's value");
    const labels = readLabels(parts);
    parts.finish("a bag");
    const { der } = value.element("the bag's value");
    value.finish("the bag's value");
    switch (type) {
      case Pkcs12Oid.keyBag:
        this.keys.push({ bag: this.#bags, pkcs8: der, labels });
        break;
      case Pkcs12Oid.pkcs8ShroudedKeyBag:
        this.keys.push({
          bag: this.#bags,
          pkcs8: yield* decryptPkcs8(der, this.#inputs, this.#budget, "PKCS#12", this.#toDer),
          labels,
        });
        break;
      case Pkcs12Oid.certBag:
        this.#certificate(der, labels);
        break;
      case Pkcs12Oid.safeContentsBag:
        yield* this.#safe(der, depth + 1);
        break;
      default:
        this.#passOver(`what it is, ${type}, is no key and no certificate`);
    }
  }

  /** RFC 7292 §4.2.3: `CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] EXPLICIT ANY }` */
  #certificate(der: Uint8Array, labels: Pkcs12Labels): void {
    const what = "the certificate bag";
    decodeDer(der, what, (reader) => {
      const parts = reader.sequence(what);
      const type = parts.oid("the certificate's type");
      const value = parts.open(contextConstructed(0), what);
      parts.finish(what);
      if (type !== Pkcs12Oid.x509Certificate) {
        this.#passOver(`it is a certificate of another kind, ${type}`);
        return;
      }
      const octets = value.octetString("the certificate");
      value.finish(what);
      this.unlessUnreadable(this.#bags, () => {
        this.certificates.push({ certificate: Certificate.fromDer(octets), ...labels });
      });
    });
  }
}
