import { expect } from "vitest";
import { answered, describeWebClient, refused } from "./helpers/describe-web-client.ts";

describeWebClient("fetch", "fetch.ts", (version) => ({
  ...answered(version, "2.0"),
  ...refused((code) => ({ message: "fetch failed", cause: { code } })),
  "a hundred requests over one connection": { value: 1 },
  // By Node's own undici, which has the version that is Node's default.
  "over Node's own connections": { value: expect.stringMatching(/^hello by HTTP\/[12]\.[01] over TLSv1\.3$/) },
  "a redirection": { value: [true, `hello by HTTP/2.0 over ${version}`] },
  // As of DOMExceptions whose names are AbortError and TimeoutError.
  "an answer that is given up": { value: { client: 20, server: "closed" } },
  "an answer that takes too long": { error: { code: "23" } },
  "an answer that is cut off": { error: { message: "terminated" } },
}));
