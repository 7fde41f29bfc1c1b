import { runSync } from "@tlskit/crypto";
import { ContentType, type PlainRecord, RecordReader } from "@tlskit/record";
import { Alert, asciiBytes, concat, TlsError } from "@tlskit/wire";
import { describe, expect, test } from "vitest";

/** What a reader gives when a stream comes byte by byte: how many bytes it wanted, and how it ended. */
function byteByByte(stream: Uint8Array): { readonly wanted: number; readonly error: unknown } {
  const records = new RecordReader();
  for (const [at, byte] of stream.entries()) {
    try {
      records.push(Uint8Array.of(byte));
      if (runSync(records.next()) !== undefined) return { wanted: at + 1, error: undefined };
    } catch (error) {
      return { wanted: at + 1, error };
    }
  }
  return { wanted: stream.length, error: undefined };
}

function atOnce(stream: Uint8Array): PlainRecord | undefined {
  const records = new RecordReader();
  records.push(stream);
  return runSync(records.next());
}

const handshake = Uint8Array.of(ContentType.handshake, 3, 1, 0, 1, 7);

describe("what isn't TLS is named by its first bytes, and gets no alert, which would be data to it", () => {
  test.each([
    ["GET / HTTP/1.1\r\n", "GET ", "http_request"],
    ["POST /form HTTP/1.1\r\n", "POST ", "http_request"],
    ["HEAD / HTTP/1.0\r\n", "HEAD ", "http_request"],
    ["PUT /a HTTP/1.1\r\n", "PUT ", "http_request"],
    ["DELETE /a HTTP/1.1\r\n", "DELETE ", "http_request"],
    ["OPTIONS * HTTP/1.1\r\n", "OPTIONS ", "http_request"],
    ["PATCH /a HTTP/1.1\r\n", "PATCH ", "http_request"],
    ["TRACE / HTTP/1.1\r\n", "TRACE ", "http_request"],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI * HTTP/2", "http_request"],
    ["CONNECT host.example:443 HTTP/1.1\r\n", "CONNECT ", "http_proxy_request"],
    ["HTTP/1.1 400 Bad Request\r\n", "HTTP/", "http_response"],
    ["SSH-2.0-OpenSSH_9.9\r\n", "SSH-", "ssh_identification"],
    ["220 mail.example ESMTP\r\n", "220 ", "smtp_greeting"],
    ["220-welcome to ftp.example\r\n", "220-", "smtp_greeting"],
    ["* OK IMAP4rev2 ready\r\n", "* OK", "imap_greeting"],
    ["* PREAUTH ready\r\n", "* PREAUTH", "imap_greeting"],
    ["* BYE too busy\r\n", "* BYE", "imap_greeting"],
    ["+OK POP3 ready\r\n", "+OK", "pop3_greeting"],
  ])("%j", (stream, begins, code) => {
    const refusal = expect.objectContaining({ kind: "peer", code, alert: undefined });
    expect(() => atOnce(asciiBytes(stream))).toThrow(refusal);
    expect(byteByByte(asciiBytes(stream))).toEqual({ wanted: begins.length, error: refusal });
  });

  test.each(["GARBAGE", "HELO", "SSL", "221 bye", "* NO", "+ idle", "blah", "gET /"])(
    "%j is refused at the byte where it is none of them",
    (stream) => {
      const { error } = byteByByte(asciiBytes(stream));
      expect(error).toMatchObject({ code: "unknown_record_type", alert: Alert.unexpectedMessage });
    },
  );
});

describe("a hello in the form of SSL 2.0 (RFC 5246 §E.2) is refused with protocol_version", () => {
  test.each([
    ["SSL 2.0", [0x80, 0x2e, 1, 0, 2]],
    ["SSL 3.0", [0x80, 0x2e, 1, 3, 0]],
    ["TLS 1.0", [0x80, 0x2e, 1, 3, 1]],
    ["TLS 1.2", [0xff, 0xff, 1, 3, 3]],
  ])("of a client for %s", (version, bytes) => {
    const { wanted, error } = byteByByte(Uint8Array.of(...bytes, 0, 0x15, 0, 0));
    expect(wanted).toBe(5);
    expect(error).toMatchObject({ kind: "peer", code: "ssl_2_client_hello", alert: Alert.protocolVersion });
    expect(error instanceof TlsError && error.message).toContain(
      `a ClientHello in the form of SSL 2.0, for ${version}`,
    );
  });

  test("of a server", () => {
    const { wanted, error } = byteByByte(Uint8Array.of(0x84, 0x2e, 4, 0, 1, 0, 2, 2));
    expect(wanted).toBe(7);
    expect(error).toMatchObject({ kind: "peer", code: "ssl_2_server_hello", alert: Alert.protocolVersion });
  });

  test.each([
    ["another message", [0x80, 0x2e, 3, 0, 2]],
    ["a server's for another version", [0x80, 0x2e, 4, 0, 1, 0, 3]],
    ["a version that never was", [0x80, 0x2e, 1, 0, 3]],
    ["a version of nobody's", [0x80, 0x2e, 1, 2, 0]],
    ["two bytes of length without the bit", [0x00, 0x2e, 1, 0, 2]],
  ])("unless it is %s, which is nothing known", (_what, bytes) => {
    const { error } = byteByByte(Uint8Array.of(...bytes));
    expect(error).toMatchObject({ code: "unknown_record_type" });
  });
});

describe("records are taken for nothing else", () => {
  test.each([ContentType.handshake, ContentType.alert])(
    "of type %i, whatever is in them and in their header",
    (type) => {
      for (const version of [0x0000, 0x0002, 0x0300, 0x0301, 0x4745]) {
        for (const text of ["GET / HTTP/1.1", "SSH-2.0", "220 "]) {
          const content = asciiBytes(text);
          const record = concat(Uint8Array.of(type, version >> 8, version & 0xff, 0, content.length), content);
          expect(atOnce(record)).toEqual({ type, content });
        }
      }
    },
  );

  test("and what comes behind a record is no other protocol's beginning", () => {
    const records = new RecordReader();
    records.push(concat(handshake, asciiBytes("GET / HTTP/1.1\r\n")));
    expect(runSync(records.next())).toMatchObject({ type: ContentType.handshake });
    expect(() => runSync(records.next())).toThrow(expect.objectContaining({ code: "unknown_record_type" }));
  });
});
