import { equalBytes } from "@tlskit/wire";
import { DerReader } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { x509Error } from "../error.ts";
import type { GeneralNames } from "../general-name.ts";
import type { Name } from "../name.ts";
import { readEventTime, timeAt } from "../time.ts";
import {
  decodeEntryExtensions,
  type EntryExtensions,
  type RevokedCertificate,
  readRevokedCertificate,
} from "./revoked-certificate.ts";

/** Bytes that an entry has at least: a sequence of an INTEGER and a UTCTime without seconds. */
const minimumEntryBytes = 18;

/** Encodings of extensions that are remembered: entries of one CRL have some five, for their reasons. */
const rememberedExtensions = 16;

/**
 * The entries of a CRL, of which there may be hundreds of thousands: each is checked once, when the CRL is read, and
 * none is kept but by its place and a fingerprint of its serial number. Who looks a certificate up runs through the
 * fingerprints, which takes microseconds and, whatever serial numbers a CRL's maker chooses, never more than one
 * comparison for each entry.
 */
export class CrlEntries {
  readonly size: number;
  /** A critical extension of an entry that isn't understood. */
  readonly unsupported: string | undefined;
  readonly #bytes: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #fingerprints: Uint32Array;
  /** RFC 5280 §5.3.3: from which entry on the certificates are of another issuer. */
  readonly #issuers: readonly { readonly from: number; readonly names: GeneralNames }[];

  /** @param bytes the contents of `revokedCertificates` */
  constructor(bytes: Uint8Array, version: 1 | 2) {
    const capacity = Math.floor(bytes.length / minimumEntryBytes);
    const starts = new Uint32Array(capacity);
    const fingerprints = new Uint32Array(capacity);
    const issuers: { readonly from: number; readonly names: GeneralNames }[] = [];
    const known = new KnownExtensions();
    let size = 0;
    let unsupported: string | undefined;
    for (let at = 0; at < bytes.length; size += 1) {
      const entry = readOrdinaryEntry(bytes, at, known) ?? readEntry(bytes, at, known);
      // RFC 5280 §5.1.2.6: extensions came with version 2
      if (version === 1 && entry.extensions !== undefined) {
        throw x509Error("invalid_crl", "an entry of a CRL of version 1 has extensions");
      }
      unsupported ??= entry.extensions?.unsupported;
      const names = entry.extensions?.certificateIssuer;
      if (names !== undefined) issuers.push({ from: size, names });
      starts[size] = at;
      fingerprints[size] = entry.fingerprint;
      at = entry.end;
    }
    this.size = size;
    this.unsupported = unsupported;
    this.#bytes = bytes;
    this.#starts = starts.slice(0, size);
    this.#fingerprints = fingerprints.slice(0, size);
    this.#issuers = issuers;
  }

  /** The entries in their order. */
  *[Symbol.iterator](): Generator<RevokedCertificate> {
    for (let index = 0; index < this.size; index += 1) yield readRevokedCertificate(this.#open(index));
  }

  /**
   * The entry of a certificate. Should there be several, one that revokes it goes before one that takes it off the list.
   * @param crlIssuer whose certificates the entries are that don't say whose they are
   */
  find(serialNumber: Uint8Array, issuer: Name, crlIssuer: Name): RevokedCertificate | undefined {
    const wanted = fingerprint(serialNumber, 0, serialNumber.length);
    let removed: RevokedCertificate | undefined;
    for (let at = this.#fingerprints.indexOf(wanted); at !== -1; at = this.#fingerprints.indexOf(wanted, at + 1)) {
      if (!equalBytes(this.#open(at).integer("a serial number"), serialNumber)) continue;
      if (!this.#issuersOf(at, crlIssuer).some((name) => name.equals(issuer))) continue;
      const entry = readRevokedCertificate(this.#open(at));
      if (entry.reason !== "removeFromCRL") return entry;
      removed ??= entry;
    }
    return removed;
  }

  #open(index: number): DerReader {
    return new DerReader(this.#bytes, this.#starts[index]).sequence("a CRL entry");
  }

  /** RFC 5280 §5.3.3: an entry that names no issuer has that of the entry before; the first, that of the CRL. */
  #issuersOf(index: number, crlIssuer: Name): readonly Name[] {
    let [low, high] = [0, this.#issuers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#issuers[middle]?.from ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return this.#issuers[low - 1]?.names.directoryNames ?? [crlIssuer];
  }
}

/** What is kept of an entry, or looked at once. */
interface CheckedEntry {
  readonly end: number;
  readonly fingerprint: number;
  readonly extensions: EntryExtensions | undefined;
}

/** Checks an entry in full. */
function readEntry(bytes: Uint8Array, at: number, known: KnownExtensions): CheckedEntry {
  const list = new DerReader(bytes, at);
  const entry = list.sequence("a CRL entry");
  const serialNumber = entry.integer("a CRL entry's serial number");
  readEventTime(entry, "a revocation date");
  const extensions = entry.done ? undefined : known.decode(entry.whole(Tag.sequence, "a CRL entry's extensions"));
  entry.finish("a CRL entry");
  return { end: list.offset, fingerprint: fingerprint(serialNumber, 0, serialNumber.length), extensions };
}

/**
 * Checks an entry that is like nearly all of them: lengths of one octet, a UTCTime, extensions that came before. It
 * takes a tenth of the time, for nothing has to be put into objects. Whatever isn't so is for {@link readEntry} to judge.
 */
function readOrdinaryEntry(bytes: Uint8Array, at: number, known: KnownExtensions): CheckedEntry | undefined {
  const length = bytes[at + 1] ?? 0xff;
  const end = at + 2 + length;
  if (bytes[at] !== Tag.sequence || length >= 0x80 || end > bytes.length) return undefined;
  const serialLength = bytes[at + 3] ?? 0;
  const serial = at + 4;
  const time = serial + serialLength;
  if (bytes[at + 2] !== Tag.integer || serialLength < 1 || time + 15 > end) return undefined;
  // canonical whatever follows: neither zeros nor ones in all bits at the start
  const first = bytes[serial];
  if (serialLength > 1 && (first === 0xff || (first === 0 && (bytes[serial + 1] ?? 0) < 0x80))) return undefined;
  if (bytes[time] !== Tag.utcTime || bytes[time + 1] !== 13 || timeAt(bytes, time + 2, 2) === undefined)
    return undefined;
  const extensions = time + 15 === end ? undefined : known.find(bytes, time + 15, end);
  if (time + 15 !== end && extensions === undefined) return undefined;
  return { end, fingerprint: fingerprint(bytes, serial, time), extensions };
}

/** Decodes extensions, but those that came before only once. */
class KnownExtensions {
  readonly #known: { readonly der: Uint8Array; readonly extensions: EntryExtensions }[] = [];

  /** What was decoded from these very bytes before. */
  find(bytes: Uint8Array, start: number, end: number): EntryExtensions | undefined {
    for (const { der, extensions } of this.#known) {
      if (der.length !== end - start) continue;
      let same = 0;
      while (same < der.length && der[same] === bytes[start + same]) same += 1;
      if (same === der.length) return extensions;
    }
    return undefined;
  }

  decode(der: Uint8Array): EntryExtensions {
    const extensions = decodeEntryExtensions(der);
    if (this.#known.length < rememberedExtensions) this.#known.push({ der, extensions });
    return extensions;
  }
}

/** Tells serial numbers apart, most of the time. */
function fingerprint(bytes: Uint8Array, start: number, end: number): number {
  let mixed = end - start;
  for (let i = start; i < end; i += 1) mixed = Math.imul(mixed ^ (bytes[i] ?? 0), 0x01000193);
  return mixed >>> 0;
}
