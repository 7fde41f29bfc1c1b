/**
 * A TLS server in a page: its private key is made there, by WebCrypto, and can't be had by anybody. Clients come over WebSockets
 * that bridge.ts joins to TCP, and from a frame over a MessagePort.
 */
import { createWebProvider, webCryptoSigner } from "@tlskit/crypto-web";
import { accept, type ByteStream, createServerContext, messagePortStream, webSocketStream } from "@tlskit/web";
import { certificatesToPem, createCertificateAsync, SubjectPublicKeyInfo } from "@tlskit/x509";

const { subtle } = crypto;
const provider = await createWebProvider(subtle);
const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
const signer = webCryptoSigner(subtle, pair.privateKey);
const certificate = await createCertificateAsync({
  provider,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  signer,
  publicKey: SubjectPublicKeyInfo.fromDer(new Uint8Array(await subtle.exportKey("spki", pair.publicKey))),
  subject: { commonName: "a page" },
  dnsNames: ["page.example"],
  validity: { from: new Date(Date.now() - 60_000) },
});
const pem = certificatesToPem(certificate);
const context = await createServerContext({ provider, certificates: [{ chain: [certificate], key: signer }] });

/** Answers whatever is asked, until the client ends. What a client does wrong ends its own connection alone. */
async function serve(stream: ByteStream): Promise<void> {
  const socket = accept(stream, context);
  const answer = new TransformStream<string, string>({
    transform: (question, controller) => controller.enqueue(`${question.trimEnd()} to you, from ${document.title}\n`),
  });
  await socket.readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(answer)
    .pipeThrough(new TextEncoderStream())
    .pipeTo(socket.writable)
    .catch((error: unknown) => console.log(String(error)));
}

/** One client after the other, until the bridge is gone: it keeps a WebSocket until there is a client for it. */
async function serveOverWebSockets(): Promise<void> {
  for (;;) {
    const socket = new WebSocket(new URL("/clients", location.href));
    await serve(await webSocketStream(socket));
  }
}

/** A frame that trusts this certificate, whoever hands on the port. */
function serveFrame(): void {
  const { port1, port2 } = new MessageChannel();
  void serve(messagePortStream(port1));
  const frame = document.createElement("iframe");
  const url = new URL(`/frame.html#${encodeURIComponent(pem)}`, location.href);
  url.hostname = url.hostname === "localhost" ? "127.0.0.1" : "localhost";
  frame.src = url.href;
  frame.addEventListener("load", () => frame.contentWindow?.postMessage("a connection", url.origin, [port2]));
  addEventListener("message", ({ origin, data }) => {
    const answer = document.querySelector("#answer");
    if (origin === url.origin && answer !== null) answer.textContent = String(data);
  });
  document.body.append(frame);
}

const shown = document.querySelector("#certificate");
if (shown !== null) shown.textContent = pem;
serveFrame();
/** Clients that are served at a time. */
const atOnce = 4;
await Promise.all(Array.from({ length: atOnce }, serveOverWebSockets));
