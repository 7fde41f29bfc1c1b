import { nodeProvider } from "@tlskit/crypto-node";
import {
  type CertificateWithKey,
  type CryptoProvider,
  callerError,
  checkRevocation,
  describePassedOver,
  type Random,
  type TlsVersion,
  TrustAnchors,
  type TrustOptions,
  tls12,
  tls13,
  trustAnchorsFromPem,
} from "@tlskit/tls";
import { check, type Expectation, instanceOf, optional } from "@tlskit/wire/arguments";
import { crlsFromPem } from "@tlskit/x509";
import type { Binary } from "../binary.ts";
import { alpnNames } from "./alpn.ts";
import type { OptionsNotTaken } from "./bun-options.ts";
import { type CertificateOptions, certificatesOf } from "./certificates.ts";
import { aPem, listed, oneOrMany, type Pem, pemText } from "./pem.ts";

/** What both roles can be told in Bun's words. */
export interface CommonOptions extends CertificateOptions, OptionsNotTaken {
  /**
   * Whom to trust: PEM texts, bytes or files, or anchors made once. An authority's certificate, or a peer's own that is
   * self-signed. At a client Mozilla's roots unless told otherwise, at a server nobody.
   */
  readonly ca?: Pem | readonly Pem[] | TrustAnchors | undefined;
  /** Lists of certificates that were revoked, in PEM: a peer that shows one of these is refused. `revocation` takes more. */
  readonly crl?: Pem | readonly Pem[] | undefined;
  /** Application protocols as Bun has them: each name behind its length in one byte. `alpnProtocols` takes a list of names. */
  readonly ALPNProtocols?: string | Binary | undefined;
}

/** What has a default here that contexts of `@tlskit/tls` don't have. */
interface Defaults {
  readonly provider?: CryptoProvider | undefined;
  readonly random?: Random | undefined;
  readonly clock?: (() => number) | undefined;
  readonly versions?: readonly TlsVersion[] | undefined;
  readonly alpnProtocols?: readonly string[] | undefined;
}

interface CommonSettings {
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly clock: () => number;
  readonly versions: readonly TlsVersion[];
  readonly alpnProtocols: readonly string[] | undefined;
  readonly certificates: readonly CertificateWithKey[];
}

/**
 * What contexts are told in other words than here, or have no default for.
 * @param serversCertified whether servers show who they are by certificates, or may: those of TLS 1.2 do unless told otherwise.
 */
export function commonSettings(options: CommonOptions & Defaults, serversCertified: boolean): CommonSettings {
  const { provider = nodeProvider, random = systemRandom, clock = Date.now } = options;
  const { versions = serversCertified ? [tls13, tls12] : [tls13] } = options;
  const { alpnProtocols, ALPNProtocols } = options;
  if (alpnProtocols !== undefined && ALPNProtocols !== undefined) {
    throw callerError("conflicting_options", "alpnProtocols and ALPNProtocols both say it");
  }
  return {
    provider,
    random,
    clock,
    versions,
    alpnProtocols: alpnProtocols ?? alpnNames(ALPNProtocols),
    certificates: certificatesOf(options, provider),
  };
}

function systemRandom(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

const anAuthority: Expectation = (value, name) =>
  value instanceof TrustAnchors || aPem(value, name) === undefined
    ? undefined
    : instanceOf(TrustAnchors, "@tlskit/x509")(value, name);

/**
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 * @throws {X509Error} for what can't be read
 */
export function anchorsOf(ca: Pem | readonly Pem[] | TrustAnchors): TrustAnchors {
  check(ca, "ca", Array.isArray(ca) ? oneOrMany(aPem) : anAuthority);
  if (ca instanceof TrustAnchors) return ca;
  return trustAnchorsFromPem(listed<Pem>(ca).map(pemText).join("\n"));
}

/**
 * How revocation is checked: unless told otherwise peers are asked for OCSP responses, and held to them; and to the lists
 * that there are.
 * @throws {TlsError} `invalid_argument`, `unreadable_crl`, `conflicting_options` (the caller's fault)
 * @throws {X509Error} for a list that can't be read
 */
export function revocationOf(
  crl: CommonOptions["crl"],
  revocation: TrustOptions["revocation"],
): NonNullable<TrustOptions["revocation"]> {
  check(crl, "crl", optional(oneOrMany(aPem)));
  const asAlways = { mode: "when_available", certificates: "chain" } as const;
  if (crl === undefined) return revocation ?? checkRevocation(asAlways);
  if (revocation !== undefined) {
    throw callerError("conflicting_options", "crl and revocation both say it: checkRevocation takes crls as well");
  }
  const { crls, passedOver } = crlsFromPem(listed<Pem>(crl).map(pemText).join("\n"));
  const [fault] = passedOver;
  if (fault !== undefined) {
    throw callerError("unreadable_crl", `a list in crl can't be read: ${describePassedOver(fault)}`);
  }
  return checkRevocation({ ...asAlways, crls });
}
