import { answered, describeWebClient, refused } from "./helpers/describe-web-client.ts";

describeWebClient("axios", "axios.ts", (version) => ({
  ...answered(version, "1.1"),
  ...refused((code) => ({ code })),
  "a hundred requests over one connection": { value: 1 },
  "a redirection": { value: ["/hello", `hello by HTTP/1.1 over ${version}`] },
  "a redirection that isn't followed": { value: 302 },
  "an answer that is given up": { value: { client: "ERR_CANCELED", server: "closed" } },
  "an answer that takes too long": { error: { code: "ECONNABORTED" } },
  "an answer that is cut off": { error: { code: "ECONNRESET" } },
}));
