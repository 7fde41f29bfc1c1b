/**
 * The runner's flags. What is not in this table is not implemented, and whoever is told it says so.
 *
 * A flag may be prefixed: `-on-initial-` for the first connection alone, `-on-resume-` for those after it, `-on-retry-`
 * for the second attempt after rejected early data, `-on-shim-` for us and not a split handshaker.
 */

/** What a shim is told. */
export interface Config {
  port: number;
  shimId: bigint;
  ipv6: boolean;
  server: boolean;
  resumeCount: number;
  certFile: string | undefined;
  keyFile: string | undefined;
  trustCert: string | undefined;
  hostName: string | undefined;
  /** Further certificates, beside `certFile`, in order; flags about certificates are for the last one. */
  credentials: CredentialConfig[];
  minVersion: number | undefined;
  maxVersion: number | undefined;
  noTls12: boolean;
  curves: number[];
  keyShares: number[] | undefined;
  signingPrefs: number[];
  verifyPrefs: number[];
  advertiseAlpn: string | undefined;
  selectAlpn: string | undefined;
  shimWritesFirst: boolean;
  shimInitialWrite: string;
  repeatShimInitialWrite: number;
  shimShutsDown: boolean;
  checkCloseNotify: boolean;
  keyUpdate: boolean;
  keyUpdateBeforeRead: boolean;
  exportKeyingMaterial: number;
  exportLabel: string;
  exportContext: string;
  useExportContext: boolean;
  writeDifferentRecordSizes: boolean;
  expectAlpn: string | undefined;
  expectServerName: string | undefined;
  expectNoServerName: boolean;
  expectVersion: number | undefined;
  expectCurveId: number | undefined;
  expectCipher: number | undefined;
  expectPeerSignatureAlgorithm: number | undefined;
  expectPeerCertFile: string | undefined;
  expectHrr: boolean;
  expectNoHrr: boolean;
  expectSelectedCredential: number | undefined;
}

export interface CredentialConfig {
  certFile: string | undefined;
  keyFile: string | undefined;
  signingPrefs: number[];
}

/** The runner asks for something that isn't there: exit 89. */
export class Unimplemented extends Error {
  override readonly name = "Unimplemented";
}

export function defaults(): Config {
  return {
    port: 0,
    shimId: 0n,
    ipv6: false,
    server: false,
    resumeCount: 0,
    certFile: undefined,
    keyFile: undefined,
    trustCert: undefined,
    hostName: undefined,
    credentials: [],
    minVersion: undefined,
    maxVersion: undefined,
    noTls12: false,
    curves: [],
    keyShares: undefined,
    signingPrefs: [],
    verifyPrefs: [],
    advertiseAlpn: undefined,
    selectAlpn: undefined,
    shimWritesFirst: false,
    shimInitialWrite: "hello",
    repeatShimInitialWrite: 1,
    shimShutsDown: false,
    checkCloseNotify: false,
    keyUpdate: false,
    keyUpdateBeforeRead: false,
    exportKeyingMaterial: 0,
    exportLabel: "",
    exportContext: "",
    useExportContext: false,
    writeDifferentRecordSizes: false,
    expectAlpn: undefined,
    expectServerName: undefined,
    expectNoServerName: false,
    expectVersion: undefined,
    expectCurveId: undefined,
    expectCipher: undefined,
    expectPeerSignatureAlgorithm: undefined,
    expectPeerCertFile: undefined,
    expectHrr: false,
    expectNoHrr: false,
    expectSelectedCredential: undefined,
  };
}

/** Takes a flag; `value` gives what comes behind it. */
type Flag = (config: Config, value: () => string) => void;

type Keys<T> = { [K in keyof Config]: Config[K] extends T ? K : never }[keyof Config];

const set =
  (key: Keys<boolean>): Flag =>
  (config) => {
    config[key] = true;
  };

const number =
  (key: Keys<number | undefined>): Flag =>
  (config, value) => {
    config[key] = Number(value());
  };

const text =
  (key: Keys<string | undefined>): Flag =>
  (config, value) => {
    config[key] = value();
  };

/** What has no meaning for us, because we do so always or because nothing of it can be seen from outside. */
const nothing: Flag = () => undefined;
const nothingWithValue: Flag = (_config, value) => void value();

/** Where flags about certificates belong. */
const credential = (config: Config): CredentialConfig | Config => config.credentials.at(-1) ?? config;

const flags: Readonly<Record<string, Flag>> = {
  port: number("port"),
  "shim-id": (config, value) => {
    config.shimId = BigInt(value());
  },
  ipv6: set("ipv6"),
  server: set("server"),
  "resume-count": number("resumeCount"),
  "cert-file": (config, value) => {
    credential(config).certFile = value();
  },
  "key-file": (config, value) => {
    credential(config).keyFile = value();
  },
  "signing-prefs": (config, value) => void credential(config).signingPrefs.push(Number(value())),
  "new-x509-credential": (config) =>
    void config.credentials.push({ certFile: undefined, keyFile: undefined, signingPrefs: [] }),
  "trust-cert": text("trustCert"),
  "host-name": text("hostName"),
  "min-version": number("minVersion"),
  "max-version": number("maxVersion"),
  "no-tls1": nothing,
  "no-tls11": nothing,
  "no-tls12": set("noTls12"),
  curves: (config, value) => void config.curves.push(Number(value())),
  "key-shares": (config, value) => {
    config.keyShares = [...(config.keyShares ?? []), Number(value())];
  },
  "no-key-shares": (config) => {
    config.keyShares = [];
  },
  "verify-prefs": (config, value) => void config.verifyPrefs.push(Number(value())),
  "advertise-alpn": text("advertiseAlpn"),
  "select-alpn": text("selectAlpn"),
  "shim-writes-first": set("shimWritesFirst"),
  "shim-initial-write": text("shimInitialWrite"),
  "repeat-shim-initial-write": number("repeatShimInitialWrite"),
  "shim-shuts-down": set("shimShutsDown"),
  "check-close-notify": set("checkCloseNotify"),
  "key-update": set("keyUpdate"),
  "key-update-before-read": set("keyUpdateBeforeRead"),
  "export-keying-material": number("exportKeyingMaterial"),
  "export-label": text("exportLabel"),
  "export-context": text("exportContext"),
  "use-export-context": set("useExportContext"),
  "write-different-record-sizes": set("writeDifferentRecordSizes"),
  "expect-alpn": text("expectAlpn"),
  "expect-server-name": text("expectServerName"),
  "expect-no-server-name": set("expectNoServerName"),
  "expect-version": number("expectVersion"),
  "expect-curve-id": number("expectCurveId"),
  "expect-cipher": number("expectCipher"),
  // We have the runner's machine's order of preference, which has AES in hardware.
  "expect-cipher-aes": number("expectCipher"),
  "expect-cipher-no-aes": nothingWithValue,
  "expect-peer-signature-algorithm": number("expectPeerSignatureAlgorithm"),
  "expect-peer-cert-file": text("expectPeerCertFile"),
  "expect-hrr": set("expectHrr"),
  "expect-no-hrr": set("expectNoHrr"),
  "expect-selected-credential": number("expectSelectedCredential"),
  // Servers are always verified, and the callback that others do it in is ours.
  "verify-peer": (config) => {
    if (config.server) throw new Unimplemented("client certificates");
  },
  "use-custom-verify-callback": nothing,
  "expect-verify-result": nothing,
  // Everything is asynchronous here, and nothing blocks.
  async: nothing,
  "partial-write": nothing,
  "no-op-extra-handshake": nothing,
  "read-size": nothingWithValue,
  "peek-then-read": nothing,
  // There is no resumption, so there are no tickets.
  "no-ticket": nothing,
  "expect-no-session": nothing,
  "expect-session-miss": nothing,
  // TLS 1.3 has no such thing, and where TLS 1.2 is asked for we say that it isn't there.
  "no-legacy-server-connect": nothing,
  "renegotiate-ignore": nothing,
  "renegotiate-freely": nothing,
  "forbid-renegotiation-after-handshake": nothing,
  "cbc-record-splitting": nothing,
};

const prefixes = ["-on-initial-", "-on-resume-", "-on-retry-", "-on-shim-", "-on-handshaker-", "-"] as const;

/** @throws {Unimplemented} for a flag that isn't in the table */
export function parseFlags(args: readonly string[]): Config {
  const config = defaults();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const prefix = prefixes.find((each) => arg?.startsWith(each));
    const name = arg.slice(prefix?.length ?? 0);
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (prefix === undefined || flag === undefined) throw new Unimplemented(arg);
    const forUs = prefix === "-" || prefix === "-on-initial-" || prefix === "-on-shim-";
    flag(forUs ? config : defaults(), () => rest.shift() ?? "");
  }
  return config;
}
