import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Identity } from "./certificates.ts";
import { commandOutput } from "./command-output.ts";
import type { OurEnd } from "./ours.ts";
import { payloadIn } from "./payload.ts";
import type { PeerEnd, PeerReport } from "./peer.ts";
import { Program } from "./program.ts";
import { identityFiles } from "./scratch.ts";

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

const attempts = 5;

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
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      const certificate = ["--x509certfile", chain, "--x509keyfile", key];
      const program = new Program(
        "gnutls-serv",
        ["--echo", "--port", String(port), ...certificate, ...args],
        environment,
      );
      const [, outcome] = await program.waitForLine(/IPv4 .* port \d+\.\.\.(.*)/);
      if (outcome === "done") return new GnutlsServer(program, port);
      await program.stop();
      if (attempt === attempts) throw new Error(`gnutls-serv can't listen: ${outcome}`);
    }
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
  return new GnutlsEnd(new Program("gnutls-cli", [...verification, ...args, ...to], environment), "client");
}

/** The end of one connection that a process of GnuTLS has. */
export class GnutlsEnd implements PeerEnd {
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

  async exchange(ours: OurEnd, text: string): Promise<void> {
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
      cipherSuite: named(suites, cipher, line),
      namedGroup: named(groups, group, line),
      signatureScheme: named(schemes, scheme, line),
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

type Names = Readonly<Record<string, string>>;

const suites: Names = {
  "AES-128-GCM": "TLS_AES_128_GCM_SHA256",
  "AES-256-GCM": "TLS_AES_256_GCM_SHA384",
  "CHACHA20-POLY1305": "TLS_CHACHA20_POLY1305_SHA256",
};

const groups: Names = {
  "ECDHE-X25519": "x25519",
  "ECDHE-SECP256R1": "secp256r1",
  "ECDHE-SECP384R1": "secp384r1",
  "ECDHE-SECP521R1": "secp521r1",
  "HYBRID-X25519-MLKEM768": "X25519MLKEM768",
};

const schemes: Names = {
  "ECDSA-SECP256R1-SHA256": "ecdsa_secp256r1_sha256",
  "ECDSA-SECP384R1-SHA384": "ecdsa_secp384r1_sha384",
  "ECDSA-SECP521R1-SHA512": "ecdsa_secp521r1_sha512",
  "EdDSA-Ed25519": "ed25519",
  "EdDSA-Ed448": "ed448",
  "RSA-PSS-RSAE-SHA256": "rsa_pss_rsae_sha256",
  "RSA-PSS-RSAE-SHA384": "rsa_pss_rsae_sha384",
  "RSA-PSS-RSAE-SHA512": "rsa_pss_rsae_sha512",
  "RSA-PSS-SHA256": "rsa_pss_pss_sha256",
  "RSA-PSS-SHA384": "rsa_pss_pss_sha384",
  "RSA-PSS-SHA512": "rsa_pss_pss_sha512",
};

function named(names: Names, name: string | undefined, line: string): string {
  const found = name === undefined ? undefined : names[name];
  if (found === undefined) throw new Error(`${name} has no name here: ${line}`);
  return found;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "0.0.0.0");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port, so it has one
  server.close();
  await once(server, "close");
  return port;
}
