import { once } from "node:events";
import * as node from "node:tls";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import {
  type Certificate,
  certificatesToPem,
  createCrlSync,
  createOcspResponseSync,
  crlsToPem,
  privateKeyToPem,
} from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import * as ours from "../../src/tls/index.ts";
import { listening } from "../helpers/world.ts";

/** What either is called by here, as Node's types have it: theirs are about classes of their own. */
type Tls = Pick<typeof node, "connect" | "createSecureContext" | "createServer">;
const ways: readonly (readonly [string, Tls])[] = [
  ["node:tls", node],
  ["ours", ours as unknown as Tls],
];

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const servers = throwawayPki(provider, random, "localhost", Date.now());
const clients = throwawayPki(provider, random, "localhost", Date.now(), { purpose: "clientAuth" });
type Pki = typeof servers;

/** What an end shows. */
function own({ certificate: { chain, key } }: Pki): node.SecureContextOptions {
  return { cert: certificatesToPem(...chain), key: privateKeyToPem(key) };
}

/** A list of an authority's, with what it revokes. */
function list({ certificate, key }: Pki["root"], ...revoked: readonly (Certificate | undefined)[]): string {
  return crlsToPem(
    createCrlSync({
      provider,
      random,
      signer: key,
      issuer: certificate,
      thisUpdate: new Date(Date.now() - 60_000),
      nextUpdate: new Date(Date.now() + 60_000),
      cRLNumber: 1,
      revoked: revoked.flatMap((one) =>
        one === undefined ? [] : [{ serialNumber: one.serialNumber, revocationDate: new Date(Date.now() - 60_000) }],
      ),
    }),
  );
}

/** Lists by what they leave of a chain. */
function lists({ root, intermediate, certificate }: Pki): Readonly<Record<string, string[]>> {
  return {
    "lists that revoke nothing": [list(root), list(intermediate)],
    "a list that revokes the certificate": [list(root), list(intermediate, certificate.chain[0])],
    "a list that revokes the intermediate": [list(root, intermediate.certificate), list(intermediate)],
    "no list of the intermediate's": [list(root)],
  };
}

const codes: readonly (readonly [string, string | null])[] = [
  ["lists that revoke nothing", null],
  ["a list that revokes the certificate", "CERT_REVOKED"],
  ["a list that revokes the intermediate", "CERT_REVOKED"],
  ["no list of the intermediate's", "UNABLE_TO_GET_CRL"],
];

describe.each(ways)("with crl, %s", (_name, tls) => {
  test.each(codes)("by %s says of a server %s", async (name, code) => {
    const port = await listening(tls.createServer(own(servers), (socket) => socket.end()));
    const ca = certificatesToPem(servers.root.certificate);
    const crl = lists(servers)[name] ?? [];
    const socket = tls.connect({
      port,
      host: "127.0.0.1",
      servername: "localhost",
      ca,
      crl,
      rejectUnauthorized: false,
    });
    await once(socket, "secureConnect");
    expect(socket.authorizationError).toBe(code);
    socket.destroy();
  });

  test.each(codes)("by %s says of a client %s", async (name, code) => {
    const crl = lists(clients)[name] ?? [];
    const ca = certificatesToPem(clients.root.certificate);
    const asked = { requestCert: true, rejectUnauthorized: false, ca, crl };
    const server = tls.createServer({ ...own(servers), ...asked });
    const port = await listening(server);
    const socket = tls.connect({ port, host: "127.0.0.1", ...own(clients), rejectUnauthorized: false });
    const [accepted] = await once(server, "secureConnection");
    expect(accepted.authorizationError ?? null).toBe(code);
    socket.destroy();
  });

  test("refuses a list that can't be read", () => {
    expect(() => tls.createSecureContext({ crl: "no PEM" })).toThrow(
      expect.objectContaining({ code: "ERR_CRYPTO_OPERATION_FAILED" }),
    );
  });
});

test("a client whose certificate is revoked is refused, and told so", async () => {
  const tls = ours as unknown as Tls;
  const ca = certificatesToPem(clients.root.certificate);
  const crl = lists(clients)["a list that revokes the certificate"];
  const server = tls.createServer({ ...own(servers), requestCert: true, ca, crl });
  const port = await listening(server);
  const socket = tls.connect({ port, host: "127.0.0.1", ...own(clients), rejectUnauthorized: false });
  socket.resume();
  const [[error], [told]] = await Promise.all([once(server, "tlsClientError"), once(socket, "error")]);
  expect(error).toMatchObject({ code: "CERT_REVOKED" });
  expect(told).toMatchObject({ code: expect.stringMatching(/_ALERT_CERTIFICATE_REVOKED$/) });
});

describe("with requestOCSP", () => {
  const statuses = [
    ["good", undefined],
    ["revoked", "CERT_REVOKED"],
  ] as const;
  test.each(statuses)("a response that says %s", async (status, code) => {
    const response = ocspResponse(status);
    const server = ours.createServer(own(servers));
    server.on("OCSPRequest", (_certificate, _issuer, done) => done(null, response));
    expect(await heard(await listening(server))).toEqual(
      code === undefined ? ["OCSPResponse", response, "secureConnect"] : [code],
    );
  });

  test("no response is told as well, and one that was made up is refused", async () => {
    expect(await heard(await listening(ours.createServer(own(servers))))).toEqual([
      "OCSPResponse",
      null,
      "secureConnect",
    ]);
    const server = ours.createServer(own(servers));
    server.on("OCSPRequest", (_certificate, _issuer, done) => done(null, Buffer.from("hello")));
    expect(await heard(await listening(server))).toEqual(["UNSPECIFIED"]);
  });

  /** What a client hears until it is closed. */
  async function heard(port: number): Promise<readonly unknown[]> {
    const ca = certificatesToPem(servers.root.certificate);
    const socket = ours.connect({ port, host: "127.0.0.1", servername: "localhost", ca, requestOCSP: true });
    const events: unknown[] = [];
    socket.on("OCSPResponse", (response: unknown) => events.push("OCSPResponse", response));
    socket.on("secureConnect", () => {
      events.push("secureConnect");
      socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => events.push(error.code));
    await new Promise((resolve) => socket.once("close", resolve));
    return events;
  }
});

/** What the authority says of the servers' certificate. */
function ocspResponse(status: "good" | "revoked"): Buffer {
  const { certificate: issuer, key: signer } = servers.intermediate;
  const [certificate] = servers.certificate.chain;
  if (certificate === undefined) throw new TypeError("there is a certificate");
  const ago = new Date(Date.now() - 60_000);
  const response = createOcspResponseSync({
    provider,
    random,
    signer,
    responder: issuer,
    producedAt: ago,
    answers: [
      {
        about: { certificate, issuer },
        certStatus: status === "good" ? { status } : { status, revocationTime: ago, reason: undefined },
        thisUpdate: ago,
        nextUpdate: new Date(Date.now() + 60_000),
      },
    ],
  });
  return Buffer.from(response.der);
}
