import { callerError } from "@tlskit/tls";

/**
 * Whoever speaks HTTP for others can't know which of their requests may be made twice, nor when.
 * @throws {TlsError} `refused_option` (the caller's fault)
 */
export function refuseEarlyData(caller: string, options: object): void {
  const earlyData: unknown = Reflect.get(options, "earlyData");
  if (earlyData !== undefined && earlyData !== null) {
    throw callerError(
      "refused_option",
      `${caller} sends and takes no early data: earlyData is for connect, createServer and createHttpsServer`,
    );
  }
}
