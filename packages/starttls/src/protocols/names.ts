import { callerError } from "@tlskit/wire";
import type { ClientNames } from "../protocol.ts";

/** Neither ends a line nor a quoted attribute, so that a name can't say anything but itself. */
const harmless = /^[\w.:[\]-]{1,255}$/;

/** @throws {TlsError} `invalid_host` (the caller's fault) */
export function checkedHost<Names extends { readonly host: string }>(names: Names): Names {
  if (!harmless.test(names.host)) throw callerError("invalid_host", "host is not a name in ASCII, nor an address");
  return names;
}

/** @throws {TlsError} `invalid_client_name` (the caller's fault) */
export function checkedClientName<Names extends ClientNames>(names: Names): Names {
  const { clientName } = names;
  if (clientName === undefined || harmless.test(clientName)) return names;
  throw callerError("invalid_client_name", "clientName is not a name in ASCII, nor an address in brackets");
}

/** RFC 5321 §4.1.4: a client without a name gives its address; which one, no server can check behind a NAT. */
export function clientNameOf({ clientName }: ClientNames): string {
  return clientName ?? "[127.0.0.1]";
}
