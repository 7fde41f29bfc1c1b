import { signatureAlgorithmsCert } from "@tlskit/messages";
import { expect, test } from "vitest";
import { signatureSchemesCheck } from "../../src/checks/signature-schemes.ts";
import { type Model, ModelScanning, takingSuites } from "../helpers/model-server.ts";

const ecdsaSha1 = 0x0203;
const rsaSha1 = 0x0201;
const ecdsaP256 = 0x0403;
const pss = 0x0804;

async function found(model: Partial<Model> & Pick<Model, "suites">) {
  const scanning = new ModelScanning(model);
  const outcome = await scanning.outcomeOf(signatureSchemesCheck, takingSuites(model.suites));
  const facts = outcome.state === "found" ? outcome.value : [];
  return { scanning, facts: facts.map(({ version, accepted }) => [version, accepted.map(({ code }) => code)]) };
}

test.each(["server", "client"] as const)("every scheme is found, whoever's order counts: the %s's", async (order) => {
  const { facts } = await found({ suites: { "TLS 1.2": [0xc02b] }, schemes: [ecdsaP256, ecdsaSha1], order });
  expect(facts).toEqual([["TLS 1.2", expect.arrayContaining([ecdsaP256, ecdsaSha1])]]);
});

test("TLS 1.3 isn't asked for what it hasn't got", async () => {
  const { facts, scanning } = await found({ suites: { "TLS 1.3": [0x1301] }, schemes: [pss, rsaSha1, ecdsaP256] });
  expect(facts).toEqual([["TLS 1.3", [pss, ecdsaP256]]]);
  expect(scanning.offers.flatMap(({ signatureSchemes = [] }) => signatureSchemes)).not.toContain(rsaSha1);
});

test("certificates may be signed by any scheme meanwhile", async () => {
  const { scanning } = await found({ suites: { "TLS 1.3": [0x1301] } });
  for (const { extensions } of scanning.offers) {
    expect(extensions?.map(({ code }) => code)).toEqual([signatureAlgorithmsCert.code]);
  }
});

test("a server that signs by what it isn't asked for is found out, and not asked for ever", async () => {
  const { facts, scanning } = await found({
    suites: { "TLS 1.2": [0xc02f] },
    schemes: [pss],
    fallbackScheme: rsaSha1,
  });
  expect(facts).toEqual([["TLS 1.2", [pss, rsaSha1]]]);
  expect(scanning.hellos).toBeLessThan(5);
});

test("nobody is asked where there is no choice, or nothing is signed", async () => {
  for (const suites of [{ "TLS 1.1": [0xc013] }, { "TLS 1.2": [0x009c] }, { "TLS 1.2": [0x0034] }]) {
    const { facts, scanning } = await found({ suites });
    expect(facts).toEqual([]);
    expect(scanning.hellos).toBe(0);
  }
});
