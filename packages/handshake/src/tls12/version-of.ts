import { availableTls12CipherSuites, isAnonymous, type Tls12CipherSuite } from "@tlskit/ciphersuites";
import { CryptoError, type CryptoProvider } from "@tlskit/crypto";
import {
  ecPointFormats,
  encryptThenMac,
  extendedMainSecret,
  extension,
  protocolVersionName,
  renegotiationInfo,
  sessionTicket,
} from "@tlskit/messages";
import { callerError } from "@tlskit/wire";
import { anObject, check, checkArguments, optional } from "@tlskit/wire/arguments";
import { chooseEarlierVersion, earlierVersionChosen } from "../earlier-version.ts";
import { choices } from "../expectations.ts";
import { includesTls13, type Version } from "../versions.ts";
import { tls12Client } from "./client.ts";
import { ecdhe } from "./ecdhe.ts";
import { groupsOffered } from "./groups.ts";
import { type KeyExchangeMethod, methodOf, someKeyExchanges } from "./key-exchange.ts";
import type { EarlierProtocol } from "./protocol.ts";
import { earlierIoOf } from "./receive.ts";
import { renegotiationInfoOf } from "./renegotiated.ts";
import { tls12Server } from "./server.ts";
import { checkPsksFor, usableSuites } from "./usable-suites.ts";
import { withoutCertificates } from "./without-certificates.ts";

/** What TLS 1.2, or a version before it, can be told. */
export interface Tls12Options {
  /**
   * Best first; unless told otherwise some with ECDHE, as far as the provider has them and in its order. They need ECDHE or
   * one of the `keyExchanges`, and a host that protects records as they say.
   */
  readonly cipherSuites?: readonly Tls12CipherSuite[] | undefined;
  /**
   * `dhe`, `rsa`, `ecdhePsk` and others: how suites without ECDHE come to a secret, for `cipherSuites` that have these. There is
   * ECDHE alone unless told otherwise.
   */
  readonly keyExchanges?: readonly KeyExchangeMethod[] | undefined;
}

/**
 * A version whose lines are TLS 1.2's, spoken as its protocol says.
 * @param unlessTold its cipher suites.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice` (the caller's fault)
 */
export function versionOf(
  protocol: EarlierProtocol,
  unlessTold: readonly Tls12CipherSuite[],
  options: Tls12Options,
): Version {
  check(options, "options", anObject);
  checkArguments(options, { cipherSuites: optional(choices), keyExchanges: optional(someKeyExchanges) });
  const { cipherSuites: wanted } = options;
  const methods: readonly KeyExchangeMethod[] = [ecdhe, ...(options.keyExchanges ?? [])];
  for (const suite of wanted ?? []) {
    methodOf(methods, suite);
    // RFC 5288 §4#offered-version
    if (protocol.takes(suite)) continue;
    throw callerError("unsupported_choice", `cipherSuites has ${suite.name}, which ${protocol.name} hasn't got`);
  }
  const suitesOf = (provider: CryptoProvider): readonly Tls12CipherSuite[] =>
    wanted ?? availableTls12CipherSuites(provider, unlessTold);
  return {
    code: protocol.code,
    name: protocol.name,
    earlier: {
      check: ({ provider, versions, certificateWithExternalPsk, ...psks }) => {
        checkVersions(versions);
        // RFC 8773 is for TLS 1.3: a peer that chose an older version would get by without the key.
        if (certificateWithExternalPsk) {
          throw callerError(
            "unsupported_choice",
            `versions has ${protocol.name}, which has no certificateWithExternalPsk`,
          );
        }
        checkSuites(protocol, provider, suitesOf(provider), methods);
        checkPsksFor(suitesOf(provider), psks);
      },
      checkCredentials: (provider, credentials) => {
        for (const suite of suitesOf(provider)) {
          if (methodOf(methods, suite).canServe(provider, credentials)) continue;
          throw callerError(
            "unsupported_choice",
            `cipherSuites has ${suite.name}, and there is no certificate whose key can do its key exchange here`,
          );
        }
      },
      cipherSuites: suitesOf,
      anonymousSuite: (provider) => suitesOf(provider).find(isAnonymous),
      keyExchanges: methods,
      signatureSchemes: (known) => protocol.signatures.schemes(known),
      chosen: earlierVersionChosen,
      choose: chooseEarlierVersion,
      offer: (io, context, resumable) => {
        earlierIoOf(io);
        const { provider, sessions, renegotiates, versions } = context;
        const suites = usableSuites(context, suitesOf(provider));
        if (suites.length === 0) throw withoutCertificates();
        return {
          cipherSuites: suites.map((suite) => suite.code),
          extensions: [
            ...(includesTls13(versions) ? [] : groupsOffered(context)),
            // RFC 8422 §4#sent, §4#not-sent, §5.1#uncompressed, §5.1.2#octets, RFC 9325 §4.2.1#uncompressed
            ...(suites.some(({ keyExchange }) => keyExchange.startsWith("EC"))
              ? [extension(ecPointFormats, Uint8Array.of(0))]
              : []),
            // RFC 7366 §2#extension
            ...(suites.some(({ protection }) => protection.type === "CBC") ? [extension(encryptThenMac, null)] : []),
            extension(extendedMainSecret, null), // RFC 7627 §5.2#sent, §5.3#sent, RFC 9325 §3.5#extended-main-secret
            // RFC 5077 §3.2#sent, §3.2#not-wanted
            ...(sessions === undefined
              ? []
              : [extension(sessionTicket, resumable?.session.ticket ?? new Uint8Array(0))]),
            extension(renegotiationInfo, renegotiationInfoOf(renegotiates)), // RFC 5746 §3.4#sent, §3.4#not-both, §3.5#sent, §3.5#no-scsv, RFC 9325 §3.5#renegotiation-info, §3.5#sent
          ],
        };
      },
      client: (io, context, start, answer) => {
        const suites = usableSuites(context, suitesOf(context.provider));
        return tls12Client(protocol, suites, methods, protocol.inItsForm(io), context, start, answer);
      },
      server: (io, settings, first) => tls12Server(protocol, protocol.inItsForm(io), settings, first),
    },
  };
}

/** RFC 5246 §E.1: without supported_versions a ClientHello says how new, and a server takes what is below for granted. */
function checkVersions(versions: readonly Version[]): void {
  const codes = versions.map(({ code }) => code);
  const oldest = Math.min(...codes);
  const all = Array.from({ length: Math.max(...codes) - oldest }, (_, index) => oldest + index);
  const missing = all.find((code) => !codes.includes(code));
  if (missing === undefined) return;
  throw callerError("unsupported_choice", `versions leaves ${protocolVersionName(missing)} out, and has what is older`);
}

function checkSuites(
  protocol: EarlierProtocol,
  provider: CryptoProvider,
  suites: readonly Tls12CipherSuite[],
  methods: readonly KeyExchangeMethod[],
): void {
  protocol.check(provider);
  if (suites.length === 0) {
    throw callerError("unsupported_choice", `${protocol.name} has no cipher suites: there is nothing to choose from`);
  }
  const available = availableTls12CipherSuites(provider, suites);
  const missing = suites.find((suite) => !available.includes(suite));
  if (missing !== undefined) {
    throw callerError("unsupported_choice", `cipherSuites has ${missing.name}, which the provider does not support`);
  }
  if (new Set(suites.map((suite) => suite.code)).size !== suites.length) {
    throw callerError("unsupported_choice", "cipherSuites has an entry twice");
  }
  for (const suite of suites) {
    try {
      methodOf(methods, suite).check(provider);
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      throw callerError("unsupported_choice", `cipherSuites has ${suite.name}: ${error.message}`, error);
    }
  }
}
