import { answered, describeWebClient, refused } from "./helpers/describe-web-client.ts";

describeWebClient("node:https", "https.ts", (version) => ({
  ...answered(version, "1.1"),
  ...refused((code) => ({ code })),
  "a server that has HTTP/2 too": { value: `hello by HTTP/1.1 over ${version}` },
  "a hundred requests over one connection": { value: 1 },
  "sessions resumed": { value: [false, true, true, true, true] },
  "an answer that is given up": { value: { client: "ECONNRESET", server: "closed" } },
  "an answer that takes too long": { error: { message: "too long" } },
  "an answer that is cut off": { error: { code: "ECONNRESET" } },
}));
