import { ScriptedClient, type ScriptedClientOptions } from "./client.ts";
import { clientScript, earlyDataScript } from "./client-script.ts";
import type { Deviation } from "./deviation.ts";
import type { Script } from "./script.ts";
import { ScriptedServer, type ScriptedServerOptions } from "./server.ts";
import { resumingScript, serverScript } from "./server-script.ts";

/** What a scripted peer does. */
export interface Course<P> {
  /** A handshake, or the resumption of what session there is, unless told otherwise. */
  readonly script?: Script<P> | undefined;
  readonly deviation?: Deviation<P> | undefined;
}

/** A server that follows the protocol, but for one deviation if there is one. Start it when it is wired. */
export function scriptedServer(options: ScriptedServerOptions & Course<ScriptedServer>): ScriptedServer {
  const server = new ScriptedServer(options);
  const script = options.script ?? (options.session === undefined ? serverScript : resumingScript);
  server.perform(options.deviation?.apply(script) ?? script);
  return server;
}

/** A client that follows the protocol, but for one deviation if there is one. Start it when it is wired. */
export function scriptedClient(options: ScriptedClientOptions & Course<ScriptedClient>): ScriptedClient {
  const client = new ScriptedClient(options);
  const script = options.script ?? (options.session?.earlyData === true ? earlyDataScript : clientScript);
  client.perform(options.deviation?.apply(script) ?? script);
  return client;
}
