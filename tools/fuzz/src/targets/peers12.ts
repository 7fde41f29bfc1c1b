import {
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
} from "@tlskit/ciphersuites";
import { GivenTicketKeys, MemorySessionStore, SealedTickets } from "@tlskit/sessions";
import {
  before,
  messageStep,
  type Script,
  ScriptedTls12Client,
  ScriptedTls12Server,
  seededRandom,
  tls12AuthenticatingScript,
  tls12TicketScript,
} from "@tlskit/testing";
import {
  ClientContext,
  ownCertificates,
  resumption,
  ServerContext,
  TlsClient,
  TlsServer,
  type TlsVersion,
  tls12With,
  tls13,
} from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { asciiBytes } from "@tlskit/wire";
import { type Item, readItems } from "../items.ts";
import type { Observer } from "../observer.ts";
import type { Target } from "../target.ts";
import { alpnProtocols, clientPki, host, now, pki, provider } from "../world.ts";
import { type Act, edit, meeting, peers, recordsAfterwards, seeds } from "./peers.ts";
import { tls12SampleMessages } from "./tls12-sample-messages.ts";

const aead = TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
const block = TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256;
const versions = (): readonly TlsVersion[] => [tls13, tls12With({ cipherSuites: [aead, block], cbc })];

const serverActs: readonly Act<ScriptedTls12Server>[] = [
  { type: "message", name: "ServerHello" },
  { type: "message", name: "Certificate" },
  { type: "message", name: "ServerKeyExchange" },
  { type: "message", name: "CertificateRequest" },
  { type: "message", name: "ServerHelloDone" },
  { type: "message", name: "NewSessionTicket" },
  { type: "message", name: "Finished" },
  { type: "behind", name: "Certificate" },
  ...recordsAfterwards,
];

const clientActs: readonly Act<ScriptedTls12Client>[] = [
  { type: "message", name: "ClientHello" },
  { type: "message", name: "Certificate" },
  { type: "message", name: "ClientKeyExchange" },
  { type: "message", name: "CertificateVerify" },
  { type: "message", name: "Finished" },
  { type: "behind", name: "receive ServerHelloDone" },
  ...recordsAfterwards,
];

/** With a request for a certificate and a ticket; without what nobody reads when the client has given up. */
const serverScript: Script<ScriptedTls12Server> = before<ScriptedTls12Server>(
  "ServerHelloDone",
  messageStep("CertificateRequest", (server) => server.certificateRequest()),
)(tls12TicketScript);

/** An item of this kind says only that records are protected by a block cipher. */
const isBlock = ({ kind }: Item): boolean => kind === 0xff;

function meetServer(items: readonly Item[]): Observer {
  const { observer, run, toOurs } = meeting();
  const peer = new ScriptedTls12Server({
    provider,
    random: seededRandom(4),
    pki: pki(),
    cipherSuite: items.some(isBlock) ? block : aead,
    ...toOurs,
  });
  peer.perform(
    edit(
      serverActs,
      items.filter((item) => !isBlock(item)),
    )(serverScript),
  );
  const context = new ClientContext({
    resumption,
    provider,
    clock: () => now,
    random: seededRandom(2),
    versions: versions(),
    anchors: pki().anchors,
    certificates: ownCertificates(clientPki().certificates),
    sessions: new MemorySessionStore({ clock: () => now }),
    alpnProtocols,
  });
  run(new TlsClient(context, { host }, observer), peer);
  return observer;
}

function meetClient(items: readonly Item[]): Observer {
  const { observer, run, toOurs } = meeting();
  const peer = new ScriptedTls12Client({
    provider,
    random: seededRandom(4),
    host,
    cipherSuites: [items.some(isBlock) ? block : aead],
    pki: clientPki(),
    alpnProtocols,
    ...toOurs,
  });
  peer.perform(
    edit(
      clientActs,
      items.filter((item) => !isBlock(item)),
    )(tls12AuthenticatingScript),
  );
  const context = new ServerContext({
    provider,
    clock: () => now,
    random: seededRandom(3),
    versions: versions(),
    certificates: pki().certificates,
    clientCertificates: { demand: "optional", anchors: clientPki().anchors },
    tickets: new SealedTickets({
      provider,
      random: seededRandom(5),
      keys: new GivenTicketKeys([{ name: new Uint8Array(16).fill(8), secret: new Uint8Array(32).fill(9) }]),
    }),
    alpnProtocols,
  });
  run(new TlsServer(context, observer), peer);
  return observer;
}

/** Data and the end, without and with a block cipher. */
function said(at: number): readonly Item[] {
  return [
    { kind: at + 1, content: asciiBytes("data") },
    { kind: at + 2, content: Uint8Array.of(1, 0) },
    { kind: 0xff, content: new Uint8Array(0) },
  ];
}

/** What a server can do to a client in TLS 1.2. */
export const tls12ServerTarget: Target = {
  ...peers,
  name: "tls12-server",
  what: "items: what a server of TLS 1.2 sends to a client, sealed with the right keys and counted in its transcript",
  seeds: () => seeds(serverActs, meetServer, tls12SampleMessages(), said(8)),
  run: (input) => void meetServer(readItems(input)),
};

/** What a client can do to a server in TLS 1.2. */
export const tls12ClientTarget: Target = {
  ...peers,
  name: "tls12-client",
  what: "items: what a client of TLS 1.2 sends to a server, sealed with the right keys and counted in its transcript",
  seeds: () => seeds(clientActs, meetClient, tls12SampleMessages(), said(6)),
  run: (input) => void meetClient(readItems(input)),
};
