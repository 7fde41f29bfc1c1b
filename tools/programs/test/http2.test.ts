import { answered, describeWebClient, refused } from "./helpers/describe-web-client.ts";

describeWebClient("node:http2", "http2.ts", (version, { nodesOwn }) => ({
  ...answered(version, "2.0"),
  // Over streams that aren't of Node's own, its requests are begun before the server is verified.
  ...refused((code) => (nodesOwn ? { code: "ERR_HTTP2_STREAM_CANCEL", cause: { code } } : { code })),
  "a session": { value: ["h2", true, "127.0.0.1", "pong"] },
  "two hundred requests at once": { value: [`hello by HTTP/2.0 over ${version}`] },
  "large bodies both ways at once": { value: 1 },
  "an answer that is given up": { value: { client: "ABORT_ERR", server: "closed" } },
  "an answer that takes too long": { error: { message: "too long" } },
  "an answer that is cut off": { error: { code: "ERR_HTTP2_STREAM_ERROR" } },
}));
