// Run in a stranger's project: both ends of a connection in memory, with each provider, verified.
import { signatureKeysOf, signerFor } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { ClientContext, ServerContext, TlsClient, TlsServer } from "@tlskit/tls";
import { createCertificateSync, DeclaredPrivateKey, TrustAnchors } from "@tlskit/x509";

const random = (length) => crypto.getRandomValues(new Uint8Array(length));
for (const provider of [nobleProvider, nodeProvider]) {
  const privateKey = signatureKeysOf(provider, "P-256").generate(random);
  const certificate = createCertificateSync({
    provider,
    random,
    publicKey: privateKey,
    signer: signerFor(provider, privateKey, random),
    subject: { commonName: "stranger" },
    dnsNames: ["localhost"],
    validity: { from: new Date(Date.now() - 60_000), days: 1 },
  });
  const key = new DeclaredPrivateKey({ algorithm: "id-ecPublicKey", privateKey });
  const shared = { provider, random, clock: Date.now };
  const heard = [];
  const server = new TlsServer(new ServerContext({ ...shared, certificates: [{ chain: [certificate], key }] }), {
    ciphertext: (bytes) => client.receive(bytes),
    plaintext: (bytes) => server.send(bytes),
    closed: () => {},
  });
  const context = new ClientContext({ ...shared, anchors: TrustAnchors.of([certificate]) });
  const client = new TlsClient(
    context,
    { host: "localhost" },
    {
      ciphertext: (bytes) => server.receive(bytes),
      plaintext: (bytes) => heard.push(...bytes),
      closed: (error) => {
        if (error !== undefined) throw error;
      },
    },
  );
  server.start();
  client.start();
  client.send(Uint8Array.of(1, 2, 3));
  if (heard.join() !== "1,2,3") throw new Error(`${provider.name}: the echo was ${heard.join()}`);
}
