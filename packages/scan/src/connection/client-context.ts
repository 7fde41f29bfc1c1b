import { availableNamedGroups, availableTls12CipherSuites, namedGroups, tls12CipherSuites } from "@tlskit/ciphersuites";
import { isLegacyCipherSuite } from "@tlskit/ciphersuites/legacy";
import type { CryptoProvider } from "@tlskit/crypto";
import {
  ClientContext,
  type ClientOptions,
  resumption,
  type TlsVersion,
  TrustAnchors,
  tls12With,
  tls13,
} from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhe } from "@tlskit/tls/dhe";
import { tls10With, tls11With } from "@tlskit/tls/legacy";
import { rsa } from "@tlskit/tls/rsa";
import type { Scanning } from "../scanning.ts";

/** Which versions a whole connection may come to: the newest of these that the server has. */
export type VersionRange = "any" | "TLS 1.3" | "before TLS 1.3";

/** What a whole connection is made with. */
export interface ClientOffer {
  readonly versions: VersionRange;
  /** Whether sessions are taken and resumed; before TLS 1.3 no ticket is asked for otherwise. */
  readonly sessions: boolean;
  /** None unless told otherwise. */
  readonly alpnProtocols?: readonly string[] | undefined;
}

/**
 * A client that takes whatever a server has, as far as the provider has it: it protects nothing, and is there to find out. So
 * it takes servers without RFC 5746 and sessions without RFC 7627, and trusts nobody: what a chain is worth is another
 * check's to say.
 * @throws {TlsError} `unsupported_choice` if the provider has nothing of these versions
 */
export function clientContext(
  { provider, random, clock }: Pick<Scanning, "provider" | "random" | "clock">,
  { versions, sessions, alpnProtocols = [] }: ClientOffer,
  more: Partial<ClientOptions> = {},
): ClientContext {
  return new ClientContext({
    provider,
    random,
    clock,
    anchors: TrustAnchors.nobody(),
    versions: versionsOf(provider, versions),
    namedGroups: availableNamedGroups(provider, namedGroups),
    alpnProtocols,
    dangerousServersWithoutRenegotiationInfo: true,
    dangerousResumptionWithoutExtendedMainSecret: true,
    ...(sessions ? { resumption } : {}),
    ...more,
  });
}

function versionsOf(provider: CryptoProvider, range: VersionRange): readonly TlsVersion[] {
  if (range === "TLS 1.3") return [tls13];
  const earlier = earlierVersions(provider);
  return range === "any" ? [tls13, ...earlier] : earlier;
}

/** RFC 8996 forbids the last two of them, and servers have them nevertheless. */
function earlierVersions(provider: CryptoProvider): readonly TlsVersion[] {
  const { finiteField, rsaEncryption, md5 } = provider;
  const keyExchanges = [...(finiteField ? [dhe] : []), ...(rsaEncryption ? [rsa] : [])];
  // Ephemeral keys first, for servers without an order of their own.
  const names = ["ECDHE", ...keyExchanges.map(({ name }) => name)];
  const known = availableTls12CipherSuites(provider, tls12CipherSuites);
  const cipherSuites = names.flatMap((name) => known.filter(({ keyExchange }) => keyExchange === name));
  const legacy = { keyExchanges, cipherSuites: cipherSuites.filter(isLegacyCipherSuite) };
  const hasLegacy = md5 !== undefined && legacy.cipherSuites.length > 0;
  return [tls12With({ keyExchanges, cipherSuites, cbc }), ...(hasLegacy ? [tls11With(legacy), tls10With(legacy)] : [])];
}
