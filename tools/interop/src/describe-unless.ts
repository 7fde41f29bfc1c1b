import { absent } from "@tlskit/vectors";
import { afterAll, describe, test } from "vitest";
import { stopPrograms } from "./program.ts";

/** A `describe` of what needs another program; one skipped test, with the sentence, where there is a reason against it. */
export function describeUnless(missing: string | undefined, title: string, body: () => void): void {
  describe(title, () => {
    if (missing !== undefined) {
      test("needs what is missing", (context) => absent(context, missing));
      return;
    }
    afterAll(stopPrograms); // the last of them: those that the body ends in order have ended by then
    body();
  });
}
