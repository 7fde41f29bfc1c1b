import { expect, test } from "vitest";
import { alpnCheck } from "../../src/checks/alpn.ts";
import { type Model, ModelScanning, takingSuites } from "../helpers/model-server.ts";

async function found(model: Partial<Model>) {
  const suites = { "TLS 1.3": [0x1301], ...model.suites };
  const scanning = new ModelScanning({ suites, ...model });
  const outcome = await scanning.outcomeOf(alpnCheck, takingSuites(model.suites ?? suites));
  return { scanning, outcome, value: outcome.state === "found" ? outcome.value : undefined };
}

test.each(["TLS 1.3", "TLS 1.2"] as const)(
  "the protocols that a server of %s chooses, in its order",
  async (version) => {
    const suites = { [version]: [version === "TLS 1.3" ? 0x1301 : 0xc02f] };
    const { value, scanning } = await found({ suites, alpn: ["h2", "http/1.1"], unknownAlpn: "refused" });
    expect(value).toEqual({ accepted: ["h2", "http/1.1"], unknown: "refused" });
    expect(scanning.hellos).toBe(3);
  },
);

test("a server that goes on without a protocol", async () => {
  expect((await found({ alpn: ["imap"] })).value).toEqual({ accepted: ["imap"], unknown: "ignored" });
});

test("a server that takes whatever comes first isn't asked for everything", async () => {
  const { value, scanning } = await found({ unknownAlpn: "accepted" });
  expect(value).toEqual({ accepted: [], unknown: "accepted" });
  expect(scanning.hellos).toBe(1);
});

test("a server that chooses what wasn't offered isn't asked again", async () => {
  const scanning = new ModelScanning({ suites: { "TLS 1.3": [0x1301] }, alpn: ["h2"] });
  const { probe } = scanning;
  Object.assign(scanning, {
    probe: (offer: object) => probe({ ...offer, versions: ["TLS 1.3"], cipherSuites: [0x1301], alpnProtocols: ["h2"] }),
  });
  const outcome = await scanning.outcomeOf(alpnCheck, takingSuites({ "TLS 1.3": [0x1301] }));
  expect(outcome).toMatchObject({ state: "found", value: { accepted: ["h2"], unknown: "accepted" } });
  expect(scanning.hellos).toBe(2);
});

test("SSL 3.0 has no extensions", async () => {
  const { outcome } = await found({ suites: { "SSL 3.0": [0x000a] } });
  expect(outcome).toMatchObject({ state: "skipped", why: "inapplicable" });
});
