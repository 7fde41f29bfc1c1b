import { noWorkerd, Workerd, workerdVersion } from "@tlskit/interop/workerd";
import type { Result } from "../suite.ts";
import { type Runtime, suitePatience } from "./runtime.ts";

/**
 * Runs the suite when it is asked to, with a line of its answer for each result: most of what a suite needs exists while there
 * is a request alone.
 */
const main = `
import { run } from "./suite.js";
const encoder = new TextEncoder();
export default {
  fetch: async (request, env, context) => {
    const given = await request.json();
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    const line = (value) => writer.write(encoder.encode(JSON.stringify(value) + "\\n"));
    const tell = (result) => { line(result); };
    context.waitUntil(run(given, tell).then(() => line("done")).catch((error) => line(String(error?.stack ?? error))).then(() => writer.close()));
    return new Response(readable);
  },
};
`;

export const workerd: Runtime = {
  name: "workerd",
  missing: noWorkerd,
  pinned: true,
  version: () => workerdVersion ?? "",
  start: async () => ({
    run: async (bundle, given) => {
      const running = await Workerd.start({ modules: { "main.js": main, "suite.js": bundle } });
      try {
        const response = await fetch(`http://127.0.0.1:${running.port}/`, {
          method: "POST",
          body: JSON.stringify(given ?? null),
          signal: AbortSignal.timeout(suitePatience),
        });
        const lines = (await response.text()).split("\n").filter((line) => line !== "");
        const told: readonly unknown[] = lines.map((line) => JSON.parse(line));
        if (told.at(-1) !== "done") throw new Error(`${String(told.at(-1))}\n${running.lines.join("\n")}`);
        // All others are what run-cases.ts tells.
        return told.slice(0, -1) as readonly Result[];
      } finally {
        await running.stop();
      }
    },
    stop: async () => {},
  }),
};
