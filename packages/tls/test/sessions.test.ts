import { hashOf } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  DangerousTlsClient,
  resumption,
  ServerContext,
  type ServerOptions,
  TlsServer,
} from "@tlskit/tls";
import { type Certificate, TrustAnchors } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { Fleet, run } from "./helpers/fleet.ts";
import { text } from "./helpers/scenarios.ts";
import { Recorder } from "./helpers/under-test.ts";
import { host, now, sharedPki } from "./helpers/world.ts";

const day = 86_400_000;

/** A fleet whose client has sessions. */
function fresh(...options: Parameters<Fleet["connected"]>): Fleet {
  const fleet = new Fleet();
  fleet.connected(...options);
  return fleet;
}

/** The server's own certificate, which nobody else has made. */
function leafOf(number: number): Certificate {
  const [leaf] = sharedPki().certificates[number]?.chain ?? [];
  if (leaf === undefined) throw new TypeError("no certificate");
  return leaf;
}

/** Somebody who has nothing to do with the server. */
const others = (): TrustAnchors => TrustAnchors.of([leafOf(2)]);

describe("a session", () => {
  it("is resumed out of the store, and answers all that a full handshake does", () => {
    const fleet = new Fleet();
    const full = fleet.connected();
    fleet.later = day / 2;
    const { atClient, atServer } = fleet.connected();
    expect(full.atClient.info).toMatchObject({ resumed: false, verifiedAt: now });
    for (const { info } of [atClient, atServer]) {
      expect(info).toMatchObject({
        resumed: true,
        verifiedAt: now,
        serverName: host,
        serverCertificates: full.atClient.info?.serverCertificates,
        signatureScheme: full.atClient.info?.signatureScheme,
      });
    }
    const fingerprints = (info: ClientInfo | undefined) =>
      info?.peer.certificates.map((certificate) => certificate.fingerprint(hashOf(nodeProvider, "SHA-256")));
    expect(fingerprints(atClient.info)).toEqual(fingerprints(full.atClient.info));
  });

  it("is told to a handler, as bytes that another connection can be given", () => {
    const fleet = new Fleet();
    const [session] = fleet.connected({ sessions: undefined }).atClient.sessions;
    expect(fleet.sessions.bytes).toBe(0);
    expect(fleet.resumed({ sessions: undefined })).toBe(false);
    expect(fleet.resumed({ sessions: undefined }, {}, { session })).toBe(true);
    expect(fleet.resumed({ sessions: undefined }, {}, { session: text("nothing of a session") })).toBe(false);
  });

  it("isn't there for a client that doesn't name what resumes it", () => {
    const fleet = fresh();
    const none = { sessions: undefined, resumption: undefined };
    expect(fleet.resumed(none)).toBe(false);
    expect(fleet.connected(none).atClient.sessions).toEqual([]);
    const [session] = fleet.connected({ sessions: undefined }).atClient.sessions;
    const refused = expect.objectContaining({ kind: "caller", code: "no_resumption" });
    expect(() => fleet.made({ resumption: undefined })).toThrow(refused);
    expect(() => fleet.made(none, {}, { session })).toThrow(refused);
  });

  it("is put aside for an application that asks for a full handshake", () => {
    const fleet = fresh();
    const kept = fleet.sessions.bytes;
    const { atClient } = fleet.connected({}, {}, { requireFullHandshake: true, session: fleet.sessions.take(host) });
    expect(atClient.info?.resumed).toBe(false);
    expect(fleet.sessions.bytes).toBeGreaterThan(kept);
    expect(fleet.resumed()).toBe(true);
  });

  it("is for the server that the store has it for", () => {
    const fleet = fresh({}, {}, { sessionsFor: `${host}:8443` });
    expect(fleet.resumed()).toBe(false);
    expect(fleet.resumed({}, {}, { sessionsFor: `${host}:8443` })).toBe(true);
  });

  it("is another one for each of six connections at once", () => {
    const fleet = fresh({ ticketRequest: { newSessionCount: 6, resumptionCount: 1 } });
    const six = Array.from({ length: 6 }, () => fleet.made());
    for (const { client, server } of six) {
      server.start();
      client.start();
    }
    for (const { network } of six) network.run();
    expect(six.map(({ atServer }) => atServer.info?.resumed)).toEqual(Array.from({ length: 6 }, () => true));
  });

  it("is never waited for by data: a store that hangs costs nothing but tickets", () => {
    const fleet = new Fleet();
    const hangs = { then: () => {} };
    const tickets = { ticketFor: () => hangs, sessionOf: () => undefined };
    const { atClient, client, server, network } = fleet.connected({}, { tickets });
    server.send(text("here you are"));
    network.run();
    expect(atClient.text).toBe("here you are");
    expect(atClient.sessions).toEqual([]);
    client.close();
    server.close();
    network.run();
    expect(atClient.outcome).toBe("orderly");
  });
});

describe("tickets", () => {
  it("that a store answers with behind the server's end are never sent", () => {
    const answers: (() => void)[] = [];
    const tickets = {
      ticketFor: () => ({ then: (done: (ticket: Uint8Array) => void) => answers.push(() => done(Uint8Array.of(1))) }),
      sessionOf: () => undefined,
    };
    const { atClient, server, network } = new Fleet().connected({}, { tickets });
    server.close();
    network.run();
    for (const answer of answers) answer();
    network.run();
    expect(answers).toHaveLength(1);
    expect(atClient.events).toContain("ended");
    expect(atClient.error).toBeUndefined();
    expect(atClient.sessions).toEqual([]);
  });

  it("say nothing of early data if the application has no handler for it", () => {
    const fleet = new Fleet();
    const { earlyData } = fleet;
    const made = fleet.made({}, { earlyData });
    const { ciphertext, plaintext, closed } = made.atServer;
    const server = new TlsServer(
      new ServerContext({
        provider: nodeProvider,
        random: seededRandom(3),
        clock: fleet.clock,
        certificates: sharedPki().certificates.slice(0, 1),
        tickets: fleet.tickets,
        earlyData,
      }),
      { ciphertext, plaintext, closed },
    );
    made.link.right.attach(server);
    server.start();
    made.client.start();
    made.network.run();
    const two = fleet.made({}, { earlyData });
    two.client.sendEarly(text("early"));
    run(two);
    expect(two.atClient.info?.resumed).toBe(true);
    expect(two.atClient.outcomes).toEqual([["not_sent", "early"]]);
  });
});

describe("a session is not resumed", () => {
  it("by a client that trusts others, which then refuses the server", () => {
    const { atClient, atServer } = run(fresh().made({ anchors: others() }));
    expect(atClient.error?.code).toMatch(/^certificate_/);
    expect(atServer.info).toBeUndefined();
  });

  it("by a client whose application doesn't want the server any more", () => {
    const checkServer = () => {
      throw new RangeError("not any more");
    };
    const { atClient } = run(fresh().made({}, {}, { checkServer }));
    expect(atClient.error?.code).toBe("internal_error");
  });

  it("once its certificates are over", () => {
    const fleet = new Fleet();
    fleet.later = leafOf(0).validity.notAfter.getTime() - now - 3_600_000;
    fleet.connected();
    expect(fleet.resumed()).toBe(true);
    fleet.later += 7_200_000;
    expect(run(fleet.made()).atClient.error?.code).toBe("certificate_expired");
  });

  it("by a client that verifies, if it came of a connection that verified nothing", () => {
    const fleet = new Fleet();
    const made = fleet.made();
    const context = new ClientContext({
      resumption,
      provider: nodeProvider,
      random: seededRandom(9),
      clock: fleet.clock,
      anchors: others(),
      sessions: fleet.sessions,
    });
    const client = new DangerousTlsClient(context, { host }, new Recorder(made.link.left.write, made.link.left.end));
    made.link.left.attach(client);
    made.server.start();
    client.start();
    made.network.run();
    expect(client.info?.resumed).toBe(false);
    expect(fleet.sessions.bytes).toBeGreaterThan(0);
    expect(run(fleet.made({ anchors: others() })).atClient.error?.code).toMatch(/^certificate_/);
  });

  // CVE-2025-23419: virtual hosts that share ticket keys.
  it.each<[string, Partial<ServerOptions>]>([
    ["context", { sessionContext: "another" }],
    ["context, in any letters", { sessionContext: "ä" }],
    ["list of application protocols", { alpnProtocols: ["h2"] }],
    ["certificate", { certificates: [] }],
  ])("at another virtual host with the same ticket keys and another %s", (what, options) => {
    const other = what === "certificate" ? { certificates: sharedPki().certificates.slice(1, 2) } : options;
    expect(fresh().resumed({}, other)).toBe(false);
    expect(fresh({}, other).resumed()).toBe(false);
    expect(fresh({}, other).resumed({}, other)).toBe(true);
  });

  it("under another name, though the certificate is good for it", () => {
    const fleet = fresh();
    const session = fleet.sessions.take(host);
    expect(fleet.resumed({}, {}, { session, sendServerName: false })).toBe(false);
  });

  it("under another answer of contextFor, and is under the same", () => {
    const fleet = new Fleet();
    const [one, other] = ["one", "other"].map(
      (sessionContext) =>
        new ServerContext({
          provider: nodeProvider,
          random: seededRandom(3),
          clock: fleet.clock,
          certificates: sharedPki().certificates.slice(0, 1),
          tickets: fleet.tickets,
          sessionContext,
        }),
    ) as [ServerContext, ServerContext];
    fleet.connected({}, { contextFor: () => one });
    expect(fleet.resumed({}, { contextFor: () => other })).toBe(false);
    expect(fleet.resumed({}, { contextFor: () => other })).toBe(true);
  });

  it("24 hours after the certificate was shown", () => {
    const fleet = fresh();
    fleet.later = day - 1000;
    expect(fleet.resumed()).toBe(true);
    fleet.later = day;
    expect(fleet.resumed()).toBe(false);
  });
});
