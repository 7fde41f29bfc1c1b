// Run in a stranger's project: a server and a client over real sockets, with this runtime's node:net.
import { once } from "node:events";
import { nodeProvider } from "@tlskit/crypto-node";
import { connect, createServer } from "@tlskit/node";
import { throwawayPki } from "@tlskit/testing";

const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const { anchors, certificates } = throwawayPki(nodeProvider, random, "localhost", Date.now());
const server = createServer({ certificates }, (socket) => socket.pipe(socket));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address();
const socket = connect({ host: "127.0.0.1", servername: "localhost", port, ca: anchors });
const sent = "0123456789".repeat(100_000);
socket.end(sent);
let heard = "";
for await (const chunk of socket) heard += chunk;
server.close();
if (heard !== sent) throw new Error(`${heard.length} of ${sent.length} bytes came back`);
