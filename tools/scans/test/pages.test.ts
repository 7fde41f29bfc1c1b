import { policySchema, readPolicy } from "@tlskit/scan";
import { expect, test } from "vitest";
import { findingsPage } from "../src/pages/findings-page.ts";
import { examplePolicy, policyPage } from "../src/pages/policy-page.ts";
import { rivalsPage } from "../src/pages/rivals-page.ts";
import { keptResults } from "../src/rivals/results.ts";

// `vitest -u` writes them.

test("docs/scan-findings.md is made of the table of findings", async () => {
  await expect(findingsPage()).toMatchFileSnapshot("../../../docs/scan-findings.md");
});

test("docs/scan-policy.md is made of the members of policies", async () => {
  await expect(policyPage()).toMatchFileSnapshot("../../../docs/scan-policy.md");
});

test("docs/scan-policy.schema.json is what policies are read by", async () => {
  await expect(`${JSON.stringify(policySchema(), undefined, 2)}\n`).toMatchFileSnapshot(
    "../../../docs/scan-policy.schema.json",
  );
});

test("docs/scan-rivals.md is made of what other scanners said and took", async () => {
  await expect(rivalsPage(keptResults())).toMatchFileSnapshot("../../../docs/scan-rivals.md");
});

test("the policy that the page shows can be read", () => {
  expect(readPolicy(examplePolicy, "our.json")).toMatchObject({
    name: "our servers",
    groups: { required: ["X25519MLKEM768"] },
  });
});
