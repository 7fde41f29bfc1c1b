/** A program that ends with a connection open. It is told the server's port, its authority, and how it ends. */
import { connectTls, listenTls } from "../../src/index.ts";
import { identity } from "./world.ts";

const [port = "", authority = "", how = ""] = Deno.args;
const conn = await connectTls({ hostname: "localhost", port: Number(port), caCerts: [authority] });
await conn.handshake();
const reading = (): void => {
  conn.read(new Uint8Array(100)).then((length) => console.log(`${length} bytes came`));
};

if (how === "waiting") {
  reading();
} else if (how === "waiting, unref") {
  conn.unref();
  reading();
} else if (how === "waiting, unref, ref") {
  conn.unref();
  reading();
  conn.ref();
} else if (how === "listening, unref") {
  const listener = listenTls({ port: 0, hostname: "127.0.0.1", ...identity });
  listener.accept();
  listener.unref();
} else if (how === "closing") {
  conn.write(new TextEncoder().encode("the last words"));
  conn.close();
}
console.log("the end");
