import { execFileSync } from "node:child_process";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { Identity } from "./certificates.ts";
import { DaemonFolder, daemonOwner, findProgram } from "./daemon.ts";
import { onFreePorts } from "./free-port.ts";
import { type Owner, Program } from "./program.ts";

/** Where it is, and who is to run it: all of it is one user's. */
export interface DovecotPrograms {
  readonly server: string;
  readonly owner: Owner | undefined;
  readonly user: string;
  readonly group: string;
}

/** The Dovecot of this machine, with IMAP, or the sentence that says why there is none. */
export const dovecot: DovecotPrograms | string = detect();

function detect(): DovecotPrograms | string {
  const server = findProgram("dovecot");
  if (server === undefined || findProgram("imap-login", ["/usr/lib/dovecot"]) === undefined) {
    return "the program dovecot with IMAP (dovecot-imapd) is not on this machine";
  }
  const daemon = daemonOwner("dovecot");
  if (typeof daemon === "string") return daemon;
  const user = daemon.owner === undefined ? userInfo().username : "dovecot";
  const group = execFileSync("id", ["-gn", user], { encoding: "utf8" }).trim();
  return { server, ...daemon, user, group };
}

/** The password of everybody. */
export const dovecotPassword = "password-for-tests";

/** What may differ from a server that speaks TLS 1.3 and 1.2. */
export interface DovecotSettings {
  /** The oldest version of TLS that it speaks. */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3" | undefined;
}

/** A Dovecot that serves IMAP, after STARTTLS and over TLS from the start, and knows everybody by one password. */
export class DovecotServer {
  readonly program: Program;
  /** Where STARTTLS is demanded. */
  readonly startTlsPort: number;
  /** Where a connection begins with TLS, as on port 993. */
  readonly tlsPort: number;
  readonly #folder: DaemonFolder;

  private constructor(program: Program, startTlsPort: number, tlsPort: number, folder: DaemonFolder) {
    this.program = program;
    this.startTlsPort = startTlsPort;
    this.tlsPort = tlsPort;
    this.#folder = folder;
  }

  static async start(
    programs: DovecotPrograms,
    identity: Identity,
    { minVersion = "TLSv1.2" }: DovecotSettings = {},
  ): Promise<DovecotServer> {
    const { server, owner } = programs;
    const folder = new DaemonFolder("dovecot", owner);
    const chain = folder.file("server.crt", identity.chainPem);
    const key = folder.file("server.key", identity.keyPem);
    return await onFreePorts(2, async ([startTlsPort = 0, tlsPort = 0]) => {
      const text = configuration(folder.path, programs, { chain, key, minVersion, startTlsPort, tlsPort });
      const program = new Program(server, ["-F", "-c", folder.file("dovecot.conf", text)], { owner });
      const [, taken] = await program.waitForLine(/starting up for imap|(Address already in use)/);
      if (taken === undefined) return new DovecotServer(program, startTlsPort, tlsPort, folder);
      await program.stop();
      return undefined;
    });
  }

  /** Ends it and its processes, and leaves nothing behind. */
  async stop(): Promise<void> {
    await this.program.stop("SIGTERM");
    this.#folder.remove();
  }
}

interface Values {
  readonly chain: string;
  readonly key: string;
  readonly minVersion: string;
  readonly startTlsPort: number;
  readonly tlsPort: number;
}

function configuration(folder: string, { user, group }: DovecotPrograms, values: Values): string {
  const mail = join(folder, "mail", "%u");
  return `
protocols = imap
instance_name = ${folder}
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
first_valid_gid = 1
ssl = required
ssl_cert = <${values.chain}
ssl_key = <${values.key}
ssl_min_protocol = ${values.minVersion}
mail_location = maildir:${mail}
mail_fsync = never
passdb {
  driver = static
  args = password=${dovecotPassword}
}
userdb {
  driver = static
  args = uid=${user} gid=${group} home=${mail}
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${values.startTlsPort}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = ${values.tlsPort}
  }
}
`;
}
