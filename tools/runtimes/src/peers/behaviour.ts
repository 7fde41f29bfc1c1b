import { nobleProvider } from "@tlskit/crypto-noble";
import { type OpenPeers, type PeersLacks, peersConformance, throwawayPki, transportConformance } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import type { Case } from "../suite.ts";
import { transportOf } from "./transport-of.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** The behavioural suite: what both ends have to do with data, and in a handshake and after it. */
export function behaviour(open: OpenPeers, lacks: PeersLacks = {}): readonly Case[] {
  const now = Date.now();
  const { root, certificate } = throwawayPki(nobleProvider, random, ["localhost"], now);
  const identity = { certificates: certificatesToPem(...certificate.chain), key: privateKeyToPem(certificate.key) };
  const transport = transportOf(open, { identity, authorities: certificatesToPem(root.certificate) });
  return [
    ...transportConformance(transport, lacks),
    ...peersConformance(open, { provider: nobleProvider, random, now, lacks }),
  ];
}
