// Run in a stranger's project: Node's own https and http2, with this TLS in place of Node's.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import http2 from "node:http2";
import https from "node:https";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import { nodeProvider } from "@tlskit/crypto-node";
import * as ours from "@tlskit/node/tls";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";

const { bun, deno } = process.versions;
const how = ["--import", "@tlskit/node/register"];
if (bun !== undefined || deno !== undefined) {
  // It says there that it isn't in force.
  const [[warning]] = await Promise.all([once(process, "warning"), import("@tlskit/node/register")]);
  if (warning.code !== "TLSKIT_NOT_IN_FORCE") throw warning;
} else if (process.execArgv.includes(how[0])) {
  if (tls.connect !== ours.connect) throw new Error("tls.connect is Node's own");
  const random = (length) => crypto.getRandomValues(new Uint8Array(length));
  const { root, certificate } = throwawayPki(nodeProvider, random, "localhost", Date.now());
  const identity = { cert: certificatesToPem(...certificate.chain), key: privateKeyToPem(certificate.key) };
  const server = https.createServer(identity, (request, response) => {
    response.end(request.socket instanceof ours.TLSSocket ? request.socket.getProtocol() : "Node's own");
  });
  server.listen(0);
  await once(server, "listening");
  const { port } = server.address();
  const ca = certificatesToPem(root.certificate);
  const [response] = await once(https.get({ host: "localhost", port, ca, agent: false }), "response");
  const answer = await text(response);
  if (answer !== "TLSv1.3" || !(response.socket instanceof ours.TLSSocket)) throw new Error(answer);
  server.close();

  const both = http2.createSecureServer({ ...identity, allowHTTP1: true }, (request, response) => {
    response.end(`${request.httpVersion} ${request.socket.getProtocol()}`);
  });
  both.listen(0);
  await once(both, "listening");
  const at = { host: "localhost", port: both.address().port, ca };
  const [old] = await once(https.get({ ...at, agent: false }), "response");
  const session = http2.connect(`https://localhost:${at.port}`, { ca });
  const answers = [await text(old), await text(session.request({ ":path": "/" }))];
  if (answers.join() !== "1.1 TLSv1.3,2.0 TLSv1.3") throw new Error(answers.join());
  session.close();
  both.close();
} else {
  execFileSync(process.execPath, [...how, fileURLToPath(import.meta.url)], { stdio: "inherit" });
}
