import { describe, expect, test } from "vitest";
import { CrlEntries } from "../../src/crl/entries.ts";
import { encodeIssuingDistributionPoint } from "../../src/crl/issuing-distribution-point.ts";
import { readRevokedCertificate } from "../../src/crl/revoked-certificate.ts";
import { DerReader, decodeDer } from "../../src/der-reader.ts";
import { contextPrimitive } from "../../src/der-tag.ts";
import {
  derBitString,
  derElement,
  derEnumerated,
  derExplicit,
  derInteger,
  derOctetString,
  derOid,
  derSequence,
  derSmallInteger,
  derUnsignedInteger,
} from "../../src/der-writer.ts";
import { type Extension, encodeExtensions } from "../../src/extensions/extension.ts";
import { encodeGeneralNames } from "../../src/general-name.ts";
import {
  CertificateRevocationList,
  type CrlContents,
  certificatesToPem,
  createCrlAsync,
  createCrlSync,
  crlsFromPem,
  crlsToPem,
  freshestCrlExtension,
  GeneralNames,
  type Name,
  nameOfParts,
  Oid,
  X509Error,
} from "../../src/index.ts";
import { maximumCrlBytes } from "../../src/limits.ts";
import { encodeRevocationReason, type RevocationReason } from "../../src/revocation/reason.ts";
import { writeGeneralizedTime, writeTime } from "../../src/time.ts";
import {
  crlContents,
  intermediate,
  intermediateCertificate,
  issue,
  keyUsage,
  lateSigner,
  leaf,
  root,
  signerOf,
} from "../pki.ts";

const issuer = nameOfParts({ commonName: "CA" });
const other = nameOfParts({ commonName: "Other CA" });
const time = new Date("2026-02-01T00:00:00Z");
const algorithm = derSequence(derOid(Oid.ecdsaWithSha256));
const number = (...octets: readonly number[]): Uint8Array => Uint8Array.from(octets);

interface Parts {
  readonly version?: readonly Uint8Array[];
  readonly innerAlgorithm?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly nextUpdate?: readonly Uint8Array[];
  readonly revoked?: readonly Uint8Array[];
  readonly extensions?: readonly Extension[];
  readonly behind?: readonly Uint8Array[];
}

/** A CRL by hand, as wrong as a test wants it, with a signature that is none. */
function crlBytes(parts: Parts = {}): Uint8Array {
  const { version = [derSmallInteger(1)], revoked, extensions = [] } = parts;
  const tbs = derSequence(
    ...version,
    parts.innerAlgorithm ?? algorithm,
    parts.issuer ?? issuer.der,
    writeTime(time),
    ...(parts.nextUpdate ?? [writeTime(time)]),
    ...(revoked === undefined ? [] : [derSequence(...revoked)]),
    ...(extensions.length === 0 ? [] : [derExplicit(0, encodeExtensions(extensions))]),
    ...(parts.behind ?? []),
  );
  return derSequence(tbs, algorithm, derBitString(new Uint8Array(64)));
}

const read = (parts: Parts = {}): CertificateRevocationList => CertificateRevocationList.fromDer(crlBytes(parts));

function codeOf(make: () => unknown): string {
  try {
    make();
    return "read";
  } catch (error) {
    if (error instanceof X509Error) return error.code;
    throw error;
  }
}

function entry(
  serialNumber: Uint8Array,
  extensions: readonly Extension[] = [],
  at: Uint8Array = writeTime(time),
): Uint8Array {
  return derSequence(derInteger(serialNumber), at, ...(extensions.length === 0 ? [] : [encodeExtensions(extensions)]));
}

const reason = (name: RevocationReason): Extension => ({
  oid: Oid.reasonCode,
  critical: false,
  value: encodeRevocationReason(name),
});
const certificateIssuer = (name: Name): Extension => ({
  oid: Oid.certificateIssuer,
  critical: true,
  value: encodeGeneralNames([{ type: "directoryName", value: name }]),
});
const unknown = (critical: boolean): Extension => ({ oid: "1.2.3.4", critical, value: number(5, 0) });
const scope = (value: Uint8Array): Extension => ({ oid: Oid.issuingDistributionPoint, critical: true, value });

describe("a CRL", () => {
  test("tells what it says", () => {
    const crl = read({
      revoked: [entry(number(1), [reason("keyCompromise")]), entry(number(2))],
      extensions: [
        { oid: Oid.cRLNumber, critical: false, value: derUnsignedInteger(number(1, 0)) },
        scope(
          encodeIssuingDistributionPoint({
            distributionPoint: {
              type: "fullName",
              names: new GeneralNames([{ type: "uniformResourceIdentifier", value: "http://example.org/1.crl" }]),
            },
            onlyContains: "userCerts",
            onlySomeReasons: new Set(["keyCompromise"]),
            indirectCRL: true,
          }),
        ),
      ],
    });
    expect(crl.version).toBe(2);
    expect(crl.issuer.toString()).toBe("CN=CA");
    expect([crl.thisUpdate, crl.nextUpdate]).toEqual([time, time]);
    expect(crl.cRLNumber).toBe(256n);
    expect(crl.isDelta).toBe(false);
    expect(crl.issuingDistributionPoint).toMatchObject({
      onlyContains: "userCerts",
      onlySomeReasons: new Set(["keyCompromise"]),
      indirectCRL: true,
    });
    expect(crl.size).toBe(2);
    expect(crl.find({ serialNumber: number(1), issuer })).toMatchObject({
      reason: "keyCompromise",
      revocationDate: time,
    });
    expect(crl.find({ serialNumber: number(2), issuer })).toMatchObject({ reason: undefined });
    expect(crl.find({ serialNumber: number(3), issuer })).toBeUndefined();
    expect(crl.find({ serialNumber: number(1), issuer: other })).toBeUndefined();
    expect(Array.from(crl.entries, ({ serialNumber }) => serialNumber)).toEqual([number(1), number(2)]);
  });

  test("can have a number of 20 octets", () => {
    const value = derUnsignedInteger(new Uint8Array(20).fill(0xff));
    expect(read({ extensions: [{ oid: Oid.cRLNumber, critical: false, value }] }).cRLNumber).toBe((1n << 160n) - 1n);
  });

  test("can have no nextUpdate, no entries and no version", () => {
    const crl = read({ version: [], nextUpdate: [] });
    expect([crl.version, crl.nextUpdate, crl.size, [...crl.entries]]).toEqual([1, undefined, 0, []]);
  });

  test("with an empty list is one without entries", () => {
    expect([...read({ revoked: [] }).entries]).toEqual([]);
  });

  test("with version 1 written out is of version 1", () => {
    expect(read({ version: [derSmallInteger(0)], extensions: [] }).version).toBe(1);
  });

  test("with an issuing distribution point that says nothing, or FALSE, is about all certificates", () => {
    const everything = { distributionPoint: undefined, onlyContains: undefined, indirectCRL: false };
    for (const value of [derSequence(), derSequence(derElement(contextPrimitive(1), number(0)))]) {
      expect(read({ extensions: [scope(value)] }).issuingDistributionPoint).toMatchObject(everything);
    }
  });

  test.each([
    ["that isn't defined", derEnumerated(7)],
    ["of another type", derSmallInteger(1)],
  ])("with a reason %s revokes all the same", (_, value) => {
    const crl = read({ revoked: [entry(number(1), [{ ...reason("superseded"), value }])] });
    expect(crl.find({ serialNumber: number(1), issuer })).toMatchObject({ reason: undefined, revocationDate: time });
  });

  test("with a revocation date without seconds revokes all the same", () => {
    const crl = read({ revoked: [derSequence(derInteger(number(1)), time13("2602010203Z"))] });
    expect(crl.find({ serialNumber: number(1), issuer })?.revocationDate).toEqual(new Date("2026-02-01T02:03:00Z"));
  });

  test("with an invalidity date that is a UTCTime, or none, revokes all the same", () => {
    const dated = (value: Uint8Array) =>
      read({ revoked: [entry(number(1), [{ oid: Oid.invalidityDate, critical: false, value }])] });
    const found = (value: Uint8Array) => dated(value).find({ serialNumber: number(1), issuer })?.invalidityDate;
    expect(found(writeTime(time))).toEqual(time);
    expect(found(derSmallInteger(1))).toBeUndefined();
  });

  test("with a critical extension that can't be read can't be used", () => {
    const bad = derSmallInteger(1);
    const critical = (oid: string, value: Uint8Array) => [{ oid, critical: true, value }];
    const ofCrl = read({ extensions: critical(Oid.authorityKeyIdentifier, bad) });
    expect(ofCrl.unsupportedCriticalExtension).toBe(Oid.authorityKeyIdentifier);
    const ofEntry = read({ revoked: [entry(number(1), critical(Oid.reasonCode, bad))] });
    expect(ofEntry.unsupportedCriticalExtension).toBe(Oid.reasonCode);
    const good = read({ extensions: critical(Oid.cRLNumber, bad) });
    expect(good.unsupportedCriticalExtension).toBeUndefined();
  });

  test.each([
    ["of 21 octets", derUnsignedInteger(new Uint8Array(21).fill(1))],
    ["below zero", derInteger(number(0xff))],
  ])("with a number %s says so when it is asked for it", (_, value) => {
    const crl = read({ extensions: [{ oid: Oid.cRLNumber, critical: false, value }] });
    expect(() => crl.cRLNumber).toThrow(X509Error);
  });

  test.each<readonly [string, Parts]>([
    ["version 3", { version: [derSmallInteger(2)] }],
    ["another algorithm inside than outside", { innerAlgorithm: derSequence(derOid(Oid.ecdsaWithSha384)) }],
    ["extensions in version 1", { version: [], extensions: [unknown(false)] }],
    ["extensions of an entry in version 1", { version: [], revoked: [entry(number(1), [reason("superseded")])] }],
    [
      "a certificate issuer without a directory name",
      {
        revoked: [
          entry(number(1), [
            { ...certificateIssuer(other), value: encodeGeneralNames([{ type: "dNSName", value: "example.org" }]) },
          ]),
        ],
      },
    ],
    [
      "a scope without any certificates",
      {
        extensions: [
          scope(
            derSequence(derElement(contextPrimitive(1), number(0xff)), derElement(contextPrimitive(2), number(0xff))),
          ),
        ],
      },
    ],
  ])("with %s breaks RFC 5280 §5", (_, parts) => {
    expect(codeOf(() => read(parts))).toBe("invalid_crl");
  });

  test.each<readonly [string, Parts]>([
    [
      "a flag that is TRUE as BER has it",
      { extensions: [scope(derSequence(derElement(contextPrimitive(1), number(1))))] },
    ],
    ["something behind its fields", { behind: [derSmallInteger(1)] }],
    ["something behind an entry's fields", { revoked: [derSequence(entry(number(1)), derSmallInteger(1))] }],
    ["a serial number in too many octets", { revoked: [derSequence(number(2, 2, 0, 1), writeTime(time))] }],
    ["a time that there isn't", { revoked: [derSequence(derInteger(number(1)), time13("260231000000Z"))] }],
    ["a time in another zone", { revoked: [derSequence(derInteger(number(1)), time13("260201000000+0100"))] }],
    ["an entry that is no sequence", { revoked: [derOctetString(number(1))] }],
  ])("with %s isn't DER", (_, parts) => {
    expect(codeOf(() => read(parts))).toBe("invalid_der");
  });

  test("with an extension twice is refused", () => {
    expect(codeOf(() => read({ extensions: [unknown(false), unknown(false)] }))).toBe("invalid_certificate");
  });

  test("cut off anywhere, or longer, is refused", () => {
    const whole = crlBytes({ revoked: [entry(number(1), [reason("keyCompromise")])], extensions: [unknown(false)] });
    for (let length = 0; length < whole.length; length += 1) {
      expect(codeOf(() => CertificateRevocationList.fromDer(whole.subarray(0, length)))).toBe("invalid_der");
    }
    expect(codeOf(() => CertificateRevocationList.fromDer(number(...whole, 0)))).toBe("invalid_der");
  });

  test("tells of critical extensions that aren't understood, of its own and of its entries", () => {
    const found = (parts: Parts): string | undefined => read(parts).unsupportedCriticalExtension;
    expect(found({ extensions: [unknown(true)] })).toBe("1.2.3.4");
    expect(found({ extensions: [unknown(false)] })).toBeUndefined();
    const entries = [entry(number(1)), entry(number(2), [unknown(true)]), entry(number(3))];
    expect(found({ revoked: entries })).toBe("1.2.3.4");
    expect(found({ revoked: [entry(number(2), [unknown(false)])] })).toBeUndefined();
  });

  test("has a limit of size", () => {
    const bytes = new Uint8Array(maximumCrlBytes + 1);
    expect(codeOf(() => CertificateRevocationList.fromDer(bytes))).toBe("too_large");
    expect(codeOf(() => CertificateRevocationList.fromDer(bytes.subarray(1)))).toBe("invalid_der");
  });

  test("isn't changed by who changes the bytes that it was read from", () => {
    const bytes = crlBytes({ revoked: [entry(number(1))] });
    const crl = CertificateRevocationList.fromDer(bytes);
    bytes.fill(0);
    expect(crl.find({ serialNumber: number(1), issuer })).toBeDefined();
  });
});

function time13(text: string): Uint8Array {
  return derElement(0x17, new Uint8Array(Buffer.from(text)));
}

describe("an indirect CRL", () => {
  const crl = read({
    revoked: [
      entry(number(1)),
      entry(number(2), [certificateIssuer(other)]),
      entry(number(3)),
      entry(number(4), [certificateIssuer(issuer), reason("superseded")]),
    ],
  });
  const listed = (serial: number, by: Name): boolean =>
    crl.find({ serialNumber: number(serial), issuer: by }) !== undefined;

  test("has entries of the issuer that the last entry with one names, and before of its own", () => {
    expect([1, 2, 3, 4].map((serial) => listed(serial, issuer))).toEqual([true, false, false, true]);
    expect([1, 2, 3, 4].map((serial) => listed(serial, other))).toEqual([false, true, true, false]);
  });
});

describe("entries", () => {
  test("that revoke go before those of the same certificate that don't", () => {
    const revoked = [entry(number(1), [reason("removeFromCRL")]), entry(number(1), [reason("superseded")])];
    for (const order of [revoked, revoked.toReversed()]) {
      expect(read({ revoked: order }).find({ serialNumber: number(1), issuer })?.reason).toBe("superseded");
    }
    const removed = read({ revoked: [entry(number(1), [reason("removeFromCRL")])] });
    expect(removed.find({ serialNumber: number(1), issuer })?.reason).toBe("removeFromCRL");
  });

  test("of serial numbers of any length and sign are found", () => {
    const serials = [number(0), number(0xff), number(0, 0x80), new Uint8Array(20).fill(7), new Uint8Array(200).fill(7)];
    const crl = read({ revoked: serials.map((serial) => entry(serial)) });
    for (const serialNumber of serials) expect(crl.find({ serialNumber, issuer })?.serialNumber).toEqual(serialNumber);
  });

  test("whose serial numbers look alike to a quick look aren't taken for each other", () => {
    // of one fingerprint
    const [one, other] = [number(64, 71, 110, 63, 238, 60, 206, 114), number(64, 88, 62, 142, 247, 70, 242, 21)];
    const crl = read({ revoked: [entry(one)] });
    expect(crl.find({ serialNumber: one, issuer })).toBeDefined();
    expect(crl.find({ serialNumber: other, issuer })).toBeUndefined();
  });

  test("with dates of either kind, invalidity dates and many kinds of extensions are read", () => {
    const late = new Date("2051-01-01T00:00:00Z");
    const invalidity: Extension = { oid: Oid.invalidityDate, critical: false, value: writeGeneralizedTime(time) };
    const revoked = Array.from({ length: 40 }, (_, index) =>
      entry(
        number(index),
        [{ oid: `1.2.3.${index}`, critical: false, value: number(5, 0) }, invalidity],
        writeTime(late),
      ),
    );
    const crl = read({ revoked });
    expect(crl.size).toBe(40);
    for (const { revocationDate, invalidityDate } of crl.entries) {
      expect([revocationDate, invalidityDate]).toEqual([late, time]);
    }
  });

  /** The quick way of most entries must accept nothing that the full one refuses. */
  test("changed in any octet are read as the full reader reads them", () => {
    const good = [
      entry(number(0x12, 0x34), [reason("keyCompromise")]),
      entry(number(0, 0x81)),
      entry(number(0x55), [reason("keyCompromise")]),
    ];
    const bytes = number(...good.flatMap((der) => [...der]));
    let accepted = 0;
    for (let index = 0; index < bytes.length; index += 1) {
      for (const value of [0, 1, 2, 0x0d, 0x17, 0x18, 0x30, 0x31, 0x39, 0x3a, 0x7f, 0x80, 0x81, 0xff]) {
        const changed = new Uint8Array(bytes);
        changed[index] = value;
        const quick = outcome(() => Array.from(new CrlEntries(changed, 2)));
        expect(quick).toEqual(outcome(() => readAll(changed)));
        if (Array.isArray(quick)) accepted += 1;
      }
    }
    expect(accepted).toBeGreaterThan(100);
  });

  function readAll(bytes: Uint8Array): readonly unknown[] {
    const list = new DerReader(bytes);
    const entries: unknown[] = [];
    while (!list.done) {
      const parts = list.sequence("an entry");
      entries.push(readRevokedCertificate(parts));
      parts.finish("an entry");
    }
    return entries;
  }

  function outcome(make: () => readonly unknown[]): readonly unknown[] | "refused" {
    try {
      return make();
    } catch (error) {
      if (error instanceof X509Error) return "refused";
      throw error;
    }
  }
});

describe("a CRL that is made", () => {
  const make = (contents: Partial<CrlContents> = {}): CertificateRevocationList =>
    createCrlSync({ ...crlContents, ...contents });

  test("says what it was to say", () => {
    const invalidityDate = new Date("2026-01-15T00:00:00Z");
    const crl = make({
      cRLNumber: 7n,
      revoked: [
        { serialNumber: number(1), revocationDate: time, reason: "keyCompromise", invalidityDate },
        { serialNumber: number(2), revocationDate: time, reason: "unspecified" },
      ],
    });
    expect(crl.issuer.equals(intermediateCertificate.subject)).toBe(true);
    expect(crl.cRLNumber).toBe(7n);
    expect(crl.authorityKeyIdentifier?.keyIdentifier?.length).toBe(20);
    expect(Array.from(crl.entries, (found) => [found.reason, found.invalidityDate, found.extensions.length])).toEqual([
      ["keyCompromise", invalidityDate, 2],
      [undefined, undefined, 0],
    ]);
  });

  test("has any number that RFC 5280 §5.2.3 allows", () => {
    for (const cRLNumber of [0, 1n << 159n]) expect(make({ cRLNumber }).cRLNumber).toBe(BigInt(cRLNumber));
  });

  test("is the same from a signer that answers later", async () => {
    const later = await createCrlAsync({ ...crlContents, signer: lateSigner(signerOf(intermediate)) });
    expect(later.tbs).toEqual(make().tbs);
  });

  test("lists certificates of other issuers if it is indirect, each with its issuer where that changes", () => {
    const own = intermediateCertificate.subject;
    const revoked = [own, other, other, own, other].map((of, index) => ({
      serialNumber: number(index),
      revocationDate: time,
      issuer: of,
    }));
    const crl = make({ revoked, issuingDistributionPoint: { indirectCRL: true } });
    expect(Array.from(crl.entries, ({ certificateIssuer: named }) => named?.directoryNames[0]?.toString())).toEqual([
      undefined,
      "CN=Other CA",
      undefined,
      own.toString(),
      "CN=Other CA",
    ]);
    for (const { serialNumber, issuer: of } of revoked) expect(crl.find({ serialNumber, issuer: of })).toBeDefined();
    expect(codeOf(() => make({ revoked }))).toBe("invalid_argument");
  });

  test("has room for many", () => {
    const revoked = Array.from({ length: 20_000 }, (_, index) => ({
      serialNumber: number(0x40, index >> 8, index & 0xff),
      revocationDate: time,
    }));
    const crl = make({ revoked });
    expect(crl.size).toBe(20_000);
    expect(crl.find({ serialNumber: number(0x40, 1, 1), issuer: crl.issuer })).toBeDefined();
  });

  test.each<readonly [string, Partial<CrlContents>]>([
    ["a key that isn't for cRLSign", { issuer: issue(leaf, root, { extensions: [keyUsage("keyCertSign")] }) }],
    ["a nextUpdate that isn't later", { nextUpdate: crlContents.thisUpdate }],
    ["a negative number", { cRLNumber: -1 }],
    ["a number that isn't whole", { cRLNumber: 1.5 }],
    ["a number of 21 octets", { cRLNumber: 1n << 160n }],
    ["a base that isn't older", { cRLNumber: 5, baseCRLNumber: 5 }],
    ["a delta CRL that names delta CRLs", { baseCRLNumber: 0, freshestCRL: [] }],
    [
      "a certificate that it takes off itself",
      { revoked: [{ serialNumber: number(1), revocationDate: time, reason: "removeFromCRL" }] },
    ],
  ])("with %s isn't made", (_, contents) => {
    expect(codeOf(() => make({ ...contents, ...(contents.issuer ? { signer: signerOf(leaf) } : {}) }))).toBe(
      "invalid_argument",
    );
  });

  test("isn't made by somebody else's key", () => {
    expect(codeOf(() => make({ signer: signerOf(root) }))).toBe("signer_mismatch");
  });
});

test("a list of places for delta CRLs has one at least", () => {
  expect(codeOf(() => freshestCrlExtension([]))).toBe("invalid_argument");
});

test("CRLs as PEM are what they were written from", () => {
  const crls = [createCrlSync(crlContents), createCrlSync({ ...crlContents, cRLNumber: 6 })];
  const text = `${certificatesToPem(intermediateCertificate)}${crlsToPem(...crls)}`;
  expect(crlsFromPem(text).crls.map(({ der }) => der)).toEqual(crls.map(({ der }) => der));
  expect(codeOf(() => crlsFromPem(certificatesToPem(intermediateCertificate)))).toBe("invalid_pem");
});

test("the scope of a CRL is what it was written from", () => {
  for (const onlyContains of ["userCerts", "cACerts", "attributeCerts"] as const) {
    const crl = createCrlSync({ ...crlContents, issuingDistributionPoint: { onlyContains } });
    expect(crl.issuingDistributionPoint).toEqual({
      distributionPoint: undefined,
      onlyContains,
      onlySomeReasons: undefined,
      indirectCRL: false,
    });
  }
  const relativeName = decodeDer(intermediateCertificate.subject.der, "a name", (reader) => {
    const der = reader.sequence("a name").whole(0x31, "a relative name");
    return { der, attributes: [] };
  });
  const distributionPoint = { type: "nameRelativeToCRLIssuer", relativeName } as const;
  const crl = createCrlSync({ ...crlContents, issuingDistributionPoint: { distributionPoint } });
  expect(crl.issuingDistributionPoint?.distributionPoint).toMatchObject({ type: "nameRelativeToCRLIssuer" });
});
