/** Writes what `npm test` counts to the file named by TLSKIT_RESULTS: a line of JSON for each test. */
import { appendFileSync } from "node:fs";
import type { Reporter, TestModule, TestRunEndReason } from "vitest/node";
import type { Result } from "./check.ts";

export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const results: Result[] = [];
    for (const module of modules) {
      const file = module.relativeModuleId;
      // A file that doesn't load, or a hook that fails, is no test but has failed all the same.
      for (const { message } of module.errors()) results.push({ name: file, state: "failed", detail: message });
      for (const suite of module.children.allSuites()) {
        const name = `${file} > ${suite.fullName}`;
        for (const { message } of suite.errors()) results.push({ name, state: "failed", detail: message });
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        const state = result.state === "pending" ? "failed" : result.state;
        const detail =
          result.state === "skipped" ? result.note : result.errors?.map(({ message }) => message).join("\n");
        results.push({ name: `${file} > ${test.fullName}`, state, ...(detail === undefined ? {} : { detail }) });
      }
    }
    for (const error of errors)
      results.push({ name: "outside of any test", state: "failed", detail: messageOf(error) });
    if (reason === "interrupted") results.push({ name: "the run", state: "failed", detail: "interrupted" });
    const lines = results.map((result) => `${JSON.stringify(result)}\n`);
    if (process.env["TLSKIT_RESULTS"] !== undefined) appendFileSync(process.env["TLSKIT_RESULTS"], lines.join(""));
  }
}

function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}
