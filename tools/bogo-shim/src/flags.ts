import type { ExternalPskOptions } from "@tlskit/tls";
import type { PolicyName } from "./compliance.ts";

/**
 * The runner's flags. What is not in this table is not implemented, and whoever is told it says so.
 *
 * A flag may be prefixed: `-on-initial-` for the first connection alone, `-on-resume-` for those after it, `-on-retry-`
 * for what comes after early data was rejected, `-on-shim-` for us and not a split handshaker.
 */

/** What a shim is told. */
export interface Config extends Switches, Omit<CredentialConfig, "importedPsk"> {
  port: number;
  shimId: bigint;
  resumeCount: number;
  trustCert: string | undefined;
  hostName: string | undefined;
  /** Seconds that pass, by our clock alone, before the next connection. */
  resumptionDelay: number;
  /** Further certificates, beside `certFile`, in order; flags about certificates are for the last one. */
  credentials: CredentialConfig[];
  minVersion: number | undefined;
  maxVersion: number | undefined;
  /** One for what is before TLS 1.3. */
  psk: string | undefined;
  pskIdentity: string;
  /** Suites before TLS 1.3, in OpenSSL's form. */
  cipher: string;
  curves: number[];
  keyShares: number[] | undefined;
  verifyPrefs: number[];
  advertiseAlpn: string | undefined;
  expectAdvertisedAlpn: string | undefined;
  selectAlpn: string | undefined;
  shimInitialWrite: string;
  repeatShimInitialWrite: number;
  exportKeyingMaterial: number;
  exportLabel: string;
  exportContext: string;
  expectAlpn: string | undefined;
  expectServerName: string | undefined;
  expectVersion: number | undefined;
  expectCurveId: number | undefined;
  expectCipher: number | undefined;
  expectEarlyDataReason: string | undefined;
  /** Seconds by which a client says that its ticket is older than it is. */
  expectTicketAgeSkew: number | undefined;
  expectPeerSignatureAlgorithm: number | undefined;
  expectPeerCertFile: string | undefined;
  expectPeerVerifyPrefs: number[];
  expectSelectedCredential: number | undefined;
  expectTotalRenegotiations: number | undefined;
  expectOcspResponse: Uint8Array | undefined;
  expectSignedCertTimestamps: Uint8Array | undefined;
  /** Names in DER of those that a server tells its clients of. */
  clientCaList: readonly Uint8Array[];
  expectClientCaList: readonly Uint8Array[] | undefined;
  maxSendFragment: number | undefined;
  compliance: PolicyName | undefined;
}

/** Flags without a value, under the names that the runner has for them, in our casing. */
type Switches = { -readonly [Name in (typeof switches)[number] as Camel<Name>]: boolean };
type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;

const switches = [
  "ipv6",
  "server",
  "no-tls1",
  "no-tls11",
  "no-tls12",
  "no-tls13",
  "shim-writes-first",
  "shim-shuts-down",
  "check-close-notify",
  "key-update",
  "key-update-before-read",
  "use-export-context",
  "tls-unique",
  "write-different-record-sizes",
  "expect-no-server-name",
  "expect-hrr",
  "expect-no-hrr",
  "decline-alpn",
  "reject-alpn",
  "select-empty-alpn",
  "verify-fail",
  "expect-verify-result",
  "use-custom-verify-callback",
  "fail-cert-callback",
  "fail-early-callback",
  "fail-ddos-callback",
  "no-legacy-server-connect",
  "renegotiate-ignore",
  "renegotiate-freely",
  "renegotiate-once",
  "renegotiate-explicit",
  "expect-extended-master-secret",
  "expect-secure-renegotiation",
  "send-alert",
  "no-server-name-ack",
  "no-ticket",
  "skip-ticket",
  "renew-ticket",
  "enable-early-data",
  "read-with-unfinished-write",
  "resumption-across-names-enabled",
  "expect-session-miss",
  "expect-no-session",
  "expect-ticket-renewal",
  "expect-ticket-supports-early-data",
  "expect-accept-early-data",
  "expect-reject-early-data",
  "expect-no-offer-early-data",
  "expect-resumable-across-names",
  "expect-not-resumable-across-names",
  "expect-no-peer-cert",
  "verify-peer",
  "require-any-client-certificate",
  "use-old-client-cert-callback",
  "enable-ocsp-stapling",
  "enable-signed-cert-timestamps",
  "fail-ocsp-callback",
  "decline-ocsp-callback",
  "async",
] as const;

export interface CredentialConfig {
  certFile: string | undefined;
  keyFile: string | undefined;
  signingPrefs: number[];
  ocspResponse: Uint8Array | undefined;
  /** A list of timestamps as it stands in a message. */
  signedCertTimestamps: Uint8Array | undefined;
  /** Whether it is only for peers that name its issuer. */
  mustMatchIssuer: boolean;
  /** One that is imported, for TLS 1.3, instead of a certificate. */
  importedPsk?: PskConfig;
}

export interface PskConfig {
  identity: Uint8Array;
  key: Uint8Array;
  importContext: Uint8Array;
  hash: ExternalPskOptions["hash"];
}

/** The runner asks for something that isn't there: exit 89. */
export class Unimplemented extends Error {
  override readonly name = "Unimplemented";
}

export function defaults(): Config {
  return {
    // The object has a key for each switch, as the type's keys are made of the same names.
    ...(Object.fromEntries(switches.map((name) => [camel(name), false])) as Switches),
    port: 0,
    shimId: 0n,
    resumeCount: 0,
    resumptionDelay: 0,
    ...noCredential(),
    trustCert: undefined,
    hostName: undefined,
    credentials: [],
    minVersion: undefined,
    maxVersion: undefined,
    psk: undefined,
    pskIdentity: "",
    cipher: "ALL",
    curves: [],
    keyShares: undefined,
    verifyPrefs: [],
    advertiseAlpn: undefined,
    expectAdvertisedAlpn: undefined,
    selectAlpn: undefined,
    shimInitialWrite: "hello",
    repeatShimInitialWrite: 1,
    exportKeyingMaterial: 0,
    exportLabel: "",
    exportContext: "",
    expectAlpn: undefined,
    expectServerName: undefined,
    expectVersion: undefined,
    expectCurveId: undefined,
    expectCipher: undefined,
    expectEarlyDataReason: undefined,
    expectTicketAgeSkew: undefined,
    expectPeerSignatureAlgorithm: undefined,
    expectPeerCertFile: undefined,
    expectPeerVerifyPrefs: [],
    maxSendFragment: undefined,
    compliance: undefined,
    expectSelectedCredential: undefined,
    expectTotalRenegotiations: undefined,
    expectOcspResponse: undefined,
    expectSignedCertTimestamps: undefined,
    clientCaList: [],
    expectClientCaList: undefined,
  };
}

function noCredential(): CredentialConfig {
  return {
    certFile: undefined,
    keyFile: undefined,
    signingPrefs: [],
    ocspResponse: undefined,
    signedCertTimestamps: undefined,
    mustMatchIssuer: false,
  };
}

/** Takes a flag; `value` gives what comes behind it. */
type Flag = (config: Config, value: () => string) => void;

/** The settings that any value of a type can be given to. */
type Keys<T> = { [K in keyof Config]: [T] extends [Config[K]] ? K : never }[keyof Config];

/** `key-update` as `keyUpdate`. */
function camel<Name extends string>(name: Name): Camel<Name> {
  // What the type says in types.
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) as Camel<Name>;
}

const number =
  (key: Keys<number>): Flag =>
  (config, value) => {
    config[key] = Number(value());
  };

const text =
  (key: Keys<string>): Flag =>
  (config, value) => {
    config[key] = value();
  };

const compliance =
  (policy: PolicyName): Flag =>
  (config) => {
    config.compliance = policy;
  };

/** What has no meaning for us, because we do so always or because nothing of it can be seen from outside. */
const nothing: Flag = () => undefined;
const nothingWithValue: Flag = (_config, value) => void value();

/** Where flags about certificates belong. */
const credential = (config: Config): CredentialConfig | Config => config.credentials.at(-1) ?? config;

const nothingYet = new Uint8Array(0);
const base64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

/** Names in DER, in hexadecimal digits. */
function names(list: string): readonly Uint8Array[] {
  return list === "<EMPTY>" || list === "<NULL>"
    ? []
    : list.split(",").map((name) => new Uint8Array(Buffer.from(name, "hex")));
}

/** Where flags about pre-shared keys belong. */
function importedPsk(config: Config): PskConfig {
  const last = config.credentials.at(-1)?.importedPsk;
  if (last === undefined) throw new Unimplemented("a pre-shared key that isn't imported");
  return last;
}

const flags: Readonly<Record<string, Flag>> = {
  ...Object.fromEntries(
    switches.map((name): [string, Flag] => [
      name,
      (config) => {
        config[camel(name)] = true;
      },
    ]),
  ),
  "fips-202205": compliance("fips-202205"),
  "wpa-202304": compliance("wpa-202304"),
  "cnsa-202407": compliance("cnsa-202407"),
  "cnsa1-202603": compliance("cnsa1-202603"),
  port: number("port"),
  "shim-id": (config, value) => {
    config.shimId = BigInt(value());
  },
  "resume-count": number("resumeCount"),
  "resumption-delay": number("resumptionDelay"),
  "cert-file": (config, value) => {
    credential(config).certFile = value();
  },
  "key-file": (config, value) => {
    credential(config).keyFile = value();
  },
  "signing-prefs": (config, value) => void credential(config).signingPrefs.push(Number(value())),
  "new-x509-credential": (config) => void config.credentials.push(noCredential()),
  "new-psk-credential": (config) =>
    void config.credentials.push({
      ...noCredential(),
      importedPsk: { identity: nothingYet, key: nothingYet, importContext: nothingYet, hash: undefined },
    }),
  "psk-importer-identity": (config, value) => void Object.assign(importedPsk(config), { identity: base64(value()) }),
  "psk-importer-key": (config, value) => void Object.assign(importedPsk(config), { key: base64(value()) }),
  "psk-importer-context": (config, value) =>
    void Object.assign(importedPsk(config), { importContext: base64(value()) }),
  "psk-importer-sha256": (config) => void Object.assign(importedPsk(config), { hash: "SHA-256" }),
  "psk-importer-sha384": (config) => void Object.assign(importedPsk(config), { hash: "SHA-384" }),
  "trust-cert": text("trustCert"),
  "host-name": text("hostName"),
  "min-version": number("minVersion"),
  "max-version": number("maxVersion"),
  psk: text("psk"),
  "psk-identity": text("pskIdentity"),
  cipher: text("cipher"),
  curves: (config, value) => void config.curves.push(Number(value())),
  "key-shares": (config, value) => {
    config.keyShares = [...(config.keyShares ?? []), Number(value())];
  },
  "no-key-shares": (config) => {
    config.keyShares = [];
  },
  "verify-prefs": (config, value) => void config.verifyPrefs.push(Number(value())),
  "advertise-alpn": text("advertiseAlpn"),
  "expect-advertised-alpn": text("expectAdvertisedAlpn"),
  "select-alpn": text("selectAlpn"),
  "shim-initial-write": text("shimInitialWrite"),
  "repeat-shim-initial-write": number("repeatShimInitialWrite"),
  "export-keying-material": number("exportKeyingMaterial"),
  "export-label": text("exportLabel"),
  "export-context": text("exportContext"),
  "expect-alpn": text("expectAlpn"),
  "expect-server-name": text("expectServerName"),
  "expect-version": number("expectVersion"),
  "expect-curve-id": number("expectCurveId"),
  "expect-cipher": number("expectCipher"),
  // We have the runner's machine's order of preference, which has AES in hardware.
  "expect-cipher-aes": number("expectCipher"),
  "expect-cipher-no-aes": nothingWithValue,
  "expect-early-data-reason": text("expectEarlyDataReason"),
  "expect-ticket-age-skew": number("expectTicketAgeSkew"),
  "expect-peer-signature-algorithm": number("expectPeerSignatureAlgorithm"),
  "expect-peer-cert-file": text("expectPeerCertFile"),
  "expect-peer-verify-pref": (config, value) => void config.expectPeerVerifyPrefs.push(Number(value())),
  "max-send-fragment": number("maxSendFragment"),
  "expect-selected-credential": number("expectSelectedCredential"),
  "expect-total-renegotiations": number("expectTotalRenegotiations"),
  "ocsp-response": (config, value) => {
    credential(config).ocspResponse = base64(value());
  },
  "signed-cert-timestamps": (config, value) => {
    credential(config).signedCertTimestamps = base64(value());
  },
  "must-match-issuer": (config) => {
    credential(config).mustMatchIssuer = true;
  },
  "expect-ocsp-response": (config, value) => {
    config.expectOcspResponse = base64(value());
  },
  "expect-signed-cert-timestamps": (config, value) => {
    config.expectSignedCertTimestamps = base64(value());
  },
  "use-client-ca-list": (config, value) => {
    config.clientCaList = names(value());
  },
  "expect-client-ca-list": (config, value) => {
    config.expectClientCaList = names(value());
  },
  // Who gets OCSP responses, and who judges them, is always asked.
  "use-ocsp-callback": nothing,
  "set-ocsp-in-callback": nothing,
  // SRTP is for DTLS; over TLS there is nothing to be offered.
  "srtp-profiles": nothingWithValue,
  // Whatever is chosen by what a client offers is chosen in one place, before anything is answered.
  "use-early-callback": nothing,
  "install-ddos-callback": nothing,
  // Sending and receiving need no handshake to have been asked for.
  "implicit-handshake": nothing,
  // A server always goes by its own order.
  "server-preference": nothing,
  // Everything is asynchronous here, and nothing blocks; a pre-shared key is found later.
  async: (config) => {
    config.async = true;
  },
  "partial-write": nothing,
  "no-op-extra-handshake": nothing,
  "read-size": nothingWithValue,
  "peek-then-read": nothing,
  // A server's certificate is verified before a session is resumed, always.
  "reverify-on-resume": nothing,
  // Tickets are made by whatever is given.
  "use-ticket-callback": nothing,
  "use-ticket-aead-callback": nothing,
  // Which of the two a client gets the runner sees by itself.
  "expect-session-id": nothing,
  "expect-no-session-id": nothing,
  // There is no other half that could see things differently.
  "allow-hint-mismatch": nothing,
  "forbid-renegotiation-after-handshake": nothing,
  // TLS 1.0 always does so.
  "cbc-record-splitting": nothing,
};

/** What the connections of a shim are told. */
export interface Configs {
  readonly initial: Config;
  /** For those that come after it. */
  readonly resume: Config;
  /** For what comes after early data was rejected. */
  readonly retry: Config;
}

const all: readonly (keyof Configs)[] = ["initial", "resume", "retry"];

/** Whom a flag is for that begins so. Those about the program stand in front of those about the connection. */
const prefixes: readonly (readonly [prefix: string, told: readonly (keyof Configs)[]])[] = [
  ["-on-initial-", ["initial"]],
  ["-on-resume-", ["resume"]],
  ["-on-retry-", ["retry"]],
  ["-on-shim-on-initial-", ["initial"]],
  ["-on-shim-on-resume-", ["resume"]],
  ["-on-shim-", all],
  ["-on-handshaker-on-resume-", []],
  ["-on-handshaker-", []],
  ["-", all],
];

/** @throws {Unimplemented} for a flag that isn't in the table */
export function parseFlags(args: readonly string[]): Configs {
  const configs = { initial: defaults(), resume: defaults(), retry: defaults() };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [prefix, told] = prefixes.find(([each]) => arg?.startsWith(each)) ?? [undefined, []];
    const name = arg.slice(prefix?.length ?? 0);
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (prefix === undefined || flag === undefined) throw new Unimplemented(arg);
    let given: string | undefined;
    const value = (): string => {
      given ??= rest.shift() ?? "";
      return given;
    };
    // One that is for nobody here is read as well, since a value may stand behind it.
    for (const config of told.length === 0 ? [defaults()] : told.map((key) => configs[key])) flag(config, value);
  }
  return configs;
}
