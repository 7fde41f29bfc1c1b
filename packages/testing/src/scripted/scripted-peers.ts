import { ScriptedClient, type ScriptedClientOptions } from "./client.ts";
import { clientScript, earlyDataScript } from "./client-script.ts";
import type { Deviation } from "./deviation.ts";
import { ScriptedServer, type ScriptedServerOptions } from "./server.ts";
import { resumingScript, serverScript } from "./server-script.ts";

/** A server that follows the protocol, but for one deviation if there is one. Start it when it is wired. */
export function scriptedServer(
  options: ScriptedServerOptions & { readonly deviation?: Deviation<ScriptedServer> | undefined },
): ScriptedServer {
  const server = new ScriptedServer(options);
  const script = options.session === undefined ? serverScript : resumingScript;
  server.perform(options.deviation?.apply(script) ?? script);
  return server;
}

/** A client that follows the protocol, but for one deviation if there is one. Start it when it is wired. */
export function scriptedClient(
  options: ScriptedClientOptions & { readonly deviation?: Deviation<ScriptedClient> | undefined },
): ScriptedClient {
  const client = new ScriptedClient(options);
  const script = options.session?.earlyData === true ? earlyDataScript : clientScript;
  client.perform(options.deviation?.apply(script) ?? script);
  return client;
}
