import * as tls from "node:tls";
import { type SignatureAlgorithm, verifierFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { beforeAll, describe, expect, it } from "vitest";
import { type Identity, identity } from "../src/certificates.ts";
import { describeUnless } from "../src/describe-unless.ts";
import { opensslClient } from "../src/openssl.ts";
import { SoftToken, softhsmMissing, TokenServer } from "../src/softhsm.ts";

const identities: Readonly<Record<string, Identity>> = {
  "key-p256": identity("P-256"),
  "key-p384": identity("P-384"),
  "key-p521": identity("P-521"),
  "key-rsa": identity("RSA"),
  "key-pss": identity("RSA-PSS"),
};
const labels = Object.keys(identities);

describeUnless(softhsmMissing(), "our server with its key in SoftHSM, by PKCS#11", () => {
  let server: TokenServer;
  beforeAll(async () => {
    const token = new SoftToken(identities);
    await token.make();
    server = await TokenServer.start(token);
  });

  const certified = (label: string): Identity => identities[label] ?? identity("P-256");
  const port = (label: string): number => server.ports[label] ?? 0;

  it.each(labels)("%s: openssl s_client connects", async (label) => {
    const peer = opensslClient(port(label), certified(label));
    await peer.waitForLine(new RegExp(`^signed in ${label}$`));
  });

  /** What Node's own TLS gets of a connection. */
  const byNode = (label: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const ca = certified(label).rootPem;
      const socket = tls.connect({ host: "127.0.0.1", port: port(label), servername: "localhost", ca });
      let text = "";
      socket.on("data", (chunk) => (text += chunk));
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
    });

  it.each(labels)("%s: many connect at a time", async (label) => {
    const got = await Promise.all(Array.from({ length: 40 }, () => byNode(label)));
    expect(got).toEqual(Array.from({ length: 40 }, () => `signed in ${label}\n`));
  });

  describe("signs by every algorithm that it says", () => {
    it.each<[string, SignatureAlgorithm]>([
      ["key-p256", "ECDSA/P-256/SHA-256"],
      ["key-p384", "ECDSA/P-384/SHA-384"],
      ["key-p521", "ECDSA/P-521/SHA-512"],
      ...(["RSA-PSS", "RSA-PKCS1"] as const).flatMap((padding) =>
        (["SHA-256", "SHA-384", "SHA-512"] as const).map((hash): [string, SignatureAlgorithm] => [
          "key-rsa",
          `${padding}/${hash}`,
        ]),
      ),
    ])("%s, %s", async (label, algorithm) => {
      const message = Buffer.from(`signed with ${algorithm}`);
      const from = server.program.lines.length;
      server.program.write(`${label} ${algorithm} ${message.toString("hex")}\n`);
      const [, hex = ""] = await server.program.waitForLine(/^(?:signature|refused) (.*)$/, from);
      const verifier = verifierFor(nodeProvider, certified(label).key.privateKey);
      expect(await verifier.verify(algorithm, message, Uint8Array.from(Buffer.from(hex, "hex")))).toBe(true);
    });

    it("and by no other", async () => {
      const from = server.program.lines.length;
      server.program.write("key-p256 ECDSA/P-256/SHA-512 00\n");
      expect((await server.program.waitForLine(/^(?:signature|refused) (.*)$/, from))[0]).toBe("refused unsupported");
    });
  });

  it("and ends when it is told to", async () => {
    server.program.endInput();
    expect(await server.program.ended()).toBe(0);
  });
});
