import { asciiBytes, printable } from "@tlskit/wire";
import type { DerReader } from "./der-reader.ts";
import { Tag } from "./der-tag.ts";
import { derElement } from "./der-writer.ts";
import { x509Error } from "./error.ts";

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
  const invalid = () =>
    x509Error("invalid_der", `${what} is not a time as RFC 5280 §4.1.2.5 has it: ${printable(text)}`);
  if (text.length !== yearDigits + 11 || text[text.length - 1] !== 0x5a) throw invalid();
  const digits = (start: number, count: number): number => {
    let value = 0;
    for (let i = start; i < start + count; i += 1) {
      const digit = (text[i] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) throw invalid();
      value = value * 10 + digit;
    }
    return value;
  };
  let year = digits(0, yearDigits);
  // RFC 5280 §4.1.2.5.1: two digits are the years from 1950 to 2049
  if (yearDigits === 2) year += year >= 50 ? 1900 : 2000;
  const month = digits(yearDigits, 2);
  const day = digits(yearDigits + 2, 2);
  const hour = digits(yearDigits + 4, 2);
  const minute = digits(yearDigits + 6, 2);
  const second = digits(yearDigits + 8, 2);
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) throw invalid();
  if (hour > 23 || minute > 59 || second > 59) throw invalid();
  const date = new Date(0);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second, 0);
}

/** RFC 5280 §4.1.2.5: a UTCTime through 2049, a GeneralizedTime from 2050. Fractions of a second are dropped. */
export function writeTime(time: Date): Uint8Array {
  const iso = Number.isNaN(time.getTime()) ? "" : time.toISOString();
  const year = time.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999)) throw x509Error("invalid_argument", "a time must lie between 1950 and 9999");
  const digits = `${iso.slice(0, 19).replaceAll(/[-:T]/g, "")}Z`;
  return year < 2050
    ? derElement(Tag.utcTime, asciiBytes(digits.slice(2)))
    : derElement(Tag.generalizedTime, asciiBytes(digits));
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
