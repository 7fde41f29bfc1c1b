import { stopPrograms } from "@tlskit/interop/program";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytes, digest, type WebPorts } from "../programs/web.ts";
import { type Outcomes, timeOfProgram } from "./run-program.ts";
import { type Way, ways } from "./ways.ts";
import { type RunningServer, runWebClient, startServer } from "./web-servers.ts";

/** What is expected of cases, by their names: of a failure its code at least. */
export type Expected = Readonly<Record<string, { readonly value: unknown } | { readonly error: unknown }>>;

/**
 * A `describe` of a program that talks to `web-server.ts`: each over each TLS, in TLS 1.2 and 1.3.
 *
 * @param expected what is expected in a version, over a TLS. All of a program's cases are among it.
 * @param clientWays how TLS gets into the program.
 */
export function describeWebClient(
  title: string,
  file: string,
  expected: (version: string, way: Way) => Expected,
  clientWays: typeof ways = ways,
): void {
  describe(title, () => {
    afterAll(stopPrograms);

    describe.each(ways)("with a server over %s,", (_server, serverWay) => {
      let server: RunningServer<WebPorts>;
      beforeAll(async () => {
        server = await startServer("web-server.ts", serverWay);
      }, timeOfProgram);
      afterAll(() => server.stop());

      describe.each(clientWays)("itself over %s,", (_client, clientWay) => {
        let outcomes: Outcomes;
        beforeAll(async () => {
          outcomes = await runWebClient(file, clientWay, server.ports);
        }, timeOfProgram);

        const all = ["TLSv1.2", "TLSv1.3"].flatMap((version) =>
          Object.entries(expected(version, clientWay)).map(
            ([name, outcome]) => [`${version}: ${name}`, outcome] as const,
          ),
        );
        it.each(all)("%s", (name, outcome) => {
          expect(outcomes[name]).toMatchObject(outcome);
        });
        it("has no cases but these", () => {
          expect(Object.keys(outcomes).toSorted()).toEqual(all.map(([name]) => name).toSorted());
        });
      });
    });
  });
}

/** Codes of `node:tls`, by what is wrong with the server. */
export const refusals: Readonly<Record<string, string>> = {
  "another authority": "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "an expired certificate": "CERT_HAS_EXPIRED",
  "a certificate for another name": "ERR_TLS_CERT_ALTNAME_INVALID",
};

/** How a program tells of servers that it refuses. */
export function refused(tell: (code: string) => unknown): Expected {
  return Object.fromEntries(Object.entries(refusals).map(([name, code]) => [name, { error: tell(code) }]));
}

/** What is the same for all clients of HTTP. */
export function answered(version: string, http: "1.1" | "2.0"): Expected {
  const waited = { waited: true, got: tooMuch };
  return {
    "a request": { value: `hello by HTTP/${http} over ${version}` },
    "a certificate that is demanded": { value: "alice true " },
    "a large upload": { value: much },
    "a large download": { value: much },
    ...(version === "TLSv1.3"
      ? { "an upload that nobody reads": { value: waited }, "a download that nobody reads": { value: waited } }
      : {}),
  };
}

const much = await digest(bytes(5_000_000));
const tooMuch = await digest(bytes(48_000_000));
