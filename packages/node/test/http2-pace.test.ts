import { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { paceHttp2 } from "../src/http/http2-pace.ts";

/** RFC 9113 §4.1 */
function frame(type: number, payload: string): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  return Buffer.concat([header, Buffer.from(payload)]);
}

const data = (payload: string): Buffer => frame(0x00, payload);
const headers = (payload: string): Buffer => frame(0x01, payload);
const pushPromise = frame(0x05, "promise");
const continuation = frame(0x09, "more fields");
const settings = frame(0x04, "");

/** A stream that is paced, and what its reader has been told. */
async function paced(): Promise<{ readonly stream: Duplex; readonly told: string[] }> {
  const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  paceHttp2(stream);
  const told: string[] = [];
  stream.on("data", (chunk: Buffer) => told.push(chunk.toString("latin1")));
  for (const event of ["end", "error", "close"]) stream.on(event, () => told.push(event));
  await setImmediate(); // it flows
  return { stream, told };
}

const texts = (...frames: readonly Buffer[]): string[] => frames.map((bytes) => bytes.toString("latin1"));

/** Until nothing happens any more. */
async function later(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

describe("HTTP/2 over a client's socket", () => {
  test.each([
    ["HEADERS", headers("fields")],
    ["PUSH_PROMISE", pushPromise],
    ["CONTINUATION", continuation],
    ["HEADERS without fields", headers("")],
  ])("gets what is behind %s in a turn of its own", async (_type, section) => {
    const { stream, told } = await paced();
    const [before, behind] = [Buffer.concat([settings, data("a"), section]), Buffer.concat([data("b"), data("c")])];
    stream.push(Buffer.concat([before, behind]));
    await Promise.resolve();
    expect(told).toEqual(texts(before));
    await setImmediate();
    expect(told).toEqual(texts(before, behind));
  });

  test("gets what comes meanwhile behind that, and ends last", async () => {
    const { stream, told } = await paced();
    stream.push(Buffer.concat([headers("1"), headers("2"), data("a")]));
    stream.push(data("b"));
    stream.push(null);
    stream.end();
    await later();
    expect(told).toEqual([...texts(headers("1"), headers("2"), data("a"), data("b")), "end", "close"]);
  });

  test("is told of a failure behind what came before", async () => {
    const { stream, told } = await paced();
    stream.push(Buffer.concat([headers("1"), data("a")]));
    stream.destroy(new Error("cut off"));
    await later();
    expect(told).toEqual([...texts(headers("1"), data("a")), "error", "close"]);
  });

  test("gets the same bytes however they are cut", async () => {
    const all = Buffer.concat([
      settings,
      headers("fields"),
      data("x".repeat(300)),
      headers(""),
      continuation,
      data(""),
    ]);
    for (let size = 1; size <= all.length; size += 1) {
      const { stream, told } = await paced();
      for (let at = 0; at < all.length; at += size) stream.push(all.subarray(at, at + size));
      await later();
      expect(told.join("")).toBe(all.toString("latin1"));
    }
  });

  test("gets data without a turn between", async () => {
    const { stream, told } = await paced();
    stream.push(Buffer.concat([settings, data("a")]));
    stream.push(data("b"));
    await Promise.resolve();
    expect(told.join("")).toBe(texts(settings, data("a"), data("b")).join(""));
  });
});
