import { externalPskOffers, hasExternalPsks } from "@tlskit/handshake";
import type { ExternalPsk } from "@tlskit/keyschedule";
import { callerError } from "@tlskit/wire";
import { checkOptions, type Expectations, optional } from "@tlskit/wire/arguments";
import { type CertificateTrust, certificateTrust } from "./certificate-trust.ts";
import { type ClientContextSettings, type ClientOptions, clientContextSettings, ofClients } from "./context.ts";
import type { CheckedCertificates } from "./own-certificates.ts";
import { clientSessionBinding } from "./session-binding.ts";

/** What a client with pre-shared keys is given. */
export interface PskClientOptions
  extends Omit<ClientOptions, "externalPsks" | "externalPskOffers" | "certificateWithExternalPsk" | "anchors"> {
  /**
   * At least one, unless there is `externalPskFor`, the best first. Each authenticates both ends to each other, and is known to this client and one server. Those
   * for TLS 1.2 need `versions` with a key exchange that takes them (`@tlskit/tls/psk`).
   */
  readonly externalPsks?: readonly ExternalPsk[] | undefined;
  /**
   * The authorities that servers' certificates must lead to, where a server that has none of the keys may show one instead.
   * Without them no certificate is accepted.
   */
  readonly anchors?: ClientOptions["anchors"] | undefined;
}

const expected: Expectations<PskClientOptions> = (({
  certificateWithExternalPsk,
  externalPskOffers: _,
  anchors,
  ...others
}) => ({
  ...others,
  anchors: optional(anchors),
}))(ofClients);

/** The settings of a client with pre-shared keys, checked: made once, shared by any number of connections. */
export class PskClientContext {
  /** What was given, completed: what handshakes and connections go by. */
  readonly settings: ClientContextSettings;
  /** What certificates are verified by; nothing if none is accepted. */
  readonly trust: CertificateTrust | undefined;
  /** What is shown to servers that show a certificate and ask for one; nothing if nothing is. */
  readonly ownCertificates: CheckedCertificates | undefined;
  /** What sessions belong to besides their server. */
  readonly sessionBinding: () => Uint8Array | undefined;

  /**
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `no_external_psks`, `duplicate_external_psk`,
   *   `external_psk_reused`, and what a `ClientContext` throws (the caller's fault)
   */
  constructor(options: PskClientOptions) {
    checkOptions("PskClientContext", options, expected);
    const { externalPsks = [], externalPskFor } = options;
    if (!hasExternalPsks({ externalPsks, externalPskFor })) {
      throw callerError("no_external_psks", "there are no pre-shared keys: a client without them is a TlsClient");
    }
    const { anchors } = options;
    this.settings = clientContextSettings({ ...options, externalPskOffers });
    if (anchors === undefined) checkWithoutCertificates(this.settings);
    this.ownCertificates = options.certificates?.checkedBy(this.settings);
    this.sessionBinding = clientSessionBinding(this.settings, this.ownCertificates, options.sessionContext);
    this.trust = anchors && certificateTrust(this.settings, { ...options, anchors });
  }
}

/** Whoever accepts no certificate has a key for each version: otherwise it would be offered, and no server be believed. */
function checkWithoutCertificates({ versions, provider, externalPsks, externalPskFor }: ClientContextSettings): void {
  for (const { name, earlier } of versions) {
    const doesWithout =
      earlier === undefined
        ? externalPskFor !== undefined || externalPsks.some(({ protocol }) => protocol === "TLS 1.3")
        : earlier.cipherSuites(provider).some(({ certificateKey }) => certificateKey === undefined);
    if (doesWithout) continue;
    throw callerError(
      "unsupported_choice",
      `versions has ${name}, in which servers show certificates unless there is a key for it: anchors are missing`,
    );
  }
}
