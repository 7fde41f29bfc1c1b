import { isGrease } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import { expect, test } from "vitest";
import { toleranceCheck } from "../../src/checks/tolerance.ts";
import { makeHello } from "../../src/probe/client-hello.ts";
import type { HelloOffer } from "../../src/probe/hello.ts";
import { type Model, ModelScanning, takingSuites } from "../helpers/model-server.ts";

async function found(model: Partial<Model> & Pick<Model, "suites">) {
  const scanning = new ModelScanning(model);
  const outcome = await scanning.outcomeOf(toleranceCheck, takingSuites(model.suites));
  const facts = outcome.state === "found" ? outcome.value : [];
  return { scanning, outcome, facts, refused: facts.filter(({ tolerated }) => !tolerated).map(({ id }) => id) };
}

const servers = { "TLS 1.3": { "TLS 1.3": [0x1301] }, "TLS 1.2": { "TLS 1.2": [0xc02f] } } as const;

test.each(Object.entries(servers))("a server of %s that minds nothing", async (_, suites) => {
  const { facts, refused } = await found({ suites });
  expect(facts.length).toBeGreaterThanOrEqual(10);
  expect(refused).toEqual([]);
});

test("who minds nothing is told few hellos, since one may have much", async () => {
  expect((await found({ suites: servers["TLS 1.3"] })).scanning.hellos).toBe(3);
  expect((await found({ suites: servers["TLS 1.2"] })).scanning.hellos).toBe(4);
});

test.each(Object.entries(servers))("each hello of %s may be made, and has no extension twice", async (_, suites) => {
  const { scanning } = await found({ suites });
  for (const offer of scanning.offers) {
    const { hello } = await makeHello(offer, { provider: nodeProvider, random: seededRandom(1), serverName: "a.b" });
    const codes = hello.extensions?.map(({ code }) => code) ?? [];
    expect(new Set(codes).size).toBe(codes.length);
  }
});

test.each<[string, (offer: HelloOffer) => boolean]>([
  [
    "unknown-extension",
    ({ extensions = [] }) => extensions.some(({ code, data }) => code === 0x5a17 && data.length > 0),
  ],
  ["empty-last-extension", ({ extensions = [] }) => extensions.at(-1)?.data.length === 0],
  ["unknown-suites", ({ cipherSuites }) => cipherSuites.includes(0x5a01)],
  ["split-hello", ({ recordSize }) => recordSize !== undefined],
  ["record-version", ({ recordVersion }) => recordVersion !== undefined],
  ["hello-in-two-records", ({ extensions = [] }) => extensions.some(({ data }) => data.length > 16_384)],
])("%s is told, alone", async (id, intolerant) => {
  const { refused, facts } = await found({ suites: servers["TLS 1.3"], intolerant });
  expect(refused).toEqual([id]);
  expect(facts.find((fact) => fact.id === id)?.how).toBe("alert handshake_failure");
});

test("a version still to come is offered as its time does it", async () => {
  const of13 = await found({
    suites: servers["TLS 1.3"],
    intolerant: ({ extensions = [] }) => extensions.some(({ code }) => code === 43),
  });
  expect(of13.refused).toEqual(["unknown-version", "grease"]);
  const of12 = await found({ suites: servers["TLS 1.2"], intolerant: ({ legacyVersion }) => legacyVersion === 0x0304 });
  expect(of12.refused).toEqual(["unknown-version"]);
});

// RFC 9846 §4.2.2: servers of TLS 1.3 have to refuse it beside supported_versions, so that it proves nothing there.
test("a legacy_version still to come is tried before TLS 1.3 alone", async () => {
  const intolerant = ({ legacyVersion = 0 }: HelloOffer): boolean => legacyVersion > 0x0304;
  expect((await found({ suites: servers["TLS 1.3"], intolerant })).refused).toEqual([]);
  expect((await found({ suites: servers["TLS 1.2"], intolerant })).refused).toEqual(["unknown-legacy-version"]);
});

test("GREASE is in every list", async () => {
  const { scanning } = await found({ suites: servers["TLS 1.3"] });
  const greased = scanning.offers.find(({ cipherSuites }) => cipherSuites.some(isGrease));
  expect(greased?.groups?.some(isGrease)).toBe(true);
  expect(greased?.signatureSchemes?.some(isGrease)).toBe(true);
  expect(greased?.extensions?.filter(({ code }) => isGrease(code))).toHaveLength(2);
});

test.each([
  [{ how: "closed" }, "hung up"],
  [{ how: "silent", seconds: 5 }, "said nothing for 5 s"],
  [{ how: "unreadable", reason: "it speaks HTTP" }, "it speaks HTTP"],
] as const)("what a server did instead is told: %o", async (refusal, how) => {
  const { facts } = await found({
    suites: servers["TLS 1.2"],
    refusal,
    intolerant: ({ recordSize }) => recordSize !== undefined,
  });
  expect(facts.find(({ id }) => id === "split-hello")).toMatchObject({ tolerated: false, how });
});

test.each(Object.entries(servers))(
  "a hello of 256 to 511 octets is one, with a name of any length: %s",
  async (_, suites) => {
    const { scanning } = await found({ suites });
    const offer = scanning.offers.find(({ extensions = [] }) =>
      extensions.some(({ code, data }) => code === 21 && data.length < 256),
    );
    if (offer === undefined) throw new TypeError("no such hello");
    for (const length of [4, 60]) {
      const serverName = `${"a".repeat(length - 2)}.b`;
      const { message } = await makeHello(offer, { provider: nodeProvider, random: seededRandom(1), serverName });
      expect(message.length).toBeGreaterThan(255);
      expect(message.length).toBeLessThan(512);
    }
  },
);
