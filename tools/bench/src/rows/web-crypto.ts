import { TLS_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { ClientContext, ServerContext, TlsClient, TlsServer, TrustAnchors } from "@tlskit/tls";
import { makeCertificates } from "../pki.ts";
import { type NamedProvider, preparedWith } from "../providers.ts";
import { random } from "../random.ts";
import type { Comparison, Contender, Effort, Measure, Row } from "../row.ts";
import { perSecond, processTime } from "../stopwatch.ts";

/** Bytes that are sent at once. */
const batch = 1_000_000;

/** Makes an established connection, however late the provider answers. */
type ConnectLater = () => Promise<{
  /** Sends as much, and waits until it has come. */
  send(bytes: Uint8Array): Promise<void>;
}>;

function laterPairs(provider: CryptoProvider): ConnectLater {
  const { ca, leaf, key } = makeCertificates();
  const common = { provider, random, clock: Date.now, cipherSuites: [TLS_AES_128_GCM_SHA256], namedGroups: [x25519] };
  const clientContext = new ClientContext({ ...common, anchors: TrustAnchors.of([ca]) });
  const serverContext = new ServerContext({ ...common, certificates: [{ chain: [leaf], key }] });
  return async () => {
    let [left, arrived] = [0, (): void => undefined];
    const wired = new Promise<TlsClient>((resolve, reject) => {
      let established = 0;
      const end = {
        established: (): void => {
          established += 1;
          if (established === 2) resolve(client);
        },
        closed: reject,
      };
      const client: TlsClient = new TlsClient(
        clientContext,
        { host: "localhost" },
        { ...end, ciphertext: (bytes) => server.receive(bytes), plaintext: () => undefined },
      );
      const server: TlsServer = new TlsServer(serverContext, {
        ...end,
        ciphertext: (bytes) => client.receive(bytes),
        plaintext: ({ length }) => {
          left -= length;
          if (left === 0) arrived();
        },
      });
      server.start();
      client.start();
    });
    const client = await wired;
    return {
      send: async (bytes) => {
        left = bytes.length;
        const come = new Promise<void>((resolve) => {
          arrived = resolve;
        });
        client.send(bytes);
        await come;
      },
    };
  };
}

const compared: readonly [NamedProvider, ...NamedProvider[]] = [
  { name: "noble", make: async () => (await import("@tlskit/crypto-noble")).nobleProvider },
  { name: "WebCrypto", make: async () => (await import("@tlskit/crypto-web")).createWebProvider(crypto.subtle) },
  { name: "node", make: async () => (await import("@tlskit/crypto-node")).nodeProvider },
];

/** With WebCrypto other threads do a part of the work, and theirs counts as well. */
function comparison(
  what: string,
  unit: "1/s" | "MB/s",
  measure: (connect: ConnectLater, effort: Effort) => Measure | Promise<Measure>,
): Comparison {
  const contender = (provider: NamedProvider): Contender => ({
    name: provider.name,
    prepare: preparedWith(provider, (made, effort) => measure(laterPairs(made), effort)),
  });
  const [first, ...others] = compared;
  return {
    what: `${what}, by provider`,
    unit,
    warmUps: 4,
    contenders: [contender(first), ...others.map(contender)],
  };
}

export const webCrypto: Row = {
  about:
    "Connections in memory, both ends of them, by Node's WebCrypto beside noble and `node:crypto`: by the time that all threads of the process work.",
  comparisons: [
    comparison("full handshakes", "1/s", (connect, { milliseconds }) => async () => {
      return await perSecond(connect, milliseconds, processTime);
    }),
    comparison("bulk one way with AES-128-GCM", "MB/s", async (connect, { milliseconds }) => {
      const { send } = await connect();
      const bytes = new Uint8Array(batch).fill(3);
      return async () => ((await perSecond(() => send(bytes), milliseconds, processTime)) * batch) / 1e6;
    }),
  ],
};
