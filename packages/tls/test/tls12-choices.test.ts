import {
  byName,
  ffdhe2048,
  ffdhe3072,
  type NamedGroup,
  type SignatureScheme,
  secp256r1,
  secp384r1,
  signatureSchemes,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
  tls12SignatureAlgorithm,
  x25519,
} from "@tlskit/ciphersuites";
import { seededRandom } from "@tlskit/testing";
import { type CertificateWithKey, tls12With } from "@tlskit/tls";
import { dhe } from "@tlskit/tls/dhe";
import { rsa } from "@tlskit/tls/rsa";
import { describe, expect, it } from "vitest";
import { expectEstablished } from "./helpers/scenarios.ts";
import { connect, type Pair, pair, sharedPki } from "./helpers/world.ts";

// RFC 5246 §7.4.2: suite, key exchange, group, certificate and scheme depend on each other, and each can fail for the others.

const suites = [
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
];
const keyTypes = ["P-256", "P-384", "Ed25519", "rsaEncryption", "id-RSASSA-PSS"] as const;
type KeyType = (typeof keyTypes)[number];
const groups = [x25519, secp256r1, secp384r1, ffdhe2048, ffdhe3072];
const schemes = [
  "ecdsa_secp256r1_sha256",
  "ecdsa_secp384r1_sha384",
  "ed25519",
  "rsa_pss_pss_sha256",
  "rsa_pss_rsae_sha256",
  "rsa_pkcs1_sha256",
].flatMap((name) => byName(signatureSchemes, name) ?? []);

const certificateOf = (keyType: KeyType): CertificateWithKey => sharedPki().certificateOf(keyType);

/** What one side has, best first. */
interface Side {
  readonly suites: readonly Tls12CipherSuite[];
  readonly groups: readonly NamedGroup[];
  readonly schemes: readonly SignatureScheme[];
}

function met(client: Side, server: Side, certificates: readonly KeyType[]): Pair {
  const optionsOf = (side: Side) => ({
    versions: [tls12With({ cipherSuites: side.suites, keyExchanges: [dhe, rsa] })],
    namedGroups: side.groups,
    signatureSchemes: side.schemes,
  });
  return connect(
    pair({
      client: optionsOf(client),
      server: { ...optionsOf(server), certificates: certificates.map(certificateOf) },
    }),
  );
}

const everything: Side = { suites, groups, schemes };

describe("a server with several certificates", () => {
  it("shows one that the key exchange by RSA can encrypt to, whichever stands first", () => {
    const only = { ...everything, suites: [TLS_RSA_WITH_AES_128_GCM_SHA256] };
    expectEstablished(met(only, everything, ["id-RSASSA-PSS", "P-256", "rsaEncryption"]));
  });

  it("shows none that only goes with a key exchange which its key can't do", () => {
    const client = {
      ...everything,
      suites: [TLS_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256],
    };
    const made = met(client, { ...everything, suites: client.suites }, ["id-RSASSA-PSS", "P-256", "rsaEncryption"]);
    expectEstablished(made);
  });
});

/** Whether anything of what both have goes together. */
function canMeet(client: Side, server: Side, certificates: readonly KeyType[]): boolean {
  const listed = client.groups.filter(isFiniteField);
  const hasGroup: Readonly<Record<string, boolean>> = {
    ECDHE: client.groups.some((group) => !isFiniteField(group) && server.groups.includes(group)),
    // RFC 7919 §4: who lists none takes what there is.
    DHE:
      listed.length === 0 ||
      !server.groups.some(isFiniteField) ||
      listed.some((group) => server.groups.includes(group)),
    RSA: true,
  };
  return client.suites.some(
    (suite) =>
      server.suites.includes(suite) &&
      hasGroup[suite.keyExchange] === true &&
      certificates.some(
        (keyType) =>
          suite.certificateKey === (keyType === "rsaEncryption" || keyType === "id-RSASSA-PSS" ? "RSA" : "ECDSA") &&
          (suite.keyExchange !== "RSA" || keyType === "rsaEncryption") &&
          (curves[keyType] === undefined || client.groups.includes(curves[keyType])) &&
          client.schemes.some((scheme) => tls12SignatureAlgorithm(scheme, keyType) !== undefined),
      ),
  );
}

const curves: Readonly<Partial<Record<KeyType, NamedGroup>>> = { "P-256": secp256r1, "P-384": secp384r1 };

function isFiniteField({ name }: NamedGroup): boolean {
  return name.startsWith("ffdhe");
}

describe("a client and a server that have some of each", () => {
  it.each(Array.from({ length: 20 }, (_, at) => at * 20))(
    "come to something wherever they can: seeds %i and on",
    (first) => {
      for (let seed = first; seed < first + 20; seed += 1) {
        const random = seededRandom(seed);
        const certificates = some(random, keyTypes);
        const served = suites.filter((suite) => suite.keyExchange !== "RSA" || certificates.includes("rsaEncryption"));
        const client: Side = {
          suites: some(random, suites),
          groups: some(random, groups),
          schemes: some(random, schemes),
        };
        const server: Side = { suites: some(random, served), groups: some(random, groups), schemes };
        const made = met(client, server, certificates);
        const story = `seed ${seed}: ${describeSide(client)} with ${describeSide(server)}, ${certificates.join(" ")}`;
        expect([made.atClient.error === undefined, made.atServer.error === undefined], story).toEqual(
          canMeet(client, server, certificates) ? [true, true] : [false, false],
        );
      }
    },
  );
});

/** At least one of a list, in some order. */
function some<T>(random: (length: number) => Uint8Array, list: readonly T[]): readonly T[] {
  const keys = random(list.length);
  const shuffled = list.map((value, at) => [keys[at] ?? 0, value] as const).toSorted(([a], [b]) => a - b);
  const [count = 0] = random(1);
  return shuffled.slice(0, 1 + (count % list.length)).map(([, value]) => value);
}

function describeSide(side: Side): string {
  return [side.suites, side.groups, side.schemes].map((list) => list.map(({ name }) => name).join(" ")).join("; ");
}
