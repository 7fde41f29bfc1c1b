import type { Awaitable, Steps } from "@tlskit/crypto";
import type { PeerVerifier } from "@tlskit/handshake";
import { Alert, peerError, TlsError } from "@tlskit/wire";
import { aFunction, bytes, checkArguments, listOf, objectWith, once, optional } from "@tlskit/wire/arguments";
import { type CertificateFilter, matchesFilters, notChecked, type VerifiedChain } from "@tlskit/x509";
import { type CertificateTrust, trustExpected } from "./certificate-trust.ts";
import { parseAll, refusedPeer, type Shown, trustedPeer, verifyShown } from "./chain-verification.ts";
import { UnverifiedPeer } from "./unverified-peer.ts";

/** What clients are verified by. */
export interface ClientTrust extends CertificateTrust {
  /** What certificates are held to besides: what was asked for. */
  readonly filters?: readonly CertificateFilter[] | undefined;
}

/**
 * Asked about a client when its chain has been verified and it has proved that it has the key, before anything is sent to
 * it: at once or later, also when a session is resumed.
 * @throws {TlsError} made by `peerError`, to refuse the client with an alert, such as `access_denied`; anything else that it
 * throws is `internal_error` for the client
 */
export type CheckClient = (chain: VerifiedChain) => Awaitable<void>;

const given = {
  trust: once(
    objectWith("what clients are verified by", {
      ...trustExpected,
      filters: optional(listOf(objectWith("a filter", { oid: bytes, values: bytes }))),
    }),
  ),
  checkClient: optional(aFunction),
};

/**
 * Verifies a client's certificates: to one of the anchors, in date, for clients; then asks the application, which can only
 * refuse. A server has it already, by its context's `clientCertificates`; it is here for other hosts of a handshake.
 * @throws {TlsError} `invalid_argument` (the caller's fault). The verifier throws what is wrong with the certificates, with
 * the alert for it: `bad_certificate`, `unsupported_key`, `certificate_not_wanted`, and `certificate_` with the refusal's
 * code.
 */
export function clientVerifier(trust: ClientTrust, checkClient?: CheckClient): PeerVerifier<VerifiedChain> {
  checkArguments({ trust, checkClient }, given);
  return function* (entries) {
    const shown = parseAll(trust, entries);
    const verdict = yield* judge(trust, shown);
    if (verdict instanceof TlsError) throw verdict;
    return { ...trustedPeer(trust, shown, verdict), admit: checkClient && (() => checkClient(verdict)) };
  };
}

/** Verifies as {@link clientVerifier} does, and accepts what is refused as well; only a verified client is asked about. */
export function lenientClientVerifier(
  trust: ClientTrust,
  checkClient?: CheckClient,
): PeerVerifier<VerifiedChain | UnverifiedPeer> {
  return function* (entries) {
    const shown = parseAll(trust, entries);
    const verdict = yield* judge(trust, shown);
    if (verdict instanceof TlsError) {
      return trustedPeer(trust, shown, new UnverifiedPeer([shown.leaf, ...shown.intermediates], verdict));
    }
    return { ...trustedPeer(trust, shown, verdict), admit: checkClient && (() => checkClient(verdict)) };
  };
}

/** The chain that was verified, or why none was. */
function* judge(trust: ClientTrust, shown: Shown): Steps<VerifiedChain | TlsError> {
  const result = yield* verifyShown(trust, shown, { purpose: "clientAuth", hostname: notChecked });
  if (!result.ok) return refusedPeer("client", result.reason, shown.passedOver);
  // RFC 9846 §4.3.5: a client that knows no filters may show what doesn't match.
  if (matchesFilters(shown.leaf, trust.filters ?? [])) return result.chain;
  return peerError(
    "certificate_not_wanted",
    Alert.unsupportedCertificate,
    "the client's certificate is not for all that was asked for",
  );
}
