import { asciiBytes } from "@tlskit/wire";
import { type ScanTarget, serverNameOf } from "../target.ts";

/** The application protocol in ALPN that is spoken here (RFC 7301). */
export const http11 = "http/1.1";

/** A request that changes nothing (RFC 9110 §9.2.1), for the page that everybody gets. */
export function getRequest(target: ScanTarget): Uint8Array {
  const { host, port } = target;
  const name = serverNameOf(target) ?? (host.includes(":") ? `[${host}]` : host);
  const lines = [
    "GET / HTTP/1.1",
    // RFC 9110 §7.2: without the port that goes without saying.
    `Host: ${port === 443 ? name : `${name}:${port}`}`,
    "User-Agent: tlskit-scan",
    "Accept: */*",
    // What browsers offer, so that a server that compresses does so.
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Connection: close",
  ];
  return asciiBytes(`${lines.join("\r\n")}\r\n\r\n`);
}
