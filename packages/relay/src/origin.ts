import { callerError } from "@tlskit/wire";

/**
 * A site as browsers name it in a request (RFC 6454 §6.2): scheme, host, and the port if it isn't the scheme's own.
 * @throws {TlsError} `invalid_origin` (the caller's fault), also for `null`, which pages of anybody's may be
 */
export function readOrigin(text: string): string {
  const isWritten = /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@A-Z]+$/.test(text);
  // Others, such as those of browsers' extensions, have no form of their own.
  const isKnown = /^https?:/.test(text);
  if (!isWritten || (isKnown && originOf(text) !== text)) {
    throw callerError("invalid_origin", `${JSON.stringify(text)} is no origin: https://HOST, as browsers write it`);
  }
  return text;
}

function originOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
