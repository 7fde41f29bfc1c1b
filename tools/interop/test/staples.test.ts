import { Alert, notChecked, ocspStaple, type StapleSource, type TlsVersion, tls12, tls13 } from "@tlskit/tls";
import type { OcspAnswer } from "@tlskit/x509";
import { describe, expect, it, onTestFinished } from "vitest";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { OpensslServer, opensslClient } from "../src/openssl.ts";
import { type OurEnd, OurServer, ourClient } from "../src/ours.ts";
import type { PeerEnd } from "../src/peer.ts";
import { revoked, type Stapled, stale, stapled } from "../src/staples.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectData, trusting } from "./helpers/settings.ts";

/** A version, as each has it. In TLS 1.2 a response comes in a message of its own, and there is one at most. */
interface Spoken {
  readonly name: string;
  readonly versions: readonly TlsVersion[];
  readonly openssl: string;
  readonly priority: string;
}

const spoken: readonly Spoken[] = [
  { name: "TLS 1.3", versions: [tls13], openssl: "-tls1_3", priority: "NORMAL:-VERS-ALL:+VERS-TLS1.3" },
  { name: "TLS 1.2", versions: [tls12], openssl: "-tls1_2", priority: "NORMAL:-VERS-ALL:+VERS-TLS1.2" },
];

/** A server that shows what is in a file, or nothing, whatever it is; and our client, which connects to it. */
const servers = {
  openssl: async ({ openssl }: Spoken, { identity }: Stapled, file: string | undefined) => {
    const server = await OpensslServer.start(identity, openssl, ...(file === undefined ? [] : ["-status_file", file]));
    return { peer: server.next(), port: server.port };
  },
  gnutls: async ({ priority }: Spoken, { identity }: Stapled, file: string | undefined) => {
    const shown = file === undefined ? [] : ["--ocsp-response", file, "--ignore-ocsp-response-errors"];
    const server = await GnutlsServer.start(identity, ["--priority", priority, ...shown]);
    return { peer: server.next(), port: server.port };
  },
} as const;

for (const [[name, start], version] of Object.entries(servers).flatMap((server) =>
  spoken.map((each) => [server, each] as const),
)) {
  const title = `our client, and what ${name} shows of its certificate in ${version.name}`;
  describePeer(name as keyof typeof servers, title, () => {
    async function connected(of: Stapled, file: string | undefined): Promise<{ peer: PeerEnd; ours: OurEnd }> {
      const { peer, port } = await start(version, of, file);
      return { peer, ours: ourClient(port, trusting(of.identity, { versions: version.versions })) };
    }

    const statusOf = async (ours: OurEnd): Promise<unknown> => {
      const info = await ours.established();
      if (info.role !== "client" || info.peer === undefined || !("revocation" in info.peer)) return undefined;
      const { revocation } = info.peer;
      return revocation === notChecked ? "not checked" : revocation[0];
    };

    it("takes a good response", async () => {
      const of = stapled();
      const { ours, peer } = await connected(of, of.stapleFile());
      expect(await statusOf(ours)).toMatchObject({ status: "good", evidence: { source: "ocsp", stapled: true } });
      await expectData(ours, peer);
    });

    it("takes a good response where the certificate promises one", async () => {
      const of = stapled(true);
      const { ours, peer } = await connected(of, of.stapleFile());
      expect(await statusOf(ours)).toMatchObject({ status: "good" });
      await expectData(ours, peer);
    });

    it("goes on without a response where none is promised", async () => {
      const { ours, peer } = await connected(stapled(), undefined);
      expect(await statusOf(ours)).toMatchObject({ status: "unknown" });
      await expectData(ours, peer);
    });

    it.each<[string, boolean, Partial<OcspAnswer> | undefined, string, number]>([
      [
        "no response where one is promised",
        true,
        undefined,
        "certificate_missing_staple",
        Alert.badCertificateStatusResponse,
      ],
      ["a response that says that it was revoked", false, revoked, "certificate_revoked", Alert.certificateRevoked],
      ["a stale response", false, stale, "certificate_bad_staple", Alert.badCertificateStatusResponse],
    ])("refuses %s", async (_, promises, answer, code, alert) => {
      const of = stapled(promises);
      const { ours } = await connected(of, answer && of.stapleFile(answer));
      expect(await ours.failure()).toMatchObject({ kind: "peer", code, alert });
    });

    it("refuses a response about another certificate", async () => {
      const { ours } = await connected(stapled(), stapled().stapleFile());
      expect(await ours.failure()).toMatchObject({ kind: "peer", code: "certificate_bad_staple" });
    });
  });
}

/** A server of ours that shows this. */
async function listening({ identity }: Stapled, source: StapleSource | undefined): Promise<OurServer> {
  const staple = source && ocspStaple(source);
  const certificates = [{ chain: identity.chain, key: identity.key, ocspStaple: staple }];
  const server = await OurServer.listen({ certificates, versions: [tls13, tls12] });
  onTestFinished(() => server.close());
  return server;
}

for (const { name, openssl } of spoken) {
  describePeer("openssl", `our server, and what openssl s_client sees of its certificate in ${name}`, () => {
    it("shows it a response that it finds good", async () => {
      const of = stapled();
      const server = await listening(of, of.staple());
      const peer = opensslClient(server.port, of.identity, openssl, "-status");
      const ours = await server.accept();
      await expectData(ours, peer);
      expect(peer.output).toMatch(/OCSP Response Status: successful/);
      expect(peer.output).toMatch(/Cert Status: good/);
    });

    it("shows none to one that doesn't ask, and none where there is none", async () => {
      const of = stapled();
      const server = await listening(of, of.staple());
      const silent = opensslClient(server.port, of.identity, openssl);
      const unasked = await server.accept();
      await expectData(unasked, silent);
      expect((await unasked.established()).serverAttestations[0]).toEqual({});
      const bare = await listening(of, undefined);
      const peer = opensslClient(bare.port, of.identity, openssl, "-status");
      await expectData(await bare.accept(), peer);
      expect(peer.output).toMatch(/OCSP response: no response sent/);
    });

    it("shows it one that a function gets, from the second connection on if that takes its time", async () => {
      const of = stapled();
      const server = await listening(of, async () => of.staple());
      for (const pattern of [/no response sent/, /Cert Status: good/]) {
        const peer = opensslClient(server.port, of.identity, openssl, "-status");
        await expectData(await server.accept(), peer);
        expect(peer.output).toMatch(pattern);
      }
    });
  });
}

for (const { name, priority } of spoken) {
  describePeer("gnutls", `our server, and what gnutls-cli makes of its certificate in ${name}`, () => {
    it("shows it a response that it finds good, also where the certificate promises one", async () => {
      for (const promises of [false, true]) {
        const of = stapled(promises);
        const server = await listening(of, of.staple());
        const peer = gnutlsClient(server.port, of.identity, ["--priority", priority]);
        await expectData(await server.accept(), peer);
        expect(peer.output).toMatch(/- Status: The certificate is trusted/);
        expect(peer.output).toMatch(/^- Options: .*OCSP status request/m);
      }
    });

    it("hears that it misses the response that the certificate promises", async () => {
      const of = stapled(true);
      const server = await listening(of, () => undefined);
      const peer = gnutlsClient(server.port, of.identity, ["--priority", priority]);
      const ours = await server.accept();
      await peer.waitForLine(/requires the server to include an OCSP status/);
      await ours.closed;
    });
  });
}

describe("a response that our server would show", () => {
  it("is refused before anybody sees it, if it isn't good", async () => {
    for (const answer of [revoked, stale]) {
      const of = stapled();
      await expect(listening(of, of.staple(answer))).rejects.toMatchObject({ code: "unsuitable_staple" });
    }
  });
});
