import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { Alert, TlsError } from "@tlskit/tls";
import {
  authorityInfoAccessExtension,
  type Certificate,
  certificatesToPem,
  createCertificateSync,
  generatePrivateKeySync,
  TrustAnchors,
} from "@tlskit/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type ConnectOptions,
  connect,
  createServer,
  type FetchTarget,
  type IntermediateFetching,
} from "../src/index.ts";
import { failure, listening, text } from "./helpers/world.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const newKey = () => generatePrivateKeySync({ provider, random });
const [rootKey, middleKey, leafKey] = [newKey(), newKey(), newKey()];
const common = { provider, random, validity: { from: new Date() } };
const root = createCertificateSync({
  ...common,
  signer: rootKey,
  publicKey: rootKey,
  subject: { commonName: "Root" },
  ca: {},
});
const middle = createCertificateSync({
  ...common,
  signer: rootKey,
  issuer: root,
  publicKey: middleKey,
  subject: { commonName: "Middle" },
  ca: {},
});
const ca = TrustAnchors.of([root]);

/** A server that shows its leaf alone, which says where the intermediate is. */
async function incompleteServer(caIssuers: string): Promise<number> {
  const leaf: Certificate = createCertificateSync({
    ...common,
    signer: middleKey,
    issuer: middle,
    publicKey: leafKey,
    dnsNames: ["localhost"],
    extensions: [authorityInfoAccessExtension({ caIssuers: [caIssuers] })],
  });
  return await listening(
    createServer({ certificates: [{ chain: [leaf], key: leafKey }] }, (socket) => void socket.end("hello")),
  );
}

/** A web server of this machine, and what it was asked. */
async function web(listener: RequestListener): Promise<{ readonly port: number; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createHttpServer((request, response) => {
    asked.push(request);
    listener(request, response);
  });
  onTestFinished(() => server.closeAllConnections());
  return { port: await listening(server), asked };
}

/** What the server said to a client that fetches. */
async function heard(port: number, fetching: ConnectOptions["fetchMissingIntermediates"]): Promise<string> {
  const socket = connect({ host: "127.0.0.1", servername: "localhost", port, ca, fetchMissingIntermediates: fetching });
  onTestFinished(() => void socket.destroy());
  return await text(socket);
}

/** Why a client that fetches wouldn't listen. */
async function refusal(port: number, fetching: ConnectOptions["fetchMissingIntermediates"]): Promise<TlsError> {
  const socket = connect({ host: "127.0.0.1", servername: "localhost", port, ca, fetchMissingIntermediates: fetching });
  onTestFinished(() => void socket.destroy());
  const error = await failure(socket);
  if (!(error instanceof TlsError)) throw error;
  return error;
}

/** This machine may be asked: for tests. */
const local: IntermediateFetching = { allow: ({ address }) => address === "127.0.0.1" || address === "::1" };

describe("an intermediate that a server leaves out", () => {
  test("is fetched from where the leaf says that it is", async () => {
    const { port, asked } = await web((_, response) => response.end(middle.der));
    expect(await heard(await incompleteServer(`http://127.0.0.1:${port}/a.cer?b=c`), local)).toBe("hello");
    expect(asked.map(({ method, url, headers }) => ({ method, url, host: headers.host }))).toEqual([
      { method: "GET", url: "/a.cer?b=c", host: `127.0.0.1:${port}` },
    ]);
  });

  test("by a name, whose addresses are looked at as they are connected to", async () => {
    const { port } = await web((_, response) => response.end(certificatesToPem(middle)));
    const targets: FetchTarget[] = [];
    const allow = (target: FetchTarget): boolean => {
      targets.push(target);
      return target.address === "127.0.0.1";
    };
    expect(await heard(await incompleteServer(`http://localhost:${port}/`), { allow })).toBe("hello");
    expect(targets).toContainEqual({ hostname: "localhost", address: "127.0.0.1", port, isPublic: false });
  });

  test("isn't unless it is asked for", async () => {
    const { port, asked } = await web((_, response) => response.end(middle.der));
    for (const fetching of [undefined, false]) {
      const error = await refusal(await incompleteServer(`http://127.0.0.1:${port}/`), fetching);
      expect(error).toMatchObject({ code: "certificate_unknown_issuer", alert: Alert.unknownCa });
    }
    expect(asked).toEqual([]);
  });
});

describe("nobody is asked", () => {
  test.each([
    ["an address of this machine", "http://127.0.0.1:PORT/", "127.0.0.1:PORT is not allowed"],
    ["the same as one number", "http://2130706433:PORT/", "127.0.0.1:PORT is not allowed"],
    ["the same in IPv6", "http://[::ffff:127.0.0.1]:PORT/", "[::ffff:7f00:1]:PORT is not allowed"],
    ["a name with an address of this machine", "http://localhost:PORT/", "localhost:PORT is not allowed"],
    ["a private address", "http://10.0.0.1/", "10.0.0.1:80 is not allowed"],
    ["a cloud's metadata", "http://169.254.169.254/latest/", "169.254.169.254:80 is not allowed"],
    ["another port", "http://1.1.1.1:25/", "1.1.1.1:25 is not allowed"],
  ])("unless it is allowed: %s", async (_, address, message) => {
    const { port, asked } = await web((_request, response) => response.end(middle.der));
    const error = await refusal(await incompleteServer(address.replace("PORT", `${port}`)), true);
    expect(error.message).toContain(message.replace("PORT", `${port}`));
    expect(asked).toEqual([]);
  });

  test.each([
    ["over HTTPS", "https://127.0.0.1:PORT/", "nothing is fetched over https:"],
    ["with a password", "http://user:password@127.0.0.1:PORT/", "nobody is logged in"],
  ])("%s", async (_, address, message) => {
    const { port, asked } = await web((_request, response) => response.end(middle.der));
    const error = await refusal(await incompleteServer(address.replace("PORT", `${port}`)), local);
    expect(error.message).toContain(message);
    expect(asked).toEqual([]);
  });

  test("when whoever is to allow it says so later", async () => {
    const { port, asked } = await web((_, response) => response.end(middle.der));
    const allow = async () => false;
    const fetching = { allow: allow as unknown as () => boolean }; // which types refuse
    for (const host of ["127.0.0.1", "localhost"]) {
      const error = await refusal(await incompleteServer(`http://${host}:${port}/`), fetching);
      expect(error.message).toContain(`${host}:${port} is not allowed`);
    }
    expect(asked).toEqual([]);
  });

  test("when whoever is to allow it fails", async () => {
    const { port, asked } = await web((_, response) => response.end(middle.der));
    const allow = (): never => {
      throw new RangeError("no policy");
    };
    for (const host of ["127.0.0.1", "localhost"]) {
      const error = await refusal(await incompleteServer(`http://${host}:${port}/`), { allow });
      expect(error.message).toContain("no policy");
    }
    expect(asked).toEqual([]);
  });
});

describe("redirections", () => {
  test("are followed, three of them", async () => {
    const steps =
      (count: number): RequestListener =>
      ({ url = "" }, response) => {
        const step = Number(url.slice(1));
        if (step === count) response.end(middle.der);
        else response.writeHead(302, { location: `/${step + 1}` }).end();
      };
    const three = await web(steps(3));
    expect(await heard(await incompleteServer(`http://127.0.0.1:${three.port}/0`), local)).toBe("hello");
    const four = await web(steps(4));
    const error = await refusal(await incompleteServer(`http://127.0.0.1:${four.port}/0`), local);
    expect(error.message).toContain("more than 3 redirections");
    expect(four.asked).toHaveLength(4);
  });

  test("to an address that isn't allowed are not", async () => {
    const inner = await web((_, response) => response.end(middle.der));
    const outer = await web((_, response) =>
      response.writeHead(301, { location: `http://127.0.0.1:${inner.port}/` }).end(),
    );
    const allow = ({ port }: FetchTarget): boolean => port === outer.port;
    const error = await refusal(await incompleteServer(`http://127.0.0.1:${outer.port}/`), { allow });
    expect(error.message).toContain(`127.0.0.1:${inner.port} is not allowed`);
    expect(inner.asked).toEqual([]);
  });

  test("to HTTPS, or to nowhere, are not", async () => {
    const secure = await web((_, response) => response.writeHead(302, { location: "https://ca.test/" }).end());
    const error = await refusal(await incompleteServer(`http://127.0.0.1:${secure.port}/`), local);
    expect(error.message).toContain("nothing is fetched over https:");
    const nowhere = await web((_, response) => response.writeHead(302).end());
    const other = await refusal(await incompleteServer(`http://127.0.0.1:${nowhere.port}/`), local);
    expect(other.message).toContain("the answer is 302");
  });
});

describe("limits", () => {
  test.each<[string, RequestListener, string]>([
    ["more bytes than are read", (_, response) => response.end(Buffer.alloc(131_073)), "more than 131072 bytes came"],
    ["bytes without end", (_, response) => flood(response), "more than 131072 bytes came"],
    [
      "an answer that is no certificate",
      (_, response) => response.end("<html>"),
      "no certificate that can be read came",
    ],
    ["one that isn't there", (_, response) => response.writeHead(404).end(), "the answer is 404"],
    [
      "one that is compressed",
      (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x"),
      "the answer is encoded: gzip",
    ],
    [
      "one that is cut off",
      (_, response) => void response.writeHead(200, { "content-length": 100 }).write("x", () => response.destroy()),
      "nothing was to be had",
    ],
    ["nobody who answers", (request) => void request.socket.destroy(), "nothing was to be had"],
  ])("%s", async (_, listener, message) => {
    const { port } = await web(listener);
    const error = await refusal(await incompleteServer(`http://127.0.0.1:${port}/`), local);
    expect(error).toMatchObject({ code: "certificate_unknown_issuer" });
    expect(error.message).toContain(message);
  });

  test("the time of an answer, whether or not some of it has come", async () => {
    for (const listener of [
      () => undefined,
      (_, response) => void response.writeHead(200).write("x"),
    ] satisfies RequestListener[]) {
      const { port } = await web(listener);
      const error = await refusal(await incompleteServer(`http://127.0.0.1:${port}/`), { ...local, timeout: 100 });
      expect(error.message).toContain("no answer in 100 ms");
    }
  });
});

test("an answer that goes over to another protocol is none", async () => {
  const server = createTcpServer((socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nhello");
  });
  const port = await listening(server);
  const error = await refusal(await incompleteServer(`http://127.0.0.1:${port}/`), local);
  expect(error).toMatchObject({ code: "certificate_unknown_issuer" });
});

/** Goes on until the other side has had enough. */
function flood(response: NodeJS.WritableStream): void {
  const more = (): void => {
    response.write(Buffer.alloc(65_536), (error) => {
      if (error == null) setImmediate(more);
    });
  };
  response.on("error", () => undefined);
  more();
}
