import { nobleProvider } from "@tlskit/crypto-noble";
import type { Attempt, OpenPeers, PeersVersion, PeersWishes } from "@tlskit/testing";
import { describe, expect, test } from "vitest";
import { behaviour } from "../src/peers/behaviour.ts";
import { memoryPair } from "../src/peers/memory.ts";
import { webPeers } from "../src/peers/web.ts";

const right = webPeers(nobleProvider, memoryPair);

/** A transport that takes some wishes for others. */
function wrong(
  change: (wishes: PeersWishes) => PeersWishes,
  attempted = (attempt: Attempt): Attempt => attempt,
): OpenPeers {
  return async (wishes) => {
    const peers = await right(change(wishes));
    return { ...peers, connect: (attempt = {}) => peers.connect(attempted(attempt)) };
  };
}

/** Some of the server's wishes, or the client's, are others. */
const server = (changes: Partial<PeersWishes["server"]>) =>
  wrong((all) => ({ ...all, server: { ...all.server, ...changes } }));
const client = (changes: Partial<PeersWishes["client"]>) =>
  wrong((all) => ({ ...all, client: { ...all.client, ...changes } }));
const serverWithout = (...names: readonly (keyof Omit<PeersWishes["server"], "identity">)[]) =>
  wrong((all) => ({ ...all, server: without(all.server, names) }));
const clientWithout = (...names: readonly (keyof Omit<PeersWishes["client"], "host" | "authorities">)[]) =>
  wrong((all) => ({ ...all, client: without(all.client, names) }));
const both = (changes: { readonly version: PeersVersion }) =>
  wrong((all) => ({ client: { ...all.client, ...changes }, server: { ...all.server, ...changes } }));

/** What is left out may be: the names are those of options. */
function without<Wishes extends object>(wishes: Wishes, names: readonly (keyof Wishes)[]): Wishes {
  const left = { ...wishes };
  for (const name of names) delete left[name];
  return left;
}

describe("the behavioural suite fails", () => {
  test.each<[string, string, OpenPeers]>([
    [
      "whoever asks for one host alone",
      "a client that asks for another host refuses the server",
      client({ host: "localhost" }),
    ],
    [
      "whoever trusts what the server shows",
      "a client that trusts another authority refuses the server",
      wrong(({ client, server }) => ({ server, client: { ...client, authorities: server.identity.certificates } })),
    ],
    [
      "whoever asks no client",
      "a client without the certificate that is required is refused",
      serverWithout("clients"),
    ],
    ["whoever shows no certificate", "a client shows the certificate that is required", clientWithout("identity")],
    [
      "whoever resumes nothing",
      "a session is resumed, and who the server is stays known",
      wrong(
        (all) => all,
        () => ({}),
      ),
    ],
    [
      "whoever has no application protocols",
      "an application protocol that both have is agreed upon",
      serverWithout("alpnProtocols"),
    ],
    [
      "whoever agrees to any",
      "a server without any of the client's application protocols refuses it",
      serverWithout("alpnProtocols"),
    ],
    [
      "whoever takes no early data",
      "early data comes apart from all other data, and what becomes of it is known",
      serverWithout("earlyData"),
    ],
    [
      "whoever takes all of it",
      "early data that is declined comes to nobody, and the connection goes on",
      server({ earlyData: "taken" }),
    ],
    [
      "whoever has TLS 1.2 alone",
      "both ends know what was negotiated, and the server's certificate",
      both({ version: "TLS 1.2" }),
    ],
    [
      "whoever's wire alters nothing",
      "what was altered on its way is refused",
      wrong(
        (all) => all,
        ({ wire: _, ...rest }) => rest,
      ),
    ],
  ])("%s", async (_, name, open) => {
    const found = behaviour(open).find((one) => one.name === `TLS 1.3: ${name}`);
    expect(found).toBeDefined();
    await expect(found?.run()).rejects.toThrow();
  });
});
