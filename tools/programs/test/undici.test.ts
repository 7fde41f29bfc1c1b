import { expect } from "vitest";
import { answered, describeWebClient, refused } from "./helpers/describe-web-client.ts";

const cutOff = "ERR_SSL_UNEXPECTED_EOF_WHILE_READING";

describeWebClient("undici", "undici.ts", (version, { nodesOwn }) => ({
  ...answered(version, "1.1"),
  ...refused((code) => ({ code })),
  "a hundred requests over one connection": { value: 1 },
  // It holds sessions weakly: some may be gone.
  "sessions resumed": { value: expect.arrayContaining([false, true]) },
  "fifty requests at once by HTTP/2": { value: [`hello by HTTP/2.0 over ${version}`, 50, 1] },
  "a redirection": { value: `hello by HTTP/1.1 over ${version}` },
  // As of a DOMException whose name is AbortError.
  "an answer that is given up": { value: { client: 20, server: "closed" } },
  "an answer that takes too long": { error: { code: "UND_ERR_HEADERS_TIMEOUT" } },
  // What ended is not told from what was cut off by Node's tls; it is by ours.
  "an answer that is cut off": { error: { code: nodesOwn ? "UND_ERR_SOCKET" : cutOff } },
  "an answer without a length that is cut off": nodesOwn ? { value: "half " } : { error: { code: cutOff } },
}));
