import { clientsNamed, KeyClient, KeyListener } from "@tlskit/keyless-node";
import { toPem } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { addressOf, credentials, frontend, www, wwwSigner } from "./helpers/places.ts";

const mine = credentials(frontend);
const keys = { www: { signer: wwwSigner, mayUse: () => true } };
const other = www.chain;
const pem = other.map(({ der }) => toPem("CERTIFICATE", der)).join("");
const servers = [addressOf(1)];
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["KeyListener", () => new KeyListener(given(undefined))],
    ["keys", () => new KeyListener(given(mine))],
    ["cert", () => new KeyListener({ ...mine, keys, cert: given(1) })],
    ["key", () => new KeyListener({ ...mine, keys, key: given(1) })],
    ["ca", () => new KeyListener({ ...mine, keys, ca: given(undefined) })],
    ["maxConnections", () => new KeyListener({ ...mine, keys, maxConnections: given("1") })],
    ["maxConnectionAge", () => new KeyListener({ ...mine, keys, maxConnectionAge: given("1") })],
    ["failed", () => new KeyListener({ ...mine, keys, failed: given(1) })],
    ["told", () => new KeyListener({ ...mine, keys, told: given(1) })],
    ["signatureTimeout", () => new KeyListener({ ...mine, keys, signatureTimeout: given("1") })],
    ["KeyClient", () => new KeyClient(given(undefined))],
    ["cert", () => new KeyClient({ ...mine, servers, cert: given(1) })],
    ["servers", () => new KeyClient(given(mine))],
    ["servers\\[0\\]", () => new KeyClient({ ...mine, servers: [given({ host: "localhost" })] })],
    ["timeLimit", () => new KeyClient({ ...mine, servers, timeLimit: given("1") })],
    ["connectTimeout", () => new KeyClient({ ...mine, servers, connectTimeout: given("1") })],
    ["answerTimeout", () => new KeyClient({ ...mine, servers, answerTimeout: given("1") })],
    ["failed", () => new KeyClient({ ...mine, servers, failed: given("1") })],
    ["names\\[0\\]", () => clientsNamed(given(1))],
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
    ["out_of_range", "no connection", () => new KeyListener({ ...mine, keys, maxConnections: 0 })],
    ["out_of_range", "more than a timer waits", () => new KeyListener({ ...mine, keys, maxConnectionAge: 2 ** 31 })],
    ["out_of_range", "no time", () => new KeyClient({ ...mine, servers, timeLimit: 0 })],
    ["out_of_range", "no time to connect", () => new KeyClient({ ...mine, servers, connectTimeout: 0.5 })],
    ["out_of_range", "no request", () => new KeyClient({ ...mine, servers, maxRequestsOpen: 0 })],
    ["no_servers", "no server", () => new KeyClient({ ...mine, servers: [] })],
    ["unknown_option", "an option of servers", () => new KeyListener(given({ ...mine, keys, requestCert: true }))],
    [
      "unknown_option",
      "an option of clients",
      () => new KeyClient(given({ ...mine, servers, rejectUnauthorized: false })),
    ],
    [
      "unreadable_certificate",
      "a chain, a part of which can't be read",
      () => new KeyClient({ ...mine, servers, cert: pem + toPem("CERTIFICATE", Uint8Array.of(1)) }),
    ],
    [
      "certificate_key_mismatch",
      "another's key",
      () =>
        new KeyListener({
          ...mine,
          keys,
          key: credentials(frontend).key,
          cert: credentials({ ...frontend, chain: other }).cert,
        }),
    ],
  ])("is %s: %s", (code, _, call) => {
    expect(call).toThrow(expect.objectContaining({ kind: "caller", code }));
  });
});
