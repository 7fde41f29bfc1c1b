import type { Tls12CipherSuite } from "@tlskit/ciphersuites";
import type { HashName, Steps } from "@tlskit/crypto";
import type { ExternalPsk } from "@tlskit/keyschedule";
import { withOwnPsk } from "./external-psk-for.ts";
import { checkExternalPsks, checkOfferedLength } from "./external-psks.ts";
import { type ExternalOffer, offerExternalPsks } from "./psk-offer.ts";
import type { ClientHandshakeSettings } from "./settings.ts";

/** How a client offers pre-shared keys from outside: there is but one way, and who has none of them bundles nothing of it. */
export interface ExternalPskOffers {
  /**
   * Checks those that a context has, together.
   * @throws {TlsError} `unsupported_choice`, `duplicate_external_psk`, `external_psk_reused`, `out_of_range` (the caller's
   *   fault)
   */
  check(psks: readonly ExternalPsk[], hashes: readonly HashName[], earlierSuites: readonly Tls12CipherSuite[]): void;
  /** The settings with the key that is only known now. */
  withOwn<Evidence>(settings: ClientHandshakeSettings<Evidence>): Steps<ClientHandshakeSettings<Evidence>>;
  /** Offers them, for one ClientHello of TLS 1.3. */
  offer(context: ClientHandshakeSettings<unknown>): readonly ExternalOffer[];
}

/** What a client's `externalPskOffers` is. */
export const externalPskOffers: ExternalPskOffers = {
  check: (psks, hashes, earlierSuites) => {
    checkExternalPsks(psks, hashes, earlierSuites);
    checkOfferedLength(psks, hashes);
  },
  withOwn: withOwnPsk,
  offer: offerExternalPsks,
};
