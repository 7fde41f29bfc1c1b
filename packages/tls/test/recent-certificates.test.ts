import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { createCertificateSync } from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { maxRecentCertificateLength, maxRecentCertificates } from "../src/limits.ts";
import { RecentCertificates } from "../src/recent-certificates.ts";
import { host, now } from "./helpers/world.ts";

const random = seededRandom(30);
const pki = throwawayPki(nodeProvider, random, host, now);
const { key } = pki.root;

/** A certificate, and another one at each call. */
function another(...dnsNames: readonly string[]): Uint8Array {
  const validity = { from: new Date(now), days: 1 };
  const named = { subject: { commonName: "somebody" }, dnsNames: [host, ...dnsNames] };
  const signed = { provider: nodeProvider, random, signer: key, publicKey: key };
  return createCertificateSync({ ...signed, ...named, validity }).der;
}

const copyOf = (der: Uint8Array): Uint8Array => Uint8Array.from(der);

describe("certificates that have been read of late", () => {
  test("are the same when the same bytes come again", () => {
    const recent = new RecentCertificates();
    const der = another();
    const first = recent.read(der);
    expect(first.der).toEqual(der);
    expect(recent.read(copyOf(der))).toBe(first);
    expect(recent.readAll([another(), copyOf(der)], 2).certificates[1]).toBe(first);
  });

  test("are others when a byte is another", () => {
    const recent = new RecentCertificates();
    const der = another();
    const first = recent.read(der);
    const changed = copyOf(der);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(recent.read(changed)).not.toBe(first);
    expect(recent.read(changed).der).toEqual(changed);
  });

  test("are those of an answer besides what can't be read, which is passed over under its number", () => {
    const recent = new RecentCertificates();
    const ders = [another(), Uint8Array.of(0x30, 0), another()];
    for (const time of ["at first", "and again"]) {
      const { certificates, passedOver } = recent.readAll(ders, 2);
      expect(
        certificates.map(({ der }) => der),
        time,
      ).toEqual([ders[0], ders[2]]);
      expect(passedOver, time).toHaveLength(1);
      expect(passedOver[0]?.source, time).toBe("certificate 3");
    }
  });

  test("are so many at most: one more takes the place of the first", () => {
    const recent = new RecentCertificates();
    const ders = Array.from({ length: maxRecentCertificates }, () => another());
    const read = ders.map((der) => recent.read(der));
    expect(ders.map((der) => recent.read(der))).toEqual(read);
    recent.read(another());
    // The latest first, since what isn't there any more is read anew, and takes a place.
    for (const [index, der] of [...ders.entries()].slice(1)) expect(recent.read(der)).toBe(read[index]);
    expect(recent.read(ders[0] ?? never())).not.toBe(read[0]);
  });

  test("are none that are too long", () => {
    const recent = new RecentCertificates();
    const names = Array.from({ length: 100 }, (_, index) => `${"a".repeat(50)}${index + 100}.example`);
    const all = names.map((_, index) => another(...names.slice(0, index)));
    const short = all.findLast(({ length }) => length <= maxRecentCertificateLength) ?? never();
    const long = all.find(({ length }) => length > maxRecentCertificateLength) ?? never();
    expect(recent.read(short)).toBe(recent.read(short));
    expect(recent.read(long)).not.toBe(recent.read(long));
  });
});

function never(): never {
  throw new RangeError("there is one");
}
