import { Alert, type ClientCertificates, ownCertificates, tls12, tls13, VerifiedChain } from "@tlskit/tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { clientIdentity, type Identity, identity, type LeafKey } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { gnutlsTls12SignatureName } from "../src/gnutls-names.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { type OurClientOptions, type OurEnd, OurServer, ourClient } from "../src/ours.ts";
import type { PeerEnd } from "../src/peer.ts";
import { identityFiles } from "../src/scratch.ts";
import { expectOrderlyEnd } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

const leafKeys: readonly LeafKey[] = ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "RSA", "RSA-PSS"];
const versions = [tls13, tls12];
const server = identity("P-256");
const client = (leafKey: LeafKey = "P-256"): Identity => clientIdentity(`alice ${leafKey}`, leafKey, "under P-256");
/** Of an authority that nobody here asks for. */
const stranger = clientIdentity("stranger", "P-256", "under Ed25519");
const { root } = identityFiles(client());

const shown = (...all: readonly Identity[]): Partial<OurClientOptions> => ({
  versions,
  certificates: ownCertificates(all.map(({ chain, key }) => ({ chain, key }))),
});

/** A server of ours that asks. */
async function asking(demand: ClientCertificates["demand"]): Promise<OurServer> {
  const clientCertificates = { demand, anchors: client().anchors };
  const listening = await OurServer.listen(showing([server], { versions, clientCertificates }));
  onTestFinished(() => listening.close());
  return listening;
}

/** Both ends are content with who the client is, in TLS 1.2, and exchange data. */
async function expectIdentified(ours: OurEnd, peer: PeerEnd, { chain }: Identity): Promise<void> {
  const info = await ours.established();
  expect(info.version).toBe(0x0303);
  expect(info.peer).toBeInstanceOf(VerifiedChain);
  expect(info.clientCertificates[0]).toEqual(chain[0]?.der);
  expect(info.clientSignatureScheme).toBeDefined();
  await expectData(ours, peer);
}

describePeer("openssl", "client certificates in TLS 1.2, with openssl", () => {
  const files = (one: Identity): readonly string[] => {
    const { chain, key } = identityFiles(one);
    return ["-cert", chain, "-cert_chain", chain, "-key", key];
  };
  const requiring = () =>
    OpensslServer.start(server, "-tls1_2", "-CAfile", root, "-verify_return_error", "-Verify", "2");

  it("our client shows one with a key of each type", async () => {
    const openssl = await requiring();
    for (const leafKey of leafKeys) {
      const peer = openssl.next();
      const ours = ourClient(openssl.port, trusting(server, shown(client(leafKey))));
      await expectIdentified(ours, peer, client(leafKey));
      expect(peer.output).toMatch(new RegExp(`CN ?= ?alice ${leafKey}`));
      await expectOrderlyEnd(ours, peer, "ours");
      await peer.waitForLine(/^DONE$/);
    }
  });

  it("our client shows the one of an authority that is asked for", async () => {
    const openssl = await requiring();
    const ours = ourClient(openssl.port, trusting(server, shown(stranger, client())));
    await expectIdentified(ours, openssl.next(), client());
  });

  it("our client shows none of an authority that isn't asked for, and hears that one is required", async () => {
    const openssl = await requiring();
    const ours = ourClient(openssl.port, trusting(server, shown(stranger)));
    expect(await ours.failure()).toMatchObject({ kind: "alert", alert: Alert.handshakeFailure });
    expect(ours.messages("sent", "Certificate")).toBe(1);
    expect(ours.messages("sent", "CertificateVerify")).toBe(0);
  });

  it.each(leafKeys)("our server takes one with a key of type %s", async (leafKey) => {
    const listening = await asking("required");
    const peer = opensslClient(listening.port, server, "-tls1_2", ...files(client(leafKey)));
    const ours = await listening.accept();
    await expectIdentified(ours, peer, client(leafKey));
    expect(peer.output).toMatch(/^Acceptable client certificate CA names\nCN ?= ?Interop root P-256$/m);
    expect(peer.output).toMatch(/^Client Certificate Types: ECDSA sign, RSA sign$/m);
    await expectOrderlyEnd(ours, peer, "peer");
  });

  it("our server serves a client without one where it is optional, and refuses it where it is required", async () => {
    const optional = await asking("optional");
    const peer = opensslClient(optional.port, server, "-tls1_2");
    const ours = await optional.accept();
    expect(await ours.established()).toMatchObject({ version: 0x0303, peer: undefined, clientCertificates: [] });
    await expectData(ours, peer);
    const required = await asking("required");
    const refused = opensslClient(required.port, server, "-tls1_2");
    // RFC 5246 §7.4.6
    const failure = await (await required.accept()).failure();
    expect(failure).toMatchObject({ code: "certificate_required", alert: Alert.handshakeFailure });
    await refused.waitForLine(/alert handshake failure:.*SSL alert number 40/);
  });

  it("our server refuses a chain that leads to nobody whom it trusts", async () => {
    const listening = await asking("required");
    const peer = opensslClient(listening.port, server, "-tls1_2", ...files(stranger));
    expect(await (await listening.accept()).failure()).toMatchObject({ alert: Alert.unknownCa });
    await peer.waitForLine(/alert unknown ca:.*SSL alert number 48/);
  });
});

describePeer("gnutls", "client certificates in TLS 1.2, with GnuTLS", () => {
  const only = ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"];
  const files = (one: Identity): readonly string[] => {
    const { chain, key } = identityFiles(one);
    return ["--x509certfile", chain, "--x509keyfile", key];
  };

  it("our client shows one with a key of each type", async () => {
    const gnutls = await GnutlsServer.start(server, [...only, "--x509cafile", root, "--require-client-cert"]);
    for (const leafKey of leafKeys) {
      const peer = gnutls.next();
      const ours = ourClient(gnutls.port, trusting(server, shown(stranger, client(leafKey))));
      await expectIdentified(ours, peer, client(leafKey));
      const { clientSignatureScheme } = await ours.established();
      const [, scheme] = await peer.waitForLine(/^- Client Signature: (.*)$/);
      expect(scheme).toBe(clientSignatureScheme && gnutlsTls12SignatureName(clientSignatureScheme));
      await expectOrderlyEnd(ours, peer, "ours");
    }
  });

  it.each(leafKeys)("our server takes one with a key of type %s", async (leafKey) => {
    const listening = await asking("required");
    const peer = gnutlsClient(listening.port, server, [...only, ...files(client(leafKey))]);
    const ours = await listening.accept();
    await expectIdentified(ours, peer, client(leafKey));
    await expectOrderlyEnd(ours, peer, "peer");
  });
});

describe("client certificates in TLS 1.2, with Node's tls", () => {
  const only = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;

  it("our client shows one with a key of each type", async () => {
    const node = await NodeServer.start(server, { ...only, requestCert: true, ca: client().rootPem });
    onTestFinished(() => node.close());
    for (const leafKey of leafKeys) {
      const ours = ourClient(node.port, trusting(server, shown(stranger, client(leafKey))));
      const peer = await node.accept();
      await expectIdentified(ours, peer, client(leafKey));
      expect(peer.socket.authorized).toBe(true);
      expect(peer.socket.getPeerCertificate().subject.CN).toBe(`alice ${leafKey}`);
      await expectOrderlyEnd(ours, peer, "ours");
    }
  });

  it("our server takes one with a key of each type", async () => {
    const listening = await asking("required");
    for (const leafKey of leafKeys) {
      const { chainPem, keyPem } = client(leafKey);
      const peer = nodeClient(listening.port, server, { ...only, cert: chainPem, key: keyPem });
      const ours = await listening.accept();
      await expectIdentified(ours, peer, client(leafKey));
      await expectOrderlyEnd(ours, peer, "peer");
    }
  });
});
