import { type CryptoProvider, type PrivateKey, runSync, signerFor, wait } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describeVectors } from "@tlskit/vectors";
import { describe, expect, test } from "vitest";
import { DerReader } from "../src/der-reader.ts";
import {
  browserTransparencyPolicy,
  Certificate,
  type CertificateTransparencyLog,
  CertificateTransparencyLogs,
  certificateEntry,
  checkTransparency,
  decodeSct,
  decodeSctList,
  encodeSct,
  encodeSctList,
  type LogEntry,
  Oid,
  precertificateEntry,
  precertificatePoisonExtension,
  type SctDelivery,
  type SctFinding,
  type SctInputs,
  type SignedCertificateTimestamp,
  SubjectPublicKeyInfo,
  sctListExtension,
  subjectPublicKeyInfoOf,
  type TransparencyFinding,
  type TransparencyInputs,
  type TransparencyQuestion,
  verifySct,
  X509Error,
} from "../src/index.ts";
import { maximumSctsChecked } from "../src/limits.ts";
import { verifySignature } from "../src/signature.ts";
import { signedBytes } from "../src/transparency/verify-sct.ts";
import {
  countingRandom,
  generateKey,
  intermediate,
  intermediateCertificate,
  issue,
  leaf,
  leafCertificate,
  leafExtensions,
  now,
  provider,
  verdict,
  verify,
  verifyLater,
} from "./pki.ts";

const random = countingRandom();

/** A log that signs whatever a test wants. */
interface TestLog {
  readonly key: PrivateKey;
  readonly log: CertificateTransparencyLog;
}

function makeLog(operator: string, parts: Partial<CertificateTransparencyLog> = {}, key = generateKey()): TestLog {
  return { key, log: { operator, key: subjectPublicKeyInfoOf(key), ...parts } };
}

const first = makeLog("First");
const second = makeLog("Second");
const third = makeLog("First");
const hourAgo = BigInt(now.getTime() - 3_600_000);

function timestampBy(
  { key, log }: TestLog,
  entry: LogEntry,
  parts: Partial<SignedCertificateTimestamp> = {},
): SignedCertificateTimestamp {
  const unsigned = { timestamp: hourAgo, extensions: new Uint8Array(0), ...parts };
  const algorithm =
    key.type === "RSA" ? "RSA-PKCS1/SHA-256" : key.type === "P-384" ? "ECDSA/P-384/SHA-256" : "ECDSA/P-256/SHA-256";
  return {
    logId: provider.hashes[0]?.digest(log.key.der) ?? new Uint8Array(0),
    hashAlgorithm: 4,
    signatureAlgorithm: key.type === "RSA" ? 1 : 3,
    signature: runSync(wait(signerFor(provider, key, random).sign(algorithm, signedBytes(unsigned, entry)))),
    ...unsigned,
    ...parts,
  };
}

const poison = precertificatePoisonExtension();
const serialNumber = Uint8Array.of(0x77);

/** A leaf as a CA makes it: a precertificate, timestamps of it, the certificate with them. */
function leafWith(
  logs: readonly TestLog[],
  wishes: { readonly notBefore?: Date; readonly timestamp?: bigint } = {},
): Certificate {
  const { timestamp = hourAgo, ...dates } = wishes;
  const precertificate = issue(leaf, intermediate, {
    serialNumber,
    extensions: [...leafExtensions, poison],
    ...dates,
  });
  const entry = precertificateEntry(provider, precertificate, intermediateCertificate);
  const scts = logs.map((log) => timestampBy(log, entry, { timestamp }));
  return issue(leaf, intermediate, { serialNumber, extensions: [...leafExtensions, sctListExtension(scts)], ...dates });
}

const logsOf = (...logs: readonly TestLog[]): CertificateTransparencyLogs =>
  CertificateTransparencyLogs.of(
    provider,
    logs.map(({ log }) => log),
  );

const twoLogs = { logs: 2, operators: 2, logsInService: 1 } as const;

/** What the checker says of a leaf of the intermediate's, alone. */
function check(
  certificate: Certificate,
  inputs: Partial<TransparencyInputs> = {},
  by: CryptoProvider = provider,
): TransparencyFinding {
  const checker = checkTransparency({ logs: logsOf(first, second, third), policy: twoLogs, ...inputs });
  return runSync(checker.check(question(certificate, by)));
}

function question(certificate: Certificate, by: CryptoProvider): TransparencyQuestion {
  return {
    provider: by,
    leaf: certificate,
    issuer: { ...intermediateCertificate, name: intermediateCertificate.subject, certificate: undefined },
    at: now,
    verifySignature: (signed) => verifySignature({ ...signed, provider: by }),
  };
}

const embeddedScts = (certificate: Certificate): readonly SignedCertificateTimestamp[] =>
  certificate.signedCertificateTimestamps?.map(decodeSct) ?? [];

const word = (finding: SctFinding): string => (finding.counts ? "counts" : finding.code);
const isEnough = (finding: TransparencyFinding): boolean => finding.violation === undefined;

/** What is said of one timestamp. */
function wordOf(sct: SignedCertificateTimestamp, entry: LogEntry, inputs: Partial<SctInputs> = {}): string {
  return word(runSync(verifySct({ ...sctInputs, sct, entry, ...inputs })));
}

describe("embedded timestamps", () => {
  test("of two logs of two operators are enough, by each provider", () => {
    const certificate = leafWith([first, second]);
    const finding = check(certificate);
    expect(isEnough(finding)).toBe(true);
    expect(finding.timestamps.map(({ log, delivery }) => [log.operator, delivery])).toEqual([
      ["First", "embedded"],
      ["Second", "embedded"],
    ]);
    expect(isEnough(check(certificate, {}, nobleProvider))).toBe(true);
  });

  test("of one operator aren't enough where two are asked for", () => {
    expect(check(leafWith([first, third])).violation).toMatchObject({
      code: "too_few_scts",
      message: expect.stringMatching(/2 operators of logs .* there are 1/),
    });
  });

  test("of one log count once", () => {
    expect(check(leafWith([first, first])).violation?.message).toMatch(/2 logs are asked for, there are 1/);
  });

  test("that are missing are not enough", () => {
    const finding = check(leafCertificate);
    expect(finding.timestamps).toEqual([]);
    expect(isEnough(finding)).toBe(false);
  });

  test("of a log that doesn't count don't count, and that is told", () => {
    const finding = check(leafWith([first, makeLog("Nobody")]));
    expect(finding.violation?.message).toMatch(/the log [0-9a-f]{64} is not among those that count/);
    expect(finding.timestamps.length).toBe(1);
  });

  test("are of this very certificate: another serial number, and they prove nothing", () => {
    const list = leafWith([first, second]).extension(Oid.signedCertificateTimestampList);
    if (list === undefined) throw new RangeError("no list");
    const finding = check(issue(leaf, intermediate, { extensions: [...leafExtensions, list] }));
    expect(finding.timestamps).toEqual([]);
    expect(finding.violation?.message).toMatch(/is not of this certificate/);
  });

  test("are of this very issuer's key", () => {
    const precertificate = issue(leaf, intermediate, { serialNumber, extensions: [...leafExtensions, poison] });
    const wrong = precertificateEntry(provider, precertificate, leafCertificate);
    const right = precertificateEntry(provider, precertificate, intermediateCertificate);
    expect(wordOf(timestampBy(first, right), right)).toBe("counts");
    expect(wordOf(timestampBy(first, wrong), right)).toBe("bad_signature");
  });

  // RFC 6962 §5.2#future
  test("later than the time in question don't count, to the millisecond", () => {
    const at = BigInt(now.getTime());
    expect(isEnough(check(leafWith([first, second], { timestamp: at })))).toBe(true);
    const finding = check(leafWith([first, second], { timestamp: at + 1n }));
    expect(finding.timestamps).toEqual([]);
    expect(finding.violation?.message).toMatch(/lies in the future/);
  });

  test("that are malformed are told of, and don't count", () => {
    const value = Uint8Array.of(4, 6, 0, 4, 0, 2, 0, 7);
    const broken = { oid: Oid.signedCertificateTimestampList, critical: false, value };
    const certificate = issue(leaf, intermediate, { extensions: [...leafExtensions, broken] });
    expect(check(certificate).violation?.message).toMatch(/malformed/);
    expect(check(leafCertificate, { delivered: [Uint8Array.of(0, 1, 0)] }).violation?.message).toMatch(/malformed/);
  });

  test("more than are looked at don't count", () => {
    const finding = check(leafWith(Array.from({ length: maximumSctsChecked + 1 }, () => first)));
    expect(finding.timestamps.length).toBe(maximumSctsChecked);
    expect(finding.violation?.message).toMatch(/at most 16 timestamps are looked at, there are 17/);
    expect(check(leafWith(Array.from({ length: maximumSctsChecked }, () => first))).violation?.message).not.toMatch(
      /at most/,
    );
  });
});

describe("a verification", () => {
  const transparency = checkTransparency({ logs: logsOf(first, second), policy: twoLogs });
  const inputs = { leaf: leafWith([first, second]), transparency };

  test("that asks for timestamps tells which it found", () => {
    const result = verify(inputs);
    if (!result.ok) throw result.reason;
    expect(result.chain.timestamps).toMatchObject([{ log: { operator: "First" } }, { log: { operator: "Second" } }]);
  });

  test("refuses a leaf that hasn't enough", () => {
    expect(verdict({ ...inputs, leaf: leafCertificate })).toBe("too_few_scts");
  });

  test("is the same with a provider that answers later", async () => {
    const later = await verifyLater(inputs);
    if (!later.ok) throw later.reason;
    expect(later.chain.timestamps).toMatchObject([{ delivery: "embedded" }, { delivery: "embedded" }]);
  });
});

describe("timestamps that came beside the certificate", () => {
  const entry = certificateEntry(leafCertificate);
  const list = (...logs: readonly TestLog[]): Uint8Array => encodeSctList(logs.map((log) => timestampBy(log, entry)));

  test("are enough without embedded ones", () => {
    expect(isEnough(check(leafCertificate, { delivered: [list(first, second)] }))).toBe(true);
    expect(isEnough(check(leafCertificate, { delivered: [list(first), list(second)] }))).toBe(true);
  });

  test("aren't added to embedded ones", () => {
    const certificate = leafWith([first]);
    const sct = timestampBy(second, certificateEntry(certificate));
    const finding = check(certificate, { delivered: [encodeSctList([sct])] });
    expect(isEnough(finding)).toBe(false);
    expect(finding.timestamps.map(({ delivery }) => delivery)).toEqual(["embedded", "delivered"]);
  });

  test("are of the certificate itself, not of its precertificate", () => {
    const moved = encodeSctList(embeddedScts(leafWith([first, second])));
    expect(check(leafCertificate, { delivered: [moved] }).timestamps).toEqual([]);
  });
});

describe("a log", () => {
  const day = 86_400_000;

  test("that is retired still vouches for what it embedded before, but not alone, and no longer beside", () => {
    const retired = makeLog("Second", { retiredSince: new Date(now.getTime() - day) }, second.key);
    const logs = logsOf(first, retired, third);
    const before = BigInt(now.getTime() - 2 * day);
    expect(isEnough(check(leafWith([first, retired], { timestamp: before }), { logs }))).toBe(true);
    expect(check(leafWith([first, retired]), { logs }).violation?.message).toMatch(/is retired since/);
    const onTheDot = leafWith([first, retired], { timestamp: BigInt(now.getTime() - day) });
    expect(check(onTheDot, { logs }).violation?.message).toMatch(/is retired since/);
    const alone = { logs: 1, operators: 1, logsInService: 1 };
    const certificate = leafWith([retired], { timestamp: before });
    expect(check(certificate, { logs, policy: alone }).violation?.message).toMatch(/logs in service/);
    const beside = timestampBy(retired, certificateEntry(leafCertificate), { timestamp: before });
    expect(wordOf(beside, certificateEntry(leafCertificate), { logs })).toBe("log_retired");
  });

  test("that is retired later than the time in question is in service", () => {
    const logs = logsOf(first, makeLog("Second", { retiredSince: new Date(now.getTime() + 1) }, second.key));
    expect(isEnough(check(leafWith([first, second]), { logs }))).toBe(true);
    const retiring = logsOf(makeLog("Second", { retiredSince: now }, second.key));
    const alone = { logs: 1, operators: 1, logsInService: 1 };
    expect(check(leafWith([second]), { logs: retiring, policy: alone }).violation?.message).toMatch(/logs in service/);
    const beside = timestampBy(second, certificateEntry(leafCertificate));
    expect(wordOf(beside, certificateEntry(leafCertificate), { logs: retiring })).toBe("log_retired");
  });

  test("takes certificates that expire in its range: from the start on, before the end", () => {
    const { notAfter } = leafCertificate.validity;
    const entry = certificateEntry(leafCertificate);
    const sct = timestampBy(first, entry);
    const verdictOf = (start: Date, end: Date): string =>
      wordOf(sct, entry, { logs: logsOf(makeLog("First", { expiryRange: { start, end } }, first.key)) });
    const [before, after] = [new Date(notAfter.getTime() - 1), new Date(notAfter.getTime() + 1)];
    expect(verdictOf(notAfter, after)).toBe("counts");
    expect(verdictOf(before, notAfter)).toBe("outside_expiry_range");
    expect(verdictOf(after, new Date(after.getTime() + day))).toBe("outside_expiry_range");
  });

  test("signs with P-256 or RSA of 2048 bits, and SHA-256 (RFC 6962 §2.1.4)", () => {
    const entry = certificateEntry(leafCertificate);
    const verdictOf = (log: TestLog, parts: Partial<SignedCertificateTimestamp> = {}): string =>
      wordOf(timestampBy(log, entry, parts), entry, { logs: logsOf(log) });
    const rsa = makeLog("RSA", {}, generateKey("RSA"));
    expect(verdictOf(first)).toBe("counts");
    expect(verdictOf(rsa)).toBe("counts");
    expect(verdictOf(first, { hashAlgorithm: 5 })).toBe("unsupported_algorithm");
    expect(verdictOf(first, { signatureAlgorithm: 1 })).toBe("unsupported_algorithm");
    expect(verdictOf(rsa, { signatureAlgorithm: 3 })).toBe("unsupported_algorithm");
    expect(verdictOf(makeLog("P-384", {}, generateKey("P-384")))).toBe("unsupported_algorithm");
    expect(verdictOf(first, { extensions: Uint8Array.of(1) })).toBe("counts");
  });

  test("has the identifier of its key", () => {
    const wrong = () => logsOf(makeLog("First", { id: new Uint8Array(32) }));
    expect(wrong).toThrow(expect.objectContaining({ code: "invalid_argument" }));
    expect(() => logsOf(first, first)).toThrow(X509Error);
  });
});

describe("a log list", () => {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  const entry = (test: TestLog, state: string): unknown => ({
    description: `log ${test.log.operator}`,
    log_id: base64(provider.hashes[0]?.digest(test.log.key.der) ?? new Uint8Array(0)),
    key: base64(test.log.key.der),
    mmd: 86_400,
    state: { [state]: { timestamp: "2026-02-01T00:00:00Z" } },
    temporal_interval: { start_inclusive: "2026-01-01T00:00:00Z", end_exclusive: "2027-01-01T00:00:00Z" },
  });
  const pending = makeLog("Pending");
  const list = {
    version: "1",
    operators: [
      {
        name: "First",
        logs: [entry(first, "usable"), entry(pending, "pending")],
        tiled_logs: [entry(third, "readonly")],
      },
      { name: "Second", logs: [entry(second, "retired")] },
    ],
  };

  test("of browsers is read, without the logs that don't count", () => {
    const logs = CertificateTransparencyLogs.fromJson(provider, JSON.stringify(list));
    expect(logs.all.map(({ operator, retiredSince }) => [operator, retiredSince?.toISOString()])).toEqual([
      ["First", undefined],
      ["First", undefined],
      ["Second", "2026-02-01T00:00:00.000Z"],
    ]);
    expect(logs.all[0]?.expiryRange?.end).toEqual(new Date("2027-01-01T00:00:00Z"));
    expect(isEnough(check(leafWith([first, second]), { logs }))).toBe(false);
    const policy = { logs: 2, operators: 1, logsInService: 2 };
    expect(isEnough(check(leafWith([first, third]), { logs, policy }))).toBe(true);
  });

  test("with a key or a time that is none is refused", () => {
    const broken = (parts: object): (() => unknown) => {
      const operators = [{ name: "First", logs: [{ ...(entry(first, "usable") as object), ...parts }] }];
      return () => CertificateTransparencyLogs.fromJson(provider, JSON.stringify({ operators }));
    };
    expect(broken({})).not.toThrow();
    for (const parts of [{ key: "%" }, { log_id: "%" }, { temporal_interval: { start_inclusive: "soon" } }]) {
      expect(broken(parts)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
    }
  });

  test.each(["", "null", "{}", '{"operators":[{}]}', '{"operators":[{"name":"a","logs":[{"state":{"usable":{}}}]}]}'])(
    "%j is refused",
    (json) => {
      expect(() => CertificateTransparencyLogs.fromJson(provider, json)).toThrow(X509Error);
    },
  );
});

describe("what browsers ask for", () => {
  const policy = (days: number, delivery: SctDelivery): number => {
    const notBefore = new Date(leafCertificate.validity.notAfter.getTime() - days * 86_400_000);
    return browserTransparencyPolicy(issue(leaf, intermediate, { notBefore }), delivery).logs;
  };

  test("is two logs, or three for embedded timestamps of more than 180 days", () => {
    expect(policy(180, "embedded")).toBe(2);
    expect(policy(181, "embedded")).toBe(3);
    expect(policy(181, "delivered")).toBe(2);
    expect(isEnough(check(leafWith([first, second]), { policy: browserTransparencyPolicy }))).toBe(false);
    expect(isEnough(check(leafWith([first, second, third]), { policy: browserTransparencyPolicy }))).toBe(true);
  });
});

describe("the entry of a precertificate", () => {
  test("is the same from the precertificate and from the certificate", () => {
    const precertificate = issue(leaf, intermediate, { serialNumber, extensions: [...leafExtensions, poison] });
    expect(precertificateEntry(provider, leafWith([first]), intermediateCertificate)).toEqual(
      precertificateEntry(provider, precertificate, intermediateCertificate),
    );
  });

  test("has no extensions if there are no others", () => {
    const list = leafWith([first]).extension(Oid.signedCertificateTimestampList);
    if (list === undefined) throw new RangeError("no list");
    const certificate = issue(leaf, intermediate, { extensions: [list] });
    const found = precertificateEntry(provider, certificate, intermediateCertificate);
    if (found.type !== "precert_entry") throw new RangeError("not a precertificate's");
    const fields = new DerReader(found.tbsCertificate).sequence("the TBSCertificate");
    const tags: number[] = [];
    while (!fields.done) tags.push(fields.element("a field").tag);
    expect(tags).toEqual([0xa0, 0x02, 0x30, 0x30, 0x30, 0x30, 0x30]);
  });

  test("comes from neither a certificate without a list or poison nor from one with both", () => {
    const list = leafWith([first]).extension(Oid.signedCertificateTimestampList);
    if (list === undefined) throw new RangeError("no list");
    const both = issue(leaf, intermediate, { extensions: [...leafExtensions, poison, list] });
    for (const certificate of [leafCertificate, both]) {
      expect(() => precertificateEntry(provider, certificate, intermediateCertificate)).toThrow(X509Error);
    }
  });

  test("has the names and key identifier of the CA above a Precertificate Signing Certificate", () => {
    const keyIdentifier = (octet: number) => ({
      oid: Oid.authorityKeyIdentifier,
      critical: false,
      value: Uint8Array.of(0x30, 3, 0x80, 1, octet),
    });
    const signer = { name: "Precertificate signer", key: generateKey() };
    const signerCertificate = issue(signer, intermediate, { extensions: [keyIdentifier(2)] });
    const precertificate = issue(leaf, signer, {
      serialNumber,
      extensions: [...leafExtensions, poison, keyIdentifier(1)],
    });
    const list = leafWith([first]).extension(Oid.signedCertificateTimestampList);
    if (list === undefined) throw new RangeError("no list");
    const extensions = [...leafExtensions, list, keyIdentifier(2)];
    const certificate = issue(leaf, intermediate, { serialNumber, extensions });
    expect(precertificateEntry(provider, precertificate, intermediateCertificate, signerCertificate)).toEqual(
      precertificateEntry(provider, certificate, intermediateCertificate),
    );
  });
});

describe("a list of timestamps", () => {
  const sct = timestampBy(first, certificateEntry(leafCertificate));

  test("is what it was written from", () => {
    expect(decodeSctList(encodeSctList([sct, sct]))).toEqual([sct, sct]);
    expect(decodeSct(encodeSct(sct))).toEqual(sct);
  });

  test("passes over timestamps of a later version, and refuses one alone", () => {
    const later = encodeSct(sct);
    later[0] = 1;
    const list = encodeSctList([sct, sct]);
    list[4] = 1;
    expect(decodeSctList(list)).toEqual([sct]);
    expect(() => decodeSct(later)).toThrow(expect.objectContaining({ code: "invalid_sct" }));
  });

  test("is refused when cut off anywhere, when longer, and when empty", () => {
    const list = encodeSctList([sct]);
    for (let length = 0; length < list.length; length += 1) {
      expect(() => decodeSctList(list.subarray(0, length))).toThrow(expect.objectContaining({ code: "invalid_sct" }));
    }
    expect(() => decodeSctList(Uint8Array.of(...list, 0))).toThrow(X509Error);
    expect(() => decodeSctList(Uint8Array.of(0, 0))).toThrow(X509Error);
    expect(() => decodeSctList(Uint8Array.of(0, 2, 0, 0))).toThrow(X509Error);
    expect(() => encodeSctList([])).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });
});

const sctInputs = {
  provider,
  delivery: "delivered",
  notAfter: leafCertificate.validity.notAfter,
  logs: logsOf(first, second, third),
  at: now,
} as const;

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

interface Logs {
  readonly [name: string]: { readonly id: string; readonly subjectPublicKeyInfo: string };
}

function logsFrom(logs: Logs, names: readonly string[]): CertificateTransparencyLogs {
  return CertificateTransparencyLogs.of(
    provider,
    names.map((name) => ({
      operator: name,
      description: name,
      id: new Uint8Array(Buffer.from(logs[name]?.id ?? "", "hex")),
      key: SubjectPublicKeyInfo.fromDer(bytes(logs[name]?.subjectPublicKeyInfo ?? "")),
    })),
  );
}

interface SctVectors {
  readonly logs: Logs;
  readonly cases: readonly {
    readonly name: string;
    readonly sct: string;
    readonly entry: string;
    readonly logs: readonly string[];
    readonly nowMilliseconds: number;
    readonly everyProperPrefix?: boolean;
    readonly expected: { readonly valid: boolean; readonly log?: string; readonly error?: string };
  }[];
}

describeVectors<SctVectors>("timestamps of sct.rs", "ct/sct.json", ({ logs, cases }) => {
  const codes: Readonly<Record<string, readonly string[]>> = {
    MalformedSct: ["invalid_sct"],
    UnsupportedSctVersion: ["invalid_sct"],
    InvalidSignature: ["bad_signature", "unsupported_algorithm"],
    TimestampInFuture: ["timestamp_in_future"],
    UnknownLog: ["unknown_log"],
  };
  /** RFC 6962 §2.1.4 has P-256 and SHA-256 alone. */
  const otherAlgorithms = /^(ecdsa_p384|rsa3072|rsa4096)_basic$/;

  const verdictOf = (vector: SctVectors["cases"][number], sct: Uint8Array): string => {
    try {
      const finding = runSync(
        verifySct({
          ...sctInputs,
          sct: decodeSct(sct),
          logs: logsFrom(logs, vector.logs),
          entry: { type: "x509_entry", certificate: bytes(vector.entry) },
          at: new Date(vector.nowMilliseconds),
        }),
      );
      return finding.counts ? (finding.log.description ?? "") : finding.code;
    } catch (error) {
      if (error instanceof X509Error) return error.code;
      throw error;
    }
  };

  test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (name, vector) => {
    const { expected } = vector;
    const allowed = otherAlgorithms.test(name)
      ? ["unsupported_algorithm"]
      : expected.valid
        ? [expected.log]
        : codes[expected.error ?? ""];
    const sct = bytes(vector.sct);
    if (vector.everyProperPrefix === true) {
      for (let length = 0; length < sct.length; length += 1) {
        expect(allowed).toContain(verdictOf(vector, sct.subarray(0, length)));
      }
    } else {
      expect(allowed).toContain(verdictOf(vector, sct));
    }
  });
});

interface CertificateVectors {
  readonly logs: Logs;
  readonly cases: readonly {
    readonly name: string;
    readonly certificate: string;
    readonly issuer: string;
    readonly entryType: string;
    readonly sct?: string;
    readonly expected: { readonly valid: boolean; readonly logs: readonly string[] };
  }[];
}

describeVectors<CertificateVectors>("timestamps of certificates", "ct/certificates.json", ({ logs, cases }) => {
  test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
    const certificate = Certificate.fromDer(bytes(vector.certificate));
    const issuer = Certificate.fromDer(bytes(vector.issuer));
    const entry =
      vector.entryType === "x509_entry"
        ? certificateEntry(certificate)
        : precertificateEntry(provider, certificate, issuer);
    const scts = vector.sct === undefined ? embeddedScts(certificate) : [decodeSct(bytes(vector.sct))];
    const found = scts.map((sct) =>
      runSync(
        verifySct({ ...sctInputs, sct, entry, logs: logsFrom(logs, vector.expected.logs), at: new Date("2026-01-01") }),
      ),
    );
    expect(found.map((finding) => (finding.counts ? finding.log.description : finding.code))).toEqual(
      vector.expected.valid ? vector.expected.logs : ["bad_signature"],
    );
  });
});
