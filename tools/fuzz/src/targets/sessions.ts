import { hashOf } from "@tlskit/crypto";
import {
  decodeClientSession,
  decodeServerSession,
  encodeClientSession,
  encodeServerSession,
  GivenTicketKeys,
  SealedTickets,
} from "@tlskit/sessions";
import { concat, equalBytes, TlsError } from "@tlskit/wire";
import { leaf } from "../structure.ts";
import { promise, type Target } from "../target.ts";
import { provider } from "../world.ts";

const common = {
  version: 0x0304,
  cipherSuite: 0x1301,
  signatureScheme: 0x0403,
  secret: new Uint8Array(32).fill(1),
  extendedMainSecret: true,
  ticketAgeAdd: 0x0102_0304,
  maxEarlyData: 16_384,
  verifiedAt: 1_780_000_000_000,
  alpnProtocol: Uint8Array.of(0x68, 0x32),
  binding: new Uint8Array(32).fill(2),
  certificate: Uint8Array.of(0, 0, 0, 0),
  externalMark: new Uint8Array(32).fill(4),
};
const clientSeed = encodeClientSession({
  ...common,
  ticket: new Uint8Array(150).fill(3),
  sessionId: new Uint8Array(0),
  ticketLifetime: 86_400,
  acrossNames: true,
  receivedAt: 1_780_000_000_500,
  serverName: Uint8Array.of(0x61),
});
const serverSeed =
  encodeServerSession({
    ...common,
    issuedAt: 1_780_000_000_500,
    clientSignatureScheme: 0x0403,
    externalIdentity: Uint8Array.of(0x62),
  }) ?? new Uint8Array(0);

/** Sessions are read or not: nothing about them is an error. */
const never = (): boolean => false;

/** What a store gives back, whoever wrote to it meanwhile. */
export const sessionTarget: Target = {
  name: "session",
  what: "a session's bytes, a client's or a server's: decoded and encoded again",
  maxLength: 4096,
  isRefusal: never,
  dictionary: [Uint8Array.of(1), Uint8Array.of(0, 32), Uint8Array.of(3, 4)],
  parse: leaf,
  seeds: () => [clientSeed, serverSeed],
  run(input) {
    const client = decodeClientSession(input);
    // A flag may be any byte when it is read.
    if (client !== undefined) {
      const again = decodeClientSession(encodeClientSession(client));
      promise(JSON.stringify(again) === JSON.stringify(client), "a client's session that is written is read again");
    }
    const server = decodeServerSession(input);
    if (server === undefined) return;
    const encoded = encodeServerSession(server);
    promise(encoded !== undefined && equalBytes(encoded, input), "a server's session encodes to the bytes it came of");
  },
};

const secret = new Uint8Array(32).fill(9);
const name = new Uint8Array(16).fill(8);
const tickets = new SealedTickets({
  provider,
  random: (length) => hashOf(provider, "SHA-256").digest(secret).slice(0, length),
  keys: new GivenTicketKeys([{ name, secret }]),
});

/** What a client says that its ticket is. */
export const ticketTarget: Target = {
  name: "ticket",
  what: "a self-contained ticket: opened, and only the server's own has a session in it",
  maxLength: 2048,
  isRefusal: (error) => error instanceof TlsError && error.kind === "peer",
  dictionary: [name, concat(Uint8Array.of(1), name), concat(Uint8Array.of(2), name)],
  parse: leaf,
  seeds: () => [ticketOf(serverSeed), ticketOf(new Uint8Array(0))],
  run(input) {
    const session = tickets.sessionOf(input);
    if (!(session instanceof Uint8Array)) return;
    promise(equalBytes(ticketOf(session), input), "a ticket that is opened is one that the server made");
  },
};

function ticketOf(session: Uint8Array): Uint8Array {
  const ticket = tickets.ticketFor(session);
  return ticket instanceof Uint8Array ? ticket : new Uint8Array(0);
}
