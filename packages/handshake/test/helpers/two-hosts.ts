import {
  defaultSignatureSchemes,
  secp256r1,
  TLS_AES_128_GCM_SHA256,
  TLS_AES_256_GCM_SHA384,
  x25519,
} from "@tlskit/ciphersuites";
import { signerFor, verifierFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type ClientHandshakeSettings,
  type Credential,
  clientHandshake,
  clientSettings,
  externalPskOffers,
  type PeerVerifier,
  type ServerHandshakeSettings,
  serverHandshake,
  serverSettings,
} from "@tlskit/handshake";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { TlsError, toHex } from "@tlskit/wire";
import { expect } from "vitest";
import { type Ending, MemoryHost, runBoth } from "./memory-host.ts";

const pki = throwawayPki(nodeProvider, seededRandom(1), "host.example", 0);
export const { chain, key } = pki.certificate;
export const common = {
  provider: nodeProvider,
  cipherSuites: [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384],
  namedGroups: [x25519, secp256r1],
  signatureSchemes: defaultSignatureSchemes,
  alpnProtocols: ["h3"],
  keyLog: undefined,
  clock: () => 0,
};

/** Takes the certificate of `host.example`, and no other. */
export const verifyPeer: PeerVerifier<string> = function* (entries) {
  expect(entries.map(({ certData }) => toHex(certData))).toEqual(chain.map(({ der }) => toHex(der)));
  return { keyType: "P-256", verifier: verifierFor(nodeProvider, key.privateKey), evidence: "seen" };
};

export function clientHandshakeSettings(
  changes: Partial<ClientHandshakeSettings<string>> = {},
): ClientHandshakeSettings<string> {
  return {
    ...clientSettings({
      ...common,
      random: seededRandom(2),
      keyShareGroups: [x25519],
      middleboxCompatibility: false,
      externalPskOffers,
    }),
    serverName: "host.example",
    verifyPeer,
    ...changes,
  };
}

/** The certificate of `host.example`, with its key. */
export function credential(): Credential {
  return {
    certificates: chain.map(({ der }) => der),
    signatureSchemes: common.signatureSchemes.filter(({ keyType }) => keyType === "P-256"),
    signer: signerFor(nodeProvider, key.privateKey, seededRandom(4)),
  };
}

export function serverHandshakeSettings(changes: Partial<ServerHandshakeSettings> = {}): ServerHandshakeSettings {
  return {
    ...serverSettings({
      ...common,
      random: seededRandom(3),
      followClientToChaCha20: false,
      maxSkippedEarlyData: 0,
    }),
    selectCredential: credential,
    ...changes,
  };
}

export function shake(
  client: Partial<ClientHandshakeSettings<string>> = {},
  server: Partial<ServerHandshakeSettings> = {},
) {
  const hosts = [new MemoryHost(), new MemoryHost()] as const;
  const [atClient, atServer] = runBoth(hosts, [
    clientHandshake(hosts[0], clientHandshakeSettings(client)),
    serverHandshake(hosts[1], serverHandshakeSettings(server)),
  ]);
  return { clientHost: hosts[0], serverHost: hosts[1], atClient, atServer };
}

export function resultOf<T>(ending: Ending<T> | undefined): T {
  if (ending === undefined) throw new TlsError("internal", "underway", "the handshake still waits");
  if ("error" in ending) throw ending.error;
  return ending.value;
}

export const errorOf = (ending: Ending<unknown> | undefined): unknown =>
  ending !== undefined && "error" in ending ? ending.error : undefined;

export const told = ({ events }: MemoryHost): string[] =>
  events.map((event) =>
    event.type === "sent"
      ? `sent ${event.name} (${event.epoch})`
      : "epoch" in event
        ? `${event.type} ${event.epoch}`
        : event.type,
  );
