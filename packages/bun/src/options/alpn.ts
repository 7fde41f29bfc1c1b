import { callerError } from "@tlskit/tls";
import { anyOf, aString, check, optional } from "@tlskit/wire/arguments";
import { type Binary, bytesOf, someBytes } from "../binary.ts";

/**
 * RFC 7301 §3.1: names, each behind its length in one byte, as bytes or as a text of Latin-1. Bun passes over what isn't that.
 * @throws {TlsError} `invalid_argument`, `invalid_alpn_protocol` (the caller's fault)
 */
export function alpnNames(protocols: string | Binary | undefined): readonly string[] | undefined {
  check(protocols, "ALPNProtocols", optional(anyOf("a text or bytes", aString, someBytes)));
  if (protocols === undefined) return undefined;
  const text = typeof protocols === "string" ? protocols : Buffer.from(bytesOf(protocols)).toString("latin1");
  const names: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = at + 1 + text.charCodeAt(at);
    if (end > text.length) {
      throw callerError(
        "invalid_alpn_protocol",
        "ALPNProtocols has names behind their lengths, which don't add up here; alpnProtocols takes a list of names",
      );
    }
    names.push(text.slice(at + 1, end));
    at = end;
  }
  return names;
}
