import { type ConnectOptions, connect, type SocketInfo, type TlsSocket } from "@tlskit/node";
import { tls13 } from "@tlskit/tls";
import { anchorsFrom } from "./anchors.ts";
import { type AttestedOptions, attested } from "./attested.ts";
import { type ChoiceOptions, choices, pskProtocol } from "./choices.ts";
import { parseEndpoint } from "./endpoint.ts";
import { describeFailure } from "./failure.ts";
import { keyLogTo, readBytes } from "./files.ts";
import { type OwnCertificateOptions, ownCertificate } from "./own-certificate.ts";
import { externalPsks } from "./psk.ts";
import { readSession, sessionsTo } from "./session-file.ts";
import { summary } from "./summary.ts";
import { parseTimeout } from "./timeout.ts";
import { traceLines } from "./trace-printer.ts";
import { UsageError } from "./usage.ts";

/** What `tlskit connect` is told. */
export interface ConnectCommand extends ChoiceOptions, OwnCertificateOptions, AttestedOptions {
  readonly endpoint: string;
  readonly servername?: string | undefined;
  readonly ca?: string | undefined;
  readonly keylog?: string | undefined;
  readonly http?: string | undefined;
  readonly trace?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly psk?: readonly string[] | undefined;
  readonly renegotiate?: boolean | undefined;
  readonly "session-in"?: string | undefined;
  readonly "session-out"?: string | undefined;
  readonly "early-data"?: string | undefined;
  readonly timeout?: string | undefined;
}

/** Connects, and carries data until both sides have said that they send no more. Resolves with the exit code. */
export async function connectCommand(command: ConnectCommand): Promise<number> {
  const { host, port } = parseEndpoint(command.endpoint);
  const { http, servername } = command;
  // Programs say so by an empty name that none is to be sent; on a command line it is a variable that nobody set.
  if (servername === "") throw new UsageError("--servername takes a name");
  if (http !== undefined && !/^\/[\x21-\x7e]*$/.test(http)) {
    throw new UsageError(`--http takes a path that begins with a slash, got ${JSON.stringify(http)}`);
  }
  const { "session-in": sessionIn, "session-out": sessionOut } = command;
  const session = sessionIn === undefined ? undefined : readSession(sessionIn);
  const keep = sessionOut === undefined ? undefined : sessionsTo(sessionOut);
  const earlyData = earlyDataOf(command);
  const own = ownCertificate(command);
  const chosen = choices(command, "client");
  if (command.renegotiate === true && chosen.versions?.every(({ code }) => code === tls13.code) === true) {
    throw new UsageError("--renegotiate is about TLS 1.2: TLS 1.3 has no such thing");
  }
  const start = performance.now();
  const socket = connect({
    host,
    port,
    servername,
    ca: command.ca === undefined ? undefined : anchorsFrom([command.ca]),
    certificates: own && [own],
    ...chosen,
    renegotiation: command.renegotiate,
    externalPsks: externalPsks(command.psk, pskProtocol(command)),
    ...attested(command),
    keyLog: keyLogTo(command.keylog),
    handshakeTimeout: parseTimeout(command.timeout),
    allowHalfOpen: true,
    session,
    earlyData,
    ...(command.trace === true ? { trace: (event) => process.stderr.write(`${traceLines(event).join("\n")}\n`) } : {}),
  });
  let kept = false;
  if (keep !== undefined) {
    socket.on("session", (bytes: Buffer) => {
      try {
        keep(bytes);
        kept = true;
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
      }
    });
  }
  const tell = (info: SocketInfo): void => {
    if (command.json === true) {
      process.stderr.write(`${JSON.stringify(summary(info, performance.now() - start))}\n`);
    }
  };
  socket.on("renegotiated", tell);
  try {
    tell(await socket.established);
    await (http === undefined
      ? carry(socket)
      : get(socket, http, port === 443 ? bracketed(host) : `${bracketed(host)}:${port}`));
    if (sessionOut !== undefined && !kept) {
      process.stderr.write(`tlskit: the server sent no session: ${sessionOut} isn't written\n`);
    }
    return 0;
  } catch (error) {
    process.stderr.write(`tlskit: ${describeFailure(error)}\n`);
    return 1;
  } finally {
    socket.destroy();
    process.stdin.destroy();
  }
}

/** A file as early data. Whoever reads the JSON learns there what became of it. */
function earlyDataOf({ "early-data": file, "session-in": session, json }: ConnectCommand): ConnectOptions["earlyData"] {
  if (file === undefined) return undefined;
  if (session === undefined) throw new UsageError("--early-data takes --session-in: it is sent under a session");
  return {
    replayable: readBytes(file),
    outcome: (outcome) => {
      if (outcome === "accepted" || json === true) return;
      process.stderr.write(`tlskit: early data: ${outcomes[outcome]}\n`);
    },
  };
}

const outcomes = {
  rejected: "the server rejected it, and it isn't sent again",
  not_sent: "it wasn't sent, for the session doesn't allow it",
  unknown: "the connection ended before the server said whether it took it",
} as const;

/** stdin to the peer, the peer to stdout, until the peer's end. */
async function carry(socket: TlsSocket): Promise<void> {
  process.stdin.pipe(socket);
  await toStdout(socket);
}

/** One GET; the response as it comes. */
async function get(socket: TlsSocket, path: string, host: string): Promise<void> {
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: tlskit\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
  );
  await toStdout(socket);
}

async function toStdout(socket: TlsSocket): Promise<void> {
  // Whoever reads our output may have had enough.
  process.stdout.on("error", () => socket.destroy());
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    if (!process.stdout.write(chunk) && process.stdout.writable) {
      await new Promise<void>((resume) => {
        process.stdout.once("drain", resume);
        process.stdout.once("close", resume);
      });
    }
  }
  // The peer is done; so are we, and it is told.
  await new Promise<void>((done, failed) => {
    socket.once("error", failed);
    socket.end(() => done());
  });
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
