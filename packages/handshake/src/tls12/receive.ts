import { callerError } from "@tlskit/wire";
import type { EarlierIo, HandshakeIo } from "../io.ts";

/** What the host has for versions before TLS 1.3: handshakes are only begun with hosts that have it. */
export function earlierIoOf(io: HandshakeIo): EarlierIo {
  if (io.earlier === undefined) throw callerError("unsupported_choice", "this host has TLS 1.3 alone");
  return io.earlier;
}
