import {
  Certificate,
  ClientHello,
  encodeMessage,
  Finished,
  HelloRetryRequest,
  helloRetryRequestRandom,
  KeyUpdate,
  MessageAssembler,
  type MessageType,
  messageLimits,
  ServerHello,
} from "@tlskit/messages";
import { concat } from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

/** A message with a body of so many bytes; nothing here looks into bodies. */
function message(type: MessageType<unknown>, length: number): Uint8Array {
  return Uint8Array.of(type.code, length >> 16, (length >> 8) & 0xff, length & 0xff, ...new Uint8Array(length).fill(7));
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
  const sizes = fc.array(fc.nat(256), { minLength: 1, maxLength: 6 });
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
  const whole = message(Certificate, messageLimits.certificate);
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

describe("a message that is too long", () => {
  test.each([
    ["ClientHello", ClientHello, messageLimits.clientHello],
    ["Finished", Finished, messageLimits.finished],
  ])("%s is refused by its header, before anything of it is kept", (_name, type, limit) => {
    const assembler = new MessageAssembler();
    assembler.push(message(type, limit + 1).subarray(0, 4));
    expect(() => assembler.next([type])).toThrow(expect.objectContaining({ code: "message_too_long", alert: 47 }));
    const within = new MessageAssembler();
    within.push(message(type, limit).subarray(0, 4));
    expect(within.next([type])).toBeUndefined();
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
