import { callerError } from "@tlskit/tls";
import { anObject, check } from "@tlskit/wire/arguments";

/** What becomes of an option of Bun's. */
interface Row {
  /** `same`: as in Bun; `better`: the same, but for what the note says; `refused`: an error that names it. */
  readonly is: "same" | "better" | "refused" | "no effect";
  /** What to use instead, of what is refused. */
  readonly note?: string;
  /** A value of what is refused that asks for nothing. */
  readonly unless?: unknown;
}

/** Each option of `Bun.TLSOptions`, so that none is dropped without a word, and one that Bun's `fetch` has besides. */
export const tlsOptions = {
  ca: {
    is: "better",
    note: "also `TrustAnchors`; at a client without it, Mozilla's roots with what Mozilla restricts ([`@tlskit/roots`](../roots/README.md)); at a server `requestCert` takes it",
  },
  crl: { is: "better", note: "a list that can't be read is an error; `revocation` takes more" },
  cert: { is: "same" },
  key: { is: "better", note: "also `{ pem, passphrase }` by itself, and a `Signer`, which may be anywhere" },
  passphrase: { is: "same" },
  serverName: {
    is: "better",
    note: "at a client, what the certificate has to be for, also an address, and what is asked for: `hostname` unless told otherwise; over `unix` it has to be there. Refused at a server, whose certificates are chosen by the names in them, or by `contextFor`",
  },
  servername: { is: "better", note: "the same; `serverName`, where there is one, comes first" },
  rejectUnauthorized: {
    is: "better",
    note: "`false` at a client is refused unless there is `dangerouslyAllowUnverified: true`; no environment variable changes it. At a server, with `requestCert`: who can't be verified is let in, and `authorized` tells",
  },
  requestCert: { is: "same", note: "at a client of no effect: a server shows its certificate, always" },
  ALPNProtocols: {
    is: "better",
    note: 'names, each behind its length in one byte, as bytes or a text (`"\\x02h2"`); what isn\'t that is an error. `alpnProtocols` takes a list of names',
  },
  checkServerIdentity: {
    is: "better",
    note: "as in Bun's `fetch`; runs after our own checks, those of the name included, and can only refuse",
  },
  lowMemoryMode: { is: "no effect", note: "there are no buffers that wait for data" },
  clientRenegotiationLimit: { is: "no effect", note: "a server never renegotiates" },
  clientRenegotiationWindow: { is: "no effect", note: "a server never renegotiates" },
  ciphers: {
    is: "refused",
    note: "`cipherSuites` for TLS 1.3, `versions` with `tls12With({ cipherSuites })` for TLS 1.2",
  },
  secureOptions: { is: "refused", unless: 0, note: "`versions`, `tickets` and `cipherSuites`" },
  dhParamsFile: {
    is: "refused",
    note: "`versions` with `tls12With({ keyExchanges: [dhe] })`, in the groups of RFC 7919",
  },
  keyFile: { is: "refused", note: "`key: Bun.file(path)`" },
  certFile: { is: "refused", note: "`cert: Bun.file(path)`" },
  caFile: { is: "refused", note: "`ca: Bun.file(path)`" },
} as const;

/** The names that are refused or of no effect. */
type NotTaken = {
  [Name in keyof typeof tlsOptions]: (typeof tlsOptions)[Name]["is"] extends "refused" | "no effect" ? Name : never;
}[keyof typeof tlsOptions];

/** What is not taken, as types: of what is refused nothing. */
export type OptionsNotTaken = {
  readonly [Name in NotTaken]?: (typeof tlsOptions)[Name]["is"] extends "refused" ? undefined : unknown;
};

/**
 * The option `tls`, without what is of no effect.
 * @throws {TlsError} `invalid_argument`, `refused_option` (the caller's fault)
 */
export function takenOptions<Options extends object>(tls: Options | true | undefined): Options {
  const given: object = tls === undefined || tls === true ? {} : tls;
  if (tls !== undefined && typeof tls === "boolean" && !tls) {
    throw callerError("refused_option", "tls: false is not supported: Bun.connect and Bun.listen are there for that");
  }
  check(given, "tls", anObject);
  const taken: Record<string, unknown> = {};
  // What is inherited counts as well.
  for (const name in given) {
    const value: unknown = Reflect.get(given, name);
    if (value === undefined || value === null) continue;
    const row: Row | undefined = rowOf(name);
    if (row?.is === "refused" && value !== row.unless) {
      throw callerError("refused_option", `${name} is not supported: use ${row.note}`);
    }
    if (row?.is !== "refused" && row?.is !== "no effect") taken[name] = value;
  }
  return taken as Options; // every value is the one under that name, and what is left out may be absent
}

function rowOf(name: string): Row | undefined {
  return Object.entries(tlsOptions).find(([known]) => known === name)?.[1];
}
