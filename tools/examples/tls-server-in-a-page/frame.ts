/** A TLS client in a frame, over the port that it gets from the page around it, and with the certificate in its own address. */
import { trustAnchorsFromPem } from "@tlskit/tls";
import { connect, createClientContext, messagePortStream } from "@tlskit/web";

const context = await createClientContext({
  anchors: trustAnchorsFromPem(decodeURIComponent(location.hash.slice(1))),
});

async function ask(port: MessagePort): Promise<string> {
  const socket = connect(messagePortStream(port), context, { host: "page.example" });
  const writer = socket.writable.getWriter();
  await writer.write(new TextEncoder().encode("hello"));
  await writer.close();
  return await new Response(socket.readable).text();
}

addEventListener("message", ({ ports: [port], source, origin }) => {
  if (port === undefined || source === null) return;
  const tell = (answer: string): void => source.postMessage(answer, { targetOrigin: origin });
  ask(port).then(tell, (error: unknown) => tell(String(error)));
});
