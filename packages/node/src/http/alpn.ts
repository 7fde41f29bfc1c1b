import { callerError } from "@tlskit/tls";
import type { CommonOptions } from "../options/context.ts";

/** A context, or what one is made of. */
interface MayOffer extends Pick<CommonOptions, "ALPNProtocols" | "alpnProtocols"> {
  readonly context?: { readonly settings: ContextSettings } | undefined;
  readonly postHandshakeAuth?: boolean | undefined;
}

interface ContextSettings {
  readonly alpnProtocols: readonly string[];
  readonly postHandshakeAuth?: unknown;
}

/** Options that offer these by ALPN (RFC 7301), unless they, or the context that they give, say what they offer. */
export function offering<Options extends MayOffer>(options: Options, protocols: readonly string[]): Options {
  const { context, alpnProtocols, ALPNProtocols } = options;
  if (context !== undefined || alpnProtocols !== undefined || ALPNProtocols !== undefined) return options;
  return { ...options, alpnProtocols: protocols };
}

/**
 * RFC 9113 §3.3: HTTP/2 over TLS is what the two agree upon by ALPN.
 * @throws {TlsError} `conflicting_options` (the caller's fault) for options that offer something else
 */
export function offeringHttp2<Options extends MayOffer>(options: Options, protocols: readonly string[]): Options {
  const { context, alpnProtocols, ALPNProtocols } = options;
  const others = context !== undefined && !context.settings.alpnProtocols.includes("h2");
  if (others || alpnProtocols !== undefined || ALPNProtocols !== undefined) {
    throw callerError("conflicting_options", `HTTP/2 is offered by ALPN: as ${protocols.join(", ")}`);
  }
  if (options.postHandshakeAuth === true || context?.settings.postHandshakeAuth !== undefined) {
    // RFC 9113 §9.2.3
    throw callerError("conflicting_options", "HTTP/2 forbids postHandshakeAuth");
  }
  return offering(options, protocols);
}
