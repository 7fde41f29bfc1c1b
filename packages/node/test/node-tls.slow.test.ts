import { once } from "node:events";
import * as tls from "node:tls";
import { notChecked, tls12 } from "@tlskit/tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { connected, listening, ourClient, ourServer, pem, text } from "./helpers/world.ts";

describe("with Node's own tls", () => {
  test("our client to its server", async () => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key, ALPNProtocols: ["http/1.1"] }, (socket) => {
      socket.end(`hello, ${socket.alpnProtocol} of ${socket.getProtocol()}`);
    });
    const client = ourClient(await listening(server), { alpnProtocols: ["h2", "http/1.1"] });
    expect(await text(client)).toBe("hello, http/1.1 of TLSv1.3");
    expect(client.authorized).toBe(true);
    expect(client.alpnProtocol).toBe("http/1.1");
    expect(client.getProtocol()).toBe("TLSv1.3");
    expect(client.peerCertificates[0]?.subjectAlternativeName?.dnsNames).toEqual(["localhost"]);
  });

  test("its client to our server", async () => {
    const { port } = await ourServer({ alpnProtocols: ["h2"] }, (socket) => {
      socket.end(`${socket.servername}, ${socket.alpnProtocol}, authorized: ${socket.authorized}`);
    });
    const client = tls.connect({ port, host: "127.0.0.1", servername: "localhost", ca: pem.ca, ALPNProtocols: ["h2"] });
    expect(await text(client)).toBe("localhost, h2, authorized: false");
    expect(client.authorized).toBe(true);
  });

  test("both export the same keying material", async () => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key });
    const port = await listening(server);
    const client = ourClient(port);
    const [[theirs]] = await Promise.all([once(server, "secureConnection"), client.established]);
    const context = new TextEncoder().encode("context");
    if (!(theirs instanceof tls.TLSSocket)) throw new TypeError("not a TLSSocket");
    const expected = theirs.exportKeyingMaterial(42, "EXPORTER-test", Buffer.from(context));
    expect(client.exportKeyingMaterial(42, "EXPORTER-test", context)).toEqual(new Uint8Array(expected));
  });

  // RFC 5705 §4: before TLS 1.3 no context isn't an empty one.
  test("both export the same keying material in TLS 1.2, with a context and without", async () => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key, maxVersion: "TLSv1.2" });
    const port = await listening(server);
    const client = ourClient(port, { versions: [tls12] });
    const [[theirs]] = await Promise.all([once(server, "secureConnection"), client.established]);
    if (!(theirs instanceof tls.TLSSocket)) throw new TypeError("not a TLSSocket");
    // Its types ask for a context, which Node itself does not.
    const without: Uint8Array = Reflect.apply(theirs.exportKeyingMaterial, theirs, [42, "EXPORTER-test"]);
    const empty = theirs.exportKeyingMaterial(42, "EXPORTER-test", Buffer.alloc(0));
    expect(client.exportKeyingMaterial(42, "EXPORTER-test", new Uint8Array(0))).toEqual(new Uint8Array(empty));
    const none = client.exportKeyingMaterial(42, "EXPORTER-test");
    expect(none).toEqual(new Uint8Array(without));
    expect(none).not.toEqual(new Uint8Array(empty));
  });

  test.each(["TLSv1.3", "TLSv1.2"] as const)("both tell the same of the Finished messages of %s", async (version) => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key, maxVersion: version });
    const client = ourClient(await listening(server));
    expect([client.getFinished(), client.getPeerFinished()]).toEqual([undefined, undefined]);
    const [[theirs]] = await Promise.all([once(server, "secureConnection"), client.established]);
    if (!(theirs instanceof tls.TLSSocket)) throw new TypeError("not a TLSSocket");
    expect(client.getFinished()).toEqual(theirs.getPeerFinished());
    expect(client.getPeerFinished()).toEqual(theirs.getFinished());
  });

  test("our server shares the signature algorithms with its client that Node's would", async () => {
    const sigalgs =
      "ecdsa_secp256r1_sha256:ed25519:rsa_pss_rsae_sha256:rsa_pss_pss_sha512:rsa_pkcs1_sha384:ECDSA+SHA224";
    const shared: string[][] = [];
    const { port } = await ourServer({}, (socket) => socket.end(socket.getSharedSigalgs().join()));
    const theirs = tls.createServer({ cert: pem.cert, key: pem.key }, (socket) => {
      socket.end(socket.getSharedSigalgs().join());
    });
    for (const at of [port, await listening(theirs)]) {
      const client = tls.connect({ port: at, host: "127.0.0.1", servername: "localhost", ca: pem.ca, sigalgs });
      expect(client.getSharedSigalgs?.() ?? []).toEqual([]);
      shared.push((await text(client)).split(",").toSorted());
    }
    expect(shared[0]).toEqual(["ECDSA+SHA256", "Ed25519+UNDEF", "RSA+SHA384", "RSA-PSS+SHA256", "RSA-PSS+SHA512"]);
    expect(shared[1]?.filter((name) => name !== "ECDSA+SHA224")).toEqual(shared[0]);
  });

  test("each shows the other the OCSP response that it was given when the client asked", async () => {
    const junk = Buffer.from("hello");
    const theirServer = tls.createServer({ cert: pem.cert, key: pem.key });
    theirServer.on("OCSPRequest", (_certificate, _issuer, answer) => answer(null, junk));
    const ours = ourClient(await listening(theirServer), { revocation: notChecked, requestOcspResponse: true });
    const { serverAttestations } = await ours.established;
    expect(serverAttestations[0]?.ocspResponse).toEqual(new Uint8Array(junk));

    const { port } = await ourServer({ ocspResponseFor: () => junk });
    const theirs = tls.connect({ port, host: "127.0.0.1", servername: "localhost", ca: pem.ca, requestOCSP: true });
    onTestFinished(() => void theirs.destroy());
    const [response] = await once(theirs, "OCSPResponse");
    expect(response).toEqual(junk);
  });

  test("what is written goes in fragments of the size that was set, within the bounds of Node's", async () => {
    const made = await connected();
    const server = tls.createServer({ cert: pem.cert, key: pem.key });
    const theirs = tls.connect({
      port: await listening(server),
      host: "127.0.0.1",
      ca: pem.ca,
      servername: "localhost",
    });
    onTestFinished(() => void theirs.destroy());
    await once(theirs, "secureConnect");
    for (const size of [0, 511, 512, 16_384, 16_385]) {
      expect([size, made.client.setMaxSendFragment(size)]).toEqual([size, theirs.setMaxSendFragment(size)]);
    }
    expect(made.client.setMaxSendFragment(512)).toBe(true);
    const before = made.rawClient.bytesWritten;
    made.client.write(new Uint8Array(5120));
    await once(made.server, "data");
    const overhead = 5 + 1 + 16;
    expect(made.rawClient.bytesWritten - before).toBe(10 * (512 + overhead));
    expect(made.client.setMaxSendFragment()).toBe(true);
  });

  test.each(["TLSv1.3", "TLSv1.2"] as const)("a client tells the ticket that it got in %s", async (version) => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key, maxVersion: version }, (socket) => socket.end("x"));
    const client = ourClient(await listening(server));
    expect(client.getTLSTicket()).toBeUndefined();
    await text(client);
    // OpenSSL's begin with the name of the key
    expect(client.getTLSTicket()?.subarray(0, 16)).toEqual(server.getTicketKeys().subarray(0, 16));
  });

  test("it says which alert we send: our client does not know the authority", async () => {
    const server = tls.createServer({ cert: pem.cert, key: pem.key });
    const port = await listening(server);
    const stranger = ourClient(port, { ca: pem.cert.slice(0, pem.cert.indexOf("-----END") + 30) });
    const [[error]] = await Promise.all([
      once(server, "tlsClientError"),
      expect(stranger.established).rejects.toMatchObject({ kind: "peer" }),
    ]);
    expect(error).toMatchObject({ code: expect.stringMatching(/ALERT/) });
  });
});
