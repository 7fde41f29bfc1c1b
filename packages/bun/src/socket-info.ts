import type { DangerousClientInfo, DangerousServerInfo, PskClientInfo } from "@tlskit/tls";

/**
 * What was negotiated and verified. A `peer` is an `UnverifiedPeer` only where that was asked for, and there is none at a
 * server whose client showed no certificate.
 */
export type SocketInfo = DangerousClientInfo | PskClientInfo | DangerousServerInfo;
