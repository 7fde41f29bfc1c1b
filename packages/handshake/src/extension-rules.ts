import {
  describeExtension,
  type ExtensionPlace,
  extensionCodes,
  type HasExtensions,
  mayAppearIn,
  offeredPsks,
  type RawExtension,
} from "@tlskit/messages";
import { Alert, peerError, type TlsError } from "@tlskit/wire";

/**
 * RFC 9846 §4.3#places-checked: a recognised extension in a message that the table does not have for it, or
 * pre_shared_key in another place than the last.
 * @param own the caller's own: recognised, and answered in EncryptedExtensions alone.
 */
export function checkPlaces(place: ExtensionPlace, message: HasExtensions, own: readonly RawExtension[] = []): void {
  const codes = extensionCodes(message);
  for (const code of codes) {
    const misplaced = place !== "encryptedExtensions" && own.some((extension) => extension.code === code);
    if (misplaced || !mayAppearIn(place, code)) {
      throw peerError(
        "forbidden_extension",
        Alert.illegalParameter,
        `${describeExtension(code)} has no place in ${messageNames[place]}`,
      );
    }
  }
  // RFC 9846 §4.3.11#last-checked
  if (place === "clientHello" && codes.includes(offeredPsks.code) && codes.at(-1) !== offeredPsks.code) {
    throw illegalParameter("pre_shared_key_not_last", "pre_shared_key is not the last extension");
  }
}

/** RFC 9846 §4.3#responses-checked: a response needs a request; `cookie` in a HelloRetryRequest alone does without. */
export function checkResponses(
  place: ExtensionPlace,
  response: HasExtensions,
  requested: readonly number[],
  own: readonly RawExtension[] = [],
): void {
  for (const code of extensionCodes(response)) {
    if (!requested.includes(code)) {
      throw peerError(
        "unsolicited_extension",
        Alert.unsupportedExtension,
        `${describeExtension(code)} in ${messageNames[place]} was not asked for`,
      );
    }
  }
  checkPlaces(place, response, own);
}

const messageNames: Readonly<Record<ExtensionPlace, string>> = {
  clientHello: "ClientHello",
  serverHello: "ServerHello",
  helloRetryRequest: "HelloRetryRequest",
  encryptedExtensions: "EncryptedExtensions",
  certificateRequest: "CertificateRequest",
  certificate: "Certificate",
  newSessionTicket: "NewSessionTicket",
};

/** RFC 9846 §6.2: a mandatory extension that isn't there. */
export function missingExtension(name: string, message: string): TlsError {
  return peerError("missing_extension", Alert.missingExtension, `${message} has no ${name} extension`);
}

/** RFC 9846 §6#semantics: a field that is well-formed and wrong. */
export function illegalParameter(code: string, message: string): TlsError {
  return peerError(code, Alert.illegalParameter, message);
}
