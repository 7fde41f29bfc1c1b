import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { get } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { identity } from "@tlskit/interop/certificates";
import { RecordingRelay } from "@tlskit/interop/recording-relay";
import { scratchFile, scratchPath } from "@tlskit/interop/scratch";
import { createHttpsServer, HttpsAgent } from "@tlskit/node";
import { expect, it, onTestFinished } from "vitest";
import { runExample } from "./helpers/example.ts";

const certificate = identity("P-256");

it.each([
  ["TLS 1.3", "TLSv1.3"],
  ["TLS 1.2", "TLSv1.2"],
] as const)("the decrypter prints the requests and responses of a capture: %s", async (_, version) => {
  const server = createHttpsServer(
    { cert: certificate.chainPem, key: certificate.keyPem, maxVersion: version },
    (request, response) => {
      response.writeHead(request.url === "/here" ? 200 : 404).end("a body\n");
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  // It listens on a port.
  const relay = await RecordingRelay.before((server.address() as AddressInfo).port);
  const lines: string[] = [];
  const agent = new HttpsAgent({ ca: certificate.rootPem, keyLog: (line) => void lines.push(line), keepAlive: true });
  for (const path of ["/here", "/elsewhere"]) {
    const [response] = await once(get({ host: "localhost", port: relay.port, path, agent }), "response");
    expect(await text(response)).toBe("a body\n");
  }
  agent.destroy();
  const capture = scratchPath("capture.pcap");
  writeFileSync(capture, await relay.capture());
  const ran = await runExample("decrypter/main.ts", [capture, scratchFile("keys.log", lines.join("\n"))]);
  expect(ran.exitCode).toBe(0);
  expect(ran.lines.map((line) => line.replace(/^127\.0\.0\.1:\d+ /, ""))).toEqual([
    "> GET /here HTTP/1.1",
    "< HTTP/1.1 200 OK",
    "> GET /elsewhere HTTP/1.1",
    "< HTTP/1.1 404 Not Found",
  ]);
});
