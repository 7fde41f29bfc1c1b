import { TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA } from "@tlskit/ciphersuites";
import { ownCertificates, tls12, tls12With, tls13, VerifiedChain } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { tls10, tls11 } from "@tlskit/tls/legacy";
import { renegotiation } from "@tlskit/tls/renegotiation";
import { expect, it } from "vitest";
import { clientIdentity, identity } from "../src/certificates.ts";
import { GnutlsServer } from "../src/gnutls.ts";
import { OpensslServer } from "../src/openssl.ts";
import { type OurClientOptions, ourClient } from "../src/ours.ts";
import { largePayload, payload } from "../src/payload.ts";
import { identityFiles } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { trusting } from "./helpers/settings.ts";

const certificate = identity("P-256");
const alice = clientIdentity("alice", "P-256", "under P-256");
const willing: Partial<OurClientOptions> = { versions: [tls13, tls12], renegotiation };
const tls12WithCbc = tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA], cbc });
const showing: Partial<OurClientOptions> = { certificates: ownCertificates([{ chain: alice.chain, key: alice.key }]) };

// RFC 5746 §3.5: servers that ask for another handshake. OpenSSL's commands are r, and R, which asks for a certificate too.
describePeer("openssl", "renegotiation asked by openssl", () => {
  const started = (...args: readonly string[]) =>
    OpensslServer.start(certificate, "-CAfile", identityFiles(alice).root, "-verify_return_error", ...args);

  it("is done in the connection, with data before, between and behind", async () => {
    const server = await started("-tls1_2");
    const peer = server.next();
    const ours = ourClient(server.port, trusting(certificate, willing));
    await ours.established();
    for (let round = 1; round <= 3; round += 1) {
      await peer.exchange(ours, largePayload());
      peer.send("r\n");
      ours.send(payload(10));
      await ours.until("another handshake", () => ours.messages("received", "Finished") === round + 1);
    }
    await peer.exchange(ours, payload(10));
    expect(ours.messages("sent", "ClientHello")).toBe(4);
    await expectOrderlyEnd(ours, peer, "ours");
    await server.program.stop();
  });

  it("tells the server who its client is", async () => {
    const server = await started("-tls1_2");
    const peer = server.next();
    const ours = ourClient(server.port, trusting(certificate, { ...willing, ...showing }));
    expect((await ours.established()).clientCertificates).toEqual([]);
    peer.send("R\n");
    await ours.until("another handshake", () => ours.messages("received", "Finished") === 2);
    await peer.exchange(ours, payload(10));
    expect(ours.socket.info?.clientCertificates[0]).toEqual(alice.chain[0]?.der);
    expect(ours.socket.info?.peer).toBeInstanceOf(VerifiedChain);
    await peer.waitForLine(/CN ?= ?alice/);
    await expectOrderlyEnd(ours, peer, "ours");
    await server.program.stop();
  });

  it.each([
    ["CBC with encrypt-then-MAC", tls12WithCbc, ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"]],
    ["TLS 1.1", tls11, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]],
    ["TLS 1.0", tls10, ["-tls1", "-cipher", "ALL:@SECLEVEL=0"]],
  ] as const)("is done in %s too", async (_, version, args) => {
    const server = await started(...args);
    const peer = server.next();
    const ours = ourClient(server.port, trusting(certificate, { versions: [version], renegotiation }));
    await ours.established();
    peer.send("r\n");
    await ours.until("another handshake", () => ours.messages("received", "Finished") === 2);
    await peer.exchange(ours, largePayload());
    await server.program.stop();
  });

  it("is refused with a warning by a client that wasn't told otherwise, and both go on", async () => {
    const server = await started("-tls1_2");
    const peer = server.next();
    const ours = ourClient(server.port, trusting(certificate, { versions: [tls12] }));
    await ours.established();
    peer.send("r\n");
    await ours.until("a refusal", () => ours.trace.some(({ type }) => type === "alert"));
    expect(ours.trace.find(({ type }) => type === "alert")).toMatchObject({ direction: "sent", description: 100 });
    await server.program.stop();
  });
});

// gnutls-serv has commands for its clients, in what it would echo.
describePeer("gnutls", "renegotiation asked by GnuTLS", () => {
  it("is done in the connection", async () => {
    const server = await GnutlsServer.start(certificate, ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"]);
    const peer = server.next();
    const ours = ourClient(server.port, trusting(certificate, { ...willing, ...showing }));
    await ours.established();
    await peer.exchange(ours, payload(10));
    ours.send("**REHANDSHAKE**\n");
    await ours.until("another handshake", () => ours.messages("received", "Finished") === 2);
    await ours.receive("Successfully executed command\n");
    await peer.exchange(ours, largePayload());
    await server.program.stop();
  });
});
