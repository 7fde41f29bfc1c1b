/**
 * A TLS server in a Worker, for clients that bring their bytes over a WebSocket: whoever terminates HTTPS on the way, and the
 * WebSocket in it, passes on what is encrypted between client and Worker.
 */
import { env } from "cloudflare:workers";
import { createWebProvider } from "@tlskit/crypto-web";
import { RotatingTicketKeys, SealedTickets } from "@tlskit/sessions";
import { certificatesFromPem, privateKeyFromPem, trustAnchorsFromPem } from "@tlskit/tls";
import { accept, createServerContext, webSocketStream } from "@tlskit/web";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

// At the top of the module, where there is no randomness, no timer and no clock, and once for all requests.
const provider = await createWebProvider(crypto.subtle);
const { certificates: chain } = certificatesFromPem(env.CERTIFICATE);
const context = await createServerContext({
  provider,
  certificates: [{ chain, key: privateKeyFromPem(env.KEY, { provider }) }],
  clientCertificates: { demand: "required", anchors: trustAnchorsFromPem(env.CLIENTS) },
  tickets: new SealedTickets({ provider, random, keys: new RotatingTicketKeys({ random, clock: Date.now }) }),
});

// biome-ignore lint/style/noDefaultExport: where a Worker has its handlers
export default {
  fetch: (request: Request, _env: unknown, execution: ExecutionContext): Response => {
    if (request.headers.get("upgrade") !== "websocket") return new Response("by WebSocket alone\n", { status: 426 });
    const { 0: webSocket, 1: own } = new WebSocketPair();
    own.accept();
    // What a client does wrong ends its own connection alone.
    execution.waitUntil(answer(own).catch((error: unknown) => console.log(String(error))));
    return new Response(null, { status: 101, webSocket });
  },
};

/** Tells each client who it is, behind whatever it says. */
async function answer(webSocket: WebSocket): Promise<void> {
  const socket = accept(await webSocketStream(webSocket), context);
  const { peer, resumed } = await socket.opened;
  const name = peer?.certificates[0]?.subject.toString();
  const greeting = new TransformStream<string, string>({
    transform: (text, controller) => controller.enqueue(`${text.trimEnd()}, ${name}${resumed ? " again" : ""}\n`),
  });
  await socket.readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(greeting)
    .pipeThrough(new TextEncoderStream())
    .pipeTo(socket.writable);
  await socket.closed;
}
