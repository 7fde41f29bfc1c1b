import type { OpenPeers, Peers, PemIdentity, TransportFactory } from "@tlskit/testing";

/** Whom connections are to where nothing depends on it. */
export interface Identified {
  readonly identity: PemIdentity;
  readonly authorities: string;
}

/** Connections for the suite that is about data, between peers for the one that is about handshakes. */
export function transportOf(open: OpenPeers, { identity, authorities }: Identified): TransportFactory {
  const opened = new Map<string, Promise<Peers>>();
  return async ({ alpnProtocols }) => {
    const names = alpnProtocols.join();
    const known =
      opened.get(names) ??
      open({
        client: { host: "localhost", authorities, alpnProtocols },
        server: { identity, alpnProtocols },
      });
    opened.set(names, known);
    const { client, server, cut } = (await known).connect();
    const ends = await Promise.all([client, server]);
    return { client: ends[0], server: ends[1], cut };
  };
}
