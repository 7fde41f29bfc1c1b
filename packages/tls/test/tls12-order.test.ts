import { MemorySessionStore } from "@tlskit/sessions";
import type { ScriptedTls12Server } from "@tlskit/testing";
import { maxHelloRequests, maxRenegotiationsRefused } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import type { Verdict } from "./helpers/orders.ts";
import { clientAlphabet12, play12Client, play12Server, serverAlphabet12 } from "./helpers/orders12.ts";
import { byTicket, resumingClient, resumingServer } from "./helpers/resuming12.ts";
import { everySequence, verdictOfRfc } from "./helpers/sequences.ts";
import { clientPki, now } from "./helpers/world.ts";

const keys = ["ChangeCipherSpec", "Finished"];

/** All ways through a server's first flight: with and without what it may leave out. */
function flights(...optional: readonly string[]): readonly (readonly string[])[] {
  const all = [
    "ServerHello",
    "Certificate",
    "CertificateStatus",
    "ServerKeyExchange",
    "CertificateRequest",
    "ServerHelloDone",
  ];
  const may = ["CertificateStatus", "CertificateRequest"];
  const subsets = may.reduce<readonly (readonly string[])[]>(
    (sets, each) => (optional.includes(each) ? sets.flatMap((set) => [set, [...set, each]]) : sets),
    [[]],
  );
  return subsets.map((present) => all.filter((name) => !may.includes(name) || present.includes(name)));
}

/** What a client makes of a server's messages. */
function verdictOfClient(handshakes: readonly (readonly string[])[], sent: readonly string[]): Verdict {
  // RFC 5246 §7.4.1.1: they are no part of the handshake, wherever they come.
  const others = sent.filter((letter) => letter !== "HelloRequest");
  const asked = sent.length - others.length;
  // TLS 1.3 would have them dropped, so that they are refused as soon as it is known that it isn't.
  const isOpen = others.every((letter) => letter === "ChangeCipherSpec");
  const verdict = isOpen ? "underway" : verdictOfRfc(handshakes, [], others);
  const inHandshake = sent.slice(0, sent.indexOf("Finished")).filter((letter) => letter === "HelloRequest").length;
  const isTooMuch =
    verdict === "established" ? asked - inHandshake > maxRenegotiationsRefused : asked > maxHelloRequests;
  return isTooMuch ? "refused" : verdict;
}

// RFC 5246 §7.3, §7.4#order
describe("of every sequence of handshake messages, only TLS 1.2's establish a connection", () => {
  const letters = Object.keys(serverAlphabet12);

  it("from a server, up to nine messages", () => {
    const handshakes = flights("CertificateRequest").map((flight) => [...flight, ...keys]);
    const { established, played } = everySequence(
      9,
      letters.filter((letter) => letter !== "HelloRequest"),
      () => play12Server(),
      (sent) => verdictOfClient(handshakes, sent),
    );
    expect(established).toEqual([
      "ServerHello Certificate ServerKeyExchange CertificateRequest ServerHelloDone ChangeCipherSpec Finished",
      "ServerHello Certificate ServerKeyExchange ServerHelloDone ChangeCipherSpec Finished",
    ]);
    expect(played).toBeGreaterThan(150);
  });

  it("from a server that announces a status and a ticket, up to ten messages", () => {
    const handshakes = flights("CertificateStatus", "CertificateRequest").map((flight) => [
      ...flight,
      "NewSessionTicket",
      ...keys,
    ]);
    const { established } = everySequence(
      10,
      letters.filter((letter) => letter !== "HelloRequest"),
      () => play12Server({ client: { sessions: new MemorySessionStore({ clock: () => now }) } }, announcing),
      (sent) => verdictOfClient(handshakes, sent),
    );
    expect(established).toHaveLength(4);
  });

  // RFC 5246 §7.4#hello-request-ignored, RFC 5746 §4.2#refused
  it("from a server that asks for a handshake between all others, up to seven messages", () => {
    const handshake = [...(flights()[0] ?? []), ...keys];
    const { established } = everySequence(
      7,
      [...handshake, "HelloRequest"],
      () => play12Server(),
      (sent) => verdictOfClient([handshake], sent),
    );
    expect(established).toContain([...handshake, "HelloRequest"].join(" "));
    expect(established).toContain(["HelloRequest", ...handshake].join(" "));
  });

  it.each([
    ["", []],
    [" and gives a ticket", ["NewSessionTicket"]],
  ])("from a server that resumes a session%s, up to five messages", (_, ticket) => {
    const { target, scriptedServer } = resumingServer(byTicket);
    const handshake = ["ServerHello", ...ticket, ...keys];
    const { established } = everySequence(
      5,
      letters,
      () =>
        play12Server(
          { ...(target && { target }), ...(scriptedServer && { server: scriptedServer }) },
          ticket.length === 0 ? undefined : announcing,
        ),
      (sent) => verdictOfClient([handshake], sent),
    );
    expect(established).toContain(handshake.join(" "));
    expect(established.filter((sequence) => sequence.includes("Certificate"))).toEqual([]);
  });

  // RFC 5746 §4.4#refused
  it.each([
    ["", undefined, [["ClientKeyExchange"]]],
    ["that has to show a certificate", "required", [["Certificate", "ClientKeyExchange", "CertificateVerify"]]],
    [
      "that may show a certificate",
      "optional",
      [
        ["Certificate", "ClientKeyExchange", "CertificateVerify"],
        ["EmptyCertificate", "ClientKeyExchange"],
      ],
    ],
  ] as const)("from a client %s, up to seven messages", (_, demand, flightsOfClient) => {
    const handshakes = flightsOfClient.map((flight) => ["ClientHello", ...flight, ...keys]);
    const server =
      demand === undefined ? {} : { clientCertificates: { demand, anchors: clientPki().anchors } as const };
    const { established, played } = everySequence(
      7,
      Object.keys(clientAlphabet12),
      () => play12Client({ server, client: { pki: clientPki() } }),
      (sent) => verdictOfRfc(handshakes, ["ClientHello"], sent),
    );
    for (const handshake of handshakes) expect(established).toContain(handshake.join(" "));
    const afterwards = handshakes.reduce((sum, { length }) => sum + (8 - length), 0);
    expect(established).toHaveLength(afterwards);
    expect(played).toBeGreaterThan(100);
  });

  it("from a client whose session is resumed, up to five messages", () => {
    const { server, scriptedClient } = resumingClient();
    const handshake = ["ClientHello", ...keys];
    const { established } = everySequence(
      5,
      Object.keys(clientAlphabet12),
      () =>
        play12Client({
          ...(server && { server }),
          client: { ...scriptedClient, pki: clientPki() },
        }),
      (sent) => verdictOfRfc([handshake], ["ClientHello"], sent),
    );
    expect(established).toHaveLength(3);
  });
});

function announcing(server: ScriptedTls12Server): void {
  server.acknowledgesStatus = server.session === undefined;
  server.announcesTicket = true;
}
