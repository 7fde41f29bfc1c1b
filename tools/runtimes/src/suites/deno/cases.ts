import { behaviour } from "../../peers/behaviour.ts";
import { denoPeers } from "../../peers/deno.ts";
import type { Cases } from "../../suite.ts";

export const cases: Cases = () => behaviour(denoPeers);
