import { once } from "node:events";
import type * as node from "node:tls";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { certificatesToPem, createCertificateSync, generatePrivateKeySync, privateKeyToPem } from "@tlskit/x509";
import { expect, test, vi } from "vitest";
import { connect, createServer } from "../../src/tls/index.ts";
import { listening, text } from "../helpers/world.ts";

/** Whom Node brings along, here. */
const { roots } = vi.hoisted(() => ({ roots: [] as string[] }));
vi.mock("../../src/runtime-tls.ts", async (importOriginal) => {
  const { runtimeTls } = await importOriginal<{ readonly runtimeTls: typeof node }>();
  return { runtimeTls: { ...runtimeTls, rootCertificates: roots } };
});

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const validity = { from: new Date(Date.now() - 60_000), days: 1 };

/** An authority, and a certificate of it that has a common name and no other. */
function authority(commonName: string) {
  const [rootKey, key] = [generatePrivateKeySync({ provider, random }), generatePrivateKeySync({ provider, random })];
  const by = { provider, random, validity, signer: rootKey };
  const root = createCertificateSync({ ...by, publicKey: rootKey, subject: { commonName }, ca: {} });
  const leaf = createCertificateSync({ ...by, publicKey: key, issuer: root, subject: { commonName: "host.example" } });
  return { ca: certificatesToPem(root), cert: certificatesToPem(leaf), key: privateKeyToPem(key) };
}

const web = authority("An authority of the web");
const own = authority("One's own authority");
roots.push(web.ca);
const ca = [web.ca, own.ca];

test("a common name counts by one's own authority, and by none of the web that was named beside it", async () => {
  const ownPort = await listening(createServer(own, (socket) => socket.end("it is")));
  const known = connect({ port: ownPort, host: "127.0.0.1", servername: "host.example", ca });
  expect(await text(known)).toBe("it is");
  const webPort = await listening(createServer(web));
  const stranger = connect({ port: webPort, host: "127.0.0.1", servername: "host.example", ca });
  const [error] = await once(stranger, "error");
  expect(error).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
});
