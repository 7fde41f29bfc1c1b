/**
 * RFC 9325 §3.6#multiplexed, RFC 9113 §9.2.3, RFC 9001 §4.4: whether an application protocol has several exchanges on a
 * connection at once, so that nobody could say which of them a certificate was asked for: then none is asked for after the
 * handshake.
 */
export function isMultiplexed(alpnProtocol: string | undefined): boolean {
  return alpnProtocol === "h2" || alpnProtocol === "h3";
}
