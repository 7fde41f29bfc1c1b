import { once } from "node:events";
import * as node from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import * as ours from "../../src/tls/index.ts";
import { listening, pem } from "../helpers/world.ts";

/** What either is called by here, as Node's types have it: theirs are about classes of their own. */
const inPlace = ours as unknown as typeof node;
const { ca, cert, key } = pem;

describe.each([
  ["node:tls", node],
  ["@tlskit/node/tls", inPlace],
])("a client of %s", (_name, tls) => {
  function connected(port: number, options: node.ConnectionOptions = {}): node.TLSSocket {
    const socket = tls.connect({ port, host: "127.0.0.1", servername: "localhost", ca, ...options });
    socket.on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    return socket;
  }

  test("is told the OCSP response that it asked for, or that there is none, before it is secure", async () => {
    let answer: Buffer | null = null;
    const server = node.createServer({ cert, key });
    server.on("OCSPRequest", (_certificate, _issuer, done) => done(null, answer));
    const port = await listening(server);
    const told = async (): Promise<unknown[]> => {
      const socket = connected(port, { requestOCSP: true, rejectUnauthorized: false });
      const events: unknown[] = [];
      socket.on("OCSPResponse", (response) => events.push(response && String(response)));
      await once(socket, "secureConnect");
      return [...events, "secure"];
    };
    expect(await told()).toEqual([null, "secure"]);
    answer = Buffer.from("hello");
    expect(await told()).toEqual(["hello", "secure"]);
  });

  test.each(["TLSv1.3", "TLSv1.2"] as const)("gives its key by pskCallback, in %s", async (maxVersion) => {
    const psk = Buffer.alloc(32, 7);
    const ciphers = "TLS_AES_128_GCM_SHA256:ECDHE-PSK-CHACHA20-POLY1305";
    const server = node.createServer({
      ciphers,
      maxVersion,
      pskIdentityHint: "whoever you are",
      pskCallback: (_socket, identity) => (identity === "client 1" ? psk : null),
    });
    const port = await listening(server);
    const hints: unknown[] = [];
    const told = { ciphers, checkServerIdentity: () => undefined };
    const socket = connected(port, {
      ...told,
      pskCallback: (hint) => {
        hints.push(hint);
        return { psk, identity: "client 1" };
      },
    });
    await once(socket, "secureConnect");
    expect(hints.at(-1)).toBe(maxVersion === "TLSv1.2" ? "whoever you are" : null);
    const stranger = connected(port, { ...told, pskCallback: () => ({ psk, identity: "client 2" }) });
    const [error] = await once(stranger, "error");
    expect(error).toMatchObject({ code: expect.stringMatching(/ALERT/) });
  });

  test("verifies a server that has no key, by its chain and its name", async () => {
    const port = await listening(node.createServer({ cert, key }));
    const pskCallback = () => null;
    const socket = connected(port, { pskCallback });
    await once(socket, "secureConnect");
    expect(socket.authorized).toBe(true);
    const [error] = await once(connected(port, { pskCallback, servername: "other.example" }), "error");
    // A client that may have a key has its certificates verified as they are by @tlskit/node, name and all.
    expect(error).toMatchObject({ code: tls === node ? "ERR_TLS_CERT_ALTNAME_INVALID" : "HOSTNAME_MISMATCH" });
  });

  test.each(["TLSv1.3", "TLSv1.2"] as const)(
    "has the ticket of the session that it resumes, in %s",
    async (maxVersion) => {
      const server = node.createServer({ cert, key, maxVersion }, (socket) => socket.resume());
      const port = await listening(server);
      const first = connected(port);
      const [session]: Buffer[] = await once(first, "session");
      expect(first.getTLSTicket()).toBeInstanceOf(Buffer);
      const second = connected(port, { session });
      await once(second, "secureConnect");
      expect([second.isSessionReused(), second.getTLSTicket()]).toEqual([true, expect.any(Buffer)]);
    },
  );
});
