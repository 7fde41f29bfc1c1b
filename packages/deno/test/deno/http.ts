/** HTTP over our connections: by hand, and by Node's servers and clients as Deno has them. */
import assert from "node:assert/strict";
import http from "node:http";
import { Duplex } from "node:stream";
import type { TlsConn, TlsListener } from "../../src/index.ts";
import { bytes, close, identity, ourClient, ourListener, serverPem, text } from "./world.ts";

/** What Deno's own `fetch` gets of a server of ours. */
async function fetched(listener: TlsListener): Promise<string> {
  using client = Deno.createHttpClient({ caCerts: [serverPem.ca] });
  const how: RequestInit & { client: Deno.HttpClient } = { client };
  const response = await fetch(`https://localhost:${listener.addr.port}/path`, how);
  return `${response.status} ${await response.text()}`;
}

async function readHead(conn: Deno.Conn): Promise<string> {
  let head = "";
  for (const into = new Uint8Array(1024); !head.includes("\r\n\r\n"); ) {
    const length = await conn.read(into);
    if (length === null) break;
    head += text(into.subarray(0, length));
  }
  return head;
}

const answer = bytes("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello");

/** A connection as a stream of Node's. Its declarations know nothing of connections of Deno's. */
function duplex(conn: TlsConn): Duplex {
  const stream = Duplex.fromWeb(conn as unknown as Parameters<typeof Duplex.fromWeb>[0]);
  return stream.on("error", () => undefined);
}

Deno.test("a server by hand, and Deno's fetch", async () => {
  using listener = ourListener({ alpnProtocols: ["http/1.1"] });
  const serving = (async () => {
    const conn = await listener.accept();
    const head = await readHead(conn);
    await conn.write(answer);
    await close(conn);
    return head;
  })();
  assert.equal(await fetched(listener), "200 hello");
  assert.match(await serving, /^GET \/path HTTP\/1\.1\r\n/);
});

Deno.test("Node's http.Server, and Deno's fetch", async () => {
  using listener = ourListener({ alpnProtocols: ["http/1.1"] });
  const server = http.createServer(({ url }, response) => response.end(`hello ${url}`));
  const accepting = listener.accept();
  accepting.then((conn) => server.emit("connection", duplex(conn)));
  assert.equal(await fetched(listener), "200 hello /path");
  await (await accepting).closed;
});

Deno.test("Node's http.get, and a server of Deno's", async () => {
  using listener = Deno.listenTls({ port: 0, hostname: "127.0.0.1", ...identity });
  const serving = (async () => {
    const conn = await listener.accept();
    const head = await readHead(conn);
    await conn.write(answer);
    conn.close();
    return head;
  })();
  const conn = await ourClient(listener.addr.port);
  const body = await new Promise<string>((resolve, reject) => {
    const request = http.get({ host: "localhost", path: "/path", createConnection: () => duplex(conn) }, (response) => {
      let body = "";
      response.on("data", (chunk: Uint8Array) => {
        body += text(chunk);
      });
      response.on("end", () => resolve(body));
    });
    request.on("error", reject);
  });
  assert.equal(body, "hello");
  assert.match(await serving, /^GET \/path HTTP\/1\.1\r\n/);
  await close(conn);
});
