// Run as a process of its own: requests by way of proxies, without TLS and with it, by undici's ProxyAgent. Prints an object.
import { createHook } from "node:async_hooks";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { ProxyAgent, request } from "undici";

const identity = JSON.parse(process.env.TLSKIT_TEST_IDENTITY);
/** Wraps of the runtime's own TLS: what is made of them counts. */
let wraps = 0;
const counted = (_id, type) => {
  if (type === "TLSWRAP") wraps += 1;
};
createHook({ init: counted }).enable();

const tunnel = (request, near) => {
  const [host, port] = request.url.split(":");
  const far = net.connect(port, host, () => {
    near.write("HTTP/1.1 200 OK\r\n\r\n");
    far.pipe(near).pipe(far);
  });
  for (const socket of [near, far]) socket.on("error", () => far.destroy());
};
const listening = async (server) => {
  await once(server.listen(0), "listening");
  return server.address().port;
};
const target = await listening(https.createServer(identity, (asked, response) => response.end(asked.url)));
const proxies = [
  `http://localhost:${await listening(http.createServer().on("connect", tunnel))}`,
  `https://localhost:${await listening(https.createServer(identity).on("connect", tunnel))}`,
];
const answers = [];
for (const [index, uri] of proxies.entries()) {
  const { ca } = identity;
  const dispatcher = new ProxyAgent({ uri, requestTls: { ca }, proxyTls: { ca } });
  const { body } = await request(`https://localhost:${target}/${index}`, { dispatcher });
  answers.push(await body.text());
}
console.log(JSON.stringify({ answers, wraps }));
process.exit();
