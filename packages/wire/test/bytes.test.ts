import {
  Alert,
  alertName,
  alertReceived,
  asciiBytes,
  callerError,
  concat,
  equalBytes,
  peerError,
  printable,
  Reader,
  toHex,
  Writer,
} from "@tlskit/wire";
import { describe, expect, test } from "vitest";

describe("bytes", () => {
  test("one behind the other are a new buffer", () => {
    const part = Uint8Array.of(1, 2);
    const whole = concat(part, new Uint8Array(0), part);
    expect(whole).toEqual(Uint8Array.of(1, 2, 1, 2));
    whole[0] = 9;
    expect(part[0]).toBe(1);
    expect(concat()).toEqual(new Uint8Array(0));
  });

  test("are the same or not", () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
  });

  test("as digits and as text", () => {
    expect(toHex(Uint8Array.of(0, 15, 255))).toBe("000fff");
    expect(printable(Uint8Array.of(0x61, 0x0a, 0x7f, 0xc3, 0x7e))).toBe("a\\x0a\\x7f\\xc3~");
    expect(asciiBytes("tls13 ")).toEqual(Uint8Array.from(Buffer.from("tls13 ")));
    expect(() => asciiBytes("tlß")).toThrow(expect.objectContaining({ kind: "caller", code: "not_ascii" }));
  });
});

describe("a reader", () => {
  test("hands out views of the bytes, and knows where it is", () => {
    const bytes = Uint8Array.from({ length: 20 }, (_, index) => index);
    const reader = new Reader(bytes);
    expect([reader.u8(), reader.u16(), reader.u24(), reader.u32()]).toEqual([0, 0x0102, 0x030405, 0x06070809]);
    expect(reader.offset).toBe(10);
    const view = reader.bytes(2);
    expect(view.buffer).toBe(bytes.buffer);
    const sub = reader.sub(3);
    expect(sub.rest()).toEqual(Uint8Array.of(12, 13, 14));
    expect(sub.offset).toBe(15);
    expect(reader.remaining).toBe(5);
    expect(reader.between(1, 3)).toEqual(Uint8Array.of(1, 2));
    expect(() => reader.end()).toThrow("5 bytes too many");
    reader.rest();
    expect(() => reader.end()).not.toThrow();
  });

  test("can't overrun, and doesn't move when it would", () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3));
    for (const read of [() => reader.u32(), () => reader.bytes(4), () => reader.sub(4), () => reader.u64()]) {
      expect(read).toThrow(expect.objectContaining({ code: "decode_error" }));
    }
    expect(reader.u24()).toBe(0x010203);
  });

  test("a part of it ends where the part ends", () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3, 4));
    expect(() => reader.sub(1).u16()).toThrow(expect.objectContaining({ code: "decode_error" }));
    expect(reader.u8()).toBe(2);
  });
});

describe("a writer", () => {
  test("grows as it needs to", () => {
    const writer = new Writer();
    for (let i = 0; i < 1000; i += 1) writer.u16(i);
    writer.bytes(new Uint8Array(5000).fill(7));
    const written = writer.finish();
    expect(written).toHaveLength(7000);
    expect(written.subarray(1998, 2002)).toEqual(Uint8Array.of(3, 231, 7, 7));
  });

  test("puts lengths in front, one within the other", () => {
    const writer = new Writer();
    const length = writer.vector(2, (outer) => {
      outer.u8(9);
      outer.vector(1, (inner) => inner.bytes(Uint8Array.of(1, 2)));
    });
    expect(length).toBe(4);
    expect(toHex(writer.finish())).toBe("000409020102");
  });

  test("refuses what is too long for its length", () => {
    expect(() => new Writer().vector(1, (inner) => inner.bytes(new Uint8Array(256)))).toThrow(
      expect.objectContaining({ kind: "caller", code: "out_of_range" }),
    );
  });
});

describe("failures", () => {
  test("have a kind, a code and an alert", () => {
    const cause = new RangeError("below");
    expect(peerError("some_code", Alert.illegalParameter, "a sentence", cause)).toMatchObject({
      name: "TlsError",
      kind: "peer",
      code: "some_code",
      alert: 47,
      message: "a sentence",
      cause,
    });
    expect(callerError("other_code", "a sentence")).toMatchObject({
      kind: "caller",
      code: "other_code",
      alert: undefined,
    });
    expect(callerError("other_code", "a sentence")).not.toHaveProperty("cause");
  });

  test("alerts are told by their names", () => {
    expect(alertReceived(40)).toMatchObject({ kind: "alert", code: "alert_handshake_failure", alert: 40 });
    expect(alertReceived(40).message).toBe("the peer sent the alert handshake_failure");
    expect(alertReceived(99)).toMatchObject({ code: "alert_99", message: "the peer sent the alert alert(99)" });
  });

  /** RFC 9846 §6 and §B.2. */
  test.each([
    ["close_notify", 0],
    ["unexpected_message", 10],
    ["bad_record_mac", 20],
    ["record_overflow", 22],
    ["handshake_failure", 40],
    ["bad_certificate", 42],
    ["unsupported_certificate", 43],
    ["certificate_revoked", 44],
    ["certificate_expired", 45],
    ["certificate_unknown", 46],
    ["illegal_parameter", 47],
    ["unknown_ca", 48],
    ["access_denied", 49],
    ["decode_error", 50],
    ["decrypt_error", 51],
    ["protocol_version", 70],
    ["insufficient_security", 71],
    ["internal_error", 80],
    ["inappropriate_fallback", 86],
    ["user_canceled", 90],
    ["missing_extension", 109],
    ["unsupported_extension", 110],
    ["unrecognized_name", 112],
    ["bad_certificate_status_response", 113],
    ["unknown_psk_identity", 115],
    ["certificate_required", 116],
    ["general_error", 117],
    ["no_application_protocol", 120],
  ])("%s is %i", (name, code) => {
    expect(alertName(code)).toBe(name);
  });
});
