import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { clientIdentity, type Identity, identity } from "@tlskit/interop/certificates";
import { OpensslServer, openssl, opensslClient } from "@tlskit/interop/openssl";
import type { Program } from "@tlskit/interop/program";
import { identityFiles, scratchFile, scratchPath } from "@tlskit/interop/scratch";
import { Relay } from "@tlskit/relay";
import type { PemIdentity } from "@tlskit/testing";
import type { Prepared } from "../../hosted-suite.ts";
import type { RunningRuntime } from "../../runtimes/runtime.ts";
import { type ClientOrder, type ClientOutcome, earlyAnswer, type Given, type KeyType } from "./given.ts";

/** What keeps the suites from being run on this machine. */
export const noOpenssl: string | undefined =
  openssl === undefined ? "the command openssl, 3.0 or later, is not on this machine" : undefined;

const clientOf = (keyType: KeyType): Identity => clientIdentity("alice", keyType);

export async function prepare({ origin }: RunningRuntime): Promise<Prepared> {
  const start = (keyType: KeyType, ...args: readonly string[]): Promise<OpensslServer> =>
    OpensslServer.start(identity(keyType), ...args);
  const asking = ["-Verify", "3", "-verify_return_error", "-CAfile", identityFiles(clientOf("P-256")).root];
  const servers: Readonly<Record<keyof Given["ports"], OpensslServer>> = {
    "P-256": await start("P-256", "-rev"),
    "P-384": await start("P-384", "-rev"),
    RSA: await start("RSA", "-rev"),
    Ed25519: await start("Ed25519", "-rev"),
    early: await start("P-256", "-early_data"),
    asking: await start("P-256", "-rev", ...asking),
    retry: await start("P-256", "-rev", "-groups", "P-384"),
  };
  const all = Object.values(servers);
  answerEarlyData(servers.early);
  const control = await startControl();
  const relay = origin === undefined ? undefined : await startRelay(origin, all);
  const given: Given = {
    authority: identity("P-256").rootPem,
    servers: byKeyType((keyType) => identity(keyType)),
    clientAuthority: clientOf("P-256").rootPem,
    clients: byKeyType(clientOf),
    ports: {
      "P-256": servers["P-256"].port,
      "P-384": servers["P-384"].port,
      RSA: servers.RSA.port,
      Ed25519: servers.Ed25519.port,
      early: servers.early.port,
      asking: servers.asking.port,
      retry: servers.retry.port,
    },
    control: `http://127.0.0.1:${(control.address() as AddressInfo).port}/`, // it listens on a port, so it has one
    relay: relay?.url,
  };
  return {
    given,
    stop: async () => {
      control.close();
      await relay?.close();
      for (const { program } of all) await program.stop();
    },
  };
}

function byKeyType(identityOf: (keyType: KeyType) => Identity): Readonly<Record<KeyType, PemIdentity>> {
  const pem = (keyType: KeyType): PemIdentity => {
    const { chainPem, keyPem } = identityOf(keyType);
    return { certificates: chainPem, key: keyPem };
  };
  return { "P-256": pem("P-256"), "P-384": pem("P-384"), RSA: pem("RSA"), Ed25519: pem("Ed25519") };
}

/** What leads pages of a site to servers. */
async function startRelay(
  origin: string,
  servers: readonly OpensslServer[],
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const relay = new Relay({ targets: servers.map(({ port }) => `127.0.0.1:${port}`), origins: [origin] });
  const { port } = await relay.listen(0, "127.0.0.1");
  return { url: `ws://127.0.0.1:${port}`, close: () => relay.close() };
}

/** Answers each connection's early data, as long as the server runs. */
async function answerEarlyData({ program }: OpensslServer): Promise<void> {
  const longest = 600_000;
  try {
    for (let from = 0; ; ) {
      from = await program.waitFor(
        "early data",
        (lines) => {
          const at = lines.findIndex((line, index) => index >= from && line.startsWith("Early data received"));
          return at < 0 ? undefined : at + 1;
        },
        longest,
      );
      program.write(`${earlyAnswer}\n`);
    }
  } catch {
    // The server was stopped.
  }
}

/** Runs `openssl s_client` for whoever asks. */
async function startControl(): Promise<Server> {
  const sessions = new Map<string, string>();
  const server = createServer((request, response) => {
    runClient(request, sessions).then(
      (outcome) => response.end(JSON.stringify(outcome)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function runClient(request: IncomingMessage, sessions: Map<string, string>): Promise<ClientOutcome> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  // The cases' other half sends nothing else.
  const order = JSON.parse(Buffer.concat(chunks).toString()) as ClientOrder;
  const { session } = order;
  const known = session === undefined ? undefined : sessions.get(session);
  const next = session === undefined ? undefined : scratchPath("session.pem");
  if (session !== undefined && next !== undefined) sessions.set(session, next);
  const end = opensslClient(order.port, identity("P-256"), ...argumentsOf(order, known, next));
  const line = "hello from openssl";
  end.send(`${line}\n`);
  let answered = false;
  try {
    await end.waitForLine(new RegExp([...line].toReversed().join("")));
    // RFC 9846 §4.7.1: tickets may come behind data, and in a session that was resumed they needn't come.
    if (next !== undefined && known === undefined) await written(next, end.program);
    end.end();
    answered = (await end.program.ended()) === 0;
  } catch {
    await end.program.stop();
  }
  const { output } = end;
  const early = /^Early data was (accepted|rejected)/m.exec(output)?.[1];
  return {
    answered,
    resumed: /^Reused, /m.test(output),
    early: early === "accepted" || early === "rejected" ? early : undefined,
    output,
  };
}

/** Waits until a program has written a file, or has ended: `s_client` prints that it has a ticket when it ends, not before. */
async function written(file: string, program: Program): Promise<void> {
  while (!existsSync(file) && !program.over) await setTimeout(5);
}

/**
 * @param known a file with a session.
 * @param next a file that is to get one.
 */
function argumentsOf(
  { version, client, postHandshakeAuth, early }: ClientOrder,
  known: string | undefined,
  next: string | undefined,
): readonly string[] {
  const args = [version === "TLS 1.3" ? "-tls1_3" : "-tls1_2"];
  if (client !== undefined) {
    const { chain, key } = identityFiles(clientOf(client));
    args.push("-cert", chain, "-key", key);
  }
  if (postHandshakeAuth === true) args.push("-enable_pha");
  if (known !== undefined) args.push("-sess_in", known);
  if (next !== undefined) args.push("-sess_out", next);
  if (early !== undefined) args.push("-early_data", scratchFile("early", early));
  return args;
}
