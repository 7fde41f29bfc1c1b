import { once } from "node:events";
import type { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { KeySharesAhead } from "@tlskit/crypto";
import { VerifiedSignatures } from "@tlskit/x509";
import type { Implementation } from "../implementation.ts";
import { implementations } from "../implementations.ts";
import { random } from "../random.ts";
import type { Row } from "../row.ts";
import { ownTime, perSecond } from "../stopwatch.ts";
import { tlskit } from "../tlskit.ts";
import { discard } from "../traffic.ts";

/** Makes connections on which both ends are done: a client may be before its Finished has been looked at. */
async function connecting(implementation: Implementation): Promise<() => Promise<readonly Duplex[]>> {
  let accepted = Promise.withResolvers<Duplex>();
  const { port } = await implementation.serve((socket) => accepted.resolve(socket));
  return () => {
    accepted = Promise.withResolvers();
    return Promise.all([implementation.connect(port), accepted.promise]);
  };
}

async function close(ends: readonly Duplex[]): Promise<void> {
  const closed = ends.map((socket) => once(socket, "close"));
  for (const socket of ends) discard(socket);
  for (const socket of ends) socket.destroy();
  await Promise.all(closed);
}

export const handshakes: Row = {
  about: "Full handshakes, one after the other: X25519, a P-256 leaf under a P-256 CA, verified.",
  comparisons: [
    {
      what: "both ends in one process",
      unit: "1/s",
      contenders: implementations(
        { openssl: { atLeast: 1.3 }, node: { atLeast: 1 } },
        async (implementation, { milliseconds }) => {
          const connect = await connecting(implementation);
          return () => perSecond(async () => close(await connect()), milliseconds);
        },
      ),
    },
    {
      what: "the same, signatures of certificates verified once (verifiedSignatures)",
      unit: "1/s",
      contenders: implementations(
        {},
        async (implementation, { milliseconds }) => {
          const connect = await connecting(implementation);
          return () => perSecond(async () => close(await connect()), milliseconds);
        },
        (pki, provider) => tlskit(pki, provider, { verifiedSignatures: new VerifiedSignatures() }),
      ),
    },
    {
      what: "one now and then, key shares made ahead between them (KeySharesAhead)",
      unit: "ms",
      contenders: implementations(
        {},
        async (implementation, { amount }) => {
          const connect = await connecting(implementation);
          return async () => {
            const count = amount(200);
            let milliseconds = 0;
            for (let i = 0; i < count; i += 1) {
              await setTimeout(5);
              const start = ownTime();
              const ends = await connect();
              milliseconds += ownTime() - start;
              await close(ends);
            }
            return milliseconds / count;
          };
        },
        (pki, provider) => {
          const ahead = {
            provider,
            random,
            keyExchanges: ["X25519"],
            whenIdle: (work: () => void) => void setImmediate(work),
          } as const;
          return tlskit(pki, new KeySharesAhead(ahead).provider);
        },
      ),
    },
  ],
};
