import { readFileSync } from "node:fs";
import { cipherSuites, namedGroups, signatureSchemes, tls12CipherSuites } from "@tlskit/ciphersuites";
import type { Identity } from "./certificates.ts";
import { commandOutput } from "./command-output.ts";
import { onFreePort } from "./free-port.ts";
import {
  gnutlsCipherName,
  gnutlsGroupName,
  gnutlsSignatureName,
  gnutlsTls12Name,
  gnutlsTls12SignatureName,
  ianaName,
} from "./gnutls-names.ts";
import { payloadIn } from "./payload.ts";
import type { NamedKey, OurSide, PeerReport } from "./peer.ts";
import { Program } from "./program.ts";
import { identityFiles, scratchPath } from "./scratch.ts";
import type { Tls12PeerEnd, Tls12Report } from "./tls12-report.ts";

/** What there is of GnuTLS's commands. */
export interface Gnutls {
  /** `gnutls-cli 3.7.9` */
  readonly version: string;
  /** Whether it has X25519MLKEM768: GnuTLS 3.8.8 and later, built with a library for it. */
  readonly hasHybrid: boolean;
}

/** `gnutls-cli` and `gnutls-serv` of this machine, if they are there. */
export const gnutls: Gnutls | undefined = detect();

function detect(): Gnutls | undefined {
  const client = commandOutput("gnutls-cli", "--version");
  const server = commandOutput("gnutls-serv", "--version");
  if (client === undefined || server === undefined) return undefined;
  return {
    version: client.split("\n")[0] ?? "",
    hasHybrid: /GROUP-X25519-MLKEM768/.test(commandOutput("gnutls-cli", "--list") ?? ""),
  };
}

/** `gnutls-serv`, which echoes, and asks clients for a certificate. It serves one connection after the other. */
export class GnutlsServer {
  readonly program: Program;
  readonly port: number;

  private constructor(program: Program, port: number) {
    this.program = program;
    this.port = port;
  }

  static async start(
    identity: Identity,
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<GnutlsServer> {
    const { chain, key } = identityFiles(identity);
    return await GnutlsServer.#with(["--x509certfile", chain, "--x509keyfile", key], args, environment);
  }

  /** One without certificates, for clients that ask for none. */
  static async startWithoutCertificate(...args: readonly string[]): Promise<GnutlsServer> {
    return await GnutlsServer.#with([], args, {});
  }

  /** One without certificates, for clients that have one of the pre-shared keys of this file. */
  static async startWithPsks(file: string, ...args: readonly string[]): Promise<GnutlsServer> {
    return await GnutlsServer.#with(["--pskpasswd", file], args, {});
  }

  static async #with(
    certificate: readonly string[],
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<GnutlsServer> {
    return await onFreePort(async (port) => {
      const all = ["--echo", "--port", String(port), ...certificate, ...args];
      const program = new Program("gnutls-serv", all, { environment });
      const [, outcome] = await program.waitForLine(/IPv4 .* port \d+\.\.\.(.*)/);
      if (outcome === "done") return new GnutlsServer(program, port);
      await program.stop();
      return undefined;
    });
  }

  /** Its end of the connection that is to be opened next. */
  next(): GnutlsEnd {
    return new GnutlsEnd(this.program, "server");
  }
}

/** `gnutls-cli`, for one connection: it verifies, also the name. */
export function gnutlsClient(
  port: number,
  identity: Identity,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): GnutlsEnd {
  const verification = ["--x509cafile", identityFiles(identity).root];
  const to = ["--port", String(port), "127.0.0.1", "--sni-hostname", "localhost", "--verify-hostname", "localhost"];
  return new GnutlsEnd(new Program("gnutls-cli", [...verification, ...args, ...to], { environment }), "client");
}

/** `gnutls-cli`, for one connection to who has a pre-shared key. */
export function gnutlsPskClient(port: number, { name, key }: NamedKey, ...args: readonly string[]): GnutlsEnd {
  const psk = ["--pskusername", name, "--pskkey", key];
  const to = ["--port", String(port), "127.0.0.1", "--sni-hostname", "localhost"];
  return new GnutlsEnd(new Program("gnutls-cli", [...psk, ...args, ...to]), "client");
}

/** A file of keys for GnuTLS, by its `psktool`, which makes each itself, and the keys that are in it. */
export function gnutlsPsks(...names: readonly string[]): { readonly file: string; readonly psks: readonly NamedKey[] } {
  const file = scratchPath("psks.txt");
  for (const name of names) commandOutput("psktool", "--username", name, "--pskfile", file);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return { file, psks: lines.map((line) => ({ name: line.replace(/:.*/, ""), key: line.replace(/.*:/, "") })) };
}

/** The end of one connection that a process of GnuTLS has. */
export class GnutlsEnd implements Tls12PeerEnd {
  readonly program: Program;
  /** The first of the process's lines that belong to this connection. */
  readonly from: number;
  readonly #role: "client" | "server";

  constructor(program: Program, role: "client" | "server") {
    this.program = program;
    this.from = program.lines.length;
    this.#role = role;
  }

  /** What it has printed about this connection so far. */
  get output(): string {
    return this.program.lines.slice(this.from).join("\n");
  }

  waitForLine(pattern: RegExp): Promise<RegExpExecArray> {
    return this.program.waitForLine(pattern, this.from);
  }

  send(text: string): void {
    this.program.write(text);
  }

  async exchange(ours: OurSide, text: string): Promise<void> {
    ours.send(text);
    if (this.#role === "client") {
      const from = this.from;
      await this.program.waitFor(`${text.length} bytes`, (lines) => payloadIn(lines, from).includes(text) || undefined);
      this.send(text);
    }
    await ours.receive(text);
  }

  async report(): Promise<PeerReport> {
    const [line, group, scheme, cipher] = await this.waitForLine(
      /^- Description: \(TLS1\.3-X\.509\)-\(([^)]+)\)-\(([^)]+)\)-\(([^)]+)\)/,
    );
    return {
      cipherSuite: ianaName(cipherSuites, gnutlsCipherName, cipher, line),
      namedGroup: ianaName(namedGroups, gnutlsGroupName, group, line),
      signatureScheme: ianaName(signatureSchemes, gnutlsSignatureName, scheme, line),
    };
  }

  async tls12Report(): Promise<Tls12Report> {
    const [, told = ""] = await this.waitForLine(/^- Options: (.*)/);
    const [line, description = ""] = await this.waitForLine(/^- Description: \(TLS1\.2-X\.509\)-\((.+)\)$/);
    const parts = description.split(")-(");
    const isRsa = parts[0] === "RSA";
    const [group = "", scheme = "", cipher, mac] = isRsa ? ["", "", ...parts.slice(1)] : parts;
    const certificateKey = /^E[CdD]/.test(scheme) ? "ECDSA" : "RSA";
    const exchange = isRsa ? "RSA" : `${group.replace(/-.*/, "")}-${certificateKey}`;
    return {
      cipherSuite: ianaName(tls12CipherSuites, gnutlsTls12Name, `${exchange} ${cipher} ${mac ?? "AEAD"}`, line),
      namedGroup: isRsa ? undefined : ianaName(namedGroups, gnutlsGroupName, group, line),
      signatureScheme: isRsa ? undefined : ianaName(signatureSchemes, gnutlsTls12SignatureName, scheme, line),
      encryptThenMac: told.includes("EtM"),
      extendedMainSecret: told.includes("extended master secret"),
    };
  }

  /** A client's end ends with its input. */
  end(): void {
    this.program.endInput();
  }

  async closed(): Promise<void> {
    // A server prints nothing when a client goes.
    if (this.#role === "server") return;
    const code = await this.program.ended();
    if (code !== 0) throw new Error(`gnutls-cli ended with ${code}:\n${this.output}`);
  }
}
