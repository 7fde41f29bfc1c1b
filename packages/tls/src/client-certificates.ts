import { hashOf } from "@tlskit/crypto";
import type { CertificateDemand, ServerSettings } from "@tlskit/handshake";
import type { OidFilter } from "@tlskit/messages";
import { concat, toHex } from "@tlskit/wire";
import {
  aFunction,
  aString,
  bytes,
  checkOptions,
  type Expectations,
  expectation,
  listOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { certificateFilters, type WantedUsages } from "@tlskit/x509";
import { certificateTrust, type TrustOptions, trustOptionsExpected } from "./certificate-trust.ts";
import type { CheckClient, ClientTrust } from "./client-verifier.ts";

/** Whom a server asks for certificates, and what it makes of them. */
export interface ClientCertificates extends TrustOptions {
  /**
   * `required`: a client that shows no certificate is refused with `certificate_required`, unless it has one of the context's
   * `externalPsks`, by which it is known. `optional`: it is anonymous, and
   * `info.peer` is undefined. `later`: clients are only asked by `requestClientCertificate`, after the handshake. A
   * certificate that can't be verified is refused in any case.
   */
  readonly demand: CertificateDemand;
  readonly checkClient?: CheckClient | undefined;
  /**
   * Names in DER of the authorities that clients are told of, so that they can choose among their certificates:
   * the names of the anchors unless told otherwise. Empty, they aren't told; neither if it were more than fits.
   */
  readonly certificateAuthorities?: readonly Uint8Array[] | undefined;
  /** What certificates have to be good for besides (oid_filters): nothing unless told. */
  readonly usages?: WantedUsages | undefined;
}

/** How a context asks clients for certificates: its option, checked and completed. */
export interface ClientCertificatePolicy {
  readonly demand: CertificateDemand;
  readonly trust: ClientTrust;
  readonly checkClient: CheckClient | undefined;
  /** Names in DER. */
  readonly certificateAuthorities: readonly Uint8Array[];
  readonly oidFilters: readonly OidFilter[];
  /** What tells it from others: sessions that were made under another one aren't resumed (CVE-2025-23419). */
  readonly binding: string;
}

const demands: readonly CertificateDemand[] = ["required", "optional", "later"];

const expectations: Expectations<ClientCertificates> = {
  demand: expectation('"required", "optional" or "later"', (value) => demands.some((demand) => demand === value)),
  ...trustOptionsExpected,
  checkClient: optional(aFunction),
  certificateAuthorities: optional(listOf(bytes)),
  usages: optional(
    objectWith("what certificates are good for", {
      keyUsage: optional(listOf(aString)),
      extendedKeyUsage: optional(listOf(aString)),
    }),
  ),
};

/**
 * Checks what a context is told of clients' certificates.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `no_trust_anchors`, `out_of_range` (the caller's fault)
 */
export function clientCertificatePolicy(
  { provider, clock }: Pick<ServerSettings, "provider" | "clock">,
  options: ClientCertificates,
): ClientCertificatePolicy {
  checkOptions("clientCertificates", options, expectations);
  const { demand, anchors, checkClient, usages = {} } = options;
  const trust = certificateTrust({ provider, clock }, options);
  const filters = certificateFilters(usages);
  const { certificateAuthorities = anchors.all.map(({ name }) => name.der) } = options;
  const known = anchors.all.flatMap(({ name, subjectPublicKeyInfo }) => [name.der, subjectPublicKeyInfo.der]);
  const asked = filters.flatMap(({ oid, values }) => [oid, values]);
  const digest = hashOf(provider, "SHA-256").digest(concat(...known, ...asked));
  return {
    demand,
    trust: { ...trust, filters },
    checkClient,
    certificateAuthorities: fitting(certificateAuthorities),
    oidFilters: filters.map(({ oid, values }) => ({
      certificateExtensionOid: oid,
      certificateExtensionValues: values,
    })),
    binding: `${demand} ${toHex(digest)}`,
  };
}

/** RFC 9846 §4.3.4: a name has a length of two bytes, and so have all together. */
function fitting(names: readonly Uint8Array[]): readonly Uint8Array[] {
  const length = names.reduce((sum, name) => sum + 2 + name.length, 0);
  return length > 0xffff ? [] : names;
}
