import { createWebProvider } from "@tlskit/crypto-web";
import { maxUnreadWithoutCredits } from "@tlskit/web";
import { callerError, TlsError } from "@tlskit/wire";
import { behaviour } from "../../peers/behaviour.ts";
import { webPeers } from "../../peers/web.ts";
import { type JoiningRelay, relayedPair } from "../../peers/web-socket.ts";
import type { Cases } from "../../suite.ts";

export const cases: Cases<JoiningRelay> = async (relay) => {
  const open = (url: string): WebSocket => new WebSocket(url);
  const peers = webPeers(await createWebProvider(crypto.subtle), (wire) => relayedPair(relay, open, wire));
  return [
    ...behaviour(peers, {
      "back-pressure": "a WebSocket has none: what waits unread has a limit, beyond which the connection ends",
    }),
    {
      name: "who sends more than the limit while nobody reads ends the connection",
      run: async () => {
        const { client, server } = await relayedPair(relay, open, undefined);
        await expectCutOff(client.writable, server.readable);
      },
    },
  ];
};

/** Writes until that fails, and then reads: what came has to be followed by the reason, and not by an end. */
async function expectCutOff(writable: WritableStream<Uint8Array>, readable: ReadableStream<Uint8Array>): Promise<void> {
  const piece = new Uint8Array(256 * 1024);
  const writer = writable.getWriter();
  writer.closed.catch(() => undefined);
  let written = 0;
  try {
    for (; written < 8 * maxUnreadWithoutCredits; written += piece.length) await writer.write(piece);
    throw callerError("no_limit", `${written} bytes were taken that nobody has read`);
  } catch (error) {
    if (!(error instanceof TlsError) || error.code === "no_limit") throw error;
  }
  const reader = readable.getReader();
  const reading = (async () => {
    while (!(await reader.read()).done);
  })();
  const code = await reading.then(
    () => "an end",
    (error: unknown) => (error instanceof TlsError ? error.code : String(error)),
  );
  if (code !== "too_much_unread") throw callerError("wrong_end", `what came was followed by ${code}`);
}
