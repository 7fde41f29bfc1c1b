import {
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import {
  InMemoryNetwork,
  LateTasks,
  lateProvider,
  type Script,
  type ScriptedTls12Client,
  type ScriptedTls12Server,
  type ScriptedTls12Session,
  scriptedData,
  scriptedTls12Client,
  scriptedTls12Server,
  seededRandom,
  throwawayPki,
  tls12AskingScript,
  tls12AuthenticatingScript,
  tls12ClientScript,
  tls12RenewingServerScript,
  tls12ResumingClientScript,
  tls12ResumingServerScript,
  tls12RsaServerScript,
  tls12ServerScript,
  tls12StaplingScript,
  tls12TicketScript,
} from "../src/index.ts";

const now = Date.UTC(2026, 0, 1);
const host = "host.example";
const pki = throwawayPki(nodeProvider, seededRandom(1), host, now, { keyTypes: ["P-256", "rsaEncryption"] });

interface Scripts {
  readonly server: Script<ScriptedTls12Server>;
  readonly client: Script<ScriptedTls12Client>;
  readonly session?: ScriptedTls12Session;
}

function converse(cipherSuite: Tls12CipherSuite, { server: served, client: asked, session }: Scripts, late: boolean) {
  const tasks = late ? new LateTasks("last in, first out") : undefined;
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const provider = tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks);
  const { left, right } = network.link();
  const server = scriptedTls12Server({
    provider,
    random: seededRandom(2),
    pki,
    cipherSuite,
    certificate: pki.certificateOf(cipherSuite.certificateKey === "RSA" ? "rsaEncryption" : "P-256"),
    ciphertext: right.write,
    ended: right.end,
    session,
    script: served,
  });
  const client = scriptedTls12Client({
    provider,
    random: seededRandom(3),
    host,
    cipherSuites: [cipherSuite],
    pki,
    ciphertext: left.write,
    ended: left.end,
    session,
    script: asked,
  });
  left.attach(client);
  right.attach(server);
  server.start();
  client.start();
  network.run();
  return { client, server };
}

const full: Scripts = { server: tls12ServerScript, client: tls12ClientScript };
const gcm = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
const session: ScriptedTls12Session = {
  mainSecret: new Uint8Array(48).fill(3),
  extended: true,
  cipherSuite: gcm,
  ticket: new Uint8Array(80).fill(4),
  sessionId: new Uint8Array(32).fill(5),
};

describe("a scripted server and a scripted client of TLS 1.2 understand each other", () => {
  for (const [what, suite, scripts, fromServer, fromClient] of [
    ["with ECDHE and AES-GCM", gcm, full, "SH C SKE SHD F", "CH CKE F"],
    [
      "with ECDHE and ChaCha20-Poly1305",
      TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
      full,
      "SH C SKE SHD F",
      "CH CKE F",
    ],
    ["with ECDHE and AES-CBC", TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, full, "SH C SKE SHD F", "CH CKE F"],
    ["with DHE", TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, full, "SH C SKE SHD F", "CH CKE F"],
    [
      "with RSA",
      TLS_RSA_WITH_AES_128_GCM_SHA256,
      { server: tls12RsaServerScript, client: tls12ClientScript },
      "SH C SHD F",
      "CH CKE F",
    ],
    [
      "with a client's certificate",
      gcm,
      { server: tls12AskingScript, client: tls12AuthenticatingScript },
      "SH C SKE CR SHD F",
      "CH C CKE CV F",
    ],
    ["with an OCSP response", gcm, { ...full, server: tls12StaplingScript }, "SH C CS SKE SHD F", "CH CKE F"],
    ["with a ticket", gcm, { ...full, server: tls12TicketScript }, "SH C SKE SHD NST F", "CH CKE F"],
    [
      "with a session",
      gcm,
      { server: tls12ResumingServerScript, client: tls12ResumingClientScript, session },
      "SH F",
      "CH F",
    ],
    [
      "with a session that gets another ticket",
      gcm,
      { server: tls12RenewingServerScript, client: tls12ResumingClientScript, session },
      "SH NST F",
      "CH F",
    ],
    [
      "with a session that has an identifier alone",
      gcm,
      {
        server: tls12ResumingServerScript,
        client: tls12ResumingClientScript,
        session: { ...session, ticket: new Uint8Array(0) },
      },
      "SH F",
      "CH F",
    ],
  ] as const) {
    for (const late of [false, true]) {
      it(`${what}, with a provider that answers ${late ? "late" : "at once"}`, () => {
        const { client, server } = converse(suite, scripts, late);
        for (const peer of [client, server]) {
          expect(peer.failure).toBeUndefined();
          expect(peer.finishedWasRight).toBe(true);
          expect(toHex(peer.data)).toBe(toHex(scriptedData));
          expect(peer.closeNotify).toBe(true);
          expect(peer.alert).toBeUndefined();
          expect(peer.unreadableRecords).toBe(0);
        }
        const initials = (names: readonly string[]): string =>
          names.map((name) => name.replace(/(?:^|_)([a-z])[a-z]*/g, (_, initial) => initial.toUpperCase())).join(" ");
        expect(initials(client.messages)).toBe(fromServer);
        expect(initials(server.messages)).toBe(fromClient);
      });
    }
  }
});
