import { once } from "node:events";
import { type AddressInfo, connect as connectTcp, createServer } from "node:net";
import { type Signer, signerFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { RemoteSigner, type SignedFormName } from "@tlskit/keyless";
import type { KeyClient } from "@tlskit/keyless-node";
import { connect } from "@tlskit/node";
import { ClientContext, ownCertificates, tls12, tls13 } from "@tlskit/tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Authority, type Certified, random } from "./helpers/authority.ts";
import {
  credentials,
  frontend,
  handshake,
  inside,
  keyClient,
  keyListener,
  type Listening,
  outside,
  webServer,
  www,
  wwwSigner,
} from "./helpers/places.ts";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function listening(...options: Parameters<typeof keyListener>): Promise<Listening> {
  const made = await keyListener(...options);
  endings.push(() => made.listener.close());
  return made;
}

function client(...options: Parameters<typeof keyClient>) {
  const made = keyClient(...options);
  endings.push(() => made.client.close());
  return made;
}

async function web(...options: Parameters<typeof webServer>) {
  const made = await webServer(...options);
  endings.push(() => made.server.close());
  return made;
}

/** Milliseconds within which everything is done here, on whatever machine. */
const timeLimit = 60_000;

const hanging: Signer = { ...wwwSigner, sign: () => new Promise(() => undefined) };

/** The key of which it is known what it signs with. */
const known = (keys: KeyClient): Signer => new RemoteSigner(keys, "www", wwwSigner.algorithms.slice(0, 1));

/** Asks until something is known to have failed, and no more then. */
async function refused(keys: KeyClient, known: () => boolean): Promise<void> {
  const asked = expect(keys.signer("www")).rejects.toMatchObject({ kind: "internal", alert: 80 });
  await vi.waitUntil(known, { timeout: timeLimit });
  keys.close();
  await asked;
}

const content = (): Uint8Array => {
  const text = `${" ".repeat(64)}TLS 1.3, server CertificateVerify\0${"h".repeat(32)}`;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
};

describe("a frontend with its own certificate", () => {
  it("serves TLS with a key that it hasn't got", async () => {
    const { address, events } = await listening();
    const key = await client([address]).client.signer("www");
    const { port, failures } = await web(key);
    expect(await handshake(port)).toBeUndefined();
    expect(failures).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(["described", "signed"]);
    expect(events[1]?.client.leaf.subjectAlternativeName?.dnsNames).toEqual(["frontend.internal"]);
  });

  it("makes one connection for any number of handshakes", async () => {
    const { address, events } = await listening();
    const { port } = await web(await client([address]).client.signer("www"));
    const made = await Promise.all(Array.from({ length: 50 }, () => handshake(port)));
    expect(made.filter((failure) => failure !== undefined)).toEqual([]);
    expect(events.filter(({ type }) => type === "signed")).toHaveLength(50);
    expect(new Set(events.map((event) => event.client)).size).toBe(1);
  });
});

describe("who isn't let in, or to a key", () => {
  it("is somebody of another authority", async () => {
    const { address, events, failures } = await listening();
    const stranger = new Authority("Inside").certify("frontend.internal", { purposes: ["clientAuth"] });
    const impostor = client([address], { ...credentials(stranger) });
    await refused(impostor.client, () => failures.includes("certificate_bad_signature"));
    expect(events).toEqual([]);
  });

  it("is somebody whose certificate is a server's", async () => {
    const { address, events, failures } = await listening();
    const server = client([address], { ...credentials(inside.certify("frontend.internal")) });
    await refused(server.client, () => failures.includes("certificate_extended_key_usage"));
    expect(events).toEqual([]);
  });

  it("is somebody without a certificate", async () => {
    const { address, events, failures } = await listening();
    const context = new ClientContext({
      ...{ provider: nodeProvider, random, clock: Date.now, anchors: inside.anchors },
      alpnProtocols: ["tlskit-keyless/1"],
    });
    const socket = connect({ ...address, context });
    const [error] = await once(socket, "error").catch((failure: unknown) => [failure]);
    expect(error).toMatchObject({ kind: "alert", code: "alert_certificate_required" });
    expect(events).toEqual([]);
    expect(failures).toEqual(["certificate_required"]);
  });

  it("is somebody of another name, for whom there is no such key", async () => {
    const { address, events } = await listening();
    const other = inside.certify("other.internal", { purposes: ["clientAuth"] });
    await expect(client([address], credentials(other)).client.signer("www")).rejects.toMatchObject({
      kind: "internal",
      code: "no_such_key",
    });
    expect(events).toMatchObject([{ type: "refused", reason: "no_such_key" }]);
  });

  it("is somebody who doesn't speak the protocol", async () => {
    const { address, events, failures } = await listening();
    const { chain, key } = inside.certify("frontend.internal", { purposes: ["clientAuth"] });
    const context = new ClientContext({
      ...{ provider: nodeProvider, random, clock: Date.now, anchors: inside.anchors },
      certificates: ownCertificates([{ chain, key }]),
    });
    const socket = connect({ ...address, context });
    await once(socket, "close").catch(() => undefined);
    expect(events).toEqual([]);
    expect(failures).toEqual(["not_authenticated"]);
  });

  it("is one client too many", async () => {
    const { address, failures } = await listening({ maxConnections: 1 });
    const first = client([address]);
    await first.client.signer("www");
    const second = client([address]);
    await refused(second.client, () => failures.includes("too_many_connections"));
    expect((await first.client.sign("www", "ECDSA/P-256/SHA-256", content())).length).toBeGreaterThan(60);
  });

  it("is a key server of another authority, to a frontend", async () => {
    const other = new Authority("Inside").certify("key-server.internal");
    const { address } = await listening({ ...credentials(other) });
    const { client: made, failures } = client([address]);
    await refused(made, () => failures.includes("certificate_bad_signature"));
  });

  it("is a key server of another name", async () => {
    const { address } = await listening();
    const { client: made, failures } = client([{ ...address, servername: "other.internal" }], {});
    await refused(made, () => failures.includes("certificate_name_mismatch"));
  });
});

describe("a handshake whose signature isn't to be had ends with internal_error, and the operator is told why", () => {
  it.each<[string, Parameters<typeof keyListener>[0], string]>([
    [
      "the key's signer fails",
      {
        keys: {
          www: { mayUse: () => true, signer: { ...wwwSigner, sign: () => Promise.reject(new TypeError("HSM")) } },
        },
      },
      "signer_failed",
    ],
    [
      "the key's signer hangs",
      {
        signatureTimeout: 50,
        keys: { www: { mayUse: () => true, signer: { ...wwwSigner, sign: () => new Promise(() => undefined) } } },
      },
      "signature_timeout",
    ],
    [
      "the key is another's",
      { keys: { www: { mayUse: () => true, signer: { ...wwwSigner, sign: () => new Uint8Array(70) } } } },
      "signer_failed",
    ],
  ])("%s", async (_, options, code) => {
    const { address } = await listening(options);
    const { port, failures } = await web(await client([address]).client.signer("www"));
    expect(await handshake(port)).toBe("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR");
    expect(failures).toEqual([code]);
  });

  it("the key server is silent", async () => {
    const { address } = await listening({ keys: { www: { mayUse: () => true, signer: hanging } } });
    const { client: made } = client([address], { answerTimeout: 50, timeLimit: 200 });
    const { port, failures } = await web(known(made));
    expect(await handshake(port)).toBe("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR");
    // as it is when the time is up: waiting for an answer, or for another connection
    expect(failures[0]).toMatch(/^key_server_(timeout|unreachable)$/);
  });

  it("the key server is gone", async () => {
    const { address, listener } = await keyListener();
    await listener.close();
    const { port, failures } = await web(known(client([address], { timeLimit: 200 }).client));
    expect(await handshake(port)).toBe("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR");
    expect(failures).toEqual(["key_server_unreachable"]);
  });

  it("the client was closed", async () => {
    const { address } = await listening();
    const { client: made } = client([address]);
    const { port, failures } = await web(await made.signer("www"));
    made.close();
    expect(await handshake(port)).toBe("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR");
    expect(failures).toEqual(["key_server_lost"]);
  });
});

describe("TLS 1.2", () => {
  const versions = [tls13, tls12];
  const rsa = outside.certify("www.example", { type: "RSA" });
  const rsaSigner = signerFor(nodeProvider, rsa.key, random);
  const only12 = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
  const both: SignedFormName[] = ["tls13", "tls12-ecdhe"];

  it.each<[string, Certified, Signer, object, string]>([
    ["ECDSA", www, wwwSigner, {}, "ECDSA/P-256/SHA-256"],
    ["ECDSA, with a point on P-384 or P-256", www, wwwSigner, { ecdhCurve: "P-384:P-256" }, "ECDSA/P-256/SHA-256"],
    ["RSA-PSS", rsa, rsaSigner, { sigalgs: "RSA-PSS+SHA256" }, "RSA-PSS/SHA-256"],
    ["PKCS#1 v1.5", rsa, rsaSigner, { sigalgs: "RSA+SHA256:ECDSA+SHA256" }, "RSA-PKCS1/SHA-256"],
  ])("is signed for by %s, if the key's rule names it", async (_, { chain }, signer, options, algorithm) => {
    const { address, events } = await listening({ keys: { www: { signer, mayUse: () => true, forms: both } } });
    const key = await client([address]).client.signer("www");
    const { port, failures } = await web(key, { chain, versions });
    expect([await handshake(port, { ...only12, ...options }), failures]).toEqual([undefined, []]);
    expect(events.at(-1)).toMatchObject({ type: "signed", form: "tls12-ecdhe", algorithm });
  });

  it("isn't otherwise, and TLS 1.3 is none the worse for it", async () => {
    const { address, events } = await listening();
    const { port, failures } = await web(await client([address]).client.signer("www"), { versions });
    expect(await handshake(port, only12)).toMatch(/ALERT_INTERNAL_ERROR$/);
    expect(failures).toEqual(["form_not_allowed"]);
    expect(await handshake(port)).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual(["described", "refused", "signed"]);
  });
});

it("a TLS client that is given a server's key signs nothing with it", async () => {
  const { address, events } = await listening();
  const key = await client([address]).client.signer("www");
  const other = await listening();
  const context = new ClientContext({
    ...{ provider: nodeProvider, random, clock: Date.now, anchors: inside.anchors },
    ...{ certificates: ownCertificates([{ chain: frontend.chain, key }]), alpnProtocols: ["tlskit-keyless/1"] },
  });
  const socket = connect({ ...other.address, context });
  await expect(socket.established).rejects.toMatchObject({ kind: "internal", code: "not_a_server_signature" });
  expect(events.map(({ type }) => type)).toEqual(["described"]);
});

describe("connections are made anew", () => {
  it("to the next server when one is closed, without a handshake that fails", async () => {
    const [one, other] = [await keyListener(), await listening()];
    const { client: made } = client([one.address, other.address]);
    const { port } = await web(await made.signer("www"));
    expect(await handshake(port)).toBeUndefined();
    await one.listener.close();
    expect(await handshake(port)).toBeUndefined();
    expect(other.events.map(({ type }) => type)).toEqual(["signed"]);
  });

  it("to the next server when one is silent, and what was asked is asked there", async () => {
    const silent = await listening({ keys: { www: { mayUse: () => true, signer: hanging } } });
    const other = await listening();
    const { client: made, failures } = client([silent.address, other.address], { answerTimeout: 500 });
    const { port } = await web(known(made));
    expect(await handshake(port)).toBeUndefined();
    expect(failures[0]).toBe("key_server_timeout");
    expect(other.events.map(({ type }) => type)).toContain("signed");
  });

  it("to the one that listens, of several that don't", async () => {
    const gone = await keyListener();
    await gone.listener.close();
    const { address } = await listening();
    const { client: made, failures } = client([gone.address, gone.address, address]);
    expect((await made.signer("www")).algorithms).toEqual(["ECDSA/P-256/SHA-256"]);
    expect(failures).toEqual(["ECONNREFUSED", "ECONNREFUSED"]);
  });

  it("and given up where nobody speaks TLS", async () => {
    const { address } = await listening();
    // a connection that says nothing: the client has its own time for it
    const quiet = createServer().listen(0, "127.0.0.1");
    endings.push(() => quiet.close());
    await once(quiet, "listening");
    quiet.on("connection", (socket) => socket.on("error", () => undefined).on("close", () => undefined));
    const { port } = quiet.address() as AddressInfo;
    const { client: made, failures } = client([{ ...address, port }, address], { connectTimeout: 500 });
    expect((await made.signer("www")).algorithms).toHaveLength(1);
    expect(failures[0]).toBe("key_server_unreachable");
  });
});

it("a connection that has come of age is made anew, without a handshake that fails", async () => {
  const { address, events } = await listening({ maxConnectionAge: 250 });
  const { port } = await web(await client([address]).client.signer("www"));
  while (new Set(events.map((event) => event.client)).size < 3) expect(await handshake(port)).toBeUndefined();
});

it("more requests than are worked on, or may wait, are read when it is their turn", async () => {
  const signer = { ...wwwSigner, sign: async () => new Uint8Array(70) };
  const { address, failures } = await listening({
    maxRequestsInFlight: 4,
    keys: { www: { mayUse: () => true, signer } },
  });
  const { client: made } = client([address], { maxRequestsOpen: 10_000, answerTimeout: timeLimit });
  // 800 KB, more than three times what may wait
  const asked = Array.from({ length: 10_000 }, () => made.sign("www", "ECDSA/P-256/SHA-256", content()));
  expect(await Promise.all(asked)).toHaveLength(10_000);
  expect(failures).not.toContain("too_much_unread");
});

it("a server that closes doesn't wait for handshakes that aren't done", async () => {
  const { address, listener } = await keyListener();
  const socket = connectTcp(address.port, address.host);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const closed = once(socket, "close");
  await listener.close();
  await closed;
});

it("a client that sends what is no request is cut off, and others aren't", async () => {
  const { address, failures } = await listening();
  const { chain, key } = inside.certify("frontend.internal", { purposes: ["clientAuth"] });
  const context = new ClientContext({
    ...{ provider: nodeProvider, random, clock: Date.now, anchors: inside.anchors },
    ...{ certificates: ownCertificates([{ chain, key }]), alpnProtocols: ["tlskit-keyless/1"] },
  });
  const good = client([address]);
  await good.client.signer("www");
  const socket = connect({ ...address, context });
  socket.on("error", () => undefined);
  await socket.established;
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.write("GET / HTTP/1.1\r\n\r\n");
  await closed;
  expect(failures).toEqual(["decode_error"]);
  expect((await good.client.sign("www", "ECDSA/P-256/SHA-256", content())).length).toBeGreaterThan(60);
});
