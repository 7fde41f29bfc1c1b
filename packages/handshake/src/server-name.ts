import { type ClientHello, extensionIn, hostNameIn, serverNameList } from "@tlskit/messages";
import { illegalParameter } from "./extension-rules.ts";

/** The host name in a ClientHello's server_name (RFC 6066 §3). */
export function hostNameOf(hello: ClientHello): string | undefined {
  const names = extensionIn(hello, serverNameList);
  return names === undefined ? undefined : hostNameIn(names);
}

/** RFC 6066 §3#one-name: not two names of a type; a host name that is one. */
export function checkServerName(hello: ClientHello): void {
  const names = extensionIn(hello, serverNameList);
  if (names === undefined) return;
  if (new Set(names.map(({ nameType }) => nameType)).size !== names.length) {
    throw illegalParameter("server_name", "server_name has two names of one type");
  }
  const host = hostNameIn(names);
  if (host !== undefined && !/^[a-z0-9_]([a-z0-9_.-]{0,253}[a-z0-9_])?$/i.test(host)) {
    throw illegalParameter("server_name", `server_name is not a host name: ${host}`);
  }
}
