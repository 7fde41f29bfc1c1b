/** What programs do with node:http2. */
import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { input, runCases } from "./cases.ts";
import { bytes, digest, type Trust, type WebClientInput } from "./web.ts";
import { type Question, webCases } from "./web-cases.ts";

const given = input<WebClientInput>();

await runCases(
  webCases(given, "http2", ask, ({ trust, origin }) => ({
    async "a session"() {
      using session = opened(origin, trust);
      await once(session, "connect");
      const { alpnProtocol, encrypted, socket } = session;
      const pinged = new Promise((resolve) => session.ping((error) => resolve(error ?? "pong")));
      return [alpnProtocol, encrypted, socket.remoteAddress, await pinged];
    },
    async "two hundred requests at once"() {
      using session = opened(origin, trust);
      const answers = Array.from({ length: 200 }, () => text(session.request({ ":path": "/hello" })));
      return [...new Set(await Promise.all(answers))];
    },
    async "large bodies both ways at once"() {
      using session = opened(origin, trust);
      const echoes = Array.from({ length: 4 }, async () => {
        const stream = session.request({ ":path": "/echo", ":method": "POST" });
        const [got] = await Promise.all([digest(stream), pipeline(bytes(2_000_000), stream)]);
        return got;
      });
      return new Set(await Promise.all(echoes)).size;
    },
    async "an answer that takes too long"() {
      using session = opened(origin, trust);
      const stream = session.request({ ":path": "/never" });
      stream.setTimeout(50, () => stream.destroy(new Error("too long")));
      return await text(stream);
    },
  })),
);

function opened(origin: string, trust: Trust): ClientHttp2Session & Disposable {
  const session = connect(origin, { ...trust, settings: { enablePush: false } });
  // A stream tells what ended its session.
  session.on("error", () => undefined);
  return Object.assign(session, { [Symbol.dispose]: () => session.close() });
}

async function ask({ url, trust, body, signal }: Question): Promise<ClientHttp2Stream> {
  const { origin, pathname } = new URL(url);
  const session = opened(origin, trust);
  const stream = session.request(
    { ":path": pathname, ":method": body === undefined ? "GET" : "POST" },
    { ...(signal && { signal }) },
  );
  stream.once("close", () => session.close());
  body?.pipe(stream);
  return stream;
}
