import {
  Certificate,
  ClientHello,
  encodeMessage,
  Finished,
  HelloRetryRequest,
  helloRetryRequestRandom,
  KeyUpdate,
  MessageAssembler,
  type MessageLimits,
  type MessageType,
  maxUnknownMessageLength,
  messageLimits,
  messageTypes,
  ServerHello,
} from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

function header(type: MessageType<unknown>, length: number): Uint8Array {
  return Uint8Array.of(type.code, length >> 16, (length >> 8) & 0xff, length & 0xff);
}

/** A message with a body of so many bytes; nothing here looks into bodies. */
function message(type: MessageType<unknown>, length: number): Uint8Array {
  return concat(header(type, length), new Uint8Array(length).fill(7));
}

function serverHello(random: Uint8Array): Uint8Array {
  return encodeMessage(ServerHello, {
    legacyVersion: 0x0303,
    random,
    legacySessionIdEcho: new Uint8Array(0),
    cipherSuite: 0x1301,
    legacyCompressionMethod: 0,
    extensions: [],
  });
}

test("messages come out whole, however they were cut and joined", () => {
  const sizes = fc.array(fc.nat(64), { minLength: 1, maxLength: 6 });
  const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, cuts, (lengths, pieces) => {
      const messages = lengths.map((length) => message(Finished, length));
      const stream = concat(...messages);
      const assembler = new MessageAssembler();
      const out: Uint8Array[] = [];
      const take = (): void => {
        for (let next = assembler.next([Finished]); next !== undefined; next = assembler.next([Finished])) {
          out.push(Uint8Array.from(next.bytes));
        }
      };
      let at = 0;
      for (const piece of pieces) {
        assembler.push(stream.subarray(at, at + piece));
        at += piece;
        take();
      }
      assembler.push(stream.subarray(at));
      take();
      expect(out).toEqual(messages);
      expect(assembler.isEmpty).toBe(true);
    }),
  );
});

test("a large message in many pieces takes no quadratic time", () => {
  const assembler = new MessageAssembler();
  const whole = message(Certificate, messageLimits.Certificate);
  for (let at = 0; at < whole.length - 1; at += 1) {
    assembler.push(whole.subarray(at, at + 1));
    expect(assembler.next([Certificate])).toBeUndefined();
  }
  assembler.push(whole.subarray(-1));
  expect(assembler.next([Certificate])?.bytes).toHaveLength(whole.length);
});

describe("a message that may not come", () => {
  test("is refused by its first byte", () => {
    const assembler = new MessageAssembler();
    assembler.push(Uint8Array.of(Finished.code));
    expect(() => assembler.next([Certificate])).toThrow(
      expect.objectContaining({ code: "unexpected_message", alert: 10 }),
    );
  });

  test("is refused where no message may come at all", () => {
    const assembler = new MessageAssembler();
    assembler.push(message(KeyUpdate, 1));
    expect(() => assembler.next([])).toThrow("key_update came where no handshake message was expected");
  });

  test("because of what is in it is refused once that is there", () => {
    const assembler = new MessageAssembler();
    const retry = serverHello(helloRetryRequestRandom);
    assembler.push(retry.subarray(0, 20));
    expect(assembler.next([ServerHello])).toBeUndefined();
    assembler.push(retry.subarray(20));
    expect(() => assembler.next([ServerHello])).toThrow(expect.objectContaining({ code: "unexpected_message" }));
  });
});

describe("a message's length, by its header, before anything of it is kept,", () => {
  const announced = (type: MessageType<unknown>, length: number, limits?: MessageLimits): (() => unknown) => {
    const assembler = new MessageAssembler(limits);
    assembler.push(header(type, length));
    return () => assembler.next([type]);
  };
  const limits = new Map(Object.entries(messageLimits));

  // RFC 9846 §6#syntax
  test.each(messageTypes.filter(({ maxLength }) => maxLength < 0xff_ffff))(
    "that no $name can have is decode_error",
    (type) => {
      expect(announced(type, type.maxLength + 1)).toThrow(
        expect.objectContaining({ kind: "peer", code: "decode_error", alert: 50 }),
      );
      expect(announced(type, 0xff_ffff)).toThrow(expect.objectContaining({ code: "decode_error" }));
    },
  );

  test.each(messageTypes.filter(({ name }) => limits.has(name)))(
    "that is more than is taken of a $name says so",
    (type) => {
      const limit = limits.get(type.name) ?? 0;
      expect(limit).toBeLessThan(type.maxLength);
      const tooLong = expect.objectContaining({ kind: "peer", code: "message_too_long", alert: 80 });
      expect(announced(type, limit)()).toBeUndefined();
      expect(announced(type, limit + 1)).toThrow(tooLong);
      expect(announced(type, type.maxLength)).toThrow(tooLong);
    },
  );

  test.each(messageTypes.filter(({ name, maxLength }) => !limits.has(name) && maxLength > 0))(
    "of a $name is limited by its syntax alone",
    (type) => expect(announced(type, type.maxLength)()).toBeUndefined(),
  );

  test("can be limited otherwise", () => {
    const own = { ...messageLimits, ClientHello: ClientHello.maxLength };
    expect(announced(ClientHello, ClientHello.maxLength, own)()).toBeUndefined();
    expect(announced(ClientHello, 101, { ...own, ClientHello: 100 })).toThrow("at most 100 are taken");
  });
});

test("a ServerHello is told from a HelloRetryRequest where both may come", () => {
  const assembler = new MessageAssembler();
  assembler.push(concat(serverHello(helloRetryRequestRandom), serverHello(new Uint8Array(32))));
  expect(assembler.next([ServerHello, HelloRetryRequest])?.type).toBe(HelloRetryRequest);
  expect(assembler.next([ServerHello, HelloRetryRequest])?.type).toBe(ServerHello);
});

test("what is left over is seen", () => {
  const assembler = new MessageAssembler();
  expect(assembler.isEmpty).toBe(true);
  assembler.push(new Uint8Array(0));
  expect(assembler.isEmpty).toBe(true);
  assembler.push(concat(message(Finished, 32), Uint8Array.of(Finished.code)));
  assembler.next([Finished]);
  expect(assembler.isEmpty).toBe(false);
});

describe("whoever only looks on", () => {
  test("takes messages of all types, and is told which are known", () => {
    const assembler = new MessageAssembler();
    const [serverKeyExchange, compressedCertificate] = [12, 25];
    const unknown = (code: number): Uint8Array => Uint8Array.of(code, 0, 0, 2, 8, 8);
    assembler.push(serverHello(helloRetryRequestRandom));
    assembler.push(concat(unknown(compressedCertificate), message(Finished, 32), unknown(serverKeyExchange)));
    const taken = [];
    for (let next = assembler.nextOfAny(messageTypes); next; next = assembler.nextOfAny(messageTypes)) taken.push(next);
    expect(taken.map(({ type, bytes }) => [type?.name, bytes[0]])).toEqual([
      ["HelloRetryRequest", 2],
      [undefined, compressedCertificate],
      ["Finished", 20],
      [undefined, serverKeyExchange],
    ]);
    expect(taken.at(1)?.bytes).toEqual(unknown(compressedCertificate));
    expect(assembler.isEmpty).toBe(true);
  });

  test("waits for the whole of a message that isn't known", () => {
    const assembler = new MessageAssembler();
    for (const byte of [99, 0, 0, 1]) {
      assembler.push(Uint8Array.of(byte));
      expect(assembler.nextOfAny([])).toBeUndefined();
    }
    assembler.push(Uint8Array.of(7));
    expect(assembler.nextType).toBe(99);
    expect(assembler.nextOfAny([])).toEqual({ type: undefined, bytes: Uint8Array.of(99, 0, 0, 1, 7) });
    expect(assembler.nextType).toBeUndefined();
  });

  test("holds known messages to their limits, and others to one of their own", () => {
    const announced = (code: number, length: number): (() => unknown) => {
      const assembler = new MessageAssembler();
      assembler.push(Uint8Array.of(code, length >> 16, (length >> 8) & 0xff, length & 0xff));
      return () => assembler.nextOfAny(messageTypes);
    };
    const tooLong = expect.objectContaining({ kind: "peer", code: "message_too_long", alert: 80 });
    expect(announced(99, maxUnknownMessageLength)()).toBeUndefined();
    expect(announced(99, maxUnknownMessageLength + 1)).toThrow(tooLong);
    expect(announced(ClientHello.code, messageLimits.ClientHello + 1)).toThrow(tooLong);
    expect(announced(KeyUpdate.code, 2)).toThrow(expect.objectContaining({ code: "decode_error" }));
  });
});

// RFC 9846 §5.1#key-change-alignment
test("a part of a message is an error where nothing may be left", () => {
  const assembler = new MessageAssembler();
  expect(() => assembler.checkNothingLeft("left_over", "here")).not.toThrow();
  assembler.push(Uint8Array.of(1));
  expect(() => assembler.checkNothingLeft("left_over", "here")).toThrow(
    expect.objectContaining({ kind: "peer", code: "left_over", alert: Alert.unexpectedMessage }),
  );
});
