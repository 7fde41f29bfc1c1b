import { hashOf, runSync, verifierFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  AuthenticatedPeer,
  clientHandshake,
  clientSettings,
  Established,
  received,
  receivePostHandshake,
  resumption,
  serverHandshake,
  serverSettings,
  VerifiedFinished,
} from "@tlskit/handshake";
import { TrafficSecret } from "@tlskit/keyschedule";
import { Finished } from "@tlskit/messages";
import { seededRandom } from "@tlskit/testing";
import { describe, expect, it } from "vitest";
import { MemoryHost } from "./helpers/memory-host.ts";
import {
  clientHandshakeSettings,
  credential,
  errorOf,
  key,
  serverHandshakeSettings,
  shake,
} from "./helpers/two-hosts.ts";

const [provider, random] = [nodeProvider, seededRandom(1)];
const options = { provider, random, clock: () => 0 };
const io = new MemoryHost();
const bytes = new Uint8Array(32);
const secret = new TrafficSecret("server application", hashOf(provider, "SHA-256"), bytes);
const peer = { keyType: "P-256", verifier: verifierFor(provider, key.privateKey), evidence: "" } as const;
const message = { algorithm: 0x0403, signature: bytes };
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;
const named = (name: string): object =>
  expect.objectContaining({
    name: "TlsError",
    kind: "caller",
    code: "invalid_argument",
    message: expect.stringMatching(new RegExp(`^${name.replace(/[[\]]/g, "\\$&")} is `)),
  });

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["provider", () => clientSettings({ ...options, provider: given(undefined) })],
    [
      "provider is not a provider of cryptography, as of @tlskit/crypto-noble: provider.hashes",
      () => clientSettings({ ...options, provider: given({}) }),
    ],
    ["random", () => serverSettings({ ...options, random: given(undefined) })],
    ["clock", () => clientSettings({ ...options, clock: given(0) })],
    ["cipherSuites", () => clientSettings({ ...options, cipherSuites: given("TLS_AES_128_GCM_SHA256") })],
    ["cipherSuites[0]", () => clientSettings({ ...options, cipherSuites: [given("TLS_AES_128_GCM_SHA256")] })],
    ["namedGroups[0]", () => serverSettings({ ...options, namedGroups: [given(0x1d)] })],
    ["signatureSchemes", () => serverSettings({ ...options, signatureSchemes: given(new Set()) })],
    ["alpnProtocols", () => clientSettings({ ...options, alpnProtocols: given("h2") })],
    ["alpnProtocols[0]", () => clientSettings({ ...options, alpnProtocols: [given(bytes)] })],
    ["keyLog", () => clientSettings({ ...options, keyLog: given("keys.log") })],
    ["keyShareGroups", () => clientSettings({ ...options, keyShareGroups: given("x25519") })],
    ["middleboxCompatibility", () => clientSettings({ ...options, middleboxCompatibility: given("no") })],
    ["followClientToChaCha20", () => serverSettings({ ...options, followClientToChaCha20: given(1) })],
    ["maxSkippedEarlyData", () => serverSettings({ ...options, maxSkippedEarlyData: given("1") })],
    ["acknowledgeServerName", () => serverSettings({ ...options, acknowledgeServerName: given("no") })],
    ["cookies", () => runSync(serverHandshake(io, serverHandshakeSettings({ cookies: given({}) })))],
    ["cookieBinding", () => runSync(serverHandshake(io, serverHandshakeSettings({ cookieBinding: given("::1") })))],
    ["io", () => runSync(clientHandshake(given(undefined), clientHandshakeSettings()))],
    ["io is not a HandshakeIo: io.receive", () => runSync(serverHandshake(given({}), serverHandshakeSettings()))],
    ["settings", () => runSync(clientHandshake(io, given(undefined)))],
    ["attestations", () => runSync(clientHandshake(io, clientHandshakeSettings({ attestations: given(true) })))],
    ["certificateAuthorities[0]", () => clientSettings({ ...options, certificateAuthorities: [given("CN=a")] })],
    ["externalPsks", () => clientSettings({ ...options, externalPsks: given({}) })],
    ["externalPsks", () => serverSettings({ ...options, externalPsks: given("client 1") })],
    ["certificateWithExternalPsk", () => clientSettings({ ...options, certificateWithExternalPsk: given(1) })],
    ["verifyPeer", () => runSync(clientHandshake(io, clientHandshakeSettings({ verifyPeer: given("anybody") })))],
    ["serverName", () => runSync(clientHandshake(io, clientHandshakeSettings({ serverName: given(null) })))],
    ["cipherSuites", () => runSync(clientHandshake(io, clientHandshakeSettings({ cipherSuites: given(undefined) })))],
    ["settings", () => runSync(serverHandshake(io, given(undefined)))],
    ["selectCredential", () => runSync(serverHandshake(io, serverHandshakeSettings({ selectCredential: given(0) })))],
    ["bytes", () => received(Finished, given(undefined))],
    ["extensions", () => clientSettings({ ...options, extensions: given({}) })],
    ["sessionLifetime", () => clientSettings({ ...options, sessionLifetime: given("1") })],
    ["resumptionAcrossNames", () => clientSettings({ ...options, resumptionAcrossNames: given(1) })],
    ["dangerousPskWithoutKeyExchange", () => serverSettings({ ...options, dangerousPskWithoutKeyExchange: given(1) })],
    [
      "dangerousResumptionWithoutExtendedMainSecret",
      () => clientSettings({ ...options, dangerousResumptionWithoutExtendedMainSecret: given(1) }),
    ],
    [
      "dangerousServersWithoutRenegotiationInfo",
      () => clientSettings({ ...options, dangerousServersWithoutRenegotiationInfo: given(1) }),
    ],
    ["resumptionFailed", () => serverSettings({ ...options, resumptionFailed: given(1) })],
    ["ticketRequest", () => clientSettings({ ...options, ticketRequest: given(2) })],
    ["tickets", () => serverSettings({ ...options, tickets: given(true) })],
    ["ticketCount", () => serverSettings({ ...options, ticketCount: given("2") })],
    ["earlyData", () => serverSettings({ ...options, earlyData: given(true) })],
    [
      "earlyData is not what early data is taken by: earlyData.guard",
      () => serverSettings({ ...options, earlyData: given({ maxSize: 1 }) }),
    ],
    ["sessions", () => runSync(clientHandshake(io, clientHandshakeSettings({ sessions: given({}) })))],
    ["sessions", () => resumption(given({ take: () => undefined }))],
    ["sessionBinding", () => runSync(clientHandshake(io, clientHandshakeSettings({ sessionBinding: given("a") })))],
    ["earlyDataLength", () => runSync(clientHandshake(io, clientHandshakeSettings({ earlyDataLength: given("1") })))],
    ["sessionBinding", () => runSync(serverHandshake(io, serverHandshakeSettings({ sessionBinding: given("a") })))],
    ["answerExtensions", () => serverSettings({ ...options, answerExtensions: given([]) })],
    ["role", () => runSync(receivePostHandshake(io, given("peer"), given({}), given({}), given({})))],
    ["current", () => runSync(receivePostHandshake(io, "client", given({}), given(bytes), given({})))],
    ["resumption", () => runSync(receivePostHandshake(io, "client", given({}), secret, given({})))],
    ["baseKey", () => VerifiedFinished.verify({ verifyData: bytes }, given(bytes), bytes)],
    ["role", () => runSync(AuthenticatedPeer.verify(given("peer"), peer, message, [], bytes, 0))],
    ["peer", () => runSync(AuthenticatedPeer.verify("server", given(undefined), message, [], bytes, 0))],
    ["offered[0]", () => runSync(AuthenticatedPeer.verify("server", peer, message, [given(0x0403)], bytes, 0))],
    ["now", () => runSync(AuthenticatedPeer.verify("server", peer, message, [], bytes, given("now")))],
  ])("is named: %s", (name, call) => {
    expect(call).toThrow(named(name));
  });

  it.each<[string, object]>([
    ["credential", { certificates: [] }],
    [
      "credential is not a certificate with its signer: credential.signer",
      { certificates: [], signatureSchemes: [], signer: given(key) },
    ],
    [
      "credential is not a certificate with its signer: credential.attestations[0]",
      { ...credential(), attestations: [{ ocspResponse: given("MIIB") }] },
    ],
  ])("is what selectCredential gives: %s", (name, wrong) => {
    const { atServer } = shake({}, { selectCredential: () => given(wrong) });
    expect(errorOf(atServer)).toMatchObject({
      kind: "caller",
      code: "invalid_argument",
      message: expect.stringContaining(name),
    });
  });

  it("is a proof that is none", () => {
    for (const proof of [undefined, null, {}, "verified"]) {
      expect(() => VerifiedFinished.check(given(proof))).toThrow(expect.objectContaining({ code: "no_proof" }));
      expect(() => AuthenticatedPeer.check(given(proof))).toThrow(expect.objectContaining({ code: "no_proof" }));
      expect(() => AuthenticatedPeer.resumed(given(proof))).toThrow(expect.objectContaining({ code: "no_proof" }));
      expect(() => Established.withClient(undefined, given(proof), given({}), given({}), given({}))).toThrow(
        expect.objectContaining({ code: "no_proof" }),
      );
    }
  });
});

describe("settings", () => {
  it("are made of what a host has, whatever else it has", () => {
    const made = clientSettings({ ...options, ...{ anchors: 1, host: "a" } });
    expect(made).not.toHaveProperty("anchors");
  });
});
