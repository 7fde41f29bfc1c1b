import {
  byCode,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import { decodeClientSession, MemorySessionStore } from "@tlskit/sessions";
import {
  type Deviation,
  LateTasks,
  type Script,
  type ScriptedTls12Client,
  type ScriptedTls12Session,
  seededRandom,
  tls12AuthenticatingClientDeviations,
  tls12AuthenticatingScript,
  tls12ClientDeviations,
  tls12ClientScript,
  tls12DheClientDeviations,
  tls12FallbackDeviations,
  tls12ResumingClientDeviations,
  tls12ResumingClientScript,
  tls12RsaClientDeviations,
  tls12UnaskedClientDeviations,
  tls12UncertifiedClientDeviations,
} from "@tlskit/testing";
import { tls12, tls12With, tls13 } from "@tlskit/tls";
import { dhe } from "@tlskit/tls/dhe";
import { rsa } from "@tlskit/tls/rsa";
import { describe, it } from "vitest";
import { Fleet } from "./helpers/fleet.ts";
import { check } from "./helpers/misbehaviour.ts";
import { against12Client, suites12, type World12 } from "./helpers/misbehaviour12.ts";
import { checkNegotiated } from "./helpers/resuming-misbehaviour.ts";
import { alpnProtocols, clientPki, host, now, sharedPki } from "./helpers/world.ts";

const withSuite = (suite: Tls12CipherSuite): World12 => ({
  server: {
    versions: [tls12With({ cipherSuites: [suite], keyExchanges: [dhe, rsa] })],
    certificates: [sharedPki().certificateOf("rsaEncryption")],
  },
  scriptedClient: { cipherSuites: [suite] },
});

const asking = (demand: "required" | "optional"): World12 => ({
  server: { clientCertificates: { demand, anchors: clientPki().anchors } },
  scriptedClient: { pki: clientPki() },
});

/** A server, and a client with a ticket that it got a minute ago. */
function resuming(): World12 {
  const fleet = new Fleet();
  const sessions = new MemorySessionStore({ clock: fleet.clock });
  const server = {
    versions: [tls12With({ cipherSuites: suites12 })],
    alpnProtocols,
    certificates: sharedPki().certificates.slice(0, 1),
  };
  fleet.connected({ versions: [tls12With({ cipherSuites: suites12 })], alpnProtocols, sessions }, server);
  return {
    now: now + 60_000,
    server: { ...server, tickets: fleet.tickets },
    scriptedClient: { session: scriptedSession(sessions.take(host)) },
  };
}

function scriptedSession(bytes: Uint8Array = new Uint8Array(0)): ScriptedTls12Session {
  const session = decodeClientSession(bytes);
  const cipherSuite = session && byCode(suites12, session.cipherSuite);
  if (session === undefined || cipherSuite === undefined) throw new TypeError("no session came");
  const { presharedKey: mainSecret, ticket } = session;
  return { mainSecret, extended: true, cipherSuite, ticket, sessionId: new Uint8Array(32).fill(6) };
}

type Deviations = readonly Deviation<ScriptedTls12Client>[];
const groups: readonly (readonly [what: string, Deviations, Script<ScriptedTls12Client>, () => World12])[] = [
  ["", tls12ClientDeviations, tls12ClientScript, () => ({})],
  ["with DHE", tls12DheClientDeviations, tls12ClientScript, () => withSuite(TLS_DHE_RSA_WITH_AES_128_GCM_SHA256)],
  ["with RSA", tls12RsaClientDeviations, tls12ClientScript, () => withSuite(TLS_RSA_WITH_AES_128_GCM_SHA256)],
  [
    "and a server that has TLS 1.3 too",
    tls12FallbackDeviations,
    tls12ClientScript,
    () => ({ server: { versions: [tls13, tls12] } }),
  ],
  [
    "that has to show a certificate",
    tls12AuthenticatingClientDeviations,
    tls12AuthenticatingScript,
    () => asking("required"),
  ],
  [
    "that may show a certificate",
    tls12UncertifiedClientDeviations,
    tls12AuthenticatingScript,
    () => asking("optional"),
  ],
  [
    "that nobody asks for a certificate",
    tls12UnaskedClientDeviations,
    tls12AuthenticatingScript,
    () => ({ scriptedClient: { pki: clientPki() } }),
  ],
  ["that resumes by a ticket", tls12ResumingClientDeviations, tls12ResumingClientScript, resuming],
];

function run(deviation: Deviation<ScriptedTls12Client>, world: World12, script: Script<ScriptedTls12Client>): void {
  const course = against12Client(deviation, world, script);
  check(deviation, course);
  if (deviation.negotiated !== undefined) checkNegotiated(deviation, course);
}

// RFC 5246 §7.2.2#alert-sent
for (const [what, deviations, script, world] of groups) {
  describe(`a client of TLS 1.2 ${what} that misbehaves`, () => {
    for (const deviation of deviations) {
      it(`${deviation.name} (${deviation.section})`, () => run(deviation, world(), script));
      it(`${deviation.name}, with a provider that answers late`, () =>
        run(deviation, { ...world(), tasks: new LateTasks(seededRandom(5)) }, script));
    }
  });
}

describe("key exchanges that are wrong, by noble", () => {
  const cryptographic = /share_|point_|finished_/;
  for (const deviation of tls12ClientDeviations.filter(({ name }) => cryptographic.test(name))) {
    it(deviation.name, () => run(deviation, { provider: nobleProvider }, tls12ClientScript));
  }
});
