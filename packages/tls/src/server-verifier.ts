import { type Awaitable, wait } from "@tlskit/crypto";
import type { PeerVerifier } from "@tlskit/handshake";
import { aFunction, aString, checkArguments, objectWith, once, optional } from "@tlskit/wire/arguments";
import { notChecked, type VerifiedChain } from "@tlskit/x509";
import { type CertificateTrust, trustExpected } from "./certificate-trust.ts";
import { parseAll, refusedPeer, trustedPeer, verifyShown } from "./chain-verification.ts";
import type { ClientTarget } from "./client.ts";
import { hostIdentity } from "./host-identity.ts";
import { UnverifiedPeer } from "./unverified-peer.ts";

/** What servers are verified by: `trust` of a {@link ClientContext}. */
export interface ServerTrust extends CertificateTrust {}

const given = {
  trust: once(objectWith("what servers are verified by", trustExpected)),
  host: aString,
  checkServer: optional(aFunction),
};

/**
 * Verifies a server's certificates: to one of the anchors, in date, for servers, for this very host; then asks the
 * application, which can only refuse. A client of {@link TlsClient} has it already; it is here for other hosts of a
 * handshake, as its context's `verifyPeer`.
 * @param host as in {@link ClientTarget}
 * @throws {TlsError} `invalid_argument`, `invalid_host` (the caller's fault). The verifier throws what is wrong with the certificates, with
 * the alert for it: `bad_certificate`, `unsupported_key`, `no_certificate`, and `certificate_` with the refusal's code.
 */
export function serverVerifier(
  trust: ServerTrust,
  host: string,
  checkServer?: ClientTarget["checkServer"],
): PeerVerifier<VerifiedChain> {
  checkArguments({ trust, host, checkServer }, given);
  const inputs = { purpose: "serverAuth", hostname: nameOf(host) } as const;
  return function* (entries, keyUse) {
    const shown = parseAll(trust, entries);
    const result = yield* verifyShown(trust, shown, inputs, keyUse);
    if (!result.ok) throw refusedPeer("server", result.reason, shown.passedOver);
    if (checkServer !== undefined) yield* wait(checkServer(result.chain));
    return trustedPeer(trust, shown, result.chain);
  };
}

/**
 * Verifies as {@link serverVerifier} does, and accepts what is refused as well.
 * @param host none: whoever the certificate is for.
 * @param judge decides instead.
 */
export function lenientServerVerifier(
  trust: ServerTrust,
  host: string | undefined,
  judge?: (peer: VerifiedChain | UnverifiedPeer) => Awaitable<void>,
): PeerVerifier<VerifiedChain | UnverifiedPeer> {
  const hostname = host === undefined ? notChecked : nameOf(host);
  const inputs = { purpose: "serverAuth", hostname } as const;
  return function* (entries, keyUse) {
    const shown = parseAll(trust, entries);
    const result = yield* verifyShown(trust, shown, inputs, keyUse);
    const evidence = result.ok
      ? result.chain
      : new UnverifiedPeer(
          [shown.leaf, ...shown.intermediates],
          refusedPeer("server", result.reason, shown.passedOver),
        );
    if (judge !== undefined) yield* wait(judge(evidence));
    return trustedPeer(trust, shown, evidence);
  };
}

function nameOf(host: string): string {
  const identity = hostIdentity(host);
  return "dnsName" in identity ? identity.dnsName : identity.ipAddress;
}
