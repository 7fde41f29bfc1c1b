import { describeWebClient, refused } from "./helpers/describe-web-client.ts";

describeWebClient("ws", "ws.ts", () => ({
  ...refused((code) => ({ code })),
  "a message": { value: "hello" },
  "a server that has HTTP/2 too": { value: "hello" },
  "a certificate that is demanded": { value: "hello" },
  "a large message": { value: true },
  "a thousand messages in turn": { value: true },
  "a thousand messages at once": { value: true },
  "a ping, and a close": { value: [4000, "as you wish"] },
}));
