import { Pkcs11Signer, type Pkcs11SignerOptions } from "@tlskit/crypto-pkcs11";
import { describe, expect, it } from "vitest";
import {
  alwaysAuthenticate,
  attributesOf,
  deviceRemoved,
  type FakeKey,
  FakeToken,
  keyType,
} from "./helpers/fake-token.ts";

const p256 = "06082a8648ce3d030107";
const ec: FakeKey = { label: "www", id: "01", attributes: attributesOf(3, p256) };
const rsa: FakeKey = { label: "rsa", id: "02", attributes: attributesOf(0) };
const message = new Uint8Array(100);
const failed = (code: string, sentence: RegExp) =>
  expect.objectContaining({ name: "CryptoError", code, message: expect.stringMatching(sentence) });
const settled = () => new Promise((resolve) => setImmediate(resolve));

function token(...keys: readonly FakeKey[]): FakeToken {
  const made = new FakeToken();
  made.keys = keys.length === 0 ? [ec, rsa] : keys;
  return made;
}

const signer = (of: FakeToken, options: Partial<Pkcs11SignerOptions> = {}) =>
  new Pkcs11Signer(of, { token: "web", pin: "1234", label: "www", ...options });

describe("a key in a token", () => {
  it("is found by its label, its id, or both", () => {
    const made = token({ ...rsa, label: "www" }, ec);
    expect(signer(made, { id: Uint8Array.of(1) }).algorithms).toEqual(["ECDSA/P-256/SHA-256"]);
    expect(signer(made, { label: undefined, id: Uint8Array.of(2) }).algorithms[0]).toBe("RSA-PSS/SHA-256");
    expect(signer(token(), { label: "rsa" }).algorithms).toHaveLength(6);
  });

  it.each<[string, string, readonly string[]]>([
    ["P-256", p256, ["ECDSA/P-256/SHA-256"]],
    ["P-384", "06052b81040022", ["ECDSA/P-384/SHA-384"]],
    ["P-521", "06052b81040023", ["ECDSA/P-521/SHA-512"]],
  ])("on %s signs with the curve's hash", (_, curve, algorithms) => {
    expect(signer(token({ ...ec, attributes: attributesOf(3, curve) })).algorithms).toEqual(algorithms);
  });

  it("signs, and its r and s are made DER", async () => {
    const made = token();
    const signature = await signer(made).sign("ECDSA/P-256/SHA-256", message);
    expect([...signature.subarray(0, 2)]).toEqual([0x30, signature.length - 2]);
    expect(made.signing.size).toBe(0);
  });

  it("gives RSA's signatures as they are", async () => {
    const signature = await signer(token(), { label: "rsa" }).sign("RSA-PKCS1/SHA-256", message);
    expect(signature).toEqual(new Uint8Array(64));
  });

  it("doesn't sign by what it hasn't got", async () => {
    await expect(signer(token()).sign("ECDSA/P-256/SHA-384", message)).rejects.toEqual(
      failed("unsupported", /SHA-384/),
    );
  });
});

describe("a signer isn't made", () => {
  it.each<[string, FakeToken, Partial<Pkcs11SignerOptions>, string, RegExp]>([
    ["of a token that isn't there", token(), { token: "other" }, "provider_failed", /no tokens have the label "other"/],
    ["of one of two tokens", Object.assign(token(), { labels: ["web", "web"] }), {}, "provider_failed", /2 tokens/],
    ["with a wrong PIN", token(), { pin: "4321" }, "provider_failed", /CKR_PIN_INCORRECT$/],
    ["of a key that isn't there", token(), { label: "other" }, "invalid_private_key", /no private key .* "other"/],
    ["of one of two keys", token(ec, ec), {}, "invalid_private_key", /more than one private key/],
    [
      "of a key on another curve",
      token({ ...ec, attributes: attributesOf(3, "06052b8104000a") }),
      {},
      "unsupported",
      /P-521/,
    ],
    [
      "of a key of another kind",
      token({ ...ec, attributes: new Map([[keyType, Buffer.of(1)]]) }),
      {},
      "unsupported",
      /neither RSA/,
    ],
    [
      "of a key that wants the PIN each time",
      token({ ...ec, attributes: new Map([[alwaysAuthenticate, Buffer.of(1)]]) }),
      {},
      "unsupported",
      /ALWAYS_AUTHENTICATE/,
    ],
  ])("%s", (_, made, options, code, sentence) => {
    expect(() => signer(made, options)).toThrow(failed(code, sentence));
    expect(made.sessions.size).toBe(0);
  });

  it("and its errors have no PIN", () => {
    expect(() => signer(token(), { pin: "4321" })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("4321") }),
    );
  });

  it.each<[string, unknown, unknown]>([
    ["cryptoki", {}, {}],
    ["options", token(), undefined],
    ["token", token(), { pin: "1", label: "www" }],
    ["pin", token(), { token: "web", label: "www" }],
    ["label", token(), { token: "web", pin: "1", label: 1 }],
    ["id", token(), { token: "web", pin: "1", id: "01" }],
    ["neither", token(), { token: "web", pin: "1" }],
    ["maxSessions", token(), { token: "web", pin: "1", label: "www", maxSessions: 0 }],
    ["maxWaiting", token(), { token: "web", pin: "1", label: "www", maxWaiting: 0.5 }],
  ])("of a wrong argument: %s", (name, cryptoki, options) => {
    expect(() => new Pkcs11Signer(cryptoki as never, options as never)).toThrow(
      failed("invalid_argument", new RegExp(`^${name} `)),
    );
  });
});

describe("sessions", () => {
  it("are as many as there is to sign at a time, up to the limit; the rest waits", async () => {
    const made = Object.assign(token(), { slow: true });
    const many = signer(made, { maxSessions: 2 });
    const signed = Promise.all([1, 2, 3, 4].map(() => many.sign("ECDSA/P-256/SHA-256", message)));
    for (const owed of [2, 3, 4]) {
      await settled();
      expect([made.sessions.size, made.owed.length]).toEqual([2, owed]);
      made.owed[owed - 2]?.();
    }
    await settled();
    made.owed[3]?.();
    expect(await signed).toHaveLength(4);
    expect(made.opened).toBe(2);
  });

  it("are waited for by no more than the limit says", async () => {
    const made = Object.assign(token(), { slow: true });
    const few = signer(made, { maxSessions: 1, maxWaiting: 1 });
    const signed = [few.sign("ECDSA/P-256/SHA-256", message), few.sign("ECDSA/P-256/SHA-256", message)];
    await expect(few.sign("ECDSA/P-256/SHA-256", message)).rejects.toEqual(
      failed("provider_failed", /1 signatures wait/),
    );
    await settled();
    made.owed[0]?.();
    await settled();
    made.owed[1]?.();
    expect(await Promise.all(signed)).toHaveLength(2);
  });

  it("that fail are closed, and another one is opened for who waits", async () => {
    const made = Object.assign(token(), { slow: true });
    const one = signer(made, { maxSessions: 1 });
    const [first, second] = [one.sign("ECDSA/P-256/SHA-256", message), one.sign("ECDSA/P-256/SHA-256", message)];
    await settled();
    made.owed[0]?.(deviceRemoved());
    await expect(first).rejects.toEqual(failed("provider_failed", /CKR_DEVICE_REMOVED$/));
    await settled();
    made.owed[1]?.();
    expect((await second).length).toBeGreaterThan(60);
    expect([made.sessions.size, made.opened]).toEqual([1, 2]);
  });

  it("are opened anew when the token has been away", async () => {
    const made = token();
    const one = signer(made);
    made.reset();
    await expect(one.sign("ECDSA/P-256/SHA-256", message)).rejects.toEqual(
      failed("provider_failed", /HANDLE_INVALID$/),
    );
    expect((await one.sign("ECDSA/P-256/SHA-256", message)).length).toBeGreaterThan(60);
    expect(made.loggedIn).toBe(true);
  });

  it("tell who waits when the token stays away", async () => {
    const made = Object.assign(token(), { slow: true });
    const one = signer(made, { maxSessions: 1 });
    const [first, second] = [one.sign("ECDSA/P-256/SHA-256", message), one.sign("ECDSA/P-256/SHA-256", message)];
    await settled();
    made.labels = [];
    made.owed[0]?.(deviceRemoved());
    await expect(first).rejects.toEqual(failed("provider_failed", /REMOVED/));
    await expect(second).rejects.toEqual(failed("provider_failed", /no tokens/));
  });

  it("are closed with the signer: at once, or when they are done", async () => {
    const made = Object.assign(token(), { slow: true });
    const one = signer(made, { maxSessions: 1 });
    const [first, second] = [one.sign("ECDSA/P-256/SHA-256", message), one.sign("ECDSA/P-256/SHA-256", message)];
    await settled();
    one.close();
    await expect(second).rejects.toEqual(failed("provider_failed", /closed/));
    made.owed[0]?.();
    expect((await first).length).toBeGreaterThan(60);
    expect(made.sessions.size).toBe(0);
    await expect(one.sign("ECDSA/P-256/SHA-256", message)).rejects.toEqual(failed("provider_failed", /closed/));
  });
});
