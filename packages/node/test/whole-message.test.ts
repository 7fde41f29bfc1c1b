import { type Duplex, PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { betweenMessages, framingOf, setFraming } from "../src/http/whole-message.ts";

/** A socket with fields as node:http leaves them, or might. */
function socketWith(fields: (socket: Duplex) => object): Duplex {
  const socket = new PassThrough();
  return Object.assign(socket, fields(socket));
}

describe("what runs over a socket", () => {
  test("is node:http's server, by the parser that has the socket", () => {
    const framing = framingOf(socketWith((socket) => ({ parser: { socket, incoming: null } })));
    expect([framing?.receivesWhole(), framing?.sendsWhole()]).toEqual([true, true]);
  });

  test.each<[string, (socket: Duplex) => object]>([
    ["where there is no parser", () => ({})],
    ["where the parser was taken away", () => ({ parser: null, _httpMessage: null })],
    ["where it is another socket's", () => ({ parser: { socket: new PassThrough() } })],
    ["where it tells nothing of its socket", () => ({ parser: {} })],
    ["during an upgrade", (socket) => ({ parser: { socket, incoming: { upgrade: true } } })],
  ])("is unknown %s", (_where, fields) => {
    expect(framingOf(socketWith(fields))).toBeUndefined();
  });

  test("is what it was said to be, until that is taken back", () => {
    const socket = new PassThrough();
    setFraming(socket, betweenMessages);
    expect(framingOf(socket)).toBe(betweenMessages);
    setFraming(socket, undefined);
    expect(framingOf(socket)).toBeUndefined();
  });
});
