import { expect, test } from "vitest";
import { groupsCheck } from "../../src/checks/groups.ts";
import { type Model, ModelScanning, takingSuites } from "../helpers/model-server.ts";

const x25519 = 0x001d;
const secp256r1 = 0x0017;
const secp384r1 = 0x0018;
const hybrid = 0x11ec;
const secp256k1 = 0x0016;
const ffdhe2048 = 0x0100;
const ffdhe3072 = 0x0101;
const ecdheRsa = 0xc02f;
const dheRsa = 0x009e;
const of13 = { "TLS 1.3": [0x1301] } as const;

async function found(model: Partial<Model> & Pick<Model, "suites">) {
  const scanning = new ModelScanning(model);
  const outcome = await scanning.outcomeOf(groupsCheck, takingSuites(model.suites));
  const facts = outcome.state === "found" ? outcome.value : [];
  const [fact] = facts;
  return { scanning, outcome, facts, fact, codes: fact?.accepted.map(({ code }) => code) };
}

test("a server's groups of TLS 1.3 come in its order, post-quantum ones too", async () => {
  const { fact, codes } = await found({ suites: of13, groups: [x25519, hybrid, secp384r1, 0x0200] });
  expect(codes).toEqual([x25519, hybrid, secp384r1, 0x0200]);
  expect(fact).toMatchObject({ version: "TLS 1.3", order: "server", retriesForPreferred: false, reusedShares: [] });
});

test("a server that follows the client's order", async () => {
  const { fact, codes } = await found({ suites: of13, groups: [secp384r1, x25519], order: "client" });
  expect(codes).toEqual([x25519, secp384r1]);
  expect(fact?.order).toBe("client");
});

test("a server that asks for a share of what it prefers", async () => {
  const { fact } = await found({ suites: of13, groups: [hybrid, x25519], retriesForPreferred: true });
  expect(fact?.retriesForPreferred).toBe(true);
});

test("one group leaves nothing to prefer", async () => {
  const { fact } = await found({ suites: of13, groups: [x25519] });
  expect(fact).toMatchObject({ order: "only one" });
  expect(fact).not.toHaveProperty("retriesForPreferred");
});

test.each(["TLS 1.3", "TLS 1.2"] as const)("the same share twice is told, in %s", async (version) => {
  const suites = { [version]: [version === "TLS 1.3" ? 0x1301 : ecdheRsa] };
  const twice = await found({ suites, groups: [x25519, secp256r1], reusesShares: true });
  expect(twice.fact?.reusedShares).toEqual([{ code: x25519, name: "x25519" }]);
  const once = await found({ suites, groups: [x25519, secp256r1] });
  expect(once.fact?.reusedShares).toEqual([]);
});

test("curves before TLS 1.3, the old ones too, and no group that TLS 1.3 alone has", async () => {
  const { fact, codes, scanning } = await found({ suites: { "TLS 1.1": [0xc013] }, groups: [secp256r1, secp256k1] });
  expect(fact).toMatchObject({ version: "TLS 1.2", order: "server" });
  expect(codes).toEqual([secp256r1, secp256k1]);
  expect(scanning.offers.flatMap(({ groups = [] }) => groups)).not.toContain(hybrid);
});

test("a server that has one curve whatever it is asked for", async () => {
  const fixed = await found({ suites: { "TLS 1.2": [ecdheRsa] }, groups: [], fixedGroup: secp256r1 });
  expect(fixed.codes).toEqual([secp256r1]);
  const unknown = await found({ suites: { "TLS 1.2": [ecdheRsa] }, groups: [], fixedGroup: 0xfe00 });
  expect(unknown.fact?.accepted).toEqual([{ code: 0xfe00, name: "group 65024" }]);
});

test("RFC 7919's groups are told where they are negotiated before TLS 1.3", async () => {
  const suites = { "TLS 1.2": [dheRsa] };
  const negotiated = await found({ suites, negotiatesFfdhe: [ffdhe2048, ffdhe3072] });
  expect(negotiated.codes).toEqual([ffdhe2048, ffdhe3072]);
});

test("a group of RFC 7919 that a server has whatever is offered isn't negotiated", async () => {
  const { facts } = await found({ suites: { "TLS 1.2": [dheRsa] } });
  expect(facts).toEqual([]);
});

test("both kinds of a version are one fact, each version has its own", async () => {
  const { facts } = await found({
    suites: { ...of13, "TLS 1.2": [ecdheRsa, dheRsa] },
    groups: [x25519],
    prime: new Uint8Array(256).fill(0xff),
    negotiatesFfdhe: [ffdhe3072],
  });
  expect(facts.map(({ version, accepted }) => [version, accepted.map(({ name }) => name)])).toEqual([
    ["TLS 1.3", ["x25519"]],
    ["TLS 1.2", ["x25519", "ffdhe3072"]],
  ]);
});

test("a server without ephemeral keys has no groups", async () => {
  const { outcome, scanning } = await found({ suites: { "TLS 1.2": [0x009c] } });
  expect(outcome).toMatchObject({ state: "found", value: [] });
  expect(scanning.hellos).toBe(0);
});
