import { warn } from "../warning.ts";

let hasWarned = false;

/**
 * Whether a server that can't be verified is refused: unless it is said of this very connection that it isn't. A variable of
 * the environment turns nothing off, and whoever set it is told so, once.
 */
export function rejectsUnauthorized(told: boolean | undefined): boolean {
  if (told === undefined && process.env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0" && !hasWarned) {
    hasWarned = true;
    warn("TLSKIT_UNHEEDED", "NODE_TLS_REJECT_UNAUTHORIZED=0 is passed over: servers are verified");
  }
  return told !== false;
}
