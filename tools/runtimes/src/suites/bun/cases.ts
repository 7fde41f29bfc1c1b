import { behaviour } from "../../peers/behaviour.ts";
import { bunPeers } from "../../peers/bun.ts";
import type { Cases } from "../../suite.ts";

export const cases: Cases = () => behaviour(bunPeers);
