import { toHex } from "@tlskit/wire";
import { Exporter, type TrafficSecret, type TrafficSecretKind } from "./traffic-secret.ts";

/** The labels of the NSS key log format (RFC 9850). */
const labels: Readonly<Record<TrafficSecretKind, string>> = {
  "client handshake": "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
  "server handshake": "SERVER_HANDSHAKE_TRAFFIC_SECRET",
  "client application": "CLIENT_TRAFFIC_SECRET",
  "server application": "SERVER_TRAFFIC_SECRET",
};

/**
 * A line, without its end, of a key log (`SSLKEYLOGFILE`, RFC 9850), with which Wireshark and others read the traffic.
 * @param clientRandom of the (first) ClientHello: 32 bytes.
 */
export function keyLogLine(secret: TrafficSecret | Exporter, clientRandom: Uint8Array): string {
  const label =
    secret instanceof Exporter
      ? "EXPORTER_SECRET"
      : secret.kind.endsWith("application")
        ? `${labels[secret.kind]}_${secret.generation}`
        : labels[secret.kind];
  return `${label} ${toHex(clientRandom)} ${toHex(secret.dangerouslyExpose())}`;
}
