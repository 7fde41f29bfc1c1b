import { describe, expect, test } from "vitest";
import { alpnCheck } from "../../src/checks/alpn.ts";
import { cipherSuitesCheck } from "../../src/checks/cipher-suites.ts";
import { clientCertificatesCheck } from "../../src/checks/client-certificates.ts";
import { diffieHellmanCheck } from "../../src/checks/diffie-hellman.ts";
import { extensionsCheck } from "../../src/checks/extensions.ts";
import { groupsCheck } from "../../src/checks/groups.ts";
import { signatureSchemesCheck } from "../../src/checks/signature-schemes.ts";
import { toleranceCheck } from "../../src/checks/tolerance.ts";
import type { CheckName } from "../../src/facts.ts";
import type { AnswerEnd } from "../../src/probe/answer.ts";
import type { Check } from "../../src/scanning.ts";
import { ModelScanning, takingSuites } from "../helpers/model-server.ts";

const suites = { "TLS 1.3": [0x1301], "TLS 1.2": [0xc02f, 0x009e] } as const;
const internalError: AnswerEnd = { how: "alert", level: 2, description: 80 };
const handshakeFailure: AnswerEnd = { how: "alert", level: 2, description: 40 };
const ends: readonly AnswerEnd[] = [{ how: "closed" }, { how: "silent", seconds: 5 }, internalError];

const checks: readonly Check<CheckName>[] = [
  cipherSuitesCheck,
  groupsCheck,
  diffieHellmanCheck,
  signatureSchemesCheck,
  extensionsCheck,
  toleranceCheck,
  clientCertificatesCheck,
];

// What nothing is known of isn't what there is nothing of: who is told that all is well must have been told so by the server.
describe.each(checks)("a server that has given up is told nothing good of by $name", (check) => {
  test.each(ends)("$how", async (refusal) => {
    const scanning = new ModelScanning({ suites: {}, refusal });
    expect(await scanning.outcomeOf(check, takingSuites(suites))).toMatchObject({ state: "failed" });
  });
});

test("a server that has given up on ALPN has refused nothing", async () => {
  const scanning = new ModelScanning({ suites: {}, refusal: { how: "silent", seconds: 5 } });
  expect(await scanning.outcomeOf(alpnCheck, takingSuites(suites))).toMatchObject({ code: "stopped_answering" });
});

test.each([...ends, handshakeFailure])(
  "a server that refuses by $how what it hasn't got has the rest",
  async (refusal) => {
    for (const check of [cipherSuitesCheck, groupsCheck, signatureSchemesCheck]) {
      const scanning = new ModelScanning({ suites, refusal });
      expect(await scanning.outcomeOf<CheckName>(check, takingSuites(suites)), check.name).toMatchObject({
        state: "found",
      });
    }
  },
);

test("a server that is through before its order is known has none", async () => {
  const suites = { "TLS 1.3": [0x1303, 0x1302, 0x1301] } as const;
  const whole = new ModelScanning({ suites, order: "client" });
  await whole.outcomeOf(cipherSuitesCheck, takingSuites(suites));
  const { hellos } = whole;
  const scanning = new ModelScanning({ suites, order: "client", patience: hellos - 1 });
  expect(await scanning.outcomeOf(cipherSuitesCheck, takingSuites(suites))).toMatchObject({ state: "failed" });
});
