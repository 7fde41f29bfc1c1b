// Run in a stranger's project by Deno, which checks types too, with the permission for connections alone: ours where Deno's own
// is written for, and each at the other's end.
import { nodeProvider } from "@tlskit/crypto-node";
import { connectTls, listenTls } from "@tlskit/deno";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const { root, certificate } = throwawayPki(nodeProvider, random, "localhost", Date.now());
const identity = { cert: certificatesToPem(...certificate.chain), key: privateKeyToPem(certificate.key) };
const place = { hostname: "localhost", caCerts: [certificatesToPem(root.certificate)] };

type Listen = (options: Deno.ListenTlsOptions & Deno.TlsCertifiedKeyPem) => Deno.TlsListener;
type Connect = (options: { hostname: string; port: number; caCerts: string[] }) => Promise<Deno.TlsConn>;

async function echo(listen: Listen, connect: Connect): Promise<void> {
  using listener = listen({ port: 0, hostname: "localhost", ...identity });
  const serving = listener.accept().then((conn) => conn.readable.pipeTo(conn.writable));
  using conn = await connect({ ...place, port: listener.addr.port });
  await conn.write(new TextEncoder().encode("0123456789"));
  const heard = new Uint8Array(10);
  for (let at = 0; at < heard.length; ) at += (await conn.read(heard.subarray(at))) ?? heard.length;
  if (new TextDecoder().decode(heard) !== "0123456789") throw new Error("that was no echo");
  await conn.closeWrite();
  await serving;
}

await echo(listenTls, connectTls);
await echo(listenTls, Deno.connectTls);
await echo(Deno.listenTls, connectTls);
