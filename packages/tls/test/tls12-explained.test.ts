import {
  TLS_DHE_PSK_WITH_AES_128_GCM_SHA256,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_PSK_WITH_AES_128_GCM_SHA256,
  TLS_RSA_PSK_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import { decodeMessage, explainMessage, tls12MessageTypesOf, typeOfMessage } from "@tlskit/messages";
import { inLegacyForm } from "@tlskit/messages/legacy";
import { MemorySessionStore } from "@tlskit/sessions";
import {
  Alert,
  explainTraced,
  ocspStaple,
  ownCertificates,
  type ServerOptions,
  type TlsVersion,
  type TraceEvent,
  tls12With,
} from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhe } from "@tlskit/tls/dhe";
import { tls10, tls11 } from "@tlskit/tls/legacy";
import { rsa } from "@tlskit/tls/rsa";
import { type Explanation, leavesOf } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { pki, plain, staple, withKey } from "./helpers/attested.ts";
import { connectedByPsk, withSuites } from "./helpers/psk12.ts";
import { clientPki, connect, now, type Pair, pair, sharedPki } from "./helpers/world.ts";

type Explained = Exclude<TraceEvent, { readonly type: "keys" }>;

const explained = (events: readonly TraceEvent[]): readonly Explained[] =>
  events.flatMap((event) => (event.type === "keys" ? [] : [event]));

const messagesIn = (events: readonly TraceEvent[]) =>
  events.flatMap((event) => (event.type === "message" ? [event] : []));

const names = ({ name, parts }: Explanation): readonly string[] => [name, ...parts.flatMap(names)];

/** A connection with whatever a handshake may have. */
function byCertificate(versions: readonly TlsVersion[], server: Partial<ServerOptions> = {}): Pair {
  const sessions = new MemorySessionStore({ clock: () => now });
  const { anchors } = clientPki();
  return connect(
    pair({
      client: {
        versions,
        sessions,
        anchors: server.certificates === undefined ? sharedPki().anchors : pki.anchors,
        certificates: ownCertificates([clientPki().certificateOf("rsaEncryption")]),
      },
      server: {
        versions,
        certificates: [sharedPki().certificateOf("rsaEncryption")],
        tickets: { ticketFor: () => Uint8Array.of(1), sessionOf: () => undefined },
        clientCertificates: { demand: "required", anchors },
        ...server,
      },
    }),
  );
}

const versionWith = (suite: Tls12CipherSuite): readonly TlsVersion[] => [
  tls12With({ cipherSuites: [suite], keyExchanges: [dhe, rsa], cbc }),
];

const byPsk = (suite: Tls12CipherSuite) =>
  connectedByPsk({
    versions: withSuites(suite),
    client: suite.certificateKey === undefined ? {} : { anchors: sharedPki().anchors },
  });

/** A connection, with what its ends have told. */
interface Made extends Pick<Pair, "network"> {
  readonly client: { close(): void };
  readonly atClient: End;
  readonly atServer: End;
}
type End = Pick<Pair["atClient"], "traced" | "outcome">;

/** What it looks like on the wire, made with which suite, and what is in its ServerKeyExchange and ClientKeyExchange. */
type Case = readonly [
  title: string,
  suite: Tls12CipherSuite,
  make: (suite: Tls12CipherSuite) => Made,
  serverFields: readonly string[],
  clientFields: readonly string[],
];

const stapling = { certificates: [withKey(plain, { ocspStaple: ocspStaple(staple()) })] };
const legacy = TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA;
const curve = ["curveType", "namedCurve", "public"];
const signed = ["algorithm", "signature"];

describe.each<Case>([
  [
    "ECDHE",
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    (suite) => byCertificate(versionWith(suite), stapling),
    [...curve, ...signed],
    ["public"],
  ],
  [
    "DHE",
    TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
    (suite) => byCertificate(versionWith(suite)),
    ["p", "g", "public", ...signed],
    ["public"],
  ],
  [
    "RSA",
    TLS_RSA_WITH_AES_128_GCM_SHA256,
    (suite) => byCertificate(versionWith(suite)),
    [],
    ["encryptedPreliminarySecret"],
  ],
  ["ECDHE_PSK", TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256, byPsk, ["identityHint", ...curve], ["identity", "public"]],
  ["DHE_PSK", TLS_DHE_PSK_WITH_AES_128_GCM_SHA256, byPsk, ["identityHint", "p", "g"], ["identity", "public"]],
  ["PSK", TLS_PSK_WITH_AES_128_GCM_SHA256, byPsk, [], ["identity"]],
  ["RSA_PSK", TLS_RSA_PSK_WITH_AES_128_GCM_SHA256, byPsk, [], ["identity", "encryptedPreliminarySecret"]],
  ["ECDHE in TLS 1.1", legacy, () => byCertificate([tls11]), [...curve, "signature"], ["public"]],
  ["ECDHE in TLS 1.0", legacy, () => byCertificate([tls10]), [...curve, "signature"], ["public"]],
])("a connection by %s", (title, suite, make, serverFields, clientFields) => {
  const made = make(suite);
  const { atClient, atServer } = made;
  made.client.close();
  made.network.run();

  it("explains each message, alert and change_cipher_spec to the byte", () => {
    expect([atClient.outcome, atServer.outcome]).toEqual(["orderly", "orderly"]);
    for (const events of [atClient, atServer].map(({ traced }) => explained(traced))) {
      expect(new Set(events.map(({ type }) => type))).toEqual(new Set(["message", "alert", "changeCipherSpec"]));
      for (const event of events) {
        const length = event.type === "message" ? event.bytes.length : event.type === "alert" ? 2 : 1;
        const leaves = leavesOf(explainTraced(event)).filter(({ start, end }) => end > start);
        expect(leaves.map(({ start }) => start)).toEqual([0, ...leaves.slice(0, -1).map(({ end }) => end)]);
        expect(leaves.at(-1)?.end).toBe(length);
        expect(leaves.map(({ name }) => name)).not.toContain("undecoded");
      }
    }
  });

  it("tells what is in a key exchange, also to who only looks on and knows the suite", () => {
    const seen = messagesIn(atClient.traced);
    const fieldsOf = (message: string): readonly string[] =>
      seen.flatMap((event) => (event.messageType.name === message ? names(explainTraced(event)) : []));
    expect(fieldsOf("ServerKeyExchange")).toEqual(expect.arrayContaining([...serverFields]));
    expect(fieldsOf("ServerKeyExchange").length > 0).toBe(serverFields.length > 0);
    expect(fieldsOf("ClientKeyExchange")).toEqual(expect.arrayContaining([...clientFields]));
    const types = tls12MessageTypesOf(suite).map((type) => (title.includes("TLS 1.") ? inLegacyForm(type) : type));
    for (const { bytes, messageType } of seen) {
      const type = typeOfMessage(types, bytes);
      if (type === undefined) throw new TypeError(`nobody knows ${messageType.name}`);
      expect(explainMessage(type, bytes)).toEqual(explainMessage(messageType, bytes));
      expect(decodeMessage(type, bytes)).toEqual(decodeMessage(messageType, bytes));
    }
  });
});

it("a connection of TLS 1.2 says of an alert whether it ends anything", () => {
  const { client, network, atClient } = byCertificate(versionWith(TLS_RSA_WITH_AES_128_GCM_SHA256));
  client.close();
  network.run();
  const [alert] = atClient.traced.filter(({ type }) => type === "alert");
  expect(alert).toEqual({ type: "alert", direction: "sent", level: 1, description: Alert.closeNotify });
  const explanation = alert?.type === "alert" ? explainTraced(alert) : undefined;
  expect(explanation && leavesOf(explanation).map(({ name, meaning }) => [name, meaning])).toEqual([
    ["level", expect.stringContaining("warning")],
    ["description", expect.stringContaining("close_notify")],
  ]);
});
