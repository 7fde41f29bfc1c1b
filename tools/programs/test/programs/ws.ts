/** What programs do with ws, which connects by `tls.connect`. */
import { once } from "node:events";
import { type ClientOptions, WebSocket } from "ws";
import { input, runCases } from "./cases.ts";
import type { WebClientInput } from "./web.ts";
import { inTurn, inVersions } from "./web-cases.ts";

const given = input<WebClientInput>();
const { ports, otherCa, alice } = given;

await runCases(
  inVersions(given, (trust) => {
    async function opened(port: number, options: ClientOptions = {}): Promise<WebSocket> {
      const socket = new WebSocket(`wss://localhost:${port}/`, { ...trust, ...options });
      await once(socket, "open");
      return socket;
    }

    async function hello(port: number, options?: ClientOptions): Promise<string> {
      const socket = await opened(port, options);
      const echo = await echoed(socket, "hello");
      socket.terminate();
      return String(echo);
    }

    return {
      "a message": () => hello(ports.https),
      "a server that has HTTP/2 too": () => hello(ports.http2),
      "a certificate that is demanded": () => hello(ports.demanding, alice),
      "another authority": () => hello(ports.https, { ca: otherCa }),
      "an expired certificate": () => hello(ports.expired),
      "a certificate for another name": () => hello(ports.misnamed),
      async "a large message"() {
        const socket = await opened(ports.https);
        const large = Buffer.alloc(5_000_000, "message ");
        const echo = await echoed(socket, large);
        socket.terminate();
        return echo.equals(large);
      },
      async "a thousand messages in turn"() {
        const socket = await opened(ports.https);
        let count = 0;
        const echoes = await inTurn(1000, async () => String(await echoed(socket, `message ${count++}`)));
        socket.terminate();
        return echoes.every((echo, index) => echo === `message ${index}`);
      },
      async "a thousand messages at once"() {
        const socket = await opened(ports.https);
        const messages = Array.from({ length: 1000 }, (_, index) => `message ${index}`);
        const echoes: string[] = [];
        const all = new Promise<void>((resolve) => {
          socket.on("message", (data) => {
            if (echoes.push(String(data)) === messages.length) resolve();
          });
        });
        for (const message of messages) socket.send(message);
        await all;
        socket.terminate();
        return echoes.join() === messages.join();
      },
      async "a ping, and a close"() {
        const socket = await opened(ports.https);
        socket.ping();
        await once(socket, "pong");
        socket.send("close");
        const [code, reason] = await once(socket, "close");
        return [code, String(reason)];
      },
    };
  }),
);

async function echoed(socket: WebSocket, message: string | Buffer): Promise<Buffer> {
  socket.send(message);
  const [data] = await once(socket, "message");
  return data;
}
