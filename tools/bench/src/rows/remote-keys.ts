import { fork } from "node:child_process";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { SigningKey } from "@tlskit/crypto";
import { KeyClient } from "@tlskit/keyless-node";
import { connect, createClientContext, createServer } from "@tlskit/node";
import { TrustAnchors } from "@tlskit/x509";
import { whenMeasured } from "../closing.ts";
import type { KeyServerTask } from "../key-server-process.ts";
import { listen } from "../listen.ts";
import { type BenchCertificates, certifiedClient, makeCertificates, textsOf } from "../pki.ts";
import type { Comparison, Contender, Row } from "../row.ts";
import { type Clock, ownTime, perSecond, wallTime } from "../stopwatch.ts";
import { discard } from "../traffic.ts";

type KeyFor = (web: BenchCertificates) => Promise<SigningKey>;

const here: KeyFor = async ({ key }) => key;

/** Of a key server in another process, by mutual TLS over loopback. */
const elsewhere: KeyFor = async (web) => {
  const inside = makeCertificates();
  const name = "frontend.internal";
  const child = fork(fileURLToPath(new URL("../key-server-process.ts", import.meta.url)), {
    stdio: ["ignore", 2, 2, "ipc"],
  });
  child.send({ ...textsOf(inside), client: name, served: textsOf(web).key } satisfies KeyServerTask);
  const [port] = await once(child, "message");
  whenMeasured(() => child.disconnect());
  const client = new KeyClient({
    ...certifiedClient(inside, name),
    ca: TrustAnchors.of([inside.ca]),
    servers: [{ host: "127.0.0.1", port, servername: "localhost" }],
  });
  whenMeasured(() => client.close());
  return await client.signer("www");
};

function contender(name: string, keyFor: KeyFor, atATime: number, clock: Clock): Contender {
  return {
    name,
    async prepare({ milliseconds }) {
      const web = makeCertificates();
      const certificates = [{ chain: [web.leaf], key: await keyFor(web) }];
      const server = await listen(createServer({ certificates, tickets: false }, (socket) => discard(socket)));
      const context = createClientContext({ ca: TrustAnchors.of([web.ca]) });
      const handshake = async (): Promise<void> => {
        const socket: Duplex = connect({ host: "127.0.0.1", port: server.port, servername: "localhost", context });
        await once(socket, "secureConnect");
        socket.destroy();
        await once(socket, "close");
      };
      const some = async (): Promise<void> => {
        await Promise.all(Array.from({ length: atATime }, handshake));
      };
      return async () => (await perSecond(some, milliseconds, clock)) * atATime;
    },
  };
}

function comparison(what: string, atATime: number, clock: Clock): Comparison {
  const [own, remote] = [
    contender("its own key", here, atATime, clock),
    contender("a key server's", elsewhere, atATime, clock),
  ];
  return { what, unit: "1/s", warmUps: 8, contenders: [own, remote] };
}

export const remoteKeys: Row = {
  about:
    "Full handshakes over loopback with a server's key (P-256) in its own process, and at a key server in another.",
  comparisons: [
    comparison("one after the other, by the time that the server's process works", 1, ownTime),
    comparison("one after the other", 1, wallTime),
    comparison("32 at a time", 32, wallTime),
  ],
};
