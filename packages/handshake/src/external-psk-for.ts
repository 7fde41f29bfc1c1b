import { type Awaitable, type Steps, wait } from "@tlskit/crypto";
import type { ExternalPsk, PskProtocol } from "@tlskit/keyschedule";
import { callerError } from "@tlskit/wire";
import { check, optional } from "@tlskit/wire/arguments";
import { anExternalPsk, checkExternalPsks, checkOfferedLength } from "./external-psks.ts";
import type { ClientHandshakeSettings } from "./settings.ts";
import { includesTls13 } from "./versions.ts";

/** What a client's pre-shared key from outside is wanted for. */
export interface WantedPsk {
  /**
   * What the key has to be for. `"TLS 1.3"`: it is offered in the ClientHello that is about to be made. `"TLS 1.2"`: the
   * server has chosen that, or what was before it, and a suite that takes a key.
   */
  readonly protocol: PskProtocol;
  /**
   * What the server says for it to be chosen by, before TLS 1.3 alone, if it says anything (RFC 4279 §5.2). Whoever is on the
   * way can change it: it is believed when the handshake is over.
   */
  readonly hint: Uint8Array | undefined;
}

/**
 * Gives a client's pre-shared key when it is wanted, at once or later: the handshake's time runs. Nothing to go on without.
 * @throws whatever ends the handshake
 */
export type ExternalPskFor = (wanted: WantedPsk) => Awaitable<ExternalPsk | undefined>;

/**
 * What is given, if it is a key for that.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice` (the caller's fault)
 */
export function* askForOwnPsk(ask: ExternalPskFor, wanted: WantedPsk): Steps<ExternalPsk | undefined> {
  const psk = yield* wait(ask(wanted));
  check(psk, "what externalPskFor gave", optional(anExternalPsk));
  if (psk === undefined || psk.protocol === wanted.protocol) return psk;
  throw callerError("unsupported_choice", `externalPskFor gave a key for ${psk.protocol}, not for ${wanted.protocol}`);
}

/**
 * The settings with the key that is offered to servers of TLS 1.3.
 * @throws {TlsError} `no_external_psks` (the caller's fault) if there is none, and no certificate is accepted instead
 */
export function* withOwnPsk<Evidence>(
  settings: ClientHandshakeSettings<Evidence>,
): Steps<ClientHandshakeSettings<Evidence>> {
  const { externalPskFor, versions, cipherSuites, verifyPeer } = settings;
  if (externalPskFor === undefined || !includesTls13(versions)) return settings;
  const psk = yield* askForOwnPsk(externalPskFor, { protocol: "TLS 1.3", hint: undefined });
  const externalPsks = psk === undefined ? settings.externalPsks : [...settings.externalPsks, psk];
  const hashes = cipherSuites.map(({ hash }) => hash);
  const ofTls13 = externalPsks.filter(({ protocol }) => protocol === "TLS 1.3");
  checkExternalPsks(ofTls13, hashes, []);
  checkOfferedLength(ofTls13, hashes);
  if (ofTls13.length > 0 || verifyPeer !== undefined) return { ...settings, externalPsks };
  throw callerError(
    "no_external_psks",
    "externalPskFor gave no key for TLS 1.3, and no certificate is accepted instead",
  );
}
