import { constants } from "node:crypto";
import {
  availableCipherSuites,
  availableTls12CipherSuites,
  byName,
  type CipherSuite,
  cipherSuites,
  defaultTls12CipherSuites,
  type Tls12CipherSuite,
  type Tls12KeyExchange,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import { isLegacyCipherSuite } from "@tlskit/ciphersuites/legacy";
import { isProtocolName, type ProtocolName, protocolVersions } from "@tlskit/ciphersuites/openssl-names";
import { nodeProvider } from "@tlskit/crypto-node";
import { callerError, type Tls12Options, type TlsError, type TlsVersion, tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhe } from "@tlskit/tls/dhe";
import { defaultLegacyCipherSuites, tls10With, tls11With } from "@tlskit/tls/legacy";
import { dhePsk, dhePskWith, ecdhePsk, ecdhePskWith, psk, pskWith, rsaPsk, rsaPskWith } from "@tlskit/tls/psk";
import { rsa } from "@tlskit/tls/rsa";
import { maxCachedContexts } from "../limits.ts";
import { type CipherList, inOpensslsOrder, readCipherList, suitesMeant } from "../options/cipher-list.ts";
import { argumentError, invalidArgumentValue } from "./argument-errors.ts";
import { defaults } from "./defaults.ts";
import { opensslError } from "./openssl-error.ts";

/** Which versions and suites there are to be, in the words of `node:tls`. */
export interface VersionOptions {
  readonly ciphers?: string | null | undefined;
  readonly minVersion?: ProtocolName | null | undefined;
  readonly maxVersion?: ProtocolName | null | undefined;
  readonly secureProtocol?: string | null | undefined;
  readonly secureOptions?: number | null | undefined;
}

/** The same in the words of `@tlskit/tls`. */
export interface VersionChoice {
  readonly versions: readonly TlsVersion[];
  /** TLS 1.3's; nothing where they are those that there are unless told otherwise. */
  readonly cipherSuites: readonly CipherSuite[] | undefined;
}

/** What an end has to make something of a cipher suite with. */
export interface Means {
  /** Certificates: to show, or to verify. */
  readonly certificates: boolean;
  /** A key that decrypts, or peers that have one. */
  readonly decryption: boolean;
  /** Pre-shared keys for TLS 1.2. */
  readonly psks: boolean;
  /** Groups for Diffie-Hellman in finite fields, or a peer that has them. */
  readonly finiteFields: boolean;
  /** What a server tells clients for them to choose such a key by. */
  readonly pskIdentityHint?: string | undefined;
}

/**
 * What `node:tls` means by these options. What is old comes to whoever names it: TLS 1.1 and 1.0 by `minVersion`, `maxVersion` or
 * `secureProtocol`; key exchanges other than ECDHE, and CBC, by `ciphers`. Suites that an end has no means for are left out. The
 * same values give the same versions again, so that contexts made of them can be shared.
 * @throws {Error} as of `node:tls`: `ERR_TLS_INVALID_PROTOCOL_VERSION`, `ERR_TLS_INVALID_PROTOCOL_METHOD`,
 *   `ERR_TLS_PROTOCOL_VERSION_CONFLICT`, `ERR_INVALID_ARG_VALUE`, `ERR_SSL_NO_CIPHER_MATCH`, `ERR_SSL_INVALID_COMMAND`,
 *   `ERR_SSL_NO_PROTOCOLS_AVAILABLE`
 */
export function versionChoice(
  { ciphers, minVersion, maxVersion, secureProtocol, secureOptions }: VersionOptions,
  means: Means,
): VersionChoice {
  const range = rangeOf({ minVersion, maxVersion, secureProtocol });
  const told: Told = { ciphers: ciphers || defaults.DEFAULT_CIPHERS, range, secureOptions: secureOptions ?? 0 };
  const key = JSON.stringify([told, means]);
  const choice = known.get(key) ?? choiceOf(told, means);
  // The latest come last.
  known.delete(key);
  known.set(key, choice);
  if (known.size > maxCachedContexts) for (const [eldest] of [...known].slice(0, 1)) known.delete(eldest);
  return choice;
}

const known = new Map<string, VersionChoice>();

/** What was told, with what holds where nothing was. */
interface Told {
  readonly ciphers: string;
  /** ProtocolVersion of the oldest and the newest. */
  readonly range: readonly [oldest: number, newest: number];
  readonly secureOptions: number;
}

function choiceOf(told: Told, means: Means): VersionChoice {
  const list = cipherList(told.ciphers);
  checkMatch(list);
  const names = versionNames(told, list);
  const versions = withoutGap(names.flatMap((name) => versionWith(name, list, means) ?? []));
  if (versions.length === 0) throw names.length === 0 ? nothingLeft(told) : noMatch();
  return { versions, cipherSuites: tls13Suites(list) };
}

function fits({ keyExchange, certificateKey }: Tls12CipherSuite, means: Means): boolean {
  const { certificates, decryption, psks, finiteFields } = means;
  if (keyExchange.startsWith("DHE") && !finiteFields) return false;
  if (certificateKey !== undefined && !certificates) return false;
  if (keyExchange.startsWith("RSA") && !decryption) return false;
  return psks || !keyExchange.endsWith("PSK");
}

function cipherList(ciphers: string): CipherList {
  // What there is unless told otherwise is there whichever suites these are.
  if (/^:+$/.test(ciphers)) throw invalidArgumentValue("options.ciphers", ciphers.split(":"));
  try {
    return readCipherList(ciphers);
  } catch (error) {
    throw opensslError("SSL", [280, "invalid command"], error instanceof Error ? error : undefined);
  }
}

/** Newest first. */
function versionNames(told: Told, { rules, tls13: named }: CipherList): readonly ProtocolName[] {
  const [oldest, newest] = told.range;
  return versionsByAge.filter((name) => {
    const code = protocolVersions[name];
    // As in node:tls: a list of suites of TLS 1.3 alone has that version alone.
    const hasSuites = name === "TLSv1.3" || rules.length > 0 || named.length === 0;
    return code >= oldest && code <= newest && (told.secureOptions & forbids[name]) === 0 && hasSuites;
  });
}

const versionsByAge = ["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"] as const satisfies readonly ProtocolName[];

const forbids: Readonly<Record<ProtocolName, number>> = {
  TLSv1: constants.SSL_OP_NO_TLSv1,
  "TLSv1.1": constants.SSL_OP_NO_TLSv1_1,
  "TLSv1.2": constants.SSL_OP_NO_TLSv1_2,
  "TLSv1.3": constants.SSL_OP_NO_TLSv1_3,
};

/** The versions of OpenSSL's methods. Those that mean all there are name none, so that they bring nothing old. */
const methods: Readonly<Record<string, readonly [oldest: ProtocolName, newest: ProtocolName]>> = {
  TLS: ["TLSv1.2", "TLSv1.3"],
  SSLv23: ["TLSv1.2", "TLSv1.2"],
  TLSv1_2: ["TLSv1.2", "TLSv1.2"],
  TLSv1_1: ["TLSv1.1", "TLSv1.1"],
  TLSv1: ["TLSv1", "TLSv1"],
};

function rangeOf({ minVersion, maxVersion, secureProtocol }: VersionOptions): Told["range"] {
  if (typeof secureProtocol !== "string") {
    return [
      protocolVersion("minimum", minVersion ?? defaults.DEFAULT_MIN_VERSION),
      protocolVersion("maximum", maxVersion ?? defaults.DEFAULT_MAX_VERSION),
    ];
  }
  const version = minVersion ?? maxVersion ?? undefined;
  if (version !== undefined) {
    const message = `TLS protocol version ${JSON.stringify(version)} conflicts with secureProtocol ${JSON.stringify(secureProtocol)}`;
    throw argumentError(TypeError, "ERR_TLS_PROTOCOL_VERSION_CONFLICT", message);
  }
  const [, method = ""] = /^(\w+?)(?:_client|_server)?_method$/.exec(secureProtocol) ?? [];
  const range = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (range !== undefined) return [protocolVersions[range[0]], protocolVersions[range[1]]];
  const isDisabled = method === "SSLv2" || method === "SSLv3";
  const message = isDisabled ? `${method} methods disabled` : `Unknown method: ${secureProtocol}`;
  throw argumentError(TypeError, "ERR_TLS_INVALID_PROTOCOL_METHOD", message);
}

function protocolVersion(which: "minimum" | "maximum", name: unknown): number {
  if (typeof name === "string" && isProtocolName(name)) return protocolVersions[name];
  const message = `${JSON.stringify(name)} is not a valid ${which} TLS protocol version`;
  throw argumentError(TypeError, "ERR_TLS_INVALID_PROTOCOL_VERSION", message);
}

/** Nothing if there is no suite for it. */
function versionWith(name: ProtocolName, list: CipherList, means: Means): TlsVersion | undefined {
  if (name === "TLSv1.3") return tls13;
  const { make, has, unlessTold } = earlier[name];
  const available = availableTls12CipherSuites(nodeProvider, tls12CipherSuites).filter(has);
  const suites = suitesMeant(list, inOpensslsOrder(available), unlessTold).filter((suite) => fits(suite, means));
  if (suites.length === 0) return undefined;
  const needed = new Set(suites.map(({ keyExchange }) => keyExchange));
  const exchanges = Object.entries(keyExchangesWith(means.pskIdentityHint)).flatMap(([exchange, method]) =>
    [...needed].some((one) => one === exchange) ? [method] : [],
  );
  return make({ cipherSuites: suites, keyExchanges: exchanges, cbc });
}

/** How versions before TLS 1.3 are made, which suites they have, and which of them unless told otherwise. */
const earlier: Readonly<
  Record<
    Exclude<ProtocolName, "TLSv1.3">,
    {
      readonly make: (options: Tls12Options) => TlsVersion;
      readonly has: (suite: Tls12CipherSuite) => boolean;
      readonly unlessTold: readonly Tls12CipherSuite[];
    }
  >
> = {
  "TLSv1.2": { make: tls12With, has: () => true, unlessTold: defaultTls12CipherSuites },
  "TLSv1.1": { make: tls11With, has: isLegacyCipherSuite, unlessTold: defaultLegacyCipherSuites },
  TLSv1: { make: tls10With, has: isLegacyCipherSuite, unlessTold: defaultLegacyCipherSuites },
};

type KeyExchanges = Readonly<Partial<Record<Tls12KeyExchange, NonNullable<Tls12Options["keyExchanges"]>[number]>>>;

const keyExchanges: KeyExchanges = {
  DHE: dhe,
  RSA: rsa,
  ECDHE_PSK: ecdhePsk,
  DHE_PSK: dhePsk,
  RSA_PSK: rsaPsk,
  PSK: psk,
};

function keyExchangesWith(hint: string | undefined): KeyExchanges {
  if (!hint) return keyExchanges;
  const options = { identityHint: Buffer.from(hint) };
  return {
    ...keyExchanges,
    ECDHE_PSK: ecdhePskWith(options),
    DHE_PSK: dhePskWith(options),
    RSA_PSK: rsaPskWith(options),
    PSK: pskWith(options),
  };
}

/** Nothing if the list names none, which leaves them as they are. */
function tls13Suites({ tls13: names }: CipherList): readonly CipherSuite[] | undefined {
  if (names.length === 0) return undefined;
  const available = availableCipherSuites(nodeProvider, cipherSuites);
  return [...new Set(names.flatMap((name) => byName(available, name) ?? []))];
}

/** As OpenSSL has it: without a version in between, those above it alone. */
function withoutGap(versions: readonly TlsVersion[]): readonly TlsVersion[] {
  const newest = versions[0]?.code ?? 0;
  return versions.filter(({ code }, index) => code === newest - index);
}

/** As OpenSSL has it: of each kind that a list has something of, there has to be something. */
function checkMatch(list: CipherList): void {
  if (tls13Suites(list)?.length === 0) throw noMatch();
  if (list.rules.length > 0 && suitesMeant(list, tls12CipherSuites, tls12CipherSuites).length === 0) throw noMatch();
}

function noMatch(): Error {
  return opensslError("SSL", [185, "no cipher match"], nobodyHas("ciphers"));
}

function nothingLeft(told: Told): Error {
  const [oldest, newest] = told.range.map((code) => `0x${code.toString(16).padStart(4, "0")}`);
  const cause = nobodyHas(`versions from ${oldest} to ${newest}, with secureOptions ${told.secureOptions}`);
  return opensslError("SSL", [191, "no protocols available"], cause);
}

function nobodyHas(what: string): TlsError {
  return callerError("no_common_version", `there is nothing left by ${what}`);
}
