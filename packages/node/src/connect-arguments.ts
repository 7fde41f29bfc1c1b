import { callerError } from "@tlskit/tls";

/** Where options say that a connection goes. */
interface Place {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
  readonly path?: string | null | undefined;
}

/** Called when the handshake is done and the server verified. */
export type SecureConnectListener = () => void;

/**
 * The arguments of `tls.connect`, in each of the orders that it takes them in.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function connectArguments<Options extends Place>(
  given: readonly unknown[],
): {
  readonly options: Options;
  readonly listener: SecureConnectListener | undefined;
} {
  const [first, second] = given;
  const [options = {} as Options, ...others] = given.filter(
    (argument): argument is Options => typeof argument === "object" && argument !== null,
  );
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
