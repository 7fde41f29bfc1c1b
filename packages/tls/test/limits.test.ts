import { HandshakeType, messageLimits } from "@tlskit/messages";
import { maxUselessRecords } from "@tlskit/record";
import {
  after,
  alteredBytes,
  before,
  clientDeviations,
  type Deviation,
  type Edit,
  type Expectation,
  edits,
  refused,
  type ScriptedClient,
  type ScriptedServer,
  type ScriptedTls13Peer,
  type Step,
  step,
} from "@tlskit/testing";
import {
  defaultMaxSkippedEarlyData,
  maxIgnoredAlerts,
  maxKeyUpdatesInARow,
  maxTicketsInARow,
  type ServerOptions,
} from "@tlskit/tls";
import { Alert, concat } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { againstClient, againstServer, type Course, check } from "./helpers/misbehaviour.ts";

/** Something so many times. */
function records(count: number, type: number, ...content: readonly number[]): Step<ScriptedTls13Peer> {
  return step(`${count} records`, function* (peer) {
    for (let i = 0; i < count; i += 1) {
      yield* peer.record(type, Uint8Array.from(content));
      if (type === 22) yield* peer.updateWriteKeys();
    }
  });
}

const tooMuch = refused(Alert.unexpectedMessage, "too_much_early_data");
const tooLong = refused(Alert.internalError, "message_too_long");

/** Something so many times, before the data. */
function times<P extends ScriptedTls13Peer>(count: number, type: number, ...content: readonly number[]): Edit<P> {
  return before<P>("data", records(count, type, ...content));
}

function both(
  name: string,
  expected: Deviation<unknown>["expected"],
  edit: <P extends ScriptedTls13Peer>() => Edit<P>,
): void {
  const common = { name, section: "", phase: "established", expected } as const;
  it(`${name}, from a server`, () => {
    const deviation: Deviation<ScriptedServer> = { ...common, apply: edit() };
    check(deviation, againstServer(deviation));
  });
  it(`${name}, from a client`, () => {
    const deviation: Deviation<ScriptedClient> = { ...common, apply: edit() };
    check(deviation, againstClient(deviation));
  });
}

describe("what a peer can do so often, and not once more", () => {
  both("empty data records", "accepted", () => times(maxUselessRecords, 23));
  both("one empty data record too many", refused(Alert.unexpectedMessage, "too_many_useless_records"), () =>
    times(maxUselessRecords + 1, 23),
  );
  both("key updates", "accepted", () => times(maxKeyUpdatesInARow, 22, HandshakeType.keyUpdate, 0, 0, 1, 0));
  both("one key update too many", refused(Alert.unexpectedMessage, "too_many_key_updates"), () =>
    times(maxKeyUpdatesInARow + 1, 22, HandshakeType.keyUpdate, 0, 0, 1, 0),
  );
  both("key updates, and as many again after some data", "accepted", <P extends ScriptedTls13Peer>() =>
    edits<P>(
      times(maxKeyUpdatesInARow, 22, HandshakeType.keyUpdate, 0, 0, 1, 0),
      after("data", records(maxKeyUpdatesInARow, 22, HandshakeType.keyUpdate, 0, 0, 1, 0)),
    ),
  );
  // Each of the two would otherwise excuse the other.
  both(
    "one key update too many, with empty data records between them",
    refused(Alert.unexpectedMessage, "too_many_key_updates"),
    <P extends ScriptedTls13Peer>() =>
      edits<P>(
        times(maxKeyUpdatesInARow, 22, HandshakeType.keyUpdate, 0, 0, 1, 0),
        times(1, 23),
        times(1, 22, HandshakeType.keyUpdate, 0, 0, 1, 0),
      ),
  );
  both("user_canceled", "accepted", () => times(maxIgnoredAlerts, 21, 1, 90));
  both("one user_canceled too many", refused(Alert.unexpectedMessage, "too_many_alerts"), () =>
    times(maxIgnoredAlerts + 1, 21, 1, 90),
  );
});

describe("tickets from a server that has nothing else to say", () => {
  const ticket = Uint8Array.of(HandshakeType.newSessionTicket, 0, 0, 14, 0, 0, 14, 16, 0, 0, 0, 0, 1, 7, 0, 1, 9, 0, 0);
  ticket[3] = ticket.length - 4;
  const tickets = (count: number): Step<ScriptedServer> =>
    step(`${count} tickets`, function* (server) {
      for (let i = 0; i < count; i += 1) yield* server.record(22, ticket);
    });
  const course = (expected: Expectation, ...edit: readonly Edit<ScriptedServer>[]): void => {
    const deviation = {
      name: "",
      section: "",
      phase: "established",
      expected,
      apply: edits<ScriptedServer>(...edit),
    } as const;
    check(deviation, againstServer(deviation));
  };
  const tooMany = refused(Alert.unexpectedMessage, "too_many_tickets");

  it("may be so many", () => course("accepted", before("data", tickets(maxTicketsInARow))));
  it("and not one more", () => course(tooMany, before("data", tickets(maxTicketsInARow + 1))));
  it("and as many again after some data", () =>
    course("accepted", before("data", tickets(maxTicketsInARow)), after("data", tickets(maxTicketsInARow))));
});

describe("early data that is passed over", () => {
  const announced = clientDeviations.find(({ name }) => name === "early_data_announced_and_not_sent");
  const earlyData = (bytes: number): Edit<ScriptedClient> =>
    edits<ScriptedClient>(
      announced?.apply ?? ((script) => script),
      after<ScriptedClient>(
        "ClientHello",
        step("early data", function* (client) {
          yield* client.flush();
          for (let left = bytes; left > 0; left -= 8192) {
            client.unprotected(23, new Uint8Array(Math.min(left, 8192) - 5));
          }
        }),
      ),
    );

  it("as much as is allowed, its records' headers included", () => {
    const deviation = { name: "", section: "", phase: "handshake", expected: "accepted" } as const;
    check(deviation, againstClient({ ...deviation, apply: earlyData(defaultMaxSkippedEarlyData) }));
  });

  it("and a record more", () => {
    const deviation = { name: "", section: "", phase: "handshake", expected: tooMuch } as const;
    check(deviation, againstClient({ ...deviation, apply: earlyData(defaultMaxSkippedEarlyData + 32) }));
  });
});

describe("early data that a server was told how much of to pass over", () => {
  const announced = clientDeviations.find(({ name }) => name === "early_data_announced_and_not_sent");
  const oneRecord: Edit<ScriptedClient> = edits<ScriptedClient>(
    announced?.apply ?? ((script) => script),
    after<ScriptedClient>(
      "ClientHello",
      step("early data", function* (client) {
        yield* client.flush();
        client.unprotected(23, new Uint8Array(95));
      }),
    ),
  );
  const course = (maxSkippedEarlyData: number, expected: Expectation) => {
    const deviation = { name: "", section: "", phase: "handshake", expected, apply: oneRecord } as const;
    check(deviation, againstClient(deviation, undefined, undefined, { maxSkippedEarlyData }));
  };

  it("may be a whole record, its header included", () => course(100, "accepted"));
  it("is not a byte more", () => course(99, tooMuch));
  it("may be none", () => course(0, tooMuch));
  it("is a number of bytes", () => {
    for (const bytes of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => course(bytes, "accepted"), String(bytes)).toThrow(expect.objectContaining({ code: "out_of_range" }));
    }
  });
});

describe("what a message's header may announce", () => {
  const announcing = (length: number): Course => {
    const apply = before<ScriptedServer>(
      "EncryptedExtensions",
      step("a header", (server) =>
        server.record(
          22,
          Uint8Array.of(HandshakeType.encryptedExtensions, length >> 16, (length >> 8) & 0xff, length & 0xff),
        ),
      ),
    );
    return againstServer({ name: "", section: "", phase: "handshake", expected: tooLong, apply });
  };
  const limit = messageLimits.EncryptedExtensions;

  it("is refused before anything of the message has come", () => {
    const course = announcing(limit + 1);
    check({ name: "", section: "", phase: "handshake", expected: tooLong }, course);
  });

  it("is waited for up to the limit", () => {
    const course = announcing(limit);
    // What follows is taken for the message's body, so that it lacks something still, or makes no sense.
    expect(course.recorder.error?.code).not.toBe("message_too_long");
    expect(course.recorder.info).toBeUndefined();
  });
});

/**
 * A ClientHello made longer, to a body of so many bytes: by padding (RFC 7685), and by cipher suites that nobody knows
 * where the extensions have no room for it.
 */
function lengthened(message: Uint8Array, length: number): Uint8Array {
  const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);
  const suitesAt = 4 + 2 + 32 + 1 + (message[38] ?? 0);
  const suitesEnd = suitesAt + 2 + (((message[suitesAt] ?? 0) << 8) | (message[suitesAt + 1] ?? 0));
  const extensionsAt = suitesEnd + 2;
  const more = length + 4 - message.length - 4;
  const room = 0xffff - (message.length - extensionsAt - 2) - 4;
  const suites = 2 * Math.ceil(Math.max(0, more - room) / 2);
  const padding = more - suites;
  const body = concat(
    message.subarray(4, suitesAt),
    u16(suitesEnd - suitesAt - 2 + suites),
    message.subarray(suitesAt + 2, suitesEnd),
    new Uint8Array(suites).fill(0xfa),
    message.subarray(suitesEnd, extensionsAt),
    u16(message.length - extensionsAt - 2 + 4 + padding),
    message.subarray(extensionsAt + 2),
    u16(21),
    u16(padding),
    new Uint8Array(padding),
  );
  return concat(
    Uint8Array.of(HandshakeType.clientHello, body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff),
    body,
  );
}

describe("a ClientHello's length", () => {
  const accepted = { name: "", section: "", phase: "handshake", expected: "accepted" } as const;
  const hello = (length: number, options: Partial<ServerOptions> = {}): Course =>
    againstClient(
      { ...accepted, apply: alteredBytes("ClientHello", (message) => lengthened(message, length)) },
      undefined,
      undefined,
      options,
    );
  const isTooLong = (course: Course): void => check({ ...accepted, expected: tooLong }, course);

  it("may be 2^16 unless told otherwise, and no more", () => {
    check(accepted, hello(65_536));
    isTooLong(hello(65_537));
  });

  it("may be what a server is told, and no more", () => {
    check(accepted, hello(2000, { maxClientHelloLength: 2000 }));
    isTooLong(hello(2001, { maxClientHelloLength: 2000 }));
    // But for a list of compression methods with more than "none", which no ClientHello of TLS 1.3 has.
    check(accepted, hello(131_396 - 254, { maxClientHelloLength: 131_396 }));
    isTooLong(hello(131_396 - 254, { maxClientHelloLength: 131_395 - 254 }));
  });

  it("may be that for a second ClientHello as well, and no more", () => {
    const withRetry = clientDeviations.find(({ name }) => name === "second_client_hello");
    const second = (length: number): Course => {
      const apply = edits<ScriptedClient>(
        withRetry?.apply ?? ((script) => script),
        alteredBytes("second ClientHello", (message) => lengthened(message, length)),
      );
      return againstClient({ ...accepted, apply }, undefined, undefined, { maxClientHelloLength: 2000 });
    };
    check(accepted, second(2000));
    isTooLong(second(2001));
  });

  it("is a number of bytes that a ClientHello can have", () => {
    for (const maxClientHelloLength of [0, -1, 1.5, 131_397, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => hello(600, { maxClientHelloLength }), String(maxClientHelloLength)).toThrow(
        expect.objectContaining({ kind: "caller", code: "out_of_range" }),
      );
    }
  });
});
