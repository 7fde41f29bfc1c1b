import { printable } from "@tlskit/wire";
import type { DerReader } from "./der-reader.ts";
import { Tag } from "./der-tag.ts";
import { derElement } from "./der-writer.ts";
import { x509Error } from "./error.ts";
import { encodeUtf8 } from "./unicode.ts";

/**
 * RFC 5280 §4.1.2.5: a UTCTime `YYMMDDHHMMSSZ` or a GeneralizedTime `YYYYMMDDHHMMSSZ`, with seconds, without
 * fractions, in Zulu time, and a time that there is. A GeneralizedTime before 2050, which nobody should write, is
 * read too: it has but one meaning.
 * @returns milliseconds since 1970
 */
export function readTime(reader: DerReader, what: string): number {
  const tag = reader.nextTag;
  const yearDigits = tag === Tag.generalizedTime ? 4 : 2;
  const text = reader.content(tag === Tag.generalizedTime ? Tag.generalizedTime : Tag.utcTime, what);
  const time = text.length === yearDigits + 11 ? timeAt(text, 0, yearDigits) : undefined;
  if (time !== undefined) return time;
  throw x509Error("invalid_der", `${what} is not a time as RFC 5280 §4.1.2.5 has it: ${printable(text)}`);
}

/**
 * When something happened, on which no verdict rests, such as a revocation: {@link readTime}, or a UTCTime without its
 * seconds, which X.680 §47.3 allows, RFC 5280 doesn't, and which has but one meaning.
 */
export function readEventTime(reader: DerReader, what: string): number {
  const ahead = reader.nextTag === Tag.utcTime ? reader.element(what) : undefined;
  if (ahead === undefined) return readTime(reader, what);
  const { content } = ahead;
  const isShort = content.length === 11 && content[10] === 0x5a;
  const whole = isShort ? Uint8Array.of(...content.subarray(0, 10), 0x30, 0x30, 0x5a) : content;
  const time = whole.length === 13 ? timeAt(whole, 0, 2) : undefined;
  if (time !== undefined) return time;
  throw x509Error("invalid_der", `${what} is not a time: ${printable(content)}`);
}

/** The time whose `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` begins there, in milliseconds since 1970, if there is such a time. */
export function timeAt(octets: Uint8Array, start: number, yearDigits: 2 | 4): number | undefined {
  const fields = start + yearDigits;
  for (let i = start; i < fields + 10; i += 1) {
    const octet = octets[i] ?? 0;
    if (octet < 0x30 || octet > 0x39) return undefined;
  }
  if (octets[fields + 10] !== 0x5a) return undefined;
  let year = twoDigits(octets, fields - 2);
  // RFC 5280 §4.1.2.5.1: two digits are the years from 1950 to 2049
  if (yearDigits === 4) year += twoDigits(octets, start) * 100;
  else year += year >= 50 ? 1900 : 2000;
  const month = twoDigits(octets, fields);
  const day = twoDigits(octets, fields + 2);
  const hour = twoDigits(octets, fields + 4);
  const minute = twoDigits(octets, fields + 6);
  const second = twoDigits(octets, fields + 8);
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return (daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second) * 1000;
}

function twoDigits(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) - 0x30) * 10 + (octets[at + 1] ?? 0) - 0x30;
}

/** By the rules of the Gregorian calendar; Date.UTC takes the years 0 to 99 for 1900 to 1999. */
function daysSince1970(year: number, month: number, day: number): number {
  // years begin in March, so that the day that comes and goes is the last
  const shifted = month > 2 ? year : year - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * shifted + leapDays + dayOfYear - 719_468;
}

/** A time where only a GeneralizedTime may stand, as in OCSP responses: written as RFC 5280 §4.1.2.5.2 has it. */
export function readGeneralizedTime(reader: DerReader, what: string): number {
  // refuses the other kind by saying what should have come
  if (reader.nextTag !== Tag.generalizedTime) reader.content(Tag.generalizedTime, what);
  return readTime(reader, what);
}

/** RFC 5280 §4.1.2.5.2: `YYYYMMDDHHMMSSZ`. Fractions of a second are dropped. */
export function writeGeneralizedTime(time: Date): Uint8Array {
  return derElement(Tag.generalizedTime, encodeUtf8(digitsOf(time)));
}

/** RFC 5280 §4.1.2.5: a UTCTime through 2049, a GeneralizedTime from 2050. Fractions of a second are dropped. */
export function writeTime(time: Date): Uint8Array {
  const digits = digitsOf(time);
  return time.getUTCFullYear() < 2050
    ? derElement(Tag.utcTime, encodeUtf8(digits.slice(2)))
    : derElement(Tag.generalizedTime, encodeUtf8(digits));
}

function digitsOf(time: Date): string {
  const year = time.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999)) throw x509Error("invalid_argument", "a time must lie between 1950 and 9999");
  return `${time.toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}Z`;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
