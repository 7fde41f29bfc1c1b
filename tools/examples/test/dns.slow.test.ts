import { identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { identityFiles } from "@tlskit/interop/scratch";
import { beforeAll, describe, expect, it } from "vitest";
import { runExample } from "./helpers/example.ts";
import { noUnbound, Unbound } from "./helpers/unbound.ts";

const certificate = identity("P-256");
const stranger = identity("P-256", "under Ed25519");

describeUnless(noUnbound, "unbound is asked", () => {
  let resolver: Unbound;
  beforeAll(async () => {
    resolver = await Unbound.start(certificate, "test.", ["host.test. A 192.0.2.1", "host.test. AAAA 2001:db8::1"]);
  });

  const examples: readonly (readonly [
    string,
    (name: string, ca: string, host?: string) => ReturnType<typeof runExample>,
  ])[] = [
    [
      "over TLS",
      (name, ca, host = "localhost") => runExample("dns-over-tls/main.ts", [name, host, String(resolver.tlsPort), ca]),
    ],
    [
      "over HTTPS",
      (name, ca, host = "localhost") =>
        runExample("dns-over-https/main.ts", [name, `https://${host}:${resolver.httpsPort}/dns-query`, ca]),
    ],
  ];

  describe.each(examples)("%s", (_, ask) => {
    it("for the addresses of a name", async () => {
      const { exitCode, lines } = await ask("host.test", identityFiles(certificate).root);
      expect({ exitCode, lines: lines.toSorted() }).toEqual({
        exitCode: 0,
        lines: ["A 192.0.2.1", "AAAA 2001:db8::1"],
      });
    });

    it("for a name that isn't", async () => {
      const { exitCode, lines } = await ask("nobody.test", identityFiles(certificate).root);
      expect({ exitCode, lines: lines.toSorted() }).toEqual({ exitCode: 0, lines: ["A NXDOMAIN", "AAAA NXDOMAIN"] });
    });

    it.each([
      ["of another authority", identityFiles(stranger).root, "localhost"],
      ["of another name", identityFiles(certificate).root, "127.0.0.1"],
    ])("never, if its certificate is %s", async (_what, ca, host) => {
      const { exitCode, lines } = await ask("host.test", ca, host);
      expect(exitCode).toBe(1);
      expect(lines.join("\n")).toMatch(/TlsError/);
      expect(lines).not.toContain("A 192.0.2.1");
    });
  });
});
