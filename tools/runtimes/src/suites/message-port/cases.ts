import { createWebProvider } from "@tlskit/crypto-web";
import type { PeersLacks } from "@tlskit/testing";
import { behaviour } from "../../peers/behaviour.ts";
import { portPair } from "../../peers/message-port.ts";
import { webPeers } from "../../peers/web.ts";
import type { Cases } from "../../suite.ts";

export const cases: Cases<PeersLacks> = async (lacks) =>
  behaviour(webPeers(await createWebProvider(crypto.subtle), portPair), lacks);
