import { callerError } from "@tlskit/tls";
import type { ConnectOptions } from "./connect.ts";

/** Called when the handshake is done and the server verified. */
export type SecureConnectListener = () => void;

/**
 * The arguments of `tls.connect`, in each of the orders that it takes them in.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function connectArguments(given: readonly unknown[]): {
  readonly options: ConnectOptions;
  readonly listener: SecureConnectListener | undefined;
} {
  const [first, second] = given;
  const [options = {}, ...others] = given.filter((argument) => typeof argument === "object" && argument !== null);
  // Of two, one would be dropped, and a check that is in it.
  if (others.length > 0) throw callerError("invalid_argument", "connect takes its options in one object");
  const listener = given.findLast((argument) => typeof argument === "function") as SecureConnectListener | undefined;
  if (typeof first === "object" && first !== null) return { options, listener };
  if (typeof first !== "number" && typeof first !== "string") {
    throw callerError("invalid_argument", "connect takes options, a port, or the path of a socket");
  }
  // A text that is a number is a port, as in node:net; any other is the path of a Unix socket.
  const place =
    Number(first) >= 0
      ? { port: first, host: typeof second === "string" ? second : undefined }
      : { path: String(first) };
  return { options: { ...place, ...options }, listener };
}
