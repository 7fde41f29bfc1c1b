import type { Scanner } from "./scanner.ts";
import { sslyze } from "./sslyze.ts";
import { testssl } from "./testssl.ts";
import { tlskit } from "./tlskit.ts";

export const scanners: readonly Scanner[] = [tlskit, testssl, sslyze];
