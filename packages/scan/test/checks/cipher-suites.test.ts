import { expect, test } from "vitest";
import { cipherSuitesCheck } from "../../src/checks/cipher-suites.ts";
import { cipherSuitesOf } from "../../src/registry/cipher-suite.ts";
import type { Version } from "../../src/version.ts";
import { speaking } from "../helpers/in-memory-scanning.ts";
import { type Model, ModelScanning } from "../helpers/model-server.ts";

const ecdheGcm = 0xc02f;
const ecdheChaCha20 = 0xcca8;
const rsaGcm = 0x009c;
const rsa3des = 0x000a;
const exportRc4 = 0x0003;
const anon = 0x0034;
const krb5 = 0x001e;

async function found(model: Partial<Model>) {
  const scanning = new ModelScanning(model);
  // The keys of a record by versions are versions.
  const versions = Object.keys(model.suites ?? {}) as Version[];
  const outcome = await scanning.outcomeOf(cipherSuitesCheck, speaking(...versions));
  const facts = outcome.state === "found" ? outcome.value : [];
  const [fact] = facts;
  return { scanning, outcome, facts, codes: fact?.accepted.map(({ code }) => code), order: fact?.order };
}

test("what a server takes comes in its own order", async () => {
  const own = [rsaGcm, ecdheChaCha20, rsa3des, ecdheGcm];
  const { codes, order, scanning } = await found({ suites: { "TLS 1.2": own } });
  expect(codes).toEqual(own);
  expect(order).toBe("server");
  // One for each, one more, one for each batch of rare ones, and whether ChaCha20 is preferred to this order.
  expect(scanning.hellos).toBe(4 + 1 + 2 + 1);
});

test("a server that follows the client is told by it, and the best comes first", async () => {
  const { codes, order } = await found({
    suites: { "TLS 1.2": [rsa3des, rsaGcm, ecdheGcm] },
    order: "client",
  });
  expect(codes).toEqual([ecdheGcm, rsaGcm, rsa3des]);
  expect(order).toBe("client");
});

test("a server whose order is that of our hello has an order all the same", async () => {
  const { codes, order } = await found({ suites: { "TLS 1.2": [rsa3des, rsaGcm, ecdheGcm] } });
  expect(codes).toEqual([rsa3des, rsaGcm, ecdheGcm]);
  expect(order).toBe("server");
});

test("a single suite has no order", async () => {
  const { codes, order } = await found({ suites: { "TLS 1.2": [ecdheGcm] } });
  expect(codes).toEqual([ecdheGcm]);
  expect(order).toBe("only one");
});

test("a server with an order that gives ChaCha20 to whoever prefers it", async () => {
  const { codes, order } = await found({
    suites: { "TLS 1.2": [ecdheGcm, ecdheChaCha20, rsaGcm] },
    prioritizesChaCha20: true,
  });
  expect(codes).toEqual([ecdheGcm, ecdheChaCha20, rsaGcm]);
  expect(order).toBe("chacha20");
});

test("a server's order goes over what can't be offered at once", async () => {
  const own = [anon, ecdheGcm, exportRc4, rsaGcm, krb5, rsa3des];
  const { codes, order } = await found({
    suites: { "TLS 1.0": own.filter((code) => code !== ecdheGcm && code !== rsaGcm) },
  });
  expect(codes).toEqual([anon, exportRc4, krb5, rsa3des]);
  expect(order).toBe("server");
  const of12 = await found({ suites: { "TLS 1.2": own } });
  expect(of12.codes).toEqual(own);
});

test("one suite of each batch has an order, too", async () => {
  const client = await found({ suites: { "TLS 1.2": [exportRc4, ecdheGcm] }, order: "client" });
  expect(client.codes).toEqual([ecdheGcm, exportRc4]);
  expect(client.order).toBe("client");
  const server = await found({ suites: { "TLS 1.2": [exportRc4, ecdheGcm] } });
  expect(server.codes).toEqual([exportRc4, ecdheGcm]);
  expect(server.order).toBe("server");
});

test("every suite of a version is offered, and never more than 125 at once", async () => {
  for (const version of ["TLS 1.3", "TLS 1.2", "TLS 1.1", "TLS 1.0", "SSL 3.0"] as const) {
    const all = cipherSuitesOf(version).map(({ code }) => code);
    const { codes, scanning } = await found({ suites: { [version]: all } });
    expect(codes?.toSorted(), version).toEqual(all.toSorted());
    expect(Math.max(...scanning.offers.map((offer) => offer.cipherSuites.length))).toBeLessThanOrEqual(125);
  }
});

test("each version has its own", async () => {
  const { facts } = await found({
    suites: { "TLS 1.3": [0x1302, 0x1301], "TLS 1.2": [ecdheGcm], "TLS 1.0": [rsa3des] },
  });
  expect(facts).toEqual([
    {
      version: "TLS 1.3",
      accepted: [
        { code: 0x1302, name: "TLS_AES_256_GCM_SHA384" },
        { code: 0x1301, name: "TLS_AES_128_GCM_SHA256" },
      ],
      order: "server",
    },
    {
      version: "TLS 1.2",
      accepted: [{ code: ecdheGcm, name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" }],
      order: "only one",
    },
    { version: "TLS 1.0", accepted: [{ code: rsa3des, name: "TLS_RSA_WITH_3DES_EDE_CBC_SHA" }], order: "only one" },
  ]);
});

test.each([{ how: "closed" }, { how: "silent", seconds: 5 }] as const)(
  "a server that refuses like this is believed if it goes on with what it took: %o",
  async (refusal) => {
    const { codes } = await found({ suites: { "TLS 1.2": [rsaGcm, ecdheGcm] }, refusal });
    expect(codes).toEqual([rsaGcm, ecdheGcm]);
  },
);

test("a server that has had enough of us isn't taken for one that refuses", async () => {
  const { outcome } = await found({ suites: { "TLS 1.2": [rsaGcm, rsa3des, ecdheGcm] }, patience: 2 });
  expect(outcome).toMatchObject({ state: "failed", code: "stopped_answering" });
});

test("a server that chooses what wasn't offered isn't asked for ever", async () => {
  const scanning = new ModelScanning({ suites: { "TLS 1.2": [rsaGcm] } });
  const { probe } = scanning;
  const always = Object.assign(scanning, { probe: () => probe({ versions: ["TLS 1.2"], cipherSuites: [rsaGcm] }) });
  expect(await always.outcomeOf(cipherSuitesCheck, speaking("TLS 1.2"))).toMatchObject({
    state: "failed",
    code: "unoffered_choice",
  });
  expect(scanning.hellos).toBe(2);
});

test("a version of which nothing is taken though it is spoken is no version without suites", async () => {
  const { outcome } = await found({ suites: { "TLS 1.2": [] } });
  expect(outcome).toMatchObject({ state: "failed", code: "no_cipher_suite" });
});

test("what isn't known to be spoken isn't asked for", async () => {
  const scanning = new ModelScanning({});
  expect(await scanning.outcomeOf(cipherSuitesCheck)).toMatchObject({ state: "failed", code: "not_found_out" });
});
