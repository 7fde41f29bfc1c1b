import { ffdheGroup } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  applicationLayerProtocolNegotiation,
  type Extension,
  encryptThenMac,
  extendedMainSecret,
  extension,
  renegotiationInfo,
  type ServerHello,
  selectedGroup,
  serverDhParams,
  serverEcdhParams,
  serverShare,
} from "@tlskit/messages";
import { Alert, asciiBytes, concat, encode, printable } from "@tlskit/wire";
import type { Answer, AnswerEnd } from "../../src/probe/answer.ts";
import { defaultGroups, registeredSignatureSchemes } from "../../src/probe/default-offer.ts";
import type { HelloOffer } from "../../src/probe/hello.ts";
import { knownCipherSuite } from "../../src/registry/cipher-suite.ts";
import { groupName, knownGroup } from "../../src/registry/group.ts";
import type { FoundSoFar } from "../../src/scanning.ts";
import type { Version } from "../../src/version.ts";
import { InMemoryScanning } from "./in-memory-scanning.ts";

/** What a server is like that a check asks: what it takes of everything, each in its own order. */
export interface Model {
  readonly suites: Partial<Readonly<Record<Version, readonly number[]>>>;
  /** Whose order counts, of suites, groups and schemes. */
  readonly order: "server" | "client";
  /** OpenSSL's option of that name. */
  readonly prioritizesChaCha20: boolean;
  /** For TLS 1.3, and for curves before. */
  readonly groups: readonly number[];
  /** A group before TLS 1.3 that it chooses whatever is offered. */
  readonly fixedGroup?: number | undefined;
  /** The group that its certificate has its key in. */
  readonly retriesForPreferred: boolean;
  readonly reusesShares: boolean;
  /** Of DHE, unless RFC 7919's groups are negotiated. */
  readonly prime: Uint8Array;
  readonly exportPrime: Uint8Array;
  readonly negotiatesFfdhe: readonly number[];
  readonly schemes: readonly number[];
  /** A scheme before TLS 1.3 that it signs by whatever is offered. */
  readonly fallbackScheme?: number | undefined;
  readonly alpn: readonly string[];
  readonly unknownAlpn: "refused" | "ignored" | "accepted";
  readonly extensions: readonly number[];
  readonly compression: readonly number[];
  readonly certificateCompression: readonly number[];
  readonly noticesFallback: boolean;
  /** How it refuses. */
  readonly refusal: AnswerEnd;
  /** Behind so many answers it hangs up on everything. */
  readonly patience: number;
  /** What it doesn't bear. */
  readonly intolerant: (offer: HelloOffer) => boolean;
}

const defaults: Model = {
  suites: {},
  order: "server",
  prioritizesChaCha20: false,
  groups: [0x001d, 0x0017, 0x0018],
  retriesForPreferred: false,
  reusesShares: false,
  prime: ffdheGroup("ffdhe3072").prime,
  exportPrime: new Uint8Array(64).fill(0xff),
  negotiatesFfdhe: [],
  schemes: [0x0403, 0x0804, 0x0401],
  alpn: [],
  unknownAlpn: "ignored",
  extensions: [],
  compression: [],
  certificateCompression: [],
  noticesFallback: false,
  refusal: { how: "alert", level: 2, description: Alert.handshakeFailure },
  patience: Number.POSITIVE_INFINITY,
  intolerant: () => false,
};

/** A scan of a model of a server: each hello is answered as that would. */
export class ModelScanning extends InMemoryScanning {
  readonly offers: HelloOffer[];

  constructor(model: Partial<Model>) {
    const offers: HelloOffer[] = [];
    const server = new ModelServer({ ...defaults, ...model });
    super(
      () => {
        throw new TypeError("a model has no connections");
      },
      {
        probe: async (offer) => {
          offers.push(offer);
          return server.answer(offer);
        },
      },
    );
    this.offers = offers;
  }

  /** How many hellos were sent. */
  get hellos(): number {
    return this.offers.length;
  }
}

class ModelServer {
  readonly #model: Model;
  #answers = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  answer(offer: HelloOffer): Answer {
    const { patience, intolerant, suites, refusal, noticesFallback } = this.#model;
    this.#answers += 1;
    if (this.#answers > patience) return ended({ how: "closed" });
    const [version] = offer.versions;
    if (version === undefined || intolerant(offer)) return ended(refusal);
    const isNewest = version === (["TLS 1.3", "TLS 1.2", "TLS 1.1", "TLS 1.0"] as const).find((name) => suites[name]);
    if (noticesFallback && offer.cipherSuites.includes(0x5600) && !isNewest) {
      return ended({ how: "alert", level: 2, description: Alert.inappropriateFallback });
    }
    const suite = this.#suite(suites[version] ?? [], offer);
    if (suite === undefined) return ended(refusal);
    return version === "TLS 1.3" ? this.#answer13(suite, offer) : this.#answerBefore13(version, suite, offer);
  }

  #suite(own: readonly number[], { cipherSuites }: HelloOffer): number | undefined {
    const [first] = cipherSuites;
    const isChaCha20 = first !== undefined && knownCipherSuite(first)?.cipher === "CHACHA20" && own.includes(first);
    return this.#model.prioritizesChaCha20 && isChaCha20 ? first : this.#chosen(own, cipherSuites);
  }

  #chosen(own: readonly number[], offered: readonly number[]): number | undefined {
    return this.#model.order === "server"
      ? own.find((code) => offered.includes(code))
      : offered.find((code) => own.includes(code));
  }

  #answer13(suite: number, offer: HelloOffer): Answer {
    const { groups, refusal, retriesForPreferred, reusesShares, schemes, certificateCompression } = this.#model;
    const { groups: offered = defaultGroups(nodeProvider, offer.versions), keyShares = offered.slice(0, 1) } = offer;
    const preferred = this.#chosen(groups, offered);
    if (preferred === undefined) return ended(refusal);
    const withShare = retriesForPreferred
      ? keyShares.find((code) => code === preferred)
      : this.#chosen(groups, keyShares);
    if (withShare === undefined) {
      return {
        ...ended({ how: "complete" }),
        version: "TLS 1.3",
        retry: hello(suite, [extension(selectedGroup, preferred)]),
      };
    }
    const scheme = this.#chosen(schemes, offer.signatureSchemes ?? registeredSignatureSchemes);
    if (scheme === undefined) return ended(refusal);
    const alpn = this.#alpn(offer);
    if (alpn === "refused") return ended({ how: "alert", level: 2, description: Alert.noApplicationProtocol });
    const share = new Uint8Array(32).fill(reusesShares ? 1 : this.#answers);
    const asked = offer.extensions?.find(({ code }) => code === 27)?.data.filter((_, at) => at > 0 && at % 2 === 0);
    return {
      ...ended({ how: "complete" }),
      version: "TLS 1.3",
      serverHello: hello(suite, [extension(serverShare, { group: withShare, keyExchange: share })]),
      encryptedExtensions: { extensions: [...alpn, ...this.#own(offer)] },
      certificateVerify: { algorithm: scheme, signature: new Uint8Array(64) },
      compressedBy: certificateCompression.find((code) => asked?.includes(code)),
    };
  }

  #answerBefore13(version: Version, code: number, offer: HelloOffer): Answer {
    const { refusal, compression } = this.#model;
    const suite = knownCipherSuite(code);
    const params = suite?.keyExchange.startsWith("ECDHE") ? this.#curve(offer) : this.#finiteField(code, offer);
    const scheme = this.#scheme(offer);
    if (params === undefined || scheme === undefined) return ended(refusal);
    const alpn = this.#alpn(offer);
    if (alpn === "refused") return ended({ how: "alert", level: 2, description: Alert.noApplicationProtocol });
    const signed = version === "TLS 1.2" ? [Uint8Array.of(scheme >> 8, scheme & 0xff)] : [];
    const method = offer.compressionMethods?.find((method) => compression.includes(method)) ?? 0;
    return {
      ...ended({ how: "complete" }),
      version,
      serverHello: hello(code, [...alpn, ...this.#own(offer)], method),
      serverKeyExchange: concat(params, ...signed, Uint8Array.of(0, 1, 0)),
    };
  }

  #curve({ versions, groups = defaultGroups(nodeProvider, versions) }: HelloOffer): Uint8Array | undefined {
    const code = this.#model.fixedGroup ?? this.#chosen(this.#model.groups, groups);
    const point = new Uint8Array(32).fill(this.#model.reusesShares ? 1 : this.#answers);
    return code === undefined ? undefined : encode(serverEcdhParams, { curveType: 3, namedCurve: code, public: point });
  }

  #finiteField(code: number, { groups = [] }: HelloOffer): Uint8Array {
    const { negotiatesFfdhe, exportPrime, reusesShares } = this.#model;
    const chosen = this.#chosen(negotiatesFfdhe, groups);
    const name = chosen === undefined ? undefined : knownGroup(chosen)?.name;
    const p =
      name === undefined
        ? knownCipherSuite(code)?.exportGrade === true
          ? exportPrime
          : this.#model.prime
        : ffdheGroup(groupName(chosen ?? 0) as "ffdhe2048").prime;
    const value = Uint8Array.of(4, reusesShares ? 1 : this.#answers);
    return encode(serverDhParams, { p, g: Uint8Array.of(2), public: value });
  }

  #scheme({ signatureSchemes = registeredSignatureSchemes }: HelloOffer): number | undefined {
    return this.#chosen(this.#model.schemes, signatureSchemes) ?? this.#model.fallbackScheme;
  }

  #alpn({ alpnProtocols }: HelloOffer): readonly Extension[] | "refused" {
    const { alpn, unknownAlpn } = this.#model;
    if (alpnProtocols === undefined) return [];
    const chosen = unknownAlpn === "accepted" ? alpnProtocols[0] : alpn.find((name) => alpnProtocols.includes(name));
    if (chosen === undefined) return unknownAlpn === "refused" ? "refused" : [];
    return [extension(applicationLayerProtocolNegotiation, [asciiBytes(printable(asciiBytes(chosen)))])];
  }

  /** Those that it has of what it was asked for; two are asked for in every hello before TLS 1.3. */
  #own({ extensions = [], versions }: HelloOffer): readonly Extension[] {
    const usual = versions.includes("TLS 1.3") ? [] : [renegotiationInfo.code, extendedMainSecret.code];
    const asked = [...usual, ...extensions.map(({ code }) => code)];
    return this.#model.extensions
      .filter((code) => asked.includes(code))
      .map((code) => ({
        code,
        value: code === extendedMainSecret.code || code === encryptThenMac.code ? null : new Uint8Array(2),
      }));
  }
}

function hello(cipherSuite: number, extensions: readonly Extension[], legacyCompressionMethod = 0): ServerHello {
  return {
    legacyVersion: 0x0303,
    random: new Uint8Array(32),
    legacySessionIdEcho: new Uint8Array(0),
    cipherSuite,
    legacyCompressionMethod,
    extensions,
  };
}

function ended(end: AnswerEnd): Answer {
  return { end, seen: [] };
}

/** What the checks before would have found of a model. */
export function takingSuites(suites: Model["suites"]): FoundSoFar {
  // The entries of a record by versions have versions for keys.
  const entries = Object.entries(suites) as [Version, readonly number[]][];
  return {
    versions: { state: "found", evidence: [], value: entries.map(([version]) => ({ version, spoken: true })) },
    cipherSuites: {
      state: "found",
      evidence: [],
      value: entries.map(([version, codes]) => ({
        version,
        accepted: codes.map((code) => ({ code, name: `${code}` })),
        order: "server",
      })),
    },
  };
}
