import {
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  type Deviation,
  LateTasks,
  type Script,
  type ScriptedTls12Client,
  seededRandom,
  tls12AuthenticatingClientDeviations,
  tls12AuthenticatingScript,
  tls12BestDeviations,
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
import { check } from "./helpers/misbehaviour.ts";
import { against12Client, type World12 } from "./helpers/misbehaviour12.ts";
import { checkNegotiated } from "./helpers/resuming-misbehaviour.ts";
import { resumingClient } from "./helpers/resuming12.ts";
import { clientPki, sharedPki } from "./helpers/world.ts";

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

type Deviations = readonly Deviation<ScriptedTls12Client>[];
const groups: readonly (readonly [what: string, Deviations, Script<ScriptedTls12Client>, () => World12])[] = [
  ["", tls12ClientDeviations, tls12ClientScript, () => ({})],
  ["with DHE", tls12DheClientDeviations, tls12ClientScript, () => withSuite(TLS_DHE_RSA_WITH_AES_128_GCM_SHA256)],
  ["with RSA", tls12RsaClientDeviations, tls12ClientScript, () => withSuite(TLS_RSA_WITH_AES_128_GCM_SHA256)],
  ["and a server whose best version it is", tls12BestDeviations, tls12ClientScript, () => ({})],
  [
    "and a server that has TLS 1.3 too",
    [...tls12FallbackDeviations, ...tls12ClientDeviations],
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
  ["that resumes by a ticket", tls12ResumingClientDeviations, tls12ResumingClientScript, resumingClient],
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
