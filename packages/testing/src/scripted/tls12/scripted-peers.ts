import type { Course } from "../scripted-peers.ts";
import { ScriptedTls12Client, type ScriptedTls12ClientOptions } from "./client.ts";
import { tls12ClientScript, tls12ServerScript } from "./scripts.ts";
import { ScriptedTls12Server, type ScriptedTls12ServerOptions } from "./server.ts";

/** A server that follows TLS 1.2, but for one deviation if there is one. Start it when it is wired. */
export function scriptedTls12Server({
  script = tls12ServerScript,
  deviation,
  ...options
}: ScriptedTls12ServerOptions & Course<ScriptedTls12Server>): ScriptedTls12Server {
  const server = new ScriptedTls12Server(options);
  server.perform(deviation?.apply(script) ?? script);
  return server;
}

/** A client that follows TLS 1.2, but for one deviation if there is one. Start it when it is wired. */
export function scriptedTls12Client({
  script = tls12ClientScript,
  deviation,
  ...options
}: ScriptedTls12ClientOptions & Course<ScriptedTls12Client>): ScriptedTls12Client {
  const client = new ScriptedTls12Client(options);
  client.perform(deviation?.apply(script) ?? script);
  return client;
}
