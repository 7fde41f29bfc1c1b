import { clientIdentity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { PostfixServer, type PostfixService, postfix } from "@tlskit/interop/postfix";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcomes, runProgram } from "./helpers/run-program.ts";
import { byVersion, versions } from "./helpers/versions.ts";
import { ways } from "./helpers/ways.ts";

const certificate = identity("P-256");
const otherAuthority = clientIdentity("anybody").rootPem;

const services = {
  submission: { implicit: false },
  submissions: { implicit: true },
  "submission in TLSv1.2": { implicit: false, version: "TLSv1.2" },
  "submission in TLSv1.3": { implicit: false, version: "TLSv1.3" },
  "submissions in TLSv1.2": { implicit: true, version: "TLSv1.2" },
  "submissions in TLSv1.3": { implicit: true, version: "TLSv1.3" },
} as const satisfies Record<string, PostfixService>;
const names = Object.keys(services) as (keyof typeof services)[]; // all of them

// nodemailer has one code for all that goes wrong with a connection, and the errors' own texts.
const unknownAuthority = expect.stringMatching(/^unable to verify the first certificate/);
const wrongName = expect.stringMatching(/^Hostname\/IP does not match certificate's altnames/);

describeUnless(typeof postfix === "string" ? postfix : undefined, "nodemailer, with a Postfix", () => {
  let server: PostfixServer<keyof typeof services>;
  beforeAll(async () => {
    if (typeof postfix === "string") return;
    server = await PostfixServer.start(postfix, certificate, services);
  });
  afterAll(() => server.stop());

  describe.each(ways)("over %s", (_name, way) => {
    let outcomes: Outcomes;
    beforeAll(async () => {
      const at = (name: keyof typeof services, tls: object = {}) => {
        const { implicit } = services[name];
        const how = implicit ? { secure: true } : { secure: false, requireTLS: true };
        return { host: "localhost", port: server.ports[name], ...how, tls: { ca: certificate.rootPem, ...tls } };
      };
      outcomes = await runProgram("nodemailer.ts", way, {
        versions: byVersion((version) => at("submission", version)),
        connections: {
          ...Object.fromEntries(names.map((name) => [name, at(name)])),
          "another authority, with STARTTLS": at("submission", { ca: otherAuthority }),
          "another authority": at("submissions", { ca: otherAuthority }),
          "another name, with STARTTLS": at("submission", { servername: "elsewhere.example" }),
          "another name": at("submissions", { servername: "elsewhere.example" }),
          "another authority, not verified": at("submission", { ca: otherAuthority, rejectUnauthorized: false }),
        },
      });
    });

    /** The names that the server gave to the mails of a case. */
    function idsOf(name: string): readonly string[] {
      return JSON.stringify(outcomes[name]).match(/(?<=queued as )\w+/g) ?? [];
    }

    describe.each(versions)("in %s", (version) => {
      it("sends a large attachment", () => {
        const [id = ""] = idsOf(`a large attachment, ${version}`);
        const encoded = server.mail(id).split("\n\n")[1] ?? "";
        expect(Buffer.from(encoded, "base64").equals(Buffer.alloc(3_000_000, "large "))).toBe(true);
      });

      it("sends many mails over few connections", () => {
        const texts = idsOf(`many mails over few connections, ${version}`).map(
          (id) => /mail (\d+)/.exec(server.mail(id))?.[1],
        );
        expect(texts).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
      });

      it("verifies that the server is there", () => {
        expect(outcomes[`a verification, ${version}`]).toEqual({ value: true });
      });
    });

    it.each(names)("sends by %s", (name) => {
      const version = "version" in services[name] ? services[name].version : "TLSv1.3";
      const [id = ""] = idsOf(name);
      expect(server.mail(id)).toMatch(new RegExp(`using ${version} with cipher [^]*Nobody knows what\\.`));
    });

    it.each(["another authority", "another authority, with STARTTLS"])("refuses a server of %s", (name) => {
      expect(outcomes[name]).toMatchObject({ error: { code: "ESOCKET", message: unknownAuthority } });
    });

    it.each(["another name", "another name, with STARTTLS"])("refuses a server of %s", (name) => {
      expect(outcomes[name]).toMatchObject({ error: { code: "ESOCKET", message: wrongName } });
    });

    it("sends to any server if it is told to", () => {
      expect(idsOf("another authority, not verified")).toHaveLength(1);
    });
  });
});
