import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { patience } from "./arrivals.ts";
import type { Identity } from "./certificates.ts";
import { commandOutput } from "./command-output.ts";
import { DaemonFolder, daemonOwner, findProgram } from "./daemon.ts";
import { onFreePorts } from "./free-port.ts";
import { type Owner, Program } from "./program.ts";

/** Where its programs are, and whose they become: root's alone is the one that starts the others. */
export interface PostfixPrograms {
  readonly master: string;
  readonly postcat: string;
  readonly owner: Owner;
}

/** The Postfix of this machine, or the sentence that says why there is none. */
export const postfix: PostfixPrograms | string = detect();

function detect(): PostfixPrograms | string {
  const postcat = findProgram("postcat");
  const folder = commandOutput(findProgram("postconf") ?? "postconf", "-d", "-h", "daemon_directory")?.trim();
  const master = folder === undefined ? undefined : join(folder, "master");
  if (master === undefined || postcat === undefined) return "Postfix is not on this machine";
  const daemon = daemonOwner("postfix");
  if (typeof daemon === "string") return daemon;
  return daemon.owner === undefined ? "Postfix is started by root alone" : { master, postcat, owner: daemon.owner };
}

/** How a service of it speaks TLS. */
export interface PostfixService {
  /** Whether a connection begins with TLS, as on port 465; else STARTTLS is demanded, as on port 587. */
  readonly implicit: boolean;
  /** The one version of TLS that it speaks; else 1.3 and 1.2. */
  readonly version?: "TLSv1.2" | "TLSv1.3" | undefined;
}

/** A Postfix that takes mail from this machine for anybody, and holds it for whoever asks. */
export class PostfixServer<Name extends string> {
  readonly program: Program;
  /** Its services' ports. */
  readonly ports: Readonly<Record<Name, number>>;
  readonly #postcat: string;
  readonly #folder: DaemonFolder;

  private constructor(program: Program, ports: Readonly<Record<Name, number>>, postcat: string, folder: DaemonFolder) {
    this.program = program;
    this.ports = ports;
    this.#postcat = postcat;
    this.#folder = folder;
  }

  static async start<Name extends string>(
    { master, postcat, owner }: PostfixPrograms,
    identity: Identity,
    services: Readonly<Record<Name, PostfixService>>,
  ): Promise<PostfixServer<Name>> {
    const folder = new DaemonFolder("postfix", owner);
    for (const name of ["data", "queue", ...queues.map((queue) => join("queue", queue))]) folder.folder(name);
    folder.file("main.cf", mainConfiguration(folder, identity));
    const names = Object.keys(services) as Name[]; // a record's keys, all of them
    return await onFreePorts(names.length, async (free) => {
      const ports = Object.fromEntries(names.map((name, at) => [name, free[at] ?? 0])) as Record<Name, number>;
      const inet = names.map((name) => serviceLine(ports[name], services[name]));
      folder.file("master.cf", [...daemons, ...inet, ""].join("\n"));
      const log = folder.file("log", "");
      const program = new Program(master, ["-c", folder.path, "-d"]);
      const [, taken] = await lineOf(log, /daemon started|(Address already in use)/, program);
      if (taken === undefined) return new PostfixServer(program, ports, postcat, folder);
      await program.stop();
      return undefined;
    });
  }

  /** A mail that it took, head and body, by the name that it gave it when it did. */
  mail(queueId: string): string {
    const args = ["-c", this.#folder.path, "-bhq", queueId];
    return execFileSync(this.#postcat, args, { encoding: "latin1", maxBuffer: Number.POSITIVE_INFINITY });
  }

  /** Ends it and its processes, and leaves nothing behind. */
  async stop(): Promise<void> {
    await this.program.stop("SIGTERM");
    this.#folder.remove();
  }
}

/** Looks until a log has what is waited for. It is a file's: Postfix can't write to what Node takes for a pipe. */
async function lineOf(log: string, pattern: RegExp, program: Program): Promise<RegExpExecArray> {
  const interval = 20;
  for (let waited = 0; waited < patience; waited += interval) {
    const { over } = program;
    const match = pattern.exec(readFileSync(log, "utf8"));
    if (match !== null) return match;
    if (over) break;
    await setTimeout(interval);
  }
  throw new Error(`Postfix didn't start: ${program.lines.concat(readFileSync(log, "utf8")).join("\n")}`);
}

const queues = "active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace".split(
  " ",
);

/** The processes that it takes to take mail: name, type, private, unprivileged, chroot, wakeup, limit, program. */
const daemons: readonly string[] = [
  "postlog unix-dgram n - n - 1 postlogd",
  "cleanup unix n - n - 0 cleanup",
  "rewrite unix - - n - - trivial-rewrite",
  "tlsmgr unix - - n 1000? 1 tlsmgr",
  "anvil unix - - n - 1 anvil",
];

function serviceLine(port: number, { implicit, version }: PostfixService): string {
  const options = [
    implicit ? "smtpd_tls_wrappermode=yes" : "smtpd_tls_security_level=encrypt",
    `smtpd_tls_mandatory_protocols=${version === undefined ? ">=TLSv1.2" : `>=${version},<=${version}`}`,
  ];
  return `127.0.0.1:${port} inet n - n - - smtpd${options.map((option) => ` -o ${option}`).join("")}`;
}

function mainConfiguration(folder: DaemonFolder, { chainPem, keyPem }: Identity): string {
  return `
compatibility_level = 3.6
queue_directory = ${folder.path}/queue
data_directory = ${folder.path}/data
maillog_file = ${folder.path}/log
maillog_file_prefixes = ${folder.path}
myhostname = localhost
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access static:HOLD
smtpd_client_connection_count_limit = 0
smtpd_tls_cert_file = ${folder.file("server.crt", chainPem)}
smtpd_tls_key_file = ${folder.file("server.key", keyPem)}
smtpd_tls_received_header = yes
`;
}
