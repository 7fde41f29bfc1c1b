import { expect } from "vitest";
import type { Way } from "./ways.ts";

/**
 * The code of an alert by which a server refuses a client's certificate. In TLS 1.3 the client is connected by then and may
 * have written something: the server closes without reading it, and Node's own TLS often tells that instead.
 */
export function heardAs({ nodesOwn }: Way, code: string): unknown {
  return nodesOwn ? expect.toBeOneOf([code, "ECONNRESET", "EPIPE"]) : code;
}
