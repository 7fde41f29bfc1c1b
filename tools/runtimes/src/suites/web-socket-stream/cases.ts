import { createWebProvider } from "@tlskit/crypto-web";
import { behaviour } from "../../peers/behaviour.ts";
import { webPeers } from "../../peers/web.ts";
import { type AnyWebSocket, type JoiningRelay, relayedPair } from "../../peers/web-socket.ts";
import type { Cases } from "../../suite.ts";

/** Those of the suite that are about streams: a page of Chromium's crashes at times when it opens hundreds of these. */
const aboutStreams: ReadonlySet<string> = new Set([
  "data goes there and back",
  "a client that nobody reads from is stopped",
  "an end comes behind all data",
  "a stream that is cut off is no orderly end",
]);

// Of the browser, whose types don't have it yet.
declare const WebSocketStream: new (url: string) => AnyWebSocket;

export const cases: Cases<JoiningRelay> = async (relay) => {
  const open = (url: string): AnyWebSocket => new WebSocketStream(url);
  const peers = webPeers(await createWebProvider(crypto.subtle), (wire) => relayedPair(relay, open, wire));
  return behaviour(peers).filter(({ name }) => aboutStreams.has(name));
};
