import { callerError } from "@tlskit/tls";

/** Names of application protocols, or their bytes as `node:tls` takes them: each behind its length in one byte. */
export type AlpnProtocols = readonly (string | Uint8Array)[] | Uint8Array;

/**
 * The names (RFC 7301).
 * @throws {TlsError} `invalid_alpn_protocol` (the caller's fault) for bytes whose lengths don't add up
 */
export function alpnNames(protocols: AlpnProtocols): readonly string[] {
  if (!(protocols instanceof Uint8Array)) {
    return protocols.map((protocol) => (typeof protocol === "string" ? protocol : latin1(protocol)));
  }
  const names: string[] = [];
  for (let at = 0; at < protocols.length; ) {
    const end = at + 1 + (protocols[at] ?? 0);
    if (end > protocols.length) throw callerError("invalid_alpn_protocol", "the last ALPN protocol is cut off");
    names.push(latin1(protocols.subarray(at + 1, end)));
    at = end;
  }
  return names;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
