import { createHash, randomFillSync } from "node:crypto";
import { fileURLToPath } from "node:url";
import { nodeProvider } from "@tlskit/crypto-node";
import { Program } from "@tlskit/interop/program";
import { scratchFile } from "@tlskit/interop/scratch";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, createCertificateSync, generatePrivateKeySync, privateKeyToPem } from "@tlskit/x509";
import { bundleProgram } from "../../bundle.ts";
import { besides, type HostedSuite } from "../../hosted-suite.ts";
import { installed } from "../../runtimes/installed.ts";

/** What the server shows, to QUIC and to the TLS on its streams: PEM. */
export interface Identities {
  readonly quic: { readonly certificates: string; readonly key: string };
  readonly tls: { readonly certificates: string; readonly key: string };
}

/** What the page is told. */
export interface Given {
  readonly url: string;
  /** SHA-256 of the certificate that QUIC has. */
  readonly certificateHash: readonly number[];
  /** Who certifies the TLS on the streams, and who doesn't, in PEM. */
  readonly authorities: string;
  readonly strangers: string;
}

const program = fileURLToPath(new URL("server.ts", import.meta.url));

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

/** A page takes a certificate by its hash if its key is for ECDSA and it is valid for 14 days at most. */
const certificateDays = 10;

export const webTransport: HostedSuite = {
  name: "`@tlskit/web` over WebTransport",
  about: "by streams that a server in Deno joins, and to one there",
  backPressure: "QUIC's",
  module: besides(import.meta.url),
  on: ({ name }) => name === "Chromium" || name === "Deno",
  prepare: async () => {
    const key = generatePrivateKeySync({ provider: nodeProvider, random });
    const certificate = createCertificateSync({
      provider: nodeProvider,
      random,
      publicKey: key,
      signer: key,
      subject: { commonName: "localhost" },
      dnsNames: ["localhost"],
      validity: { from: new Date(Date.now() - 60_000), days: certificateDays },
    });
    const pki = throwawayPki(nodeProvider, random, "localhost", Date.now());
    const { chain, key: tlsKey } = pki.certificate;
    const identities: Identities = {
      quic: { certificates: certificatesToPem(certificate), key: privateKeyToPem(key) },
      tls: { certificates: certificatesToPem(...chain), key: privateKeyToPem(tlsKey) },
    };
    const server = new Program(installed("node_modules/deno-npm/deno"), [
      ...["run", "--quiet", "--allow-all", "--no-config", "--no-lock", "--unstable-net"],
      scratchFile("server.mjs", await bundleProgram(program)),
      scratchFile("identities.json", JSON.stringify(identities)),
    ]);
    const [, port = ""] = await server.waitForLine(/^listening on (\d+)$/);
    const given: Given = {
      url: `https://127.0.0.1:${port}`,
      certificateHash: [...createHash("sha256").update(certificate.der).digest()],
      authorities: certificatesToPem(pki.root.certificate),
      strangers: certificatesToPem(throwawayPki(nodeProvider, random, "localhost", Date.now()).root.certificate),
    };
    return { given, stop: () => server.stop() };
  },
};
