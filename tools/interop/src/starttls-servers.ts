import { imap, mysql, type Protocol, postgres as postgresProtocol, smtp } from "@tlskit/starttls";
import type { Identity } from "./certificates.ts";
import { DovecotServer, dovecot } from "./dovecot.ts";
import { MariaDbServer, mariadb } from "./mariadb.ts";
import { PostfixServer, postfix } from "./postfix.ts";
import { PostgresServer, postgres } from "./postgres.ts";

/** A server that is waiting, and how it is ended. */
export interface WaitingServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A server that begins in the clear. */
export interface StartTlsServer {
  readonly name: string;
  readonly protocol: Protocol;
  /** Why there is none here; nothing if there is one. */
  readonly missing: string | undefined;
  start(identity: Identity): Promise<WaitingServer>;
}

export const startTlsServers: readonly StartTlsServer[] = [
  {
    name: "PostgreSQL",
    protocol: postgresProtocol,
    missing: typeof postgres === "string" ? postgres : undefined,
    start: async (identity) => await PostgresServer.start(available(postgres), identity),
  },
  {
    name: "Postfix",
    protocol: smtp,
    missing: typeof postfix === "string" ? postfix : undefined,
    start: async (identity) => {
      const server = await PostfixServer.start(available(postfix), identity, { submission: { implicit: false } });
      return { port: server.ports.submission, stop: () => server.stop() };
    },
  },
  {
    name: "Dovecot",
    protocol: imap,
    missing: typeof dovecot === "string" ? dovecot : undefined,
    start: async (identity) => {
      const server = await DovecotServer.start(available(dovecot), identity);
      return { port: server.startTlsPort, stop: () => server.stop() };
    },
  },
  {
    name: "MariaDB",
    protocol: mysql,
    missing: typeof mariadb === "string" ? mariadb : undefined,
    start: async (identity) => await MariaDbServer.start(available(mariadb), identity, { statements: [] }),
  },
];

function available<Programs extends object>(programs: Programs | string): Programs {
  if (typeof programs === "string") throw new Error(programs);
  return programs;
}
