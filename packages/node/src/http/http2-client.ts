import { type ClientHttp2Session, type ClientSessionOptions, connect as connectPlainHttp2 } from "node:http2";
import { Alert, callerError, peerError } from "@tlskit/tls";
import { type ConnectOptions, connect } from "../connect.ts";
import { clientTables } from "../options/client-context.ts";
import { http2ClientOptions } from "../options/http-options.ts";
import { checkedOptions, type OptionTable, optionsAbout } from "../options/table.ts";
import { offeringHttp2 } from "./alpn.ts";
import { refuseEarlyData } from "./early-data.ts";
import { adoptSession } from "./http2-session.ts";

/** What `http2.connect` is told that isn't TLS's, and what our own `connect` is. */
export interface Http2ConnectOptions
  extends Omit<ClientSessionOptions, "createConnection" | "protocol">,
    Omit<ConnectOptions, "allowHalfOpen" | "ALPNProtocols" | "alpnProtocols" | "earlyData"> {
  /** As of `http2.connect`. */
  readonly strictSingleValueFields?: boolean | undefined;
}

const tables: readonly OptionTable[] = [...clientTables, http2ClientOptions];

/**
 * Opens a session of HTTP/2: a client of `node:http2`, when the handshake is done and the server has agreed to HTTP/2.
 * @param authority such as `https://localhost:8443`: whom to connect to, unless `host`, `port` or `socket` say it, and
 * whom the certificate must be for, unless `servername` says it.
 * @throws {TlsError} `unsupported_protocol` for an authority that isn't of https, and what `connect` throws
 * @throws {TlsError} (the promise) `no_application_protocol` if the server doesn't choose HTTP/2, and whatever ends the
 * connection before the session
 */
export async function connectHttp2(
  authority: string | URL,
  options: Http2ConnectOptions = {},
): Promise<ClientHttp2Session> {
  const { protocol, hostname, port } = new URL(authority);
  if (protocol !== "https:") throw callerError("unsupported_protocol", `HTTP/2 over TLS is for https, not ${protocol}`);
  const checked = checkedOptions("connectHttp2", options, tables, ["context", "connection", "net", "http"]);
  refuseEarlyData("connectHttp2", checked);
  const socket = connect({
    host: hostname,
    ...(port === "" ? {} : { port: Number(port) }),
    ...optionsAbout("connection", checked, tables),
    ...optionsAbout("net", checked, tables),
    ...optionsAbout("context", offeringHttp2(checked, ["h2"]), tables),
  });
  // From the handshake's end to the session's begin nobody else listens.
  socket.on("error", () => undefined);
  const { alpnProtocol } = await socket.established;
  if (socket.errored !== null) throw socket.errored;
  if (alpnProtocol !== "h2") {
    // RFC 9113 §3.3: HTTP/2 over TLS is what the two agree upon by ALPN.
    const message = "the server did not agree to HTTP/2";
    const error = peerError("no_application_protocol", Alert.noApplicationProtocol, message);
    socket.destroy(error);
    throw error;
  }
  const session = connectPlainHttp2(authority, {
    ...optionsAbout("http", checked, tables),
    createConnection: () => socket,
  });
  adoptSession(session, socket);
  return session;
}
