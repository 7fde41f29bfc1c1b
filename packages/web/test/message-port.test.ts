import { describe, expect, onTestFinished, test } from "vitest";
import { creditWindow, messagePortStream } from "../src/index.ts";
import { codeOf, say, text, write } from "./helpers/streams.ts";
import { opened } from "./helpers/world.ts";

function channel(): MessageChannel {
  const made = new MessageChannel();
  onTestFinished(() => {
    made.port1.close();
    made.port2.close();
  });
  return made;
}

describe("a stream over a MessagePort", () => {
  test("carries bytes both ways, and ends each by itself", async () => {
    const { port1, port2 } = channel();
    const [one, other] = [messagePortStream(port1), messagePortStream(port2)];
    await say(one.writable, "question");
    expect(await text(other.readable)).toBe("question");
    await say(other.writable, "answer");
    expect(await text(one.readable)).toBe("answer");
  });

  test("a writer that nobody reads from is stopped, and goes on when somebody does", async () => {
    const { port1, port2 } = channel();
    const [one, other] = [messagePortStream(port1), messagePortStream(port2)];
    const writer = one.writable.getWriter();
    const piece = new Uint8Array(1000);
    let written = 0;
    const writing = (async () => {
      for (; written < 8 * creditWindow; written += piece.length) await writer.write(piece);
      await writer.close();
    })();
    // To and fro on another channel: time goes by without a timer.
    const clock = channel();
    const [tick, tock] = [messagePortStream(clock.port1), messagePortStream(clock.port2)];
    for (let before = -1; before !== written; ) {
      before = written;
      await write(tick.writable, "x".repeat(50));
      const reader = tock.readable.getReader();
      await reader.read();
      reader.releaseLock();
    }
    expect(written).toBeLessThanOrEqual(creditWindow);
    const [got] = await Promise.all([text(other.readable), writing]);
    expect(got).toHaveLength(written);
  });

  test("a port that is closed without a word is noticed", async () => {
    const { port1, port2 } = channel();
    const one = messagePortStream(port1);
    port2.start();
    port2.close();
    expect(await codeOf(text(one.readable))).toBe("stream_closed");
  });

  test("a peer that speaks something else is refused", async () => {
    const { port1, port2 } = channel();
    const one = messagePortStream(port1);
    port2.postMessage("hello");
    expect(await codeOf(text(one.readable))).toBe("invalid_credit_message");
  });

  test("TLS goes over it", async () => {
    const { port1, port2 } = channel();
    const { client, server } = await opened({
      streams: { client: messagePortStream(port1), server: messagePortStream(port2) },
    });
    const sent = "x".repeat(3 * creditWindow);
    const [got] = await Promise.all([text(server.readable), say(client.writable, sent)]);
    expect(got).toBe(sent);
    await Promise.all([say(server.writable, "answer"), text(client.readable)]);
    await Promise.all([client.closed, server.closed]);
  });

  test("what is no port is refused", () => {
    expect(() => messagePortStream(JSON.parse("{}"))).toThrow("port is an object, not a MessagePort");
  });
});
