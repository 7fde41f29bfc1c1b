import { ecdsa_secp256r1_sha256, ed25519 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import {
  Alert,
  type ClientCertificates,
  type ClientOptions,
  ownCertificates,
  peerError,
  type ServerOptions,
  VerifiedChain,
} from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { Fleet, run } from "./helpers/fleet.ts";
import { clientPki, now } from "./helpers/world.ts";

const asking = (changes: Partial<ClientCertificates> = {}): Partial<ServerOptions> => ({
  clientCertificates: { demand: "required", anchors: clientPki().anchors, ...changes },
});
const alice: Partial<ClientOptions> = { certificates: ownCertificates([clientPki().certificateOf("P-256")]) };
const bob: Partial<ClientOptions> = { certificates: ownCertificates([clientPki().certificateOf("Ed25519")]) };
const others = throwawayPki(nodeProvider, seededRandom(9), "x.example", now, { purpose: "clientAuth" });

describe("a session of a client that showed a certificate", () => {
  it("is resumed as that client's, over and over", () => {
    const fleet = new Fleet();
    fleet.connected(alice, asking());
    for (let again = 0; again < 3; again += 1) {
      const { atServer } = fleet.connected(alice, asking());
      expect(atServer.info).toMatchObject({
        resumed: true,
        clientCertificates: clientPki().certificate.chain.map(({ der }) => der),
        clientSignatureScheme: { name: "ecdsa_secp256r1_sha256" },
      });
      expect(atServer.info?.peer).toBeInstanceOf(VerifiedChain);
    }
  });

  // The server would take whoever resumes it for the client that it was.
  it("is none for a client with another certificate, or with none", () => {
    const fleet = new Fleet();
    fleet.connected(alice, asking());
    expect(fleet.resumed(bob, asking())).toBe(false);
    fleet.connected(alice, asking({ demand: "optional" }));
    const { atServer } = fleet.connected({}, asking({ demand: "optional" }));
    expect(atServer.info).toMatchObject({ resumed: false, peer: undefined });
  });

  it("is none for a client that chooses, but in the context that it chose in, or one of that name", () => {
    const fleet = new Fleet();
    const chooseCertificate = () => clientPki().certificate;
    fleet.connected({ certificates: ownCertificates(chooseCertificate) }, asking());
    expect(fleet.resumed({ certificates: ownCertificates(chooseCertificate) }, asking())).toBe(false);
    fleet.connected({ certificates: ownCertificates(chooseCertificate), sessionContext: "alice" }, asking());
    expect(fleet.resumed({ certificates: ownCertificates(chooseCertificate), sessionContext: "bob" }, asking())).toBe(
      false,
    );
    fleet.connected({ certificates: ownCertificates(chooseCertificate), sessionContext: "alice" }, asking());
    expect(fleet.resumed({ certificates: ownCertificates(chooseCertificate), sessionContext: "alice" }, asking())).toBe(
      true,
    );
  });

  it("is over when its chain isn't trusted any more, and the client is asked anew", () => {
    const day = 86_400_000;
    const old = throwawayPki(nodeProvider, seededRandom(9), "old.example", now - 28 * day, { purpose: "clientAuth" });
    const failures: unknown[] = [];
    const common = { sessionLifetime: 7 * 86_400, resumptionFailed: (error: unknown) => void failures.push(error) };
    const client = { certificates: ownCertificates([old.certificate]), ...common };
    const server = { ...asking({ anchors: old.anchors }), ...common };
    const fleet = new Fleet();
    fleet.connected(client, server);
    fleet.later = day;
    expect(fleet.resumed(client, server)).toBe(true);
    fleet.later = 3 * day;
    const made = run(fleet.made(client, server));
    expect(made.atClient.info?.resumed).toBe(false);
    expect(made.atServer.error).toMatchObject({ code: "certificate_expired" });
    expect(failures).toEqual([]);
  });

  it("is none where clients are asked otherwise, whatever else is the same (CVE-2025-23419)", () => {
    const servers: readonly Partial<ServerOptions>[] = [
      {},
      asking(),
      asking({ demand: "optional" }),
      asking({ demand: "later" }),
      asking({ usages: { keyUsage: ["digitalSignature"] } }),
    ];
    for (const [one, from] of servers.entries()) {
      for (const [other, to] of servers.entries()) {
        const fleet = new Fleet();
        fleet.connected(alice, from);
        expect(fleet.resumed(alice, to), `of ${one} at ${other}`).toBe(one === other);
      }
    }
    // A client that shows nothing has no part in whom it is judged by, and yet the one's anonymous isn't the other's.
    const fleet = new Fleet();
    fleet.connected({}, asking({ demand: "optional" }));
    expect(fleet.resumed({}, asking({ demand: "optional", anchors: others.anchors }))).toBe(false);
  });

  it("is over when the scheme that it was proved with isn't asked for any more", () => {
    const optional = asking({ demand: "optional" });
    const fleet = new Fleet();
    fleet.connected(alice, { ...optional, clientSignatureSchemes: [ecdsa_secp256r1_sha256, ed25519] });
    expect(fleet.resumed(alice, { ...optional, clientSignatureSchemes: [ed25519] })).toBe(false);
  });

  it("is asked about again", () => {
    const fleet = new Fleet();
    let admitted = true;
    const asked: boolean[] = [];
    const checkClient = (): void => {
      asked.push(admitted);
      if (!admitted) throw peerError("not_on_the_list", Alert.accessDenied, "nobody of that name is known any more");
    };
    fleet.connected(alice, asking({ checkClient }));
    expect(fleet.resumed(alice, asking({ checkClient }))).toBe(true);
    admitted = false;
    const { atServer } = run(fleet.made(alice, asking({ checkClient })));
    expect(atServer.error).toMatchObject({ code: "not_on_the_list" });
    // For the session, and for the full handshake.
    expect(asked).toEqual([true, true, false, false]);
  });

  it("is none if its certificates are too long for a ticket", () => {
    const fleet = new Fleet();
    const [leaf, intermediate] = clientPki().certificate.chain;
    if (leaf === undefined || intermediate === undefined) throw new RangeError("a chain");
    const chain = [leaf, ...Array.from({ length: 30 }, () => intermediate)];
    fleet.connected({ certificates: ownCertificates([{ ...clientPki().certificate, chain }]) }, asking());
    expect(fleet.resumed({ certificates: ownCertificates([{ ...clientPki().certificate, chain }]) }, asking())).toBe(
      false,
    );
  });

  it("may have early data, which comes from a client that is known", () => {
    const fleet = new Fleet();
    const server = { ...asking(), earlyData: fleet.earlyData };
    fleet.connected(alice, server);
    const made = fleet.made(alice, server);
    made.client.sendEarly(Uint8Array.of(0x68, 0x69));
    run(made);
    expect(made.atServer.early).toBe("hi");
    expect(made.atServer.info?.peer).toBeInstanceOf(VerifiedChain);
  });

  it("has its early data declined with the session, if its client isn't accepted any more", () => {
    const fleet = new Fleet();
    let admitted = true;
    const checkClient = (): void => {
      if (!admitted) throw peerError("not_on_the_list", Alert.accessDenied, "nobody of that name is known any more");
    };
    const server = { ...asking({ checkClient }), earlyData: fleet.earlyData };
    fleet.connected(alice, server);
    admitted = false;
    const made = fleet.made(alice, server);
    made.client.sendEarly(Uint8Array.of(0x68, 0x69));
    run(made);
    expect(made.atServer.early).toBe("");
    expect(made.atServer.error).toMatchObject({ code: "not_on_the_list" });
  });
});
