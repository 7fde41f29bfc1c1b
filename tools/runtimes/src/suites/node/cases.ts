import { behaviour } from "../../peers/behaviour.ts";
import { nodePeers } from "../../peers/node.ts";
import type { Cases } from "../../suite.ts";

export const cases: Cases = () => behaviour(nodePeers);
