/**
 * Passes requests on to a server inside, which takes clients with a certificate alone, and which a private authority has certified:
 * none of that the runtime's own `fetch` can do.
 */
import { connect } from "cloudflare:sockets";
import { env } from "cloudflare:workers";
import { createWebProvider } from "@tlskit/crypto-web";
import { certificatesFromPem, ownCertificates, privateKeyFromPem, TlsError, trustAnchorsFromPem } from "@tlskit/tls";
import { createClientContext } from "@tlskit/web";
import { connectTls } from "@tlskit/web/cloudflare";

// At the top of the module, where there is no randomness, no timer and no clock, and once for all requests.
const provider = await createWebProvider(crypto.subtle);
const { certificates: chain } = certificatesFromPem(env.CERTIFICATE);
const context = await createClientContext({
  provider,
  anchors: trustAnchorsFromPem(env.AUTHORITY),
  certificates: ownCertificates([{ chain, key: privateKeyFromPem(env.KEY, { provider }) }]),
});
const { hostname, host, port } = new URL(env.SERVER);

/** Bytes of an answer that are taken. */
const maxAnswer = 1024 * 1024;

// biome-ignore lint/style/noDefaultExport: where a Worker has its handlers
export default {
  fetch: async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    try {
      return await passedOn(`${pathname}${search}`);
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      return new Response(`${error.code}: ${error.message}\n`, { status: 502 });
    }
  },
};

/** HTTP/1.0, so that the answer is all that comes until the server's close_notify, which nobody on the way can forge. */
async function passedOn(path: string): Promise<Response> {
  const socket = connectTls(connect, { hostname, port: Number(port || "443") }, context);
  const writer = socket.writable.getWriter();
  await writer.write(new TextEncoder().encode(`GET ${path} HTTP/1.0\r\nHost: ${host}\r\n\r\n`));
  writer.releaseLock();
  const answer = await text(socket.readable);
  await socket.close();
  const end = answer.indexOf("\r\n\r\n");
  const status = /^HTTP\/1\.[01] ([2-5]\d\d)/.exec(answer)?.[1];
  if (end < 0 || status === undefined) return new Response("the server doesn't speak HTTP\n", { status: 502 });
  return new Response(answer.slice(end + 4), { status: Number(status) });
}

async function text(readable: ReadableStream<Uint8Array>): Promise<string> {
  let whole = "";
  const decoder = new TextDecoder();
  // Who leaves the loop cancels the stream.
  for await (const chunk of readable) {
    whole += decoder.decode(chunk, { stream: true });
    if (whole.length > maxAnswer) return whole;
  }
  return whole;
}
