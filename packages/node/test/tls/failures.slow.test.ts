import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect as connectTcp, createServer as createTcpServer, type Socket } from "node:net";
import * as node from "node:tls";
import { runSync } from "@tlskit/crypto";
import { type BadChainName, badChains } from "@tlskit/testing";
import { Alert } from "@tlskit/wire";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { certificateRefused, reasonsByAlert, reasonsByCode } from "../../src/tls/failure-reasons.ts";
import * as ours from "../../src/tls/index.ts";
import { ClientAuthority } from "../helpers/clients.ts";
import { listening, pem, pki } from "../helpers/world.ts";

/** What either is called by here, as Node's types have it: theirs are about classes of their own. */
type Tls = Pick<typeof node, "connect" | "createServer">;
const inPlace = ours as unknown as Tls;

const strangers = new ClientAuthority("Strangers").pem;
const { ca, cert, key } = pem;

interface Situation {
  readonly server?: node.TlsOptions;
  readonly client?: node.ConnectionOptions;
  /** Where ours differ, by intent. */
  readonly differs?: Partial<Outcome>;
}

/** The codes that both ends fail with. */
interface Outcome {
  readonly client: unknown;
  readonly server: unknown;
}

// A client of node:tls refuses a server when the handshake is done, without a word. Ours says why.
const told = {
  unknownCa: { server: "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA" },
  badCertificate: { server: expect.stringMatching(/^ERR_SSL_(SSLV3|SSL\/TLS)_ALERT_BAD_CERTIFICATE$/) },
} as const;

const situations: Readonly<Record<string, Situation>> = {
  "no suite of TLS 1.3 in common": {
    server: { ciphers: "TLS_AES_128_GCM_SHA256" },
    client: { ciphers: "TLS_AES_256_GCM_SHA384", minVersion: "TLSv1.3" },
  },
  "no suite of TLS 1.2 in common": {
    server: { ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256", maxVersion: "TLSv1.2" },
    client: { ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" },
  },
  "a server of TLS 1.3 alone": { server: { minVersion: "TLSv1.3" }, client: { maxVersion: "TLSv1.2" } },
  "a client of TLS 1.3 alone": { server: { maxVersion: "TLSv1.2" }, client: { minVersion: "TLSv1.3" } },
  "no protocol in common": { server: { ALPNProtocols: ["a"] }, client: { ALPNProtocols: ["b"] } },
  "a client without a certificate, in TLS 1.3": { server: { requestCert: true, ca } },
  "a client without a certificate, in TLS 1.2": { server: { requestCert: true, ca, maxVersion: "TLSv1.2" } },
  "a chain to whom nobody trusts": { client: { ca: strangers }, differs: told.unknownCa },
  "a chain with a root that nobody trusts": {
    client: { ca: strangers },
    server: { cert: cert + ca },
    differs: told.unknownCa,
  },
  "a certificate for another name": { client: { servername: "other.example" }, differs: told.badCertificate },
};

describe("both ends fail as those of node:tls", () => {
  test.each(Object.entries(situations))("%s", async (_name, { server = {}, client = {}, differs }) => {
    const expected = await outcome(node, server, client);
    expect(await outcome(inPlace, server, client)).toEqual({ ...expected, ...differs });
  });
});

/** Chains that OpenSSL finds nothing wrong with, or something else. */
const judgedOtherwise: Partial<Record<BadChainName, string>> = {
  "issued by another leaf": "INVALID_CA", // there: that nobody knows the issuer
  "signed with MD5": "CERT_SIGNATURE_FAILURE", // there: that nobody knows the issuer
  "signed with something unknown": "CERT_SIGNATURE_FAILURE", // the same
};

describe("a client calls what is wrong with a chain as that of node:tls does", () => {
  test.each(Object.keys(badChains) as readonly BadChainName[])("%s", async (name) => {
    const { chain, key: badKey } = runSync(pki.bad(name));
    const server = { cert: certificatesToPem(...chain), key: privateKeyToPem(badKey), ciphers: "DEFAULT@SECLEVEL=0" };
    const code = codeOf(await refusalBy(inPlace, server));
    expect(code).toBe(judgedOtherwise[name] ?? codeOf(await refusalBy(node, server)));
  });
});

const bytesToServers: Readonly<Record<string, string>> = {
  "a request of HTTP": "GET / HTTP/1.1\r\n\r\n",
  "a request to a proxy": "CONNECT localhost:443 HTTP/1.1\r\n\r\n",
  "a record that is too long": "\x16\x03\x01\xff\xff\x01\x02\x03",
  "application data": "\x17\x03\x03\x00\x03abc",
  "a message that nobody starts with": "\x16\x03\x03\x00\x04\x14\x00\x00\x00",
};

describe("a server that gets something else fails as that of node:tls", () => {
  test.each(Object.entries(bytesToServers))("%s", async (_name, bytes) => {
    expect(await failureOfServer(inPlace, (raw) => raw.write(bytes, "latin1"))).toBe(
      await failureOfServer(node, (raw) => raw.write(bytes, "latin1")),
    );
  });

  test("the end of the stream", async () => {
    expect(await failureOfServer(inPlace, (raw) => raw.end())).toBe(await failureOfServer(node, (raw) => raw.end()));
  });

  test("nothing, for too long", async () => {
    const options = { handshakeTimeout: 50 };
    const waits = (): void => undefined;
    expect(await failureOfServer(inPlace, waits, options)).toBe(await failureOfServer(node, waits, options));
  });
});

const bytesToClients: Readonly<Record<string, string>> = {
  "an answer of HTTP": "HTTP/1.1 400 Bad Request\r\n\r\n",
  "a record that is too long": "\x16\x03\x03\xff\xff\x01\x02\x03",
  "application data": "\x17\x03\x03\x00\x03abc",
  "a Finished": "\x16\x03\x03\x00\x06\x14\x00\x00\x02ab",
  nothing: "",
};

describe("a client that gets something else fails as that of node:tls", () => {
  test.each(Object.entries(bytesToClients))("%s", async (_name, bytes) => {
    expect(await failureOfClient(inPlace, bytes)).toEqual(await failureOfClient(node, bytes));
  });
});

describe("a client that gets an alert fails as that of node:tls", () => {
  // OpenSSL has no words for these, and node:tls no error; user_canceled ends nothing (RFC 9846 §6.1).
  const nameless: readonly number[] = [
    Alert.userCanceled,
    Alert.closeNotify,
    Alert.tooManyCidsRequested,
    Alert.generalError,
    Alert.echRequired,
  ];
  test.each(Object.entries(Alert).filter(([, code]) => !nameless.includes(code)))("%s", async (_name, code) => {
    const alert = `\x15\x03\x03\x00\x02\x02${String.fromCharCode(code)}`;
    expect(await failureOfClient(inPlace, alert)).toEqual(await failureOfClient(node, alert));
  });
});

test("reasons have OpenSSL's numbers and texts", (context) => {
  const reasons = [...Object.values(reasonsByCode), ...Object.values(reasonsByAlert), certificateRefused];
  const numbers = reasons.map(([number]) => (0x0a00_0000 + number).toString(16));
  const { status, stdout } = spawnSync("openssl", ["errstr", ...numbers], { encoding: "latin1" });
  if (status !== 0) context.skip("there is no openssl");
  const texts = stdout
    .trim()
    .split("\n")
    .map((line) => line.split("::")[1]);
  expect(texts).toEqual(reasons.map(([, text]) => text));
});

/** What both ends of a connection fail with. */
async function outcome(
  tls: Tls,
  serverOptions: node.TlsOptions,
  clientOptions: node.ConnectionOptions,
): Promise<Outcome> {
  const server = tls.createServer({ cert, key, ...serverOptions }, (socket) => socket.end());
  const port = await listening(server);
  const failed = once(server, "tlsClientError");
  const socket = tls.connect({ port, host: "127.0.0.1", servername: "localhost", ca, ...clientOptions });
  const [client, [serverError]] = await Promise.all([errorOf(socket), failed]);
  return { client: codeOf(client), server: codeOf(serverError) };
}

/** What a client says of a server of node:tls, if it says anything. */
async function refusalBy(tls: Tls, serverOptions: node.TlsOptions): Promise<Error | undefined> {
  const port = await listening(node.createServer(serverOptions, (socket) => socket.end()));
  const socket = tls.connect({ port, host: "127.0.0.1", servername: "localhost", ca });
  return await Promise.race([errorOf(socket), once(socket, "secureConnect").then(() => undefined)]);
}

async function failureOfServer(
  tls: Tls,
  speak: (raw: Socket) => void,
  options: node.TlsOptions = {},
): Promise<unknown> {
  const server = tls.createServer({ cert, key, ...options });
  const port = await listening(server);
  const failed = once(server, "tlsClientError");
  const raw = connectTcp(port, "127.0.0.1");
  raw.on("error", () => undefined);
  raw.on("connect", () => speak(raw));
  const [error] = await failed;
  raw.destroy();
  return codeOf(error);
}

/** What programs look at. */
async function failureOfClient(tls: Tls, bytes: string): Promise<object> {
  const server = createTcpServer((raw) => raw.once("data", () => raw.end(bytes, "latin1")));
  const port = await listening(server);
  const { code, reason, library } = await errorOf(tls.connect({ port, host: "127.0.0.1", ca }));
  return { code, reason, library };
}

type CodedError = Error & { readonly code?: unknown; readonly reason?: unknown; readonly library?: unknown };

async function errorOf(socket: node.TLSSocket): Promise<CodedError> {
  socket.resume();
  return await new Promise((resolve, reject) => {
    socket.once("error", resolve);
    socket.once("close", () => reject(new Error("it closed without an error")));
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, "code") : undefined;
}
