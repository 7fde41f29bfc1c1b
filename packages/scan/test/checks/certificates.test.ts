import { runSync } from "@tlskit/crypto";
import { ocspResponse, throwawayPki } from "@tlskit/testing";
import { encodeSct } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { certificates } from "../../src/checks/certificates.ts";
import type { CertificateFact, Evidence, Named } from "../../src/facts.ts";
import type { Answer, AnswerEnd } from "../../src/probe/answer.ts";
import { registeredSignatureSchemes } from "../../src/probe/default-offer.ts";
import type { HelloOffer } from "../../src/probe/hello.ts";
import { knownCipherSuite } from "../../src/registry/cipher-suite.ts";
import { type FoundSoFar, type Scanning, Skipped } from "../../src/scanning.ts";
import type { Version } from "../../src/version.ts";
import { host, now, provider, random } from "../certificates/judging.ts";
import { found } from "../facts.ts";

const keyTypes = ["P-256", "P-384", "rsaEncryption", "id-RSASSA-PSS", "Ed25519"] as const;
type KeyType = (typeof keyTypes)[number];
const many = throwawayPki(provider, random, host, now, { keyTypes });
const elsewhere = throwawayPki(provider, random, "elsewhere.example", now);

/** Schemes by which keys sign in TLS 1.3, and in TLS 1.2. */
const schemes: Readonly<Record<KeyType, readonly [readonly number[], readonly number[]]>> = {
  "P-256": [[0x0403], [0x0403, 0x0503, 0x0603, 0x0203]],
  "P-384": [[0x0503], [0x0403, 0x0503, 0x0603, 0x0203]],
  rsaEncryption: [
    [0x0804, 0x0805, 0x0806],
    [0x0804, 0x0401, 0x0201],
  ],
  "id-RSASSA-PSS": [
    [0x0809, 0x080a],
    [0x0809, 0x080a],
  ],
  Ed25519: [[0x0807], [0x0807]],
};

interface Model {
  readonly versions?: readonly Version[];
  /** In the server's order of preference. */
  readonly keys?: readonly KeyType[];
  /** Codes of suites before TLS 1.3. */
  readonly suites?: readonly number[];
  /** What is shown to whoever asks for no name or another one: the same, another certificate, or nothing. */
  readonly byDefault?: "same" | "another" | "nothing";
  readonly beside?: Partial<Answer>;
  /** Instead of an alert. */
  readonly refusal?: AnswerEnd;
  /** Hellos that it answers; behind them it refuses all. */
  readonly patience?: number;
  /** Shows its first certificate if it has none that goes with the hello. */
  readonly obstinate?: boolean;
}

const ecdhe = [0xc02b, 0xc02f];

/** What such a server answers. */
function answerTo(model: Model, offer: HelloOffer): Partial<Answer> {
  const { versions = ["TLS 1.3", "TLS 1.2"], keys = ["P-256"], suites = ecdhe, byDefault = "same" } = model;
  const version = versions.find((one) => offer.versions.includes(one));
  const refused: Partial<Answer> = { end: model.refusal ?? { how: "alert", level: 2, description: 40 } };
  if (version === undefined) return refused;
  if (offer.serverName !== undefined && byDefault === "nothing") return refused;
  const suite = suites.find((code) => offer.cipherSuites.includes(code));
  const fits = (key: KeyType): boolean => {
    const [inTls13, inTls12] = schemes[key];
    const { signatureSchemes = registeredSignatureSchemes } = offer;
    const offered = (codes: readonly number[]) => codes.some((code) => signatureSchemes.includes(code));
    if (version === "TLS 1.3") return offered(inTls13);
    const authentication = key === "rsaEncryption" || key === "id-RSASSA-PSS" ? "RSA" : "ECDSA";
    const isBySuite = suites.some(
      (code) => offer.cipherSuites.includes(code) && knownCipherSuite(code)?.authentication === authentication,
    );
    return isBySuite && (version !== "TLS 1.2" || offered(inTls12));
  };
  const key = keys.find(fits) ?? (model.obstinate === true ? keys[0] : undefined);
  if (key === undefined || (version !== "TLS 1.3" && suite === undefined)) return refused;
  const { chain } =
    offer.serverName !== undefined && byDefault === "another" ? elsewhere.certificate : many.certificateOf(key);
  return { chain: chain.map(({ der }) => der), ...model.beside };
}

/** What the check finds out about such a server, and by which hellos. */
async function check(model: Model, soFar: FoundSoFar = {}, target = host) {
  const offers: HelloOffer[] = [];
  const notes: Evidence[] = [];
  const seen = [{ from: "server", type: "handshake", bytes: Uint8Array.of(11) }] as const;
  const scanning: Scanning = {
    target: { host: target, port: 443 },
    provider,
    random,
    clock: () => now,
    anchors: many.anchors,
    publicRoots: many.anchors,
    intrusive: { renegotiation: false, earlyDataReplay: false, flaws: false },
    signal: new AbortController().signal,
    probe: async (offer) => {
      offers.push(offer);
      const isPatient = offers.length <= (model.patience ?? Number.POSITIVE_INFINITY);
      return { end: { how: "complete" }, seen, ...answerTo(isPatient ? model : { ...model, versions: [] }, offer) };
    },
    withConnection: () => Promise.reject(new Error("no hello")),
    inTheClear: () => Promise.reject(new Error("no hello")),
    shared: (make) => make(scanning),
    note: (evidence) => void notes.push(evidence),
  };
  const facts = await certificates.run(scanning, soFar);
  return { facts: facts instanceof Skipped ? [] : facts, skipped: facts instanceof Skipped, offers, notes };
}

const shown = (facts: readonly CertificateFact[]): readonly string[] =>
  facts.map(({ shownTo, keyType, curve }) => `${curve ?? keyType} to ${shownTo}`);
const named = (codes: readonly number[]): readonly Named[] => codes.map((code) => ({ code, name: `${code}` }));

/** What other checks found out about a server. */
const knownOf = ({ versions = ["TLS 1.3", "TLS 1.2"], keys = ["P-256"], suites = ecdhe }: Model): FoundSoFar => ({
  versions: found(versions.map((version) => ({ version, spoken: true }))),
  cipherSuites: found(
    versions.map((version) => ({
      version,
      accepted: named(version === "TLS 1.3" ? [0x1301] : suites),
      order: "server" as const,
    })),
  ),
  signatureSchemes: found(
    (["TLS 1.3", "TLS 1.2"] as const)
      .filter((version) => versions.includes(version))
      .map((version) => ({
        version,
        accepted: named(keys.flatMap((key) => schemes[key][version === "TLS 1.3" ? 0 : 1])),
      })),
  ),
});

describe("a server's certificates", () => {
  it("are those of each kind of key", async () => {
    const { facts } = await check({ keys: keyTypes });
    expect(shown(facts)).toEqual([
      "P-256 to name",
      "P-384 to name",
      "RSA to name",
      "RSA-PSS to name",
      "Ed25519 to name",
      "P-256 to no name",
      "P-256 to another name",
    ]);
    expect(facts.every(({ verdict }) => verdict.trusted && verdict.publicRoot)).toBe(true);
  });

  it("are told with what comes along", async () => {
    const { chain } = many.certificateOf("P-256");
    const [leaf] = chain;
    if (leaf === undefined) throw new Error("an empty chain");
    const beside = {
      ocspResponse: runSync(ocspResponse(many, leaf)),
      signedCertificateTimestamps: [
        encodeSct({
          logId: new Uint8Array(32),
          timestamp: 0n,
          extensions: new Uint8Array(0),
          hashAlgorithm: 4,
          signatureAlgorithm: 3,
          signature: new Uint8Array(70),
        }),
      ],
    };
    const { facts } = await check({ beside });
    expect(facts[0]).toMatchObject({ staple: { state: "good" }, timestamps: { inHandshake: 1 } });
  });

  it("are found in versions before TLS 1.3 by suites and schemes", async () => {
    const { facts } = await check({ versions: ["TLS 1.2"], keys: keyTypes });
    expect(shown(facts)).toEqual([
      "P-256 to name",
      "Ed25519 to name",
      "RSA to name",
      "RSA-PSS to name",
      "P-256 to no name",
      "P-256 to another name",
    ]);
  });

  it("are found by suites alone where there are no schemes", async () => {
    const model: Model = { versions: ["TLS 1.0"], keys: ["rsaEncryption", "P-256"], suites: [0xc013, 0xc009] };
    const { facts } = await check(model, knownOf(model));
    expect(shown(facts).slice(0, 2)).toEqual(["P-256 to name", "RSA to name"]);
    const { versions } = knownOf(model);
    expect((await check(model, versions && { versions })).facts).toHaveLength(4);
  });

  it("are found in SSL 2.0 where nothing else is spoken", async () => {
    const versions = found([{ version: "SSL 2.0" as const, spoken: true }]);
    const { facts, offers } = await check(
      { versions: ["SSL 2.0"], keys: ["rsaEncryption"], suites: [0x010080], obstinate: true },
      { versions },
    );
    expect(shown(facts)).toEqual(["RSA to name"]);
    expect(offers.map(({ versions: offered }) => offered)).toEqual([["SSL 2.0"]]);
  });

  it("aren't asked for where nothing is spoken", async () => {
    const { skipped, offers } = await check({}, { versions: found([{ version: "TLS 1.3", spoken: false }]) });
    expect([skipped, offers]).toEqual([true, []]);
  });

  it("are none where the server shows none", async () => {
    expect((await check({ keys: [] })).facts).toEqual([]);
  });

  for (const end of [
    { how: "silent", seconds: 5 },
    { how: "closed" },
    { how: "unreadable", reason: "no TLS" },
  ] as const) {
    it(`aren't known of a server that shows none and is ${end.how}`, async () => {
      await expect(check({ keys: [], refusal: end })).rejects.toMatchObject({ code: "stopped_answering" });
    });
  }

  it("aren't all known of a server that stops answering", async () => {
    const model: Model = { keys: ["P-256", "rsaEncryption"], refusal: { how: "closed" }, patience: 3 };
    await expect(check(model, knownOf(model))).rejects.toMatchObject({ code: "stopped_answering" });
  });

  it("aren't all known of a server of which one answer can't be read", async () => {
    const model: Model = { refusal: { how: "unreadable", reason: "a message that is too long" } };
    await expect(check(model)).rejects.toMatchObject({
      message: expect.stringContaining("a message that is too long"),
    });
  });

  it("are known of a server that is silent to those alone who don't name it", async () => {
    const { facts } = await check({ byDefault: "nothing", refusal: { how: "silent", seconds: 5 } });
    expect(shown(facts)).toEqual(["P-256 to name"]);
  });

  it("are asked for until the same comes again, of a server that shows what wasn't asked for", async () => {
    const { facts, offers } = await check({ obstinate: true, keys: ["P-256"] });
    expect(shown(facts)).toEqual(["P-256 to name", "P-256 to no name", "P-256 to another name"]);
    expect(offers.length).toBeLessThan(8);
  });
});

describe("those who don't name the server", () => {
  it("may get nothing", async () => {
    expect(shown((await check({ byDefault: "nothing" })).facts)).toEqual(["P-256 to name"]);
  });

  it("may get another certificate, which isn't for the target", async () => {
    const { facts } = await check({ byDefault: "another" });
    expect(facts.map(({ shownTo, verdict }) => [shownTo, verdict.nameMatches])).toEqual([
      ["name", true],
      ["no name", false],
      ["another name", false],
    ]);
  });

  it("are everybody at an address", async () => {
    const { facts, offers } = await check({ byDefault: "same" }, {}, "192.0.2.1");
    expect(shown(facts)).toEqual(["P-256 to name", "P-256 to another name"]);
    expect(offers.filter(({ serverName }) => serverName === null)).toEqual([]);
  });
});

describe("the hellos", () => {
  it("are as many as there are certificates and two, where other checks have found out what there is", async () => {
    const model: Model = { keys: ["P-256", "rsaEncryption"] };
    const { facts, offers } = await check(model, knownOf(model));
    expect(shown(facts)).toHaveLength(4);
    expect(offers).toHaveLength(4);
  });

  it("ask for what comes along, and take any signature in certificates", async () => {
    const { offers } = await check({});
    for (const { extensions = [] } of offers) {
      expect(extensions.map(({ code }) => code)).toEqual([5, 18, 50]);
    }
  });

  it("have no extensions in SSL 3.0, which has none", async () => {
    const model: Model = { versions: ["SSL 3.0"], keys: ["rsaEncryption"], suites: [0x000a] };
    const { facts, offers } = await check(model, knownOf(model));
    expect(shown(facts)).toEqual(["RSA to name"]);
    expect(offers.flatMap(({ extensions }) => extensions)).toEqual([]);
  });

  it("are told as evidence, each", async () => {
    const { offers, notes } = await check({});
    expect(notes).toHaveLength(offers.length);
    expect(notes.map(({ about }) => about)).toContain("a certificate asked for without a name");
    expect(notes.every(({ messages }) => messages.length === 1)).toBe(true);
  });
});
