import { type ClientHello, extensionIn, hostNameIn, serverNameList } from "@tlskit/messages";

/** The host name in a ClientHello's server_name (RFC 6066 §3). */
export function hostNameOf(hello: ClientHello): string | undefined {
  const names = extensionIn(hello, serverNameList);
  return names === undefined ? undefined : hostNameIn(names);
}
