import { clientIdentity, identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { DovecotServer, dovecot, dovecotPassword } from "@tlskit/interop/dovecot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Relay } from "./helpers/relay.ts";
import { type Outcomes, runProgram } from "./helpers/run-program.ts";
import { byVersion, versions } from "./helpers/versions.ts";
import { ways } from "./helpers/ways.ts";

const certificate = identity("P-256");
const otherAuthority = clientIdentity("anybody").rootPem;

/** How a connection becomes one of TLS. */
const beginnings = {
  "TLS from the start": { secure: true },
  STARTTLS: { secure: false, doSTARTTLS: true },
} as const;

describeUnless(typeof dovecot === "string" ? dovecot : undefined, "ImapFlow, with a Dovecot", () => {
  let server: DovecotServer;
  let modern: DovecotServer;
  let relays: Readonly<Record<keyof typeof beginnings, Relay>>;
  beforeAll(async () => {
    if (typeof dovecot === "string") return;
    [server, modern] = await Promise.all([
      DovecotServer.start(dovecot, certificate),
      DovecotServer.start(dovecot, certificate, { minVersion: "TLSv1.3" }),
    ]);
    relays = {
      "TLS from the start": await Relay.listen(async () => server.tlsPort),
      STARTTLS: await Relay.listen(async () => server.startTlsPort),
    };
  });
  afterAll(() => Object.values(relays).map((relay) => relay.close()));
  afterAll(() => Promise.all([server.stop(), modern.stop()]));

  describe.each(ways)("over %s", (_name, way) => {
    describe.each(
      Object.entries(beginnings) as [keyof typeof beginnings, (typeof beginnings)[keyof typeof beginnings]][],
    )("by %s", (beginning, how) => {
      let outcomes: Outcomes;
      beforeAll(async () => {
        const at = ({ tlsPort, startTlsPort }: DovecotServer, tls: object = {}) => ({
          host: "localhost",
          port: how.secure ? tlsPort : startTlsPort,
          ...how,
          auth: { user: "alice", pass: dovecotPassword },
          tls: { ca: certificate.rootPem, ...tls },
        });
        const relay = relays[beginning];
        outcomes = await runProgram("imapflow.ts", way, {
          versions: byVersion((version) => ({ ...at(server, version), port: relay.port })),
          cutPort: relay.cutPort,
          connections: {
            "TLSv1.3": at(server),
            "TLSv1.2": at(server, { maxVersion: "TLSv1.2" }),
            "TLSv1.3 alone": at(modern),
            "another authority": at(server, { ca: otherAuthority }),
            "another authority, not verified": at(server, { ca: otherAuthority, rejectUnauthorized: false }),
            "another name": at(server, { servername: "elsewhere.example" }),
          },
        });
      });

      describe.each(versions)("in %s", (version) => {
        it("stores large mails and fetches them", () => {
          expect(outcomes[`a large mail, back and forth, ${version}`]).toEqual({ value: { whole: true } });
        });

        it("fetches many mails", () => {
          expect(outcomes[`many mails, ${version}`]).toEqual({
            value: { first: "mail 0", last: "mail 29", count: 30 },
          });
        });

        it("is told when it was cut off", () => {
          expect(outcomes[`a connection that is cut off, ${version}`]).toEqual({
            value: { idle: "an end", usable: false },
          });
        });

        it("hears of mails that come", () => {
          expect(outcomes[`a mail that comes meanwhile, ${version}`]).toEqual({ value: 1 });
        });
      });

      it.each([
        ["TLSv1.3", "TLSv1.3"],
        ["TLSv1.2", "TLSv1.2"],
        ["TLSv1.3 alone", "TLSv1.3"],
      ])("speaks %s", (name, version) => {
        expect(outcomes[name]).toEqual({ value: { authenticated: true, authorized: true, version } });
      });

      it("refuses another server unless told not to verify it", () => {
        expect(outcomes["another authority"]).toMatchObject({ error: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } });
        expect(outcomes["another name"]).toMatchObject({ error: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } });
        expect(outcomes["another authority, not verified"]).toMatchObject({
          value: { authenticated: true, authorized: false },
        });
      });
    });
  });
});
