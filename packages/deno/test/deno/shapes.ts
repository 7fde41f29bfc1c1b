/** Nothing that runs: what is written for Deno's own TLS takes ours, by Deno's declarations. */
import { connectTls, listenTls, startTls } from "../../src/index.ts";

/** What ours refuses is no option of theirs: nobody is to turn a check off unnoticed. */
type Checked<Options> = Omit<Options, "unsafelyDisableHostnameVerification">;

export const ofConnectTls: (
  options: Checked<Deno.ConnectTlsOptions> | (Checked<Deno.ConnectTlsOptions> & Deno.TlsCertifiedKeyPem),
) => Promise<Deno.TlsConn> = connectTls;

export const ofListenTls: (options: Deno.ListenTlsOptions & Deno.TlsCertifiedKeyPem) => Deno.TlsListener = listenTls;

export const ofStartTls: (conn: Deno.TcpConn, options?: Checked<Deno.StartTlsOptions>) => Promise<Deno.TlsConn> =
  startTls;

/** One of a Unix socket stays one. */
export const ofUnix = async (conn: Deno.UnixConn): Promise<Deno.Conn<Deno.UnixAddr>> => await startTls(conn);
