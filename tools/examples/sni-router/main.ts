/**
 * Passes connections on by the name that clients ask for, without taking part in their TLS:
 * `node main.ts PORT NAME=HOST:PORT …`.
 */
import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { extensionCodes, extensionIn, hostNameIn, serverNameList } from "@tlskit/messages";
import { ContentType, encodeAlert } from "@tlskit/record";
import { Alert, ClientHelloReader, type FoundClientHello, TlsError } from "@tlskit/tls";

/** Milliseconds for a ClientHello. Whoever connects and says nothing must not hold a connection for ever. */
const patience = 10_000;

/** RFC 9849 §5: encrypted_client_hello. */
const encryptedClientHello = 0xfe0d;

const [port, ...routes] = process.argv.slice(2);
const backends = new Map(routes.map((route) => route.split("=") as [string, string]));
const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => void route(client));
server.listen(Number(port), "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});

async function route(client: Socket): Promise<void> {
  client.on("error", () => client.destroy());
  const deadline = setTimeout(() => client.destroy(), patience);
  try {
    const { found, chunks } = await clientHelloOf(client);
    const backend = backendFor(found);
    const [host = "", port] = backend.split(/:(?=\d+$)/);
    const upstream = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
    // What has been read goes on as it came: to the octet, whatever it is.
    for (const chunk of chunks) upstream.write(chunk);
    pipeline(client, upstream, client, () => undefined); // an error of either ends both
  } catch (error) {
    const alert = error instanceof TlsError ? error.alert : undefined;
    if (error instanceof TlsError) console.log(`refused: ${error.message}`);
    // Whoever speaks something else would take an alert for an answer.
    if (alert === undefined) client.destroy();
    else client.resume().end(alertRecord(alert), () => client.destroySoon());
  } finally {
    clearTimeout(deadline);
  }
}

/** The ClientHello that a client begins with, and everything that was read for it. */
async function clientHelloOf(client: Socket): Promise<{ found: FoundClientHello; chunks: readonly Buffer[] }> {
  const reader = new ClientHelloReader();
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk: Buffer | null = client.read();
    if (chunk === null) {
      if (client.readableEnded || client.destroyed) throw new Error("the client has gone");
      await new Promise<void>((resolve) => {
        for (const event of ["readable", "end", "close"]) client.once(event, resolve);
      });
      continue;
    }
    chunks.push(chunk);
    const found = reader.push(chunk);
    if (found !== undefined) return { found, chunks };
  }
}

function backendFor({ hello }: FoundClientHello): string {
  const names = extensionIn(hello, serverNameList);
  const name = names && hostNameIn(names);
  if (name === undefined) throw unrecognizedName("the client names nobody");
  const backend = backends.get(name.toLowerCase());
  // RFC 9849 §6.1: with encrypted_client_hello, who is really meant only those know who can decrypt it.
  const ech = extensionCodes(hello).includes(encryptedClientHello) ? ", with an encrypted ClientHello inside" : "";
  if (backend === undefined) throw unrecognizedName(`nobody here is called ${name}${ech}`);
  console.log(`${name} goes to ${backend}${ech}`);
  return backend;
}

/** RFC 6066 §3: the alert for a name that a server doesn't know. */
function unrecognizedName(message: string): TlsError {
  return new TlsError("peer", "unrecognized_name", message, { alert: Alert.unrecognizedName });
}

function alertRecord(alert: number): Uint8Array {
  const alertContent = encodeAlert(alert);
  return Uint8Array.of(ContentType.alert, 3, 3, 0, alertContent.length, ...alertContent);
}
