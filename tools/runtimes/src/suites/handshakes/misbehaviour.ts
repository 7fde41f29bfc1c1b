import { secp256r1, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  clientDeviations,
  type Deviation,
  type ScriptedPeer,
  scriptedClient,
  scriptedServer,
  scriptedTls12Client,
  scriptedTls12Server,
  serverDeviations,
  throwawayPki,
  tls12ClientDeviations,
  tls12ServerDeviations,
} from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  type ClientOptions,
  type ConnectionHandlers,
  checkRevocation,
  notChecked,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsServer,
  tls12,
} from "@tlskit/tls";
import type { Case } from "../../suite.ts";
import { Direction, End } from "./wired.ts";

const host = "server.example";
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
/** Those in which what is wrong comes to light by cryptography: the others are no different in any runtime. */
const isCryptographic = ({ name }: { readonly name: string }): boolean =>
  /key_share|_share_|_point_|certificate_verify|certificate_wrong|signature|finished_|protected_record|shorter_than_its_tag/.test(
    name,
  );

/** Where a scripted peer sends. */
interface ToUs {
  readonly ciphertext: (bytes: Uint8Array) => void;
  readonly ended: () => void;
}

/** Peers that get one thing wrong, by noble, and our end by another provider. */
export function misbehaviour(provider: CryptoProvider): readonly Case[] {
  const pki = throwawayPki(nobleProvider, random, host, Date.now());
  const alpnProtocols = ["h2", "http/1.1"];
  const common = { provider, random, clock: Date.now };
  const peers = { provider: nobleProvider, random };

  const ourClient = ({ needs }: Pick<Deviation<unknown>, "needs">, options: Partial<ClientOptions> = {}) => {
    const context = new ClientContext({
      ...common,
      anchors: pki.anchors,
      alpnProtocols: needs?.noAlpn === true ? [] : alpnProtocols,
      keyShareGroups: needs?.keyShare && [needs.keyShare],
      revocation:
        needs?.noStatusRequest === true
          ? notChecked
          : checkRevocation({ mode: "when_available", certificates: "chain" }),
      ...options,
    });
    return (handlers: ConnectionHandlers<ClientInfo>) => new TlsClient(context, { host }, handlers);
  };
  const ourServer = (options: Partial<ServerOptions> = {}) => {
    const context = new ServerContext({
      ...common,
      certificates: pki.certificates.slice(0, 1),
      alpnProtocols,
      ...options,
    });
    return (handlers: ConnectionHandlers<ServerInfo>) => new TlsServer(context, handlers);
  };
  const cipherSuite = TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
  return [
    ...serverDeviations
      .filter(isCryptographic)
      .map((deviation) =>
        caseOf("a server", deviation, ourClient(deviation), (toUs) =>
          scriptedServer({ ...peers, ...toUs, pki, deviation }),
        ),
      ),
    ...clientDeviations
      .filter(isCryptographic)
      .map((deviation) =>
        caseOf("a client", deviation, ourServer(), (toUs) =>
          scriptedClient({ ...peers, ...toUs, host, alpnProtocols, deviation }),
        ),
      ),
    ...tls12ServerDeviations
      .filter(isCryptographic)
      .map((deviation) =>
        caseOf(
          "a server of TLS 1.2",
          deviation,
          ourClient(deviation, { versions: [tls12], namedGroups: [x25519, secp256r1] }),
          (toUs) => scriptedTls12Server({ ...peers, ...toUs, pki, cipherSuite, deviation }),
        ),
      ),
    ...tls12ClientDeviations
      .filter(isCryptographic)
      .map((deviation) =>
        caseOf("a client of TLS 1.2", deviation, ourServer({ versions: [tls12] }), (toUs) =>
          scriptedTls12Client({ ...peers, ...toUs, host, cipherSuites: [cipherSuite], alpnProtocols, deviation }),
        ),
      ),
  ];
}

function caseOf<Info>(
  who: string,
  deviation: Omit<Deviation<unknown>, "apply">,
  ours: (handlers: ConnectionHandlers<Info>) => TlsClient | TlsServer,
  theirs: (toUs: ToUs) => ScriptedPeer,
): Case {
  const { name, expected, phase } = deviation;
  return {
    name: `${who} that misbehaves: ${name}`,
    run: async () => {
      const [toUs, toPeer] = [new Direction(), new Direction()];
      const end = new End<Info>(toPeer.send, toPeer.end, () => connection.close());
      const connection = ours(end.handlers);
      const peer = theirs({ ciphertext: toUs.send, ended: toUs.end });
      toUs.leadTo(connection);
      toPeer.leadTo(peer);
      if (connection instanceof TlsServer) connection.start();
      peer.start();
      if (connection instanceof TlsClient) connection.start();
      const error = await end.closed;
      if (peer.failure !== undefined) throw new Error(`the script itself: ${String(peer.failure)}`);
      const wanted = expected === "accepted" ? undefined : expected.code;
      if (error?.code !== wanted) throw new Error(`expected ${wanted ?? "an orderly end"}, got ${error?.code}`);
      if (expected === "accepted") return;
      if (end.received.length > 0) throw new Error("data came");
      if (end.isEstablished === (phase === "handshake")) throw new Error("it was established, or wasn't");
      if (expected.alert === undefined || deviation.alertUnreadable === true) return;
      if (peer.alert !== expected.alert) throw new Error(`expected the alert ${expected.alert}, got ${peer.alert}`);
    },
  };
}
