import { constants } from "node:crypto";
import { isProtocolName, type ProtocolName, protocolVersions } from "@tlskit/ciphersuites/openssl-names";
import { type CryptoProvider, callerError, type TlsVersion, tls12, tls12With, tls13 } from "@tlskit/tls";
import { aNumber, aString, check, listOf, objectWith } from "@tlskit/wire/arguments";
import { tls12SuitesNamed } from "./ciphers.ts";

/** Which versions may be spoken, as `node:tls` is told it. */
export interface VersionOptions {
  /**
   * The oldest version that may be spoken: of `versions`, which says what there is at all. Unless told otherwise that is TLS
   * 1.3 and 1.2, also where this says that older ones would do.
   */
  readonly minVersion?: ProtocolName | undefined;
  /** The newest version that may be spoken, of `versions`. */
  readonly maxVersion?: ProtocolName | undefined;
  /**
   * One version, by a name of OpenSSL's (`TLSv1_2_method`), or those that there are (`TLS_method`), instead of `minVersion`
   * and `maxVersion`.
   */
  readonly secureProtocol?: string | undefined;
  /** OpenSSL's `SSL_OP_*` (`crypto.constants`), of which those that forbid versions do. */
  readonly secureOptions?: number | undefined;
}

/** What else says which versions there are. */
interface VersionChoice extends VersionOptions {
  readonly versions?: readonly TlsVersion[] | undefined;
  readonly certificateWithExternalPsk?: boolean | undefined;
  readonly ciphers?: string | undefined;
}

/** The versions that OpenSSL's methods are for, under what comes before `_method`, `_client_method` and `_server_method`. */
const methods: Readonly<Record<string, readonly [oldest: ProtocolName, newest: ProtocolName]>> = {
  TLS: ["TLSv1", "TLSv1.3"],
  SSLv23: ["TLSv1", "TLSv1.3"],
  TLSv1_2: ["TLSv1.2", "TLSv1.2"],
  TLSv1_1: ["TLSv1.1", "TLSv1.1"],
  TLSv1: ["TLSv1", "TLSv1"],
};

const forbids: Readonly<Record<ProtocolName, number>> = {
  TLSv1: constants.SSL_OP_NO_TLSv1,
  "TLSv1.1": constants.SSL_OP_NO_TLSv1_1,
  "TLSv1.2": constants.SSL_OP_NO_TLSv1_2,
  "TLSv1.3": constants.SSL_OP_NO_TLSv1_3,
};

/**
 * The versions to be spoken. Whoever asks for others than there are must not get one instead.
 * @param hasCertificates whether servers show who they are by certificates, or may.
 * @throws {TlsError} `no_common_version`, `conflicting_options`; and as `node:tls` does `ERR_TLS_INVALID_PROTOCOL_VERSION`,
 *   `ERR_TLS_INVALID_PROTOCOL_METHOD`, `ERR_TLS_PROTOCOL_VERSION_CONFLICT` (the caller's fault)
 */
export function versionsOf(
  options: VersionChoice,
  provider: CryptoProvider,
  hasCertificates: boolean,
): readonly TlsVersion[] {
  const [oldest, newest] = rangeOf(options);
  const { secureOptions = 0 } = options;
  const allowed = Object.entries(protocolVersions).flatMap(([name, code]) =>
    code >= oldest && code <= newest && isProtocolName(name) && (secureOptions & forbids[name]) === 0 ? [code] : [],
  );
  const versions = listed(options, provider, hasCertificates);
  const found = versions.filter(({ code }) => allowed.includes(code));
  if (found.length > 0) return found;
  const names = versions.map(({ name }) => name).join(", ") || "none";
  throw callerError(
    "no_common_version",
    `there is ${names}, and none of that is allowed by minVersion, maxVersion, secureProtocol and secureOptions; what is older has to be listed in versions, out of @tlskit/tls/legacy`,
  );
}

/** What else they have to be is looked at where they are handed on to. */
const someVersions = listOf(objectWith("a version, such as tls13", { code: aNumber, name: aString }));

/** What there is, whether or not it is allowed. */
function listed(
  { versions, ciphers, certificateWithExternalPsk = false }: VersionChoice,
  provider: CryptoProvider,
  hasCertificates: boolean,
): readonly TlsVersion[] {
  const cipherSuites = tls12SuitesNamed(ciphers, provider);
  const told = ciphers === undefined ? tls12 : tls12With({ cipherSuites });
  const ofTls12 = cipherSuites.length === 0 ? [] : [told];
  // TLS 1.2 has certificates, and nothing beside them.
  if (versions === undefined) {
    return hasCertificates && !certificateWithExternalPsk ? [tls13, ...ofTls12] : [tls13];
  }
  check(versions, "versions", someVersions);
  if (ciphers === undefined) return versions;
  if (versions.some((version) => version !== tls13 && version !== tls12)) {
    throw callerError("conflicting_options", "ciphers and versions both name cipher suites: give one of them");
  }
  return versions.flatMap((version) => (version === tls12 ? ofTls12 : [version]));
}

/** ProtocolVersion of the oldest and the newest. */
function rangeOf({ minVersion, maxVersion, secureProtocol }: VersionOptions): readonly [number, number] {
  for (const [what, version] of Object.entries({ minimum: minVersion, maximum: maxVersion })) {
    if (version === undefined || isProtocolName(version)) continue;
    const message = `${JSON.stringify(version)} is not a valid ${what} TLS protocol version`;
    throw callerError("ERR_TLS_INVALID_PROTOCOL_VERSION", message);
  }
  if (secureProtocol === undefined) {
    return [protocolVersions[minVersion ?? "TLSv1"], protocolVersions[maxVersion ?? "TLSv1.3"]];
  }
  const version = minVersion ?? maxVersion;
  if (version !== undefined) {
    const message = `TLS protocol version "${version}" conflicts with secureProtocol ${JSON.stringify(secureProtocol)}`;
    throw callerError("ERR_TLS_PROTOCOL_VERSION_CONFLICT", message);
  }
  const [, method = ""] = /^(\w+?)(?:_client|_server)?_method$/.exec(secureProtocol) ?? [];
  const range = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (range !== undefined) return [protocolVersions[range[0]], protocolVersions[range[1]]];
  const message =
    method === "SSLv2" || method === "SSLv3" ? `${method} methods disabled` : `Unknown method: ${secureProtocol}`;
  throw callerError("ERR_TLS_INVALID_PROTOCOL_METHOD", message);
}
