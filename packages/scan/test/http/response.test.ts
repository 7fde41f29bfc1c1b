import { asciiBytes, concat } from "@tlskit/wire";
import { describe, expect, it, vi } from "vitest";
import { ResponseReader, responseIn, valuesOf } from "../../src/http/response.ts";

const read = (text: string) => responseIn(asciiBytes(text));

describe("the head of a response", () => {
  it("is status and fields, names in small letters, with line ends of either kind", () => {
    expect(read("HTTP/1.1 200 OK\r\nA: b\r\nX-Y:\t c d \r\n\r\nbody: no")).toEqual({
      status: 200,
      fields: [
        { name: "a", value: "b" },
        { name: "x-y", value: "c d" },
      ],
    });
    expect(read("HTTP/1.0 404\nA: b\n\n")).toEqual({ status: 404, fields: [{ name: "a", value: "b" }] });
  });

  it("is incomplete in each piece of it but the whole", () => {
    const whole = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
    for (let length = 0; length < whole.length; length += 1) expect(read(whole.slice(0, length))).toBe("incomplete");
  });

  it.each([
    "220 mail ESMTP\r\n",
    "HTTQ",
    "H\0",
    "HTTP/1.1 2x0 OK\r\n\r\n",
    "HTTP/1.1 099 x\r\n\r\n",
    "HTTP/1.1\r\n\r\n",
  ])("isn't %j", (text) => expect(read(text)).toBe("not HTTP"));

  it("is that behind announcements, however many there are", () => {
    const early = "HTTP/1.1 103 Early Hints\r\nA: early\r\n\r\n".repeat(1_000);
    expect(read(early)).toBe("incomplete");
    expect(read(`${early}HTTP/1.1 200 OK\r\nA: late\r\n\r\n`)).toEqual({
      status: 200,
      fields: [{ name: "a", value: "late" }],
    });
  });

  it("is the same however it comes", () => {
    const whole = asciiBytes("HTTP/1.1 103 x\r\nA: early\n\r\nHTTP/1.1 200 OK\r\nA: late\n\r\nbody\n\n");
    const heads = whole.length - "body\n\n".length;
    for (const step of [1, 2, 3, 7]) {
      const reader = new ResponseReader();
      for (let length = 0; length < heads; length += step) {
        expect(reader.read(whole.subarray(0, length)), `${length}, by ${step}`).toBe("incomplete");
      }
      expect(reader.read(whole)).toEqual(responseIn(whole));
    }
  });

  it.each([
    ["lines", "HTTP/1.1 200 OK\n".padEnd(3_000, "x\n")],
    ["announcements", "HTTP/1.1 100 x\n\n".repeat(180)],
  ])("is searched once for its end, though %s come octet by octet", (_, text) => {
    const data = asciiBytes(text);
    const indexOf = vi.spyOn(Object.getPrototypeOf(Uint8Array.prototype), "indexOf");
    const reader = new ResponseReader();
    for (let length = 1; length <= data.length; length += 1) reader.read(data.subarray(0, length));
    expect(indexOf.mock.calls.length).toBeLessThan(3 * data.length);
    indexOf.mockRestore();
  });

  it("passes over lines that are no fields", () => {
    expect(read("HTTP/1.1 200 OK\r\nno field\r\n: x\r\na b: c\r\nA: b\r\n folded\r\n\r\n")).toMatchObject({
      fields: [{ name: "a", value: "b" }],
    });
  });

  it("has values octet by octet, whatever they are", () => {
    const bytes = concat(asciiBytes("HTTP/1.1 200 OK\r\nA: "), Uint8Array.of(0xff, 0, 0x1b), asciiBytes("\r\n\r\n"));
    expect(responseIn(bytes)).toMatchObject({ fields: [{ name: "a", value: "\u00ff\0\u001b" }] });
  });

  it("has several values of one field, in order", () => {
    const head = read("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\na: 3\r\n\r\n");
    expect(typeof head === "object" && valuesOf(head, "a")).toEqual(["1", "3"]);
  });

  it("is read in a time that its length is in proportion to", () => {
    const spaces = " ".repeat(60_000);
    expect(read(`HTTP/1.1 200 OK\r\nA: x${spaces}y\r\n\r\n`)).toMatchObject({ status: 200 });
  });
});
