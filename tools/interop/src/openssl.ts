import {
  byCode,
  byName,
  cipherSuites,
  namedGroups,
  type Registered,
  signatureSchemes,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import type { Identity } from "./certificates.ts";
import { commandOutput } from "./command-output.ts";
import { tracedTls12Report } from "./openssl-trace12.ts";
import { payloadIn } from "./payload.ts";
import type { NamedKey, OurSide, PeerReport } from "./peer.ts";
import { Program } from "./program.ts";
import { identityFiles, scratchFile } from "./scratch.ts";
import type { Tls12PeerEnd, Tls12Report } from "./tls12-report.ts";

/** What there is of the `openssl` command. */
export interface Openssl {
  /** `OpenSSL 3.0.19 …` */
  readonly version: string;
  /** Whether it has X25519MLKEM768: OpenSSL 3.5 and later. */
  readonly hasHybrid: boolean;
  /** Whether it was built so that it can print messages in full: it then tells group and signature scheme. */
  readonly hasTrace: boolean;
}

/** The `openssl` command of this machine; nothing if there is none that speaks TLS 1.3 (LibreSSL's has no traces). */
export const openssl: Openssl | undefined = detect();

function detect(): Openssl | undefined {
  const version = commandOutput("openssl", "version");
  const match = version === undefined ? null : /^OpenSSL (\d+)\.(\d+)/.exec(version);
  if (version === undefined || match === null) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major < 3) return undefined;
  return {
    version: version.trim(),
    hasHybrid: major > 3 || minor >= 5,
    hasTrace: /^ -trace/m.test(commandOutput("openssl", "s_client", "-help") ?? ""),
  };
}

/** What OpenSSL, and Node with it, calls a suite or a group: the first of its aliases, or as IANA does. */
export function opensslName({ name, aliases = [] }: Registered): string {
  return aliases[0] ?? name;
}

let withoutEms: string | undefined;

/** Environment that takes the extended master secret from a program: `openssl` 3.0 has no option for that. */
export function withoutExtendedMainSecret(): Readonly<Record<string, string>> {
  const sections = ["openssl_conf = init", "[init]", "ssl_conf = ssl", "[ssl]", "system_default = all", "[all]"];
  withoutEms ??= scratchFile("openssl.cnf", [...sections, "Options = -ExtendedMasterSecret", ""].join("\n"));
  return { OPENSSL_CONF: withoutEms };
}

/** For a report of everything. What a program prints with it can come in between what it got. */
export const traced: readonly string[] = openssl?.hasTrace === true ? ["-trace"] : [];

/** `openssl s_server`, which serves one connection after the other. */
export class OpensslServer {
  readonly program: Program;
  readonly port: number;

  private constructor(program: Program, port: number) {
    this.program = program;
    this.port = port;
  }

  static async start(identity: Identity, ...args: readonly string[]): Promise<OpensslServer> {
    return await OpensslServer.startIn({}, identity, ...args);
  }

  /** One in an environment. */
  static async startIn(
    environment: Readonly<Record<string, string>>,
    identity: Identity,
    ...args: readonly string[]
  ): Promise<OpensslServer> {
    const { chain, key } = identityFiles(identity);
    return await OpensslServer.#with(["-cert", chain, "-cert_chain", chain, "-key", key], args, environment);
  }

  /** One without certificates, for clients that ask for none. */
  static async startWithoutCertificate(...args: readonly string[]): Promise<OpensslServer> {
    return await OpensslServer.#with(["-nocert"], args);
  }

  /** One without certificates, for clients that have a pre-shared key. */
  static async startWithPsk(psk: NamedKey, ...args: readonly string[]): Promise<OpensslServer> {
    return await OpensslServer.#with(["-nocert", ...pskOptions(psk)], args);
  }

  static async #with(
    certificate: readonly string[],
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<OpensslServer> {
    const all = ["s_server", "-accept", "127.0.0.1:0", ...certificate, ...args];
    const program = new Program("openssl", all, { environment });
    const [, port] = await program.waitForLine(/^ACCEPT .*:(\d+)$/);
    return new OpensslServer(program, Number(port));
  }

  /** Its end of the connection that is to be opened next. */
  next(): OpensslEnd {
    return new OpensslEnd(this.program, "server");
  }
}

/** `openssl s_client`, for one connection: it verifies, also the name. */
export function opensslClient(port: number, identity: Identity, ...args: readonly string[]): OpensslEnd {
  return opensslClientIn({}, port, identity, ...args);
}

/** The same in an environment. */
export function opensslClientIn(
  environment: Readonly<Record<string, string>>,
  port: number,
  identity: Identity,
  ...args: readonly string[]
): OpensslEnd {
  const verification = [
    "-CAfile",
    identityFiles(identity).root,
    "-verify_return_error",
    "-verify_hostname",
    "localhost",
  ];
  const to = ["-connect", `127.0.0.1:${port}`, "-servername", "localhost"];
  return new OpensslEnd(
    new Program("openssl", ["s_client", ...to, ...verification, ...args], { environment }),
    "client",
  );
}

/** `openssl s_client`, for one connection to who has a pre-shared key: it prints what certificate it was shown, if any. */
export function opensslPskClient(port: number, psk: NamedKey, ...args: readonly string[]): OpensslEnd {
  const to = ["-connect", `127.0.0.1:${port}`, "-servername", "localhost"];
  return new OpensslEnd(new Program("openssl", ["s_client", ...to, ...pskOptions(psk), ...args]), "client");
}

/** What `openssl` is told of one. */
export function pskOptions({ name, key }: NamedKey): readonly string[] {
  return ["-psk_identity", name, "-psk", key];
}

/** The end of one connection that an `openssl` process has. */
export class OpensslEnd implements Tls12PeerEnd {
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

  /** Waits until a text has come, after what had come before a line. */
  async received(text: string, from: number = this.from): Promise<void> {
    await this.program.waitFor(`${text.length} bytes`, (lines) => payloadIn(lines, from).includes(text) || undefined);
  }

  async exchange(ours: OurSide, text: string): Promise<void> {
    const from = this.program.lines.length;
    ours.send(text);
    await this.received(text, from);
    this.send(text);
    await ours.receive(text);
  }

  async report(): Promise<PeerReport> {
    const suite = await this.waitForLine(/(?:CIPHER is|Cipher is) (\S+)/);
    return { cipherSuite: suite[1], ...(this.program.args.includes("-trace") ? tracedReport(this.output) : {}) };
  }

  /** All of it with `-trace`. */
  async tls12Report(): Promise<Partial<Tls12Report>> {
    const [, name = ""] = await this.waitForLine(/(?:CIPHER is|Cipher is) (\S+)/);
    if (this.program.args.includes("-trace")) return tracedTls12Report(this.output);
    return { cipherSuite: byName(tls12CipherSuites, name)?.name ?? name };
  }

  /** A client ends the connection in order; a server just closes the socket. */
  end(): void {
    this.send(this.#role === "server" ? "q\n" : "Q\n");
  }

  async closed(): Promise<void> {
    if (this.#role === "server") {
      await this.waitForLine(/^DONE$/);
      return;
    }
    const code = await this.program.ended();
    if (code !== 0) throw new Error(`openssl s_client ended with ${code}:\n${this.output}`);
  }
}

/** Group and signature scheme, by code point, out of the messages that `-trace` prints. */
function tracedReport(output: string): PeerReport {
  // The last ServerHello: one before it would be a HelloRetryRequest.
  const serverHello = output.slice(output.lastIndexOf("ServerHello, Length"));
  const group = /NamedGroup: .* \((\d+)\)/.exec(serverHello)?.[1];
  const suite = /cipher_suite \{(0x..), (0x..)\}/.exec(serverHello);
  const scheme = /Signature Algorithm: \S+ \((0x....)\)/.exec(
    output.slice(output.indexOf("CertificateVerify, Length")),
  )?.[1];
  return {
    cipherSuite: byCode(cipherSuites, Number(suite?.[1]) * 256 + Number(suite?.[2]))?.name,
    namedGroup: byCode(namedGroups, Number(group))?.name ?? "none",
    signatureScheme: byCode(signatureSchemes, Number(scheme))?.name ?? "none",
  };
}
