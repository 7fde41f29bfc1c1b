import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { createWebProvider } from "@tlskit/crypto-web";
import {
  clientDeviations,
  type Deviation,
  type ScriptedPeer,
  scriptedClient,
  scriptedData,
  scriptedServer,
  seededRandom,
  serverDeviations,
} from "@tlskit/testing";
import { alertName, TlsError } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { checkRevocation } from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { accept, type ByteStream, connect, type ServerTlsSocket, type TlsSocket } from "../src/index.ts";
import { wire } from "./helpers/wire.ts";
import { clientContext, host, pki, serverContext } from "./helpers/world.ts";

const alpnProtocols = ["h2", "http/1.1"];

/** Wires a scripted peer to a stream: what it says goes there, and what comes goes to it. */
function wired(
  stream: ByteStream,
  peer: (ciphertext: (bytes: Uint8Array) => void, ended: () => void) => ScriptedPeer,
): ScriptedPeer {
  const writer = stream.writable.getWriter();
  const ignored = (promise: Promise<void>): void => void promise.catch(() => {});
  const made = peer(
    (bytes) => ignored(writer.write(bytes.slice())),
    () => ignored(writer.close()),
  );
  void (async () => {
    for await (const bytes of stream.readable) made.receive(bytes);
    made.receiveEnd();
  })().catch(() => made.receiveEnd());
  made.start();
  return made;
}

/** Reads all that a socket gives, closes its own side at an orderly end, and tells how it went. */
async function course(socket: TlsSocket<never> | ServerTlsSocket | ReturnType<typeof connect>) {
  const chunks: Uint8Array[] = [];
  let readingFailed = false;
  try {
    for await (const bytes of socket.readable) chunks.push(bytes);
    await socket.writable.close();
  } catch {
    readingFailed = true;
  }
  const error = await socket.closed.catch((failed: unknown) => failed);
  return { data: concat(...chunks), error, readingFailed };
}

/** Holds a socket to what the deviation says has to come of it. */
async function check(
  { expected, alertUnreadable, phase }: Omit<Deviation<unknown>, "apply">,
  socket: ServerTlsSocket | ReturnType<typeof connect>,
  peer: ScriptedPeer,
): Promise<void> {
  const { data, error, readingFailed } = await course(socket);
  expect(peer.failure, "the script itself").toBeUndefined();
  if (expected === "accepted") {
    expect(error).toBeUndefined();
    expect(data).toEqual(scriptedData);
    expect(peer.closeNotify).toBe(true);
    return;
  }
  if (!(error instanceof TlsError)) throw new TypeError("it has to fail");
  expect(readingFailed, "readable fails too").toBe(true);
  expect(data, "no data after a failure").toHaveLength(0);
  expect(socket.info === undefined, "opened").toBe(phase === "handshake");
  expect(error.code).toBe(expected.code);
  if (expected.alert === undefined) expect(peer.alert).toBeUndefined();
  else if (alertUnreadable !== true) expect(alertName(peer.alert ?? 255)).toBe(alertName(expected.alert));
}

const scripted = { provider: nodeProvider, random: seededRandom(4) };

// RFC 9846 §6.2#named-alert
describe("peers that misbehave", async () => {
  // It answers late, so that more comes in between; what it lacks, noble has.
  const provider = await createWebProvider(crypto.subtle, nobleProvider);

  test.each(serverDeviations)("a server: $name ($section)", async (deviation) => {
    const { client, server } = wire();
    const context = await clientContext({
      provider,
      random: seededRandom(3),
      alpnProtocols: deviation.needs?.noAlpn === true ? [] : alpnProtocols,
      keyShareGroups: deviation.needs?.keyShare && [deviation.needs.keyShare],
      revocation:
        deviation.needs?.noStatusRequest === true
          ? undefined
          : checkRevocation({ mode: "when_available", certificates: "chain" }),
    });
    const peer = wired(server, (ciphertext, ended) =>
      scriptedServer({ ...scripted, ciphertext, ended, pki, deviation }),
    );
    await check(deviation, connect(client, context, { host }), peer);
  });

  test.each(clientDeviations)("a client: $name ($section)", async (deviation) => {
    const { client, server } = wire();
    const context = await serverContext({ provider, random: seededRandom(3), alpnProtocols });
    const socket = accept(server, context);
    const peer = wired(client, (ciphertext, ended) =>
      scriptedClient({ ...scripted, ciphertext, ended, host, alpnProtocols, deviation }),
    );
    await check(deviation, socket, peer);
  });
});
