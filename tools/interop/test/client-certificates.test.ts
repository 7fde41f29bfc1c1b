import {
  Alert,
  type ClientCertificates,
  ownCertificates,
  postHandshakeAuthentication,
  VerifiedChain,
} from "@tlskit/tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { clientIdentity, type Identity, identity, type LeafKey } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { type OurClientOptions, type OurEnd, OurServer, ourClient } from "../src/ours.ts";
import type { PeerEnd } from "../src/peer.ts";
import { identityFiles } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const leafKeys: readonly LeafKey[] = ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "RSA", "RSA-PSS"];
const server = identity("P-256");
const client = (leafKey: LeafKey = "P-256"): Identity => clientIdentity(`alice ${leafKey}`, leafKey, "under P-256");
/** Of an authority that nobody here asks for. */
const stranger = clientIdentity("stranger", "P-256", "under Ed25519");
const { root } = identityFiles(client());

const shown = (one: Identity): Partial<OurClientOptions> => ({
  certificates: ownCertificates([{ chain: one.chain, key: one.key }]),
});
/** Shows a certificate whatever it is asked for. */
const insisting = (one: Identity): Partial<OurClientOptions> => ({ certificates: ownCertificates(() => one) });

/** A server of ours that asks. */
async function asking(demand: ClientCertificates["demand"]): Promise<OurServer> {
  const clientCertificates = { demand, anchors: client().anchors };
  const listening = await OurServer.listen(showing([server], { clientCertificates }));
  onTestFinished(() => listening.close());
  return listening;
}

/** Both ends are content with who the client is, and exchange data. */
async function expectIdentified(ours: OurEnd, peer: PeerEnd, { chain }: Identity): Promise<void> {
  const info = await ours.established();
  expect(info.peer).toBeInstanceOf(VerifiedChain);
  expect(info.clientCertificates[0]).toEqual(chain[0]?.der);
  await expectData(ours, peer);
}

const fileOptions = (one: Identity): readonly string[] => {
  const { chain, key } = identityFiles(one);
  return ["-cert", chain, "-cert_chain", chain, "-key", key];
};

describePeer("openssl", "client certificates, with OpenSSL", () => {
  describe("our client, at s_server", () => {
    const started = (...args: readonly string[]) =>
      OpensslServer.start(server, "-CAfile", root, "-verify_return_error", ...args);

    it.each(leafKeys)("shows one with a key of type %s where one is required", async (leafKey) => {
      const openssl = await started("-Verify", "2");
      const peer = openssl.next();
      const ours = ourClient(openssl.port, trusting(server, shown(client(leafKey))));
      await expectIdentified(ours, peer, client(leafKey));
      expect(peer.output).toMatch(new RegExp(`CN ?= ?alice ${leafKey}`));
      await expectOrderlyEnd(ours, peer, "ours");
    });

    it("shows one with its intermediate", async () => {
      const openssl = await started("-Verify", "2");
      const peer = openssl.next();
      const through = clientIdentity("alice", "P-256", "through an intermediate");
      const ours = ourClient(openssl.port, trusting(server, shown(through)));
      await expectIdentified(ours, peer, through);
    });

    it("hears that its chain is refused", async () => {
      const openssl = await started("-Verify", "2");
      const ours = ourClient(openssl.port, trusting(server, insisting(stranger)));
      expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.unknownCa });
    });

    it("is asked after the handshake, time and again, by the command c", async () => {
      const openssl = await started();
      const peer = openssl.next();
      const ours = ourClient(
        openssl.port,
        trusting(server, { ...shown(client()), postHandshakeAuth: postHandshakeAuthentication }),
      );
      await expectData(ours, peer);
      for (let times = 1; times <= 3; times += 1) {
        peer.send("c\n");
        await ours.until("an answer", () => ours.messages("sent", "CertificateVerify") === times);
        await expectData(ours, peer);
      }
      expect(peer.output).toMatch(/CN ?= ?alice P-256/);
      await expectOrderlyEnd(ours, peer, "ours");
    });

    it("shows none after the handshake if it has none", async () => {
      const openssl = await started();
      const peer = openssl.next();
      const ours = ourClient(openssl.port, trusting(server, { postHandshakeAuth: postHandshakeAuthentication }));
      await expectData(ours, peer);
      peer.send("c\n");
      await ours.until("an answer", () => ours.messages("sent", "Certificate") === 1);
      await expectData(ours, peer);
      expect(ours.messages("sent", "CertificateVerify")).toBe(0);
    });
  });

  describe("our server, with s_client", () => {
    it.each(leafKeys)("takes one with a key of type %s where one is required", async (leafKey) => {
      const listening = await asking("required");
      const peer = opensslClient(listening.port, server, ...fileOptions(client(leafKey)));
      const ours = await listening.accept();
      await expectIdentified(ours, peer, client(leafKey));
      await expectOrderlyEnd(ours, peer, "peer");
    });

    it("takes a client that has none where it is optional, and refuses it where one is required", async () => {
      const optional = await asking("optional");
      const anonymous = opensslClient(optional.port, server);
      const ours = await optional.accept();
      expect(await ours.established()).toMatchObject({ peer: undefined, clientCertificates: [] });
      await expectData(ours, anonymous);
      const required = await asking("required");
      const refused = opensslClient(required.port, server);
      expect(await (await required.accept()).failure()).toMatchObject({ code: "certificate_required" });
      await refused.waitForLine(/alert certificate required:.*SSL alert number 116/);
    });

    it("refuses a chain that leads to nobody whom it trusts", async () => {
      const listening = await asking("required");
      const peer = opensslClient(listening.port, server, ...fileOptions(stranger));
      expect(await (await listening.accept()).failure()).toMatchObject({ alert: Alert.unknownCa });
      await peer.waitForLine(/alert unknown ca:.*SSL alert number 48/);
    });

    it("asks a client after the handshake that has offered it", async () => {
      const listening = await asking("later");
      const peer = opensslClient(listening.port, server, "-enable_pha", ...fileOptions(client()));
      const ours = await listening.accept();
      expect(await ours.established()).toMatchObject({ peer: undefined });
      await expectData(ours, peer);
      for (let times = 1; times <= 3; times += 1) {
        ours.socket.requestClientCertificate();
        await ours.until("an answer", () => ours.messages("received", "Finished") === 1 + times);
        await expectData(ours, peer);
      }
      expect(ours.socket.info?.peer).toBeInstanceOf(VerifiedChain);
      await expectOrderlyEnd(ours, peer, "peer");
    });
  });
});

describePeer("gnutls", "client certificates, with GnuTLS", () => {
  const files = (one: Identity): readonly string[] => {
    const { chain, key } = identityFiles(one);
    return ["--x509certfile", chain, "--x509keyfile", key];
  };

  it.each(leafKeys)("our client shows one with a key of type %s", async (leafKey) => {
    const gnutls = await GnutlsServer.start(server, ["--x509cafile", root, "--require-client-cert"]);
    const peer = gnutls.next();
    const ours = ourClient(gnutls.port, trusting(server, shown(client(leafKey))));
    await expectIdentified(ours, peer, client(leafKey));
  });

  it("our client hears that one is required", async () => {
    const gnutls = await GnutlsServer.start(server, ["--x509cafile", root, "--require-client-cert"]);
    const ours = ourClient(gnutls.port, trusting(server));
    expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.certificateRequired });
  });

  it.each(leafKeys)("our server takes one with a key of type %s", async (leafKey) => {
    const listening = await asking("required");
    const peer = gnutlsClient(listening.port, server, files(client(leafKey)));
    const ours = await listening.accept();
    await expectIdentified(ours, peer, client(leafKey));
    await expectOrderlyEnd(ours, peer, "peer");
  });

  it("our server takes a client without one where it is optional", async () => {
    const listening = await asking("optional");
    const peer = gnutlsClient(listening.port, server);
    const ours = await listening.accept();
    expect(await ours.established()).toMatchObject({ peer: undefined });
    await expectData(ours, peer);
  });

  it("our server asks after the handshake", async () => {
    const listening = await asking("later");
    const peer = gnutlsClient(listening.port, server, ["--post-handshake-auth", ...files(client())]);
    const ours = await listening.accept();
    await expectData(ours, peer);
    ours.socket.requestClientCertificate();
    await ours.until("an answer", () => ours.messages("received", "Finished") === 2);
    expect(ours.socket.info?.peer).toBeInstanceOf(VerifiedChain);
  });
});

describe("client certificates, with node:tls", () => {
  it.each(leafKeys)("our client shows one with a key of type %s", async (leafKey) => {
    const node = await NodeServer.start(server, { requestCert: true, ca: client().rootPem });
    onTestFinished(() => node.close());
    const ours = ourClient(node.port, trusting(server, shown(client(leafKey))));
    const peer = await node.accept();
    await expectIdentified(ours, peer, client(leafKey));
    expect(peer.socket.authorized).toBe(true);
    expect(peer.socket.getPeerCertificate().subject.CN).toBe(`alice ${leafKey}`);
    await expectOrderlyEnd(ours, peer, "ours");
  });

  it("our client hears that it is refused", async () => {
    const node = await NodeServer.start(server, { requestCert: true, ca: client().rootPem });
    onTestFinished(() => node.close());
    const ours = ourClient(node.port, trusting(server, insisting(stranger)));
    expect((await ours.failure()).kind).toMatch(/alert|truncation/);
  });

  it.each(leafKeys)("our server takes one with a key of type %s", async (leafKey) => {
    const listening = await asking("required");
    const { chainPem, keyPem } = client(leafKey);
    const peer = nodeClient(listening.port, server, { cert: chainPem, key: keyPem });
    const ours = await listening.accept();
    await expectIdentified(ours, peer, client(leafKey));
    await expectOrderlyEnd(ours, peer, "peer");
  });

  it("our server refuses one that it doesn't trust, and none where one is required", async () => {
    const listening = await asking("required");
    const { chainPem, keyPem } = stranger;
    nodeClient(listening.port, server, { cert: chainPem, key: keyPem });
    expect(await (await listening.accept()).failure()).toMatchObject({ alert: Alert.unknownCa });
    nodeClient(listening.port, server);
    expect(await (await listening.accept()).failure()).toMatchObject({ code: "certificate_required" });
  });
});
