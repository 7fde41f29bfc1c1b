/**
 * Says hello to the Worker, twice, the second time with the first one's session:
 * `node client.ts ws://127.0.0.1:8787/ worker.example ca.pem alice.pem alice-key.pem`.
 */
import { readFileSync } from "node:fs";
import { createWebProvider } from "@tlskit/crypto-web";
import { MemorySessionStore } from "@tlskit/sessions";
import { certificatesFromPem, ownCertificates, privateKeyFromPem, resumption, trustAnchorsFromPem } from "@tlskit/tls";
import { connect, createClientContext, webSocketStream } from "@tlskit/web";

const [url = "", host = "", ca = "", cert = "", key = ""] = process.argv.slice(2);
const read = (path: string) => readFileSync(path, "utf8");
const provider = await createWebProvider(crypto.subtle);
const { certificates: chain } = certificatesFromPem(read(cert));
const context = await createClientContext({
  provider,
  anchors: trustAnchorsFromPem(read(ca)),
  certificates: ownCertificates([{ chain, key: privateKeyFromPem(read(key), { provider }) }]),
  resumption,
  sessions: new MemorySessionStore({ clock: Date.now }),
});

for (let times = 0; times < 2; times += 1) {
  const socket = connect(await webSocketStream(new WebSocket(url)), context, { host });
  const writer = socket.writable.getWriter();
  await writer.write(new TextEncoder().encode("hello"));
  await writer.close();
  console.log((await new Response(socket.readable).text()).trimEnd());
  await socket.closed;
}
