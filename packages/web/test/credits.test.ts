import { asciiBytes } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { CreditedStream, type CreditMessage, creditWindow, maxCredit, maxCreditedMessage } from "../src/index.ts";
import { codeOf, text, turns, write } from "./helpers/streams.ts";

/** A carrier that keeps what it is given. */
class Kept {
  readonly sent: Uint8Array[] = [];
  readonly messages: CreditMessage[] = [];
  isClosed = false;

  data(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }

  message(message: CreditMessage): void {
    this.messages.push(message);
  }

  close(): void {
    this.isClosed = true;
  }

  get length(): number {
    return this.sent.reduce((sum, bytes) => sum + bytes.length, 0);
  }
}

function made(): { readonly carrier: Kept; readonly stream: CreditedStream } {
  const carrier = new Kept();
  return { carrier, stream: new CreditedStream(carrier) };
}

describe("sending under credits", () => {
  test("nothing goes before there is a grant, and no more than that", async () => {
    const { carrier, stream } = made();
    const writing = write(stream.writable, "0123456789");
    await turns();
    expect(carrier.sent).toEqual([]);
    stream.receiveMessage({ grant: 4 });
    await turns();
    expect(carrier.sent).toEqual([asciiBytes("0123")]);
    stream.receiveMessage({ grant: 100 });
    await writing;
    expect(carrier.sent).toEqual([asciiBytes("0123"), asciiBytes("456789")]);
  });

  test("a large write goes in messages of a size that the other end takes", async () => {
    const { carrier, stream } = made();
    stream.receiveMessage({ grant: 2 * maxCreditedMessage + 1 });
    await stream.writable.getWriter().write(new Uint8Array(2 * maxCreditedMessage + 1));
    expect(carrier.sent.map(({ length }) => length)).toEqual([maxCreditedMessage, maxCreditedMessage, 1]);
  });

  test("what was written may be changed as soon as it has gone", async () => {
    const { carrier, stream } = made();
    stream.receiveMessage({ grant: 5 });
    const bytes = asciiBytes("first");
    await stream.writable.getWriter().write(bytes);
    bytes.fill(0);
    expect(carrier.sent).toEqual([asciiBytes("first")]);
  });

  test("grants for as much as there may be, and for one byte more", async () => {
    const { stream: most } = made();
    most.receiveMessage({ grant: maxCredit });
    await write(most.writable, "x");
    most.receiveMessage({ grant: 1 });
    await write(most.writable, "x");
    const { carrier, stream } = made();
    stream.receiveMessage({ grant: maxCredit });
    stream.receiveMessage({ grant: 1 });
    expect(await codeOf(write(stream.writable, "x"))).toBe("credit_exceeded");
    expect(await codeOf(text(stream.readable))).toBe("credit_exceeded");
    expect(carrier.messages.at(-1)).toEqual({ reset: true });
    expect(carrier.isClosed).toBe(true);
  });
});

describe("receiving under credits", () => {
  test("a window is granted at first, and half of it anew when as much has been read", async () => {
    const { carrier, stream } = made();
    expect(carrier.messages).toEqual([{ grant: creditWindow }]);
    const reader = stream.readable.getReader();
    const half = creditWindow / 2;
    for (let i = 0; i < creditWindow; i += maxCreditedMessage) stream.receive(new Uint8Array(maxCreditedMessage));
    await turns();
    expect(carrier.messages).toHaveLength(1);
    for (let got = 0; got < half; ) got += (await reader.read()).value?.length ?? 0;
    expect(carrier.messages).toEqual([{ grant: creditWindow }, { grant: half }]);
  });

  test("a peer that sends a byte more than it may ends the stream, behind what it might send", async () => {
    const { carrier, stream } = made();
    for (let i = 0; i < creditWindow; i += maxCreditedMessage) stream.receive(new Uint8Array(maxCreditedMessage));
    expect(carrier.isClosed).toBe(false);
    stream.receive(new Uint8Array(1));
    expect(carrier.isClosed).toBe(true);
    const reader = stream.readable.getReader();
    let got = 0;
    const code = await codeOf(
      (async () => {
        for (;;) got += (await reader.read()).value?.length ?? 0;
      })(),
    );
    expect([got, code]).toEqual([creditWindow, "credit_exceeded"]);
  });

  test("a message that is a byte too long ends the stream", async () => {
    const { stream } = made();
    stream.receive(new Uint8Array(maxCreditedMessage + 1));
    expect(await codeOf(text(stream.readable))).toBe("credit_exceeded");
  });

  test("data behind the end ends the stream", async () => {
    const { carrier, stream } = made();
    stream.receiveMessage({ end: true });
    stream.receive(asciiBytes("x"));
    expect(await text(stream.readable)).toBe("");
    expect(await codeOf(write(stream.writable, "x"))).toBe("credit_exceeded");
    expect(carrier.isClosed).toBe(true);
  });

  test.each<[string, unknown]>([
    ["a text", "grant"],
    ["nothing", undefined],
    ["null", null],
    ["an empty object", {}],
    ["a grant of nothing", { grant: 0 }],
    ["a grant of less than nothing", { grant: -1 }],
    ["a grant of a half", { grant: 0.5 }],
    ["a grant of no number", { grant: "1" }],
    ["a grant without end", { grant: Number.POSITIVE_INFINITY }],
    ["an end that is none", { end: false }],
  ])("%s is no message", async (_name, message) => {
    const { carrier, stream } = made();
    stream.receiveMessage(message);
    expect(await codeOf(text(stream.readable))).toBe("invalid_credit_message");
    expect(carrier.messages.at(-1)).toEqual({ reset: true });
  });

  test("what comes behind a cancelled readable is dropped, and granted anew", async () => {
    const { carrier, stream } = made();
    stream.receive(new Uint8Array(maxCreditedMessage));
    await stream.readable.cancel();
    for (let i = 0; i < 2 * creditWindow; i += maxCreditedMessage) stream.receive(new Uint8Array(maxCreditedMessage));
    expect(carrier.isClosed).toBe(false);
    const grants = carrier.messages.flatMap((message) => ("grant" in message ? [message.grant] : []));
    expect(grants.reduce((sum, grant) => sum + grant, 0)).toBeGreaterThan(2 * creditWindow);
  });
});

describe("how a stream under credits ends", () => {
  test("in order, when both have said so", async () => {
    const { carrier, stream } = made();
    await stream.writable.close();
    expect(carrier.messages.at(-1)).toEqual({ end: true });
    expect(carrier.isClosed).toBe(false);
    stream.receive(asciiBytes("still open"));
    stream.receiveMessage({ end: true });
    expect(await text(stream.readable)).toBe("still open");
    expect(carrier.isClosed).toBe(true);
  });

  test("when this end has said so, and reads no more", async () => {
    const { carrier, stream } = made();
    await stream.readable.cancel();
    expect(carrier.isClosed).toBe(false);
    await stream.writable.close();
    expect(carrier.isClosed).toBe(true);
  });

  test("the peer is told when this end aborts, also while a write waits", async () => {
    const { carrier, stream } = made();
    const writer = stream.writable.getWriter();
    const writing = codeOf(writer.write(asciiBytes("x")));
    await turns();
    const reason = new RangeError("enough");
    await writer.abort(reason);
    expect(await writing).toBe("aborted");
    expect(carrier.messages.at(-1)).toEqual({ reset: true });
    expect(await codeOf(text(stream.readable))).toBe("aborted");
  });

  test("the peer is told when what is written is no bytes, or isn't any more", async () => {
    const [one, other] = [made(), made()];
    const writer = (one.stream.writable as WritableStream<unknown>).getWriter(); // as JavaScript sees it
    expect(await codeOf(writer.write("text"))).toBe("invalid_argument");
    expect(one.carrier.messages.at(-1)).toEqual({ reset: true });
    const chunk = new Uint8Array(10);
    const writing = other.stream.writable.getWriter().write(chunk);
    writing.catch(() => undefined);
    await turns();
    structuredClone(chunk, { transfer: [chunk.buffer] });
    other.stream.receiveMessage({ grant: 10 });
    await expect(writing).rejects.toThrow();
    expect(other.carrier.messages.at(-1)).toEqual({ reset: true });
  });

  test("a peer that gives the stream up fails both directions, behind what it sent", async () => {
    const { stream } = made();
    stream.receive(asciiBytes("half"));
    stream.receiveMessage({ reset: true });
    const reader = stream.readable.getReader();
    expect((await reader.read()).value).toEqual(asciiBytes("half"));
    expect(await codeOf(reader.read())).toBe("stream_reset");
    expect(await codeOf(write(stream.writable, "x"))).toBe("stream_reset");
  });

  test("a carrier that closes without a word fails both directions", async () => {
    const { stream } = made();
    const writing = codeOf(write(stream.writable, "x"));
    stream.carrierClosed();
    expect(await writing).toBe("stream_closed");
    expect(await codeOf(text(stream.readable))).toBe("stream_closed");
  });
});
