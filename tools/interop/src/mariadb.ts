import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Identity } from "./certificates.ts";
import { DaemonFolder, daemonOwner, findProgram } from "./daemon.ts";
import { onFreePort } from "./free-port.ts";
import { type Owner, Program } from "./program.ts";

/** Where its programs are, and who is to run them: it refuses to be root's. */
export interface MariaDbPrograms {
  readonly server: string;
  readonly install: string;
  readonly owner: Owner | undefined;
}

/** The MariaDB of this machine, or the sentence that says why there is none. */
export const mariadb: MariaDbPrograms | string = detect();

function detect(): MariaDbPrograms | string {
  const server = findProgram("mariadbd");
  const install = findProgram("mariadb-install-db");
  if (server === undefined || install === undefined) {
    return "the programs mariadbd and mariadb-install-db are not on this machine";
  }
  const user = daemonOwner("mysql");
  return typeof user === "string" ? user : { server, install, ...user };
}

/** What may differ from a server that speaks TLS 1.3 and 1.2. */
export interface MariaDbSettings {
  /** Whose clients' certificates it takes. */
  readonly clients?: Identity | undefined;
  /** Statements for when it starts, such as who may come in; each ends its line. */
  readonly statements: readonly string[];
  /** The one version of TLS that it speaks. */
  readonly version?: "TLSv1.2" | "TLSv1.3" | undefined;
}

/** What it keeps is to be small, and need not outlive it: most of its start is waiting for disks otherwise. */
const shortLived = {
  "debug-no-sync": "on",
  "innodb-buffer-pool-size": "8M",
  "innodb-doublewrite": "off",
  "innodb-flush-log-at-trx-commit": "0",
  "innodb-flush-method": "nosync",
  "innodb-log-file-size": "4M",
};

/** A MariaDB with a database of its own, `test`, to which nobody comes without TLS. */
export class MariaDbServer {
  readonly program: Program;
  readonly port: number;
  readonly #folder: DaemonFolder;

  private constructor(program: Program, port: number, folder: DaemonFolder) {
    this.program = program;
    this.port = port;
    this.#folder = folder;
  }

  static async start(
    { server, install, owner }: MariaDbPrograms,
    identity: Identity,
    { clients, statements, version }: MariaDbSettings,
  ): Promise<MariaDbServer> {
    const folder = new DaemonFolder("mariadb", owner);
    const data = join(folder.path, "data");
    // One that starts deletes all temporary tables in the folder for them, another's too if they share it.
    const own = { ...shortLived, tmpdir: folder.path };
    const short = Object.entries(own).map(([name, value]) => `--${name}=${value}`);
    const made = ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", ...short];
    execFileSync(install, made, { ...owner, cwd: folder.path, stdio: "ignore" });
    const settings = {
      datadir: data,
      socket: join(folder.path, "socket"),
      "pid-file": join(folder.path, "pid"),
      "bind-address": "127.0.0.1",
      "require-secure-transport": "on",
      "skip-name-resolve": "on",
      "ssl-cert": folder.file("server.crt", identity.chainPem),
      "ssl-key": folder.file("server.key", identity.keyPem),
      ...(clients === undefined ? {} : { "ssl-ca": folder.file("clients.crt", clients.rootPem) }),
      "tls-version": version ?? "TLSv1.2,TLSv1.3",
      "init-file": folder.file("init.sql", ["CREATE DATABASE IF NOT EXISTS test;", ...statements].join("\n")),
      "innodb-temp-data-file-path": "ibtmp1:1M:autoextend",
    };
    return await onFreePort(async (port) => {
      const options = Object.entries({ ...settings, port: String(port) }).map(([name, value]) => `--${name}=${value}`);
      const program = new Program(server, ["--no-defaults", ...options, ...short], { owner });
      const ready = /ready for connections|(Address already in use)/;
      const [, taken] = await program.waitForLine(ready);
      if (taken === undefined) return new MariaDbServer(program, port, folder);
      await program.stop();
      return undefined;
    });
  }

  /** Ends it, and leaves nothing behind. */
  async stop(): Promise<void> {
    await this.program.stop();
    this.#folder.remove();
  }
}
