import {
  maxPendingBytes,
  maxPendingInAll,
  maxPendingPieces,
  maxStreams,
  maxWindow,
  type TcpEvent,
  type TcpSegment,
  TcpStreams,
} from "@tlskit/capture";
import { describe, expect, it, test } from "vitest";
import { bytesOf, textOf } from "./helpers/recording.ts";

const ends = [
  { address: "192.0.2.1", port: 50_000 },
  { address: "192.0.2.2", port: 443 },
] as const;

type Said = Partial<Pick<TcpSegment, "syn" | "ack" | "fin" | "rst" | "missing">>;

/** A segment from the one end to the other. */
function segment(
  sequenceNumber: number,
  payload: string | Uint8Array = "",
  said: Said = {},
  [source, destination] = ends,
): TcpSegment {
  const bytes = typeof payload === "string" ? bytesOf(payload) : payload;
  const flags = { syn: false, ack: true, fin: false, rst: false, missing: 0 };
  return { source, destination, sequenceNumber: sequenceNumber >>> 0, ...flags, ...said, payload: bytes };
}

/** The same from the other end. */
const answer = (sequenceNumber: number, payload: string | Uint8Array = "", said: Said = {}): TcpSegment =>
  segment(sequenceNumber, payload, said, [ends[1], ends[0]] as never);

const syn = (sequenceNumber = 999) => segment(sequenceNumber, "", { syn: true, ack: false });
const synAck = (sequenceNumber = 1999) => answer(sequenceNumber, "", { syn: true });

/** What comes of segments, in short: data as text. */
function told(segments: readonly TcpSegment[], streams = new TcpStreams()): readonly string[] {
  return [...segments.flatMap((each) => streams.add(each)), ...streams.end()].map(short);
}

function short(event: TcpEvent): string {
  const end = "from" in event ? (event.from === "initiator" ? ">" : "<") : "";
  switch (event.type) {
    case "opened":
      return event.fromBeginning ? "opened" : "joined";
    case "data":
      return `${end}${textOf(event.bytes)}`;
    case "gap":
      return `${end}gap ${event.length}`;
    case "conflict":
      return `${end}conflict ${event.length}`;
    case "outOfWindow":
      return `${end}outOfWindow`;
    case "closed":
      return event.how;
  }
}

describe("a stream", () => {
  test("in order", () => {
    const fin = { fin: true };
    expect(
      told([
        syn(),
        synAck(),
        segment(1000),
        segment(1000, "abc"),
        answer(2000, "def"),
        segment(1003, "", fin),
        answer(2003, "x", fin),
      ]),
    ).toEqual(["opened", ">abc", "<def", "<x", "finished"]);
  });

  test("out of order", () => {
    expect(told([syn(), segment(1006, "ghi"), segment(1003, "def"), segment(1000, "abc")])).toEqual([
      "opened",
      ">abc",
      ">def",
      ">ghi",
      "capture_ended",
    ]);
  });

  test("with segments that come again, whole, in part, and with more behind", () => {
    expect(
      told([
        syn(),
        syn(),
        segment(1000, "abcdef"),
        segment(1000, "abcdef"),
        segment(1002, "cd"),
        segment(1003, "defghi"),
        segment(999, "\0"),
      ]),
    ).toEqual(["opened", ">abcdef", ">ghi", "capture_ended"]);
  });

  test("with pieces that wait and overlap: the first ones are taken", () => {
    expect(told([syn(), segment(1004, "EF"), segment(1002, "cdefgh"), segment(1000, "abcdef")])).toEqual([
      "opened",
      ">conflict 2",
      ">conflict 2",
      ">ab",
      ">cd",
      ">EF",
      ">gh",
      "capture_ended",
    ]);
  });

  test("with pieces that wait and say the same", () => {
    expect(told([syn(), segment(1004, "ef"), segment(1002, "cdefgh"), segment(1000, "abcdef")])).toEqual([
      "opened",
      ">ab",
      ">cd",
      ">ef",
      ">gh",
      "capture_ended",
    ]);
  });

  test("whose numbers wrap around", () => {
    const start = 2 ** 32 - 3;
    expect(told([syn(start - 1), segment(start + 3, "def"), segment(start, "abc"), segment(start + 6, "ghi")])).toEqual(
      ["opened", ">abc", ">def", ">ghi", "capture_ended"],
    );
  });

  test("of which the beginning is missing", () => {
    expect(told([segment(5000, "abc"), answer(7000, "def")])).toEqual(["joined", ">abc", "<def", "capture_ended"]);
  });

  test("of which the first that there is is the answer to a SYN", () => {
    expect(told([synAck(), segment(1000, "abc")])).toEqual(["opened", ">abc", "capture_ended"]);
  });

  test("with data in its SYN", () => {
    expect(told([segment(999, "abc", { syn: true, ack: false }), segment(1003, "def")])).toEqual([
      "opened",
      ">abc",
      ">def",
      "capture_ended",
    ]);
  });

  test("with a gap, which is told when nothing more can fill it", () => {
    expect(told([syn(), segment(1000, "abc"), segment(1005, "fgh"), segment(1010, "klm")])).toEqual([
      "opened",
      ">abc",
      ">gap 2",
      ">fgh",
      ">gap 2",
      ">klm",
      "capture_ended",
    ]);
  });

  test("with a gap at its end", () => {
    expect(told([syn(), segment(1005, "", { fin: true })])).toEqual(["opened", ">gap 5", "capture_ended"]);
  });

  test("with a segment that was cut off: the gap is told at once", () => {
    expect(told([syn(), segment(1000, "abc", { missing: 4 }), segment(1007, "hij")])).toEqual([
      "opened",
      ">abc",
      ">gap 4",
      ">hij",
      "capture_ended",
    ]);
  });

  test("that is reset", () => {
    expect(told([syn(), segment(1000, "abc"), segment(1003, "", { rst: true }), segment(1003, "def")])).toEqual([
      "opened",
      ">abc",
      "reset",
    ]);
    expect(told([syn(), answer(0, "", { rst: true })])).toEqual(["opened", "reset"]);
    const fin = { fin: true };
    expect(told([syn(), segment(1000, "", fin), segment(1001, "", { rst: true })])).toEqual(["opened", "reset"]);
  });

  test("that somebody else would reset, who doesn't know where it is", () => {
    expect(told([syn(), segment(1000, "abc"), segment(1004, "", { rst: true }), segment(1003, "def")])).toEqual([
      "opened",
      ">abc",
      ">outOfWindow",
      ">def",
      "capture_ended",
    ]);
  });

  test("of which nothing was seen but its end is none", () => {
    expect(told([segment(1000, "", { fin: true }), answer(1, "", { rst: true }), segment(1001)])).toEqual([]);
  });
});

describe("connections between the same ports", () => {
  test("that begin anew are others", () => {
    const segments = [
      syn(),
      synAck(),
      segment(1000, "abc"),
      syn(5000),
      synAck(6000),
      segment(5001, "def"),
      answer(6001, "ghi"),
    ];
    const streams = new TcpStreams();
    const events = [...segments.flatMap((each) => streams.add(each)), ...streams.end()];
    expect(events.map((event) => `${event.stream} ${short(event)}`)).toEqual([
      "0 opened",
      "0 >abc",
      "0 replaced",
      "1 opened",
      "1 >def",
      "1 <ghi",
      "1 capture_ended",
    ]);
  });

  test("that begin anew from the other end are others", () => {
    const segments = [syn(), segment(1000, "abc"), answer(70, "", { syn: true, ack: false }), answer(71, "def")];
    expect(told(segments)).toEqual(["opened", ">abc", "replaced", "opened", ">def", "capture_ended"]);
  });

  test("whose SYN wasn't captured, but its answer, are others", () => {
    expect(told([syn(), synAck(), answer(2000, "abc"), synAck(9000), answer(9001, "def")])).toEqual([
      "opened",
      "<abc",
      "replaced",
      "opened",
      "<def",
      "capture_ended",
    ]);
  });
});

describe("limits", () => {
  test.each([
    ["at the limit", maxWindow, []],
    ["one over", maxWindow + 1, [">outOfWindow"]],
  ])("how far ahead a segment is, %s", (_, ahead, expected) => {
    const streams = new TcpStreams();
    expect(
      [syn(), segment(1000 + ahead, "x")]
        .flatMap((each) => streams.add(each))
        .slice(1)
        .map(short),
    ).toEqual(expected);
  });

  test.each([
    ["at the limit", 0, 0],
    ["one over", 1, 1],
  ])("bytes that wait, %s", (_, over, gaps) => {
    const streams = new TcpStreams();
    const events = [syn(), segment(1001, new Uint8Array(maxPendingBytes + over))].flatMap((each) => streams.add(each));
    expect(events.filter(({ type }) => type === "gap")).toHaveLength(gaps);
  });

  test.each([
    ["at the limit", 0, 0],
    ["one over", 1, 1],
  ])("pieces that wait, %s", (_, over, gaps) => {
    const streams = new TcpStreams();
    const pieces = Array.from({ length: maxPendingPieces + over }, (_, at) => segment(1001 + 2 * at, "x"));
    const events = [syn(), ...pieces].flatMap((each) => streams.add(each));
    expect(events.filter(({ type }) => type === "gap")).toHaveLength(gaps);
  });

  test.each([
    ["at the limit", 0, 0],
    ["one over", 1, 1],
  ])("bytes that wait in all connections, %s", (_, over, gaps) => {
    const streams = new TcpStreams();
    const whole = new Uint8Array(maxPendingBytes);
    const from = (port: number, bytes: Uint8Array, sequenceNumber: number, said: Said = {}) =>
      streams.add(segment(sequenceNumber, bytes, said, [{ address: "192.0.2.1", port }, ends[1]] as never));
    const count = maxPendingInAll / maxPendingBytes;
    for (let at = 0; at < count; at += 1) {
      from(at, new Uint8Array(0), 999, { syn: true, ack: false });
      expect(from(at, whole, 1001)).toEqual([]);
    }
    from(count, new Uint8Array(0), 999, { syn: true, ack: false });
    const last = from(count, new Uint8Array(over), 1001);
    expect(last.filter(({ type }) => type === "gap")).toHaveLength(gaps);
  });

  test.each([
    ["at the limit", 0, 0],
    ["one over", 1, 1],
  ])("connections at a time, %s: the first is given up", (_, over, given) => {
    const streams = new TcpStreams();
    const events = Array.from({ length: maxStreams + over }, (_, port) =>
      streams.add(segment(1000, "x", {}, [{ address: "192.0.2.1", port }, ends[1]] as never)),
    ).flat();
    const closed = events.filter(({ type }) => type === "closed");
    expect(closed).toEqual(Array.from({ length: given }, () => ({ stream: 0, type: "closed", how: "given_up" })));
  });

  it("is given up with what it holds", () => {
    const streams = new TcpStreams();
    streams.add(syn());
    streams.add(segment(1001, "x"));
    expect(streams.end().map(short)).toEqual([">gap 1", ">x", "capture_ended"]);
    expect(streams.end()).toEqual([]);
  });
});
