import { TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { Alert, tls12With } from "@tlskit/tls";
import { dhe } from "@tlskit/tls/dhe";
import { describe, expect, it, onTestFinished } from "vitest";
import { identity } from "../src/certificates.ts";
import { dhPem, otherPrime, ownSafePrime, shortSafePrime } from "../src/dh-params.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { NodeServer } from "../src/node-tls.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { OurServer, ourClient } from "../src/ours.ts";
import { scratchFile } from "../src/scratch.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, showing, trusting } from "./helpers/settings.ts";

// Groups of RFC 7919 are met in the combinations; here are others, and what isn't one.

const certificate = identity("RSA");
const versions = [tls12With({ cipherSuites: [TLS_DHE_RSA_WITH_AES_128_GCM_SHA256], keyExchanges: [dhe] })];
const client = (port: number) => ourClient(port, trusting(certificate, { versions }));

/** A server of each peer with a group of its own. */
const servers = {
  openssl: async (prime: Uint8Array) => {
    const dhparam = scratchFile("dh.pem", dhPem(prime));
    const server = await OpensslServer.start(certificate, "-tls1_2", "-cipher", "ALL:@SECLEVEL=0", "-dhparam", dhparam);
    return { port: server.port, peer: Promise.resolve(server.next()) };
  },
  gnutls: async (prime: Uint8Array) => {
    const priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA:%PROFILE_VERY_WEAK";
    const dhparams = scratchFile("dh.pem", dhPem(prime));
    const server = await GnutlsServer.start(certificate, ["--priority", priority, "--dhparams", dhparams]);
    return { port: server.port, peer: Promise.resolve(server.next()) };
  },
} as const;

for (const [name, serve] of Object.entries(servers)) {
  describePeer(name as keyof typeof servers, `our client, and ${name}'s groups for DHE`, () => {
    it("takes a safe prime that nobody else has", async () => {
      const { port, peer } = await serve(ownSafePrime);
      const ours = client(port);
      await expectData(ours, await peer);
      expect(await ours.established()).toMatchObject({
        cipherSuite: TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
        namedGroup: undefined,
      });
    });

    // RFC 9325 §4.5#dh-bits
    it.each([
      ["a prime of 1,024 bits", shortSafePrime],
      ["a prime that isn't a safe one", otherPrime],
    ])("refuses %s", async (_, prime) => {
      const { port } = await serve(prime);
      const failure = await client(port).failure();
      expect(failure).toMatchObject({ kind: "peer", code: "unsafe_group", alert: Alert.insufficientSecurity });
    });
  });
}

describePeer("openssl", "DHE with openssl", () => {
  // RFC 3526's: servers have these unless they are told, or know RFC 7919.
  it("our client takes the groups that s_server has by itself", async () => {
    const server = await OpensslServer.start(certificate, "-tls1_2", "-cipher", "DHE");
    const peer = server.next();
    const ours = client(server.port);
    await expectData(ours, peer);
    expect((await ours.established()).namedGroup).toBeUndefined();
  });

  // RFC 7919 §4
  it("our server has ffdhe2048 for s_client, which lists no finite fields", async () => {
    const server = await OurServer.listen(showing([certificate], { versions }));
    onTestFinished(() => server.close());
    const peer = opensslClient(server.port, certificate, "-tls1_2", "-cipher", "DHE");
    const ours = await server.accept();
    await expectData(ours, peer);
    expect((await ours.established()).namedGroup?.name).toBe("ffdhe2048");
    expect(peer.output).toMatch(/^Server Temp Key: DH, 2048 bits$/m);
  });
});

describePeer("gnutls", "DHE with GnuTLS", () => {
  const priority = (groups: string) => [
    "--priority",
    `NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA:-GROUP-ALL:${groups}`,
  ];

  // RFC 7919 §4
  it("our server has the group that gnutls-cli lists", async () => {
    const server = await OurServer.listen(showing([certificate], { versions }));
    onTestFinished(() => server.close());
    const peer = gnutlsClient(server.port, certificate, priority("+GROUP-FFDHE3072"));
    const ours = await server.accept();
    await expectData(ours, peer);
    expect((await ours.established()).namedGroup?.name).toBe("ffdhe3072");
  });

  it("our server refuses gnutls-cli if it lists finite fields, and none of ours", async () => {
    const server = await OurServer.listen(showing([certificate], { versions }));
    onTestFinished(() => server.close());
    gnutlsClient(server.port, certificate, priority("+GROUP-FFDHE8192"));
    const failure = await (await server.accept()).failure();
    expect(failure).toMatchObject({ code: "no_common_group", alert: Alert.insufficientSecurity });
  });
});

describe("DHE with Node's tls", () => {
  it("our client takes the groups that its server has by itself", async () => {
    const server = await NodeServer.start(certificate, {
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.2",
      ciphers: "DHE-RSA-AES128-GCM-SHA256",
      dhparam: "auto",
    });
    onTestFinished(() => server.close());
    const ours = client(server.port);
    await expectData(ours, await server.accept());
    expect((await ours.established()).namedGroup).toBeUndefined();
  });
});
