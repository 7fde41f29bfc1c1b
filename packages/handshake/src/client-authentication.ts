import type { OidFilter } from "@tlskit/messages";
import {
  aBoolean,
  aFunction,
  bytes,
  type Expectation,
  type Expectations,
  expectation,
  listOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import type { AttestationRequest } from "./attestations.ts";
import type { PeerVerifier } from "./peer-verifier.ts";

const demands = ["required", "optional", "later"] as const;

/**
 * When a client is asked for a certificate. `required`: in the handshake, and one that shows none is refused with
 * `certificate_required`. `optional`: in the handshake, and one that shows none is anonymous. `later`: only after the
 * handshake, when the host wants to know.
 */
export type CertificateDemand = (typeof demands)[number];

/** How a server learns who its clients are. */
export interface ClientAuthentication<Evidence> {
  readonly demand: CertificateDemand;
  readonly verifyPeer: PeerVerifier<Evidence>;
  /** Names in DER of those whose certificates are wanted (RFC 9846 §4.3.4). None: clients aren't told. */
  readonly certificateAuthorities?: readonly Uint8Array[] | undefined;
  /** What clients are asked to show beside their certificates, for `verifyPeer`. Nothing unless told. */
  readonly attestations?: AttestationRequest | undefined;
  /** What certificates' extensions are to say (RFC 9846 §4.3.5). It is `verifyPeer` that holds clients to it. */
  readonly oidFilters?: readonly OidFilter[] | undefined;
}

const members: Expectations<ClientAuthentication<unknown>> = {
  demand: expectation('"required", "optional" or "later"', (value) => demands.some((demand) => demand === value)),
  verifyPeer: aFunction,
  certificateAuthorities: optional(listOf(bytes)),
  attestations: optional(
    objectWith("what to ask for", { ocspResponses: aBoolean, signedCertificateTimestamps: aBoolean }),
  ),
  oidFilters: optional(
    listOf(objectWith("an OID filter", { certificateExtensionOid: bytes, certificateExtensionValues: bytes })),
  ),
};

export const howClientsAuthenticate: Expectation = objectWith("how clients authenticate themselves", members);
