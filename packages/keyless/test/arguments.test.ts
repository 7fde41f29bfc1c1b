import { KeyClientConnection, KeyServer, RemoteSigner } from "@tlskit/keyless";
import { describe, expect, it } from "vitest";
import { algorithm, forAlice, signer, world } from "./helpers/world.ts";

const clock = () => 0;
const handlers = { bytes: () => undefined, closed: () => undefined };
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;
const keys = { www: forAlice };
const bytes = new Uint8Array(1);

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["KeyServer", () => new KeyServer(given(undefined))],
    ["keys", () => new KeyServer(given({ clock }))],
    ["clock", () => new KeyServer(given({ keys }))],
    ["maxRequestsInFlight", () => new KeyServer({ keys, clock, maxRequestsInFlight: given("1") })],
    ["maxSignaturesPending", () => new KeyServer({ keys, clock, maxSignaturesPending: given("1") })],
    ["signatureTimeout", () => new KeyServer({ keys, clock, signatureTimeout: given("1") })],
    ["told", () => new KeyServer({ keys, clock, told: given("1") })],
    ["signer", () => new KeyServer({ clock, keys: { www: given({ mayUse: () => true }) } })],
    ["mayUse", () => new KeyServer({ clock, keys: { www: given({ signer }) } })],
    ["forms", () => new KeyServer({ clock, keys: { www: { ...forAlice, forms: given("tls13") } } })],
    ["algorithms", () => new KeyServer({ clock, keys: { www: { ...forAlice, algorithms: given("tls13") } } })],
    ["handlers", () => new KeyServer({ keys, clock }).accept("alice", given({}))],
    ["bytes", () => world().server.receive(given("bytes"))],
    ["handlers", () => new KeyClientConnection({ clock }, given({ bytes: clock }))],
    ["clock", () => new KeyClientConnection(given({}), handlers)],
    ["answerTimeout", () => new KeyClientConnection({ clock, answerTimeout: given("1") }, handlers)],
    ["maxRequestsOpen", () => new KeyClientConnection({ clock, maxRequestsOpen: given("1") }, handlers)],
    ["bytes", () => world().client.receive(given("bytes"))],
    ["key", () => world().client.sign(given(1), algorithm, bytes)],
    ["algorithm", () => world().client.sign("www", given(1), bytes)],
    ["message", () => world().client.sign("www", algorithm, given("bytes"))],
    ["key", () => world().client.algorithms(given(1))],
    ["keys", () => new RemoteSigner(given({}), "www", [])],
    ["key", () => new RemoteSigner(world().client, given(1), [])],
    ["algorithms", () => new RemoteSigner(world().client, "www", given("Ed25519"))],
    ["message", () => new RemoteSigner(world().client, "www", [algorithm]).sign(algorithm, given("bytes"))],
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
    ["out_of_range", "no request in flight", () => new KeyServer({ keys, clock, maxRequestsInFlight: 0 })],
    ["out_of_range", "no signature pending", () => new KeyServer({ keys, clock, maxSignaturesPending: 0 })],
    ["out_of_range", "no time", () => new KeyServer({ keys, clock, signatureTimeout: 0 })],
    ["out_of_range", "half a millisecond", () => new KeyClientConnection({ clock, answerTimeout: 0.5 }, handlers)],
    ["out_of_range", "no request", () => new KeyClientConnection({ clock, maxRequestsOpen: 0 }, handlers)],
    ["invalid_key_name", "no name", () => new KeyServer({ clock, keys: { "": forAlice } })],
    ["invalid_key_name", "a name of 256", () => new KeyServer({ clock, keys: { ["k".repeat(256)]: forAlice } })],
    ["invalid_key_name", "a name with a blank", () => new KeyServer({ clock, keys: { "my key": forAlice } })],
    ["invalid_key_name", "a name with a blank that is asked for", () => world().client.algorithms("my key")],
    ["unknown_option", "an option", () => new KeyServer(given({ clock, keys, timeout: 1 }))],
    [
      "unknown_option",
      "an option of a key",
      () => new KeyServer({ clock, keys: { www: given({ ...forAlice, form: [] }) } }),
    ],
    [
      "unsuitable_key",
      "a form",
      () => new KeyServer({ clock, keys: { www: { ...forAlice, forms: given(["tls14"]) } } }),
    ],
    ["unsuitable_key", "no form", () => new KeyServer({ clock, keys: { www: { ...forAlice, forms: [] } } })],
    [
      "unsuitable_key",
      "another key's algorithm",
      () => new KeyServer({ clock, keys: { www: { ...forAlice, algorithms: ["Ed25519"] } } }),
    ],
    [
      "unsuitable_key",
      "an algorithm that TLS 1.3 hasn't",
      () => new KeyServer({ clock, keys: { www: { ...forAlice, algorithms: ["ECDSA/P-256/SHA-512"] } } }),
    ],
  ])("is %s: %s", (code, _, call) => {
    expect(call).toThrow(expect.objectContaining({ name: "TlsError", kind: "caller", code }));
  });
});
