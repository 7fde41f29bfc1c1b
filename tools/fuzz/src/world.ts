import { secp256r1, TLS_CHACHA20_POLY1305_SHA256, x25519 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom, type ThrowawayPki, throwawayPki } from "@tlskit/testing";
import { ClientContext, checkRevocation, resumption, ServerContext } from "@tlskit/tls";

/** Everything that is fuzzed happens then. */
export const now: number = Date.UTC(2026, 5, 1, 12);
export const host = "server.example";
export const alpnProtocols: readonly string[] = ["h2", "http/1.1"];

/** Quick, and the same in every run: of what goes into a transcript, nothing is left to chance. */
export const provider: CryptoProvider = { ...nodeProvider, keyExchanges: nobleProvider.keyExchanges };

let made: ThrowawayPki | undefined;

/** The same certificates and keys in every run. */
export function pki(): ThrowawayPki {
  made ??= throwawayPki(nobleProvider, seededRandom(1), host, now, {
    keyTypes: ["Ed25519"],
    authorityKeyType: "Ed25519",
  });
  return made;
}

let madeForClients: ThrowawayPki | undefined;

/** The same certificates of clients in every run. */
export function clientPki(): ThrowawayPki {
  madeForClients ??= throwawayPki(nobleProvider, seededRandom(4), "client.example", now, {
    keyTypes: ["Ed25519"],
    authorityKeyType: "Ed25519",
    purpose: "clientAuth",
  });
  return madeForClients;
}

const common = {
  provider,
  clock: () => now,
  cipherSuites: [TLS_CHACHA20_POLY1305_SHA256],
  namedGroups: [x25519, secp256r1],
  alpnProtocols,
};

/** A client's context, with its randomness at the beginning. */
export function clientContext(keyLog?: (line: string) => void): ClientContext {
  const revocation = checkRevocation({ mode: "when_available", certificates: "chain" });
  const own = { random: seededRandom(2), anchors: pki().anchors, revocation, keyShareGroups: [x25519] };
  return new ClientContext({ resumption, ...common, ...own, keyLog });
}

/** A server's context, with its randomness at the beginning. */
export function serverContext(groups: readonly (typeof x25519)[] = common.namedGroups): ServerContext {
  return new ServerContext({
    ...common,
    namedGroups: groups,
    random: seededRandom(3),
    certificates: pki().certificates,
  });
}
