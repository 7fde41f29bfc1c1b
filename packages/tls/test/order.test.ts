import { describe, expect, it } from "vitest";
import { Fleet } from "./helpers/fleet.ts";
import { clientAlphabet, playClient, playServer, serverAlphabet } from "./helpers/orders.ts";
import { clientSession, sessionOf } from "./helpers/resuming-misbehaviour.ts";
import { everySequence, verdictOfRfc } from "./helpers/sequences.ts";

describe("of every sequence of handshake messages, only the RFC's establish a connection", () => {
  it("from a server, up to six messages", () => {
    const authentication = ["Certificate", "CertificateVerify", "Finished"];
    const flights = [
      ["ServerHello", "EncryptedExtensions", ...authentication],
      ["ServerHello", "EncryptedExtensions", "CertificateRequest", ...authentication],
    ];
    const handshakes = [...flights, ...flights.map((flight) => ["HelloRetryRequest", ...flight])];
    const { established, played } = everySequence(6, Object.keys(serverAlphabet), playServer, (sent) =>
      verdictOfRfc(handshakes, ["NewSessionTicket", "KeyUpdate"], sent),
    );
    expect(established).toEqual([
      "ServerHello EncryptedExtensions CertificateRequest Certificate CertificateVerify Finished",
      "ServerHello EncryptedExtensions Certificate CertificateVerify Finished",
      "ServerHello EncryptedExtensions Certificate CertificateVerify Finished NewSessionTicket",
      "ServerHello EncryptedExtensions Certificate CertificateVerify Finished KeyUpdate",
      "HelloRetryRequest ServerHello EncryptedExtensions Certificate CertificateVerify Finished",
    ]);
    expect(played).toBeGreaterThan(150);
  });

  it("from a client, up to five messages", () => {
    const { established } = everySequence(
      5,
      Object.keys(clientAlphabet),
      () => playClient(false),
      (sent) => verdictOfRfc([["ClientHello", "Finished"]], ["KeyUpdate"], sent),
    );
    expect(established).toEqual([
      "ClientHello Finished",
      "ClientHello Finished KeyUpdate",
      "ClientHello Finished KeyUpdate KeyUpdate",
      "ClientHello Finished KeyUpdate KeyUpdate KeyUpdate",
    ]);
  });

  it("from a client that is asked for another share, up to five messages", () => {
    const { established } = everySequence(
      5,
      Object.keys(clientAlphabet),
      () => playClient(true),
      (sent) => verdictOfRfc([["ClientHello", "ClientHello", "Finished"]], ["KeyUpdate"], sent),
    );
    expect(established).toEqual([
      "ClientHello ClientHello Finished",
      "ClientHello ClientHello Finished KeyUpdate",
      "ClientHello ClientHello Finished KeyUpdate KeyUpdate",
    ]);
  });

  it("from a server that resumes a session, up to five messages", () => {
    const session = clientSession(false, "");
    const { established } = everySequence(
      5,
      Object.keys(serverAlphabet),
      () => playServer(session),
      (sent) =>
        verdictOfRfc(
          [
            ["ServerHello", "EncryptedExtensions", "Finished"],
            [...retry, "EncryptedExtensions", "Finished"],
          ],
          after,
          sent,
        ),
    );
    expect(established).toContain("ServerHello EncryptedExtensions Finished NewSessionTicket KeyUpdate");
    expect(established).toContain("HelloRetryRequest ServerHello EncryptedExtensions Finished");
    expect(established.filter((sequence) => sequence.includes("Certificate"))).toEqual([]);
  });

  it("from a server that accepts early data, up to four messages", () => {
    const session = clientSession(true, "");
    const { established } = everySequence(
      4,
      Object.keys(serverAlphabet),
      () => playServer(session),
      (sent) =>
        verdictOfRfc(
          [
            ["ServerHello", "EncryptedExtensions", "Finished"],
            [...retry, "EncryptedExtensions", "Finished"],
          ],
          after,
          sent,
        ),
    );
    expect(established).toEqual([
      "ServerHello EncryptedExtensions Finished",
      "ServerHello EncryptedExtensions Finished NewSessionTicket",
      "ServerHello EncryptedExtensions Finished KeyUpdate",
      "HelloRetryRequest ServerHello EncryptedExtensions Finished",
    ]);
  });

  it.each([
    ["whose session is resumed", false, ["ClientHello", "Finished"]],
    ["whose early data is accepted", true, ["ClientHello", "EndOfEarlyData", "Finished"]],
  ])("from a client %s, up to five messages", (_, earlyData, handshake) => {
    const fleet = new Fleet();
    const server = { tickets: fleet.tickets, earlyData: { maxSize: 16_384, guard: { admit: () => true } } };
    const session = { ...sessionOf(fleet, { earlyData: server.earlyData }, []), earlyData };
    const { established } = everySequence(
      5,
      Object.keys(clientAlphabet),
      () => playClient(false, { session, server: { ...server, clock: () => fleet.clock() + 60_000 } }),
      (sent) => verdictOfRfc([handshake], ["KeyUpdate"], sent),
    );
    expect(established[0]).toBe(handshake.join(" "));
    expect(established).toHaveLength(6 - handshake.length);
  });
});

const retry = ["HelloRetryRequest", "ServerHello"];
const after = ["NewSessionTicket", "KeyUpdate"];
