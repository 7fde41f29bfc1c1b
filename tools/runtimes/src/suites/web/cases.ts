import { createWebProvider } from "@tlskit/crypto-web";
import { behaviour } from "../../peers/behaviour.ts";
import { memoryPair } from "../../peers/memory.ts";
import { webPeers } from "../../peers/web.ts";
import type { Cases } from "../../suite.ts";

export const cases: Cases = async () => behaviour(webPeers(await createWebProvider(crypto.subtle), memoryPair));
