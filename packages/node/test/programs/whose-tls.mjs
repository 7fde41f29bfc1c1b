// Run as a process of its own: what https, http2, fetch and WebSocket of the runtime have for TLS. Prints an object.
import { createHook } from "node:async_hooks";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import tls, { connect } from "node:tls";

const { cert, key } = JSON.parse(process.env.TLSKIT_TEST_IDENTITY);
/** Wraps of the runtime's own TLS: what is made of them counts. */
let wraps = 0;
const counted = (_id, type) => {
  if (type === "TLSWRAP") wraps += 1;
};
createHook({ init: counted }).enable();

const found = { named: connect === tls.connect, builtin: process.getBuiltinModule?.("tls").connect === tls.connect };
const text = async (stream) => {
  let all = "";
  for await (const chunk of stream) all += chunk;
  return all;
};
const listening = async (server) => {
  server.listen(0);
  await once(server, "listening");
  return server.address().port;
};
const options = { host: "localhost", ca: cert, agent: false };

const server = https.createServer({ cert, key }, (request, response) => {
  response.end(`${request.url} over ${request.socket.getProtocol()}, ${request.socket.encrypted}`);
});
found.instances = [
  server instanceof tls.Server,
  server instanceof https.Server,
  server instanceof net.Server,
  !(server instanceof http.Server),
];
const port = await listening(server);
const [response] = await once(https.get({ ...options, port, path: "/https" }), "response");
found.https = await text(response);
found.peer = response.socket.getPeerCertificate().subject.CN;
found.fetch = await (await fetch(`https://localhost:${port}/fetch`)).text();
server.on("upgrade", (_request, socket) => {
  found.webSocket = socket.getProtocol();
  socket.destroy();
});
await new Promise((tried) => {
  new WebSocket(`wss://localhost:${port}/`).onerror = tried;
});
server.setSecureContext({ cert, key });
server.addContext("other.example", { cert, key });
const agent = new https.Agent({ keepAlive: true, maxCachedSessions: 10 });
found.resumed = [];
for (const path of ["/a", "/b"]) {
  const [again] = await once(
    https.get({ ...options, agent, port, path, headers: { connection: "close" } }),
    "response",
  );
  await text(again);
  found.resumed.push(again.socket.isSessionReused());
}
try {
  await once(https.get({ ...options, ca: undefined, servername: "other.example", port }), "response");
} catch (error) {
  found.refused = error.code;
}
tls.DEFAULT_MAX_VERSION = "TLSv1.2";
found.default = await text((await once(https.get({ ...options, port, path: "/default" }), "response"))[0]);
tls.DEFAULT_MAX_VERSION = "TLSv1.3";
server.close();
server.closeAllConnections();

for (const allowHTTP1 of [false, true]) {
  const secure = http2.createSecureServer({ cert, key, allowHTTP1 }, (request, answer) => {
    answer.end(`${request.httpVersion} ${request.socket.encrypted} ${typeof request.socket.remotePort}`);
  });
  const http2Port = await listening(secure);
  const session = http2.connect(`https://localhost:${http2Port}`, { ca: cert }, (begun, socket) => {
    found.begun = [begun === session, begun.encrypted, begun.alpnProtocol, socket.getPeerCertificate().subject.CN];
  });
  found.http2 = await text(session.request({ ":path": "/" }).end());
  session.close();
  if (allowHTTP1) found.http1 = await text((await once(https.get({ ...options, port: http2Port }), "response"))[0]);
  const unknown = http2.connect(`https://localhost:${http2Port}`, { servername: "other.example" });
  const [error] = await once(unknown, "error");
  found.refusedHttp2 = error.code;
  secure.close();
}

found.wraps = wraps;
console.log(JSON.stringify(found));
