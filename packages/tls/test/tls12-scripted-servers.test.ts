import {
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
} from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import { MemorySessionStore } from "@tlskit/sessions";
import {
  type Deviation,
  LateTasks,
  type Script,
  type ScriptedTls12Server,
  seededRandom,
  tls12DheServerDeviations,
  tls12DowngradeDeviations,
  tls12EarlyTicketDeviations,
  tls12EncryptThenMacDeviations,
  tls12RenewingServerScript,
  tls12ResumingServerDeviations,
  tls12ResumingServerScript,
  tls12ServerDeviations,
  tls12ServerScript,
  tls12TicketDeviations,
  tls12TicketScript,
  tls12UnaskedTicketDeviations,
  tls12UnextendedServerDeviations,
} from "@tlskit/testing";
import { tls12, tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhe } from "@tlskit/tls/dhe";
import { describe, it } from "vitest";
import { check } from "./helpers/misbehaviour.ts";
import { against12Server, type World12 } from "./helpers/misbehaviour12.ts";
import { checkNegotiated } from "./helpers/resuming-misbehaviour.ts";
import { byIdentifier, byTicket, resumingServer } from "./helpers/resuming12.ts";
import { now, sharedPki } from "./helpers/world.ts";

const withDhe: World12 = {
  client: { versions: [tls12With({ cipherSuites: [TLS_DHE_RSA_WITH_AES_128_GCM_SHA256], keyExchanges: [dhe] })] },
  scriptedServer: {
    cipherSuite: TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
    get certificate() {
      return sharedPki().certificateOf("rsaEncryption");
    },
  },
};

const wantingTickets = (): World12 => ({ client: { sessions: new MemorySessionStore({ clock: () => now }) } });

const withCbc: World12 = {
  client: {
    versions: [
      tls12With({
        cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256],
        cbc,
      }),
    ],
  },
};

const both: World12 = { client: { versions: [tls13, tls12] } };

type Deviations = readonly Deviation<ScriptedTls12Server>[];
const groups: readonly (readonly [what: string, Deviations, Script<ScriptedTls12Server>, () => World12])[] = [
  ["", tls12ServerDeviations, tls12ServerScript, () => ({})],
  ["with DHE", tls12DheServerDeviations, tls12ServerScript, () => withDhe],
  [
    "and a client that has TLS 1.3 too",
    [...tls12DowngradeDeviations, ...tls12ServerDeviations],
    tls12ServerScript,
    () => both,
  ],
  ["and a client that has block ciphers too", tls12EncryptThenMacDeviations, tls12ServerScript, () => withCbc],
  ["with tickets", tls12TicketDeviations, tls12TicketScript, wantingTickets],
  ["with tickets in its first flight", tls12EarlyTicketDeviations, tls12ServerScript, wantingTickets],
  [
    "with tickets for a client that wants none",
    tls12UnaskedTicketDeviations,
    tls12TicketScript,
    () => ({ keepsNone: true }),
  ],
  [
    "that resumes by a ticket",
    tls12ResumingServerDeviations,
    tls12ResumingServerScript,
    () => resumingServer(byTicket),
  ],
  [
    "that resumes by an identifier",
    tls12ResumingServerDeviations,
    tls12ResumingServerScript,
    () => resumingServer(byIdentifier),
  ],
  [
    "that resumes by an identifier of one byte",
    tls12ResumingServerDeviations.slice(0, 4),
    tls12ResumingServerScript,
    () => resumingServer({ ...byIdentifier, sessionId: Uint8Array.of(9) }),
  ],
  [
    "that resumes without extended main secret",
    tls12UnextendedServerDeviations,
    tls12ResumingServerScript,
    () => ({
      ...resumingServer({ ...byTicket, extended: false }),
      client: { dangerousResumptionWithoutExtendedMainSecret: true },
    }),
  ],
  [
    "that resumes with another ticket",
    tls12TicketDeviations,
    tls12RenewingServerScript,
    () => ({ ...resumingServer(byTicket), ...wantingTickets() }),
  ],
];

function run(deviation: Deviation<ScriptedTls12Server>, world: World12, script: Script<ScriptedTls12Server>): void {
  const course = against12Server(deviation, world, script);
  check(deviation, course);
  if (deviation.negotiated !== undefined) checkNegotiated(deviation, course);
}

// RFC 5246 §7.2.2#alert-sent
for (const [what, deviations, script, world] of groups) {
  describe(`a server of TLS 1.2 ${what} that misbehaves`, () => {
    for (const deviation of deviations) {
      it(`${deviation.name} (${deviation.section})`, () => run(deviation, world(), script));
      it(`${deviation.name}, with a provider that answers late`, () =>
        run(deviation, { ...world(), tasks: new LateTasks(seededRandom(5)) }, script));
    }
  });
}

describe("key exchanges that are wrong, by noble", () => {
  const cryptographic = /share_|point_|signed_|finished_|signature/;
  for (const deviation of tls12ServerDeviations.filter(({ name }) => cryptographic.test(name))) {
    it(deviation.name, () => run(deviation, { provider: nobleProvider }, tls12ServerScript));
  }
});
