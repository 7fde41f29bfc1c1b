import { once } from "node:events";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { TLS_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { connect, createClientContext, createServer, type TlsSocket } from "@tlskit/node";
import { RotatingTicketKeys, SealedTickets, type SessionStore } from "@tlskit/sessions";
import { VerifiedSignatures } from "@tlskit/tls";
import type { Listening } from "../implementation.ts";
import { listen } from "../listen.ts";
import { makePki } from "../pki.ts";
import { preparedWith, providers } from "../providers.ts";
import { random } from "../random.ts";
import type { Contender, Goal, Measure, Row } from "../row.ts";
import { perSecond } from "../stopwatch.ts";
import { discard } from "../traffic.ts";

/** A server, and a client that resumes the session of its first connection in all that follow. */
interface Resuming<Socket extends Duplex> {
  serve(accept: (socket: Duplex) => void): Promise<Listening>;
  connect(port: number): Promise<Socket>;
  /** Waits until there is a session to resume. */
  session(socket: Socket): Promise<unknown>;
  resumed(socket: Socket): Promise<boolean>;
}

/** Nobody gives a ticket for one that was used: Node's server doesn't, and our client asks for none. */
async function measure<Socket extends Duplex>(
  { serve, connect, session, resumed }: Resuming<Socket>,
  milliseconds: number,
): Promise<Measure> {
  let accepted = Promise.withResolvers<Duplex>();
  const { port } = await serve((socket) => accepted.resolve(socket));
  const connection = async (work: (client: Socket) => Promise<unknown>): Promise<void> => {
    accepted = Promise.withResolvers();
    // Both ends are done: a client may be before its Finished has been looked at.
    const ends = await Promise.all([connect(port), accepted.promise]);
    const closed = ends.map((socket) => once(socket, "close"));
    for (const socket of ends) discard(socket);
    await work(ends[0]);
    for (const socket of ends) socket.destroy();
    await Promise.all(closed);
  };
  await connection(session);
  return () =>
    perSecond(
      () =>
        connection(async (client) => {
          if (!(await resumed(client))) throw new Error("that was a full handshake");
        }),
      milliseconds,
    );
}

function theirs(): Resuming<tls.TLSSocket> {
  const pki = makePki();
  const common = { minVersion: "TLSv1.3", ciphers: "TLS_AES_128_GCM_SHA256", ecdhCurve: "X25519" } as const;
  const secureContext = tls.createSecureContext({ ...common, ca: pki.ca });
  let known: Buffer | undefined;
  return {
    serve: (accept) => listen(tls.createServer({ ...common, cert: pki.cert, key: pki.key }, accept)),
    async connect(port) {
      const options = known === undefined ? {} : { session: known };
      const socket = tls.connect({ host: "127.0.0.1", port, servername: "localhost", secureContext, ...options });
      socket.once("session", (session) => {
        known ??= session;
      });
      await once(socket, "secureConnect");
      return socket;
    },
    session: (socket) => (known === undefined ? once(socket, "session") : Promise.resolve()),
    resumed: (socket) => Promise.resolve(socket.isSessionReused()),
  };
}

function ours(provider: CryptoProvider, verifiedSignatures: VerifiedSignatures | undefined): Resuming<TlsSocket> {
  const pki = makePki();
  const choices = { provider, cipherSuites: [TLS_AES_128_GCM_SHA256], namedGroups: [x25519] };
  const keys = new RotatingTicketKeys({ random, clock: Date.now });
  const tickets = new SealedTickets({ provider, random, keys });
  const known = Promise.withResolvers<void>();
  let session: Uint8Array | undefined;
  const sessions: SessionStore = {
    take: () => session,
    put: (_server, bytes) => {
      session ??= bytes;
      known.resolve();
    },
    forget: () => {},
  };
  const context = createClientContext({
    ...choices,
    ca: pki.ca,
    sessions,
    ticketRequest: { newSessionCount: 1, resumptionCount: 0 },
    verifiedSignatures,
  });
  return {
    serve: (accept) => listen(createServer({ ...choices, cert: pki.cert, key: pki.key, tickets }, accept)),
    async connect(port) {
      const socket = connect({ host: "127.0.0.1", port, servername: "localhost", context });
      await once(socket, "secureConnect");
      return socket;
    },
    session: () => known.promise,
    resumed: async (socket) => (await socket.established).resumed,
  };
}

const goals: Readonly<Record<string, Goal>> = { openssl: { atLeast: 2 }, node: { atLeast: 2 } };

const contenders: readonly [Contender, ...Contender[]] = [
  { name: "node:tls", prepare: ({ milliseconds }) => measure(theirs(), milliseconds) },
  ...providers.map(
    (provider): Contender => ({
      name: provider.name,
      prepare: preparedWith(provider, (made, { milliseconds }) => measure(ours(made, undefined), milliseconds)),
    }),
  ),
  // A client of ours verifies the certificate again before it resumes, which Node's doesn't: its signatures can be kept.
  ...providers
    .filter(({ name }) => goals[name] !== undefined)
    .map(
      (provider): Contender => ({
        name: `${provider.name}, signatures verified before`,
        goal: goals[provider.name],
        prepare: preparedWith(provider, (made, { milliseconds }) =>
          measure(ours(made, new VerifiedSignatures()), milliseconds),
        ),
      }),
    ),
];

export const resumedHandshakes: Row = {
  about: "Handshakes that resume a session (psk_dhe_ke), one after the other: X25519, sealed tickets.",
  comparisons: [{ what: "over loopback, both ends in one process", unit: "1/s", warmUps: 8, contenders }],
};
