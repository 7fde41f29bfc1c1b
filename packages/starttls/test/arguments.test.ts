import { describe, expect, it } from "vitest";
import { pop3, smtp, startTlsClient, startTlsServer } from "../src/index.ts";

const handlers = { bytes: () => undefined, ready: () => undefined, failed: () => undefined };
const names = { host: "localhost" };
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;
const ready = () => {
  const side = startTlsClient(smtp, names, handlers);
  side.start();
  for (const line of ["220 a\r\n", "250-a\r\n250 STARTTLS\r\n", "220 b\r\n"]) side.receive(Buffer.from(line));
  return side;
};

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["protocol", () => startTlsClient(given("smtp"), names, handlers)],
    ["protocol", () => startTlsServer(given({ name: "smtp" }), names, handlers)],
    ["names", () => startTlsClient(smtp, given({}), handlers)],
    ["names", () => startTlsClient(smtp, { ...names, clientName: given(1) }, handlers)],
    ["names", () => startTlsServer(smtp, given({}), handlers)],
    ["handlers", () => startTlsClient(smtp, names, given({}))],
    ["handlers", () => startTlsServer(smtp, names, given({ ...handlers, ready: 1 }))],
    ["received", () => startTlsClient(smtp, names, handlers).receive(given("220"))],
  ])("is named: %s", (name, call) => {
    expect(call).toThrow(
      expect.objectContaining({
        name: "TlsError",
        kind: "caller",
        code: "invalid_argument",
        message: expect.stringMatching(new RegExp(`^${name} is `)),
      }),
    );
  });

  it.each<[string, string, () => unknown]>([
    ["invalid_host", "a host that says more", () => startTlsClient(smtp, { host: "a' b='" }, handlers)],
    ["invalid_host", "a host that ends a line", () => startTlsServer(smtp, { host: "a\r\nb" }, handlers)],
    ["invalid_host", "a host that ends with a line's end", () => startTlsServer(smtp, { host: "a\n" }, handlers)],
    ["invalid_host", "no host", () => startTlsClient(smtp, { host: "" }, handlers)],
    ["invalid_host", "a host of 256", () => startTlsClient(smtp, { host: "a".repeat(256) }, handlers)],
    [
      "invalid_client_name",
      "a name that says more",
      () => startTlsClient(smtp, { ...names, clientName: "a b" }, handlers),
    ],
    ["no_server_dialogue", "a protocol without a server", () => startTlsServer(pop3, names, handlers)],
    ["not_started", "octets before the start", () => startTlsClient(smtp, names, handlers).receive(new Uint8Array(1))],
    ["already_started", "a second start", () => ready().start()],
    ["tls_begun", "octets that are TLS's", () => ready().receive(new Uint8Array(1))],
  ])("has the code %s: %s", (code, _, call) => {
    expect(call).toThrow(expect.objectContaining({ name: "TlsError", kind: "caller", code }));
  });
});
