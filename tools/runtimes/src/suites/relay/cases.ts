import { createWebProvider } from "@tlskit/crypto-web";
import { relayProtocol } from "@tlskit/web/relay-protocol";
import { behaviour } from "../../peers/behaviour.ts";
import { webPeers } from "../../peers/web.ts";
import { type JoiningRelay, relayedPair } from "../../peers/web-socket.ts";
import type { Cases } from "../../suite.ts";

export const cases: Cases<JoiningRelay> = async (relay) => {
  const open = (url: string): WebSocket => new WebSocket(url, relayProtocol);
  return behaviour(webPeers(await createWebProvider(crypto.subtle), (wire) => relayedPair(relay, open, wire)));
};
