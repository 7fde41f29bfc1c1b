import { setTimeout } from "node:timers/promises";
import { nodeProvider, threadPoolProvider } from "@tlskit/crypto-node";
import { certificatesToPem, createCertificateSync, generatePrivateKeySync, privateKeyToPem } from "@tlskit/x509";
import type { Implementation } from "../implementation.ts";
import { nodeTls } from "../node-tls.ts";
import type { BenchPki } from "../pki.ts";
import { random } from "../random.ts";
import type { Comparison, Contender, Row } from "../row.ts";
import { startStorm } from "../storm.ts";
import { tlskit } from "../tlskit.ts";
import { discard } from "../traffic.ts";

/** A P-256 CA, and a leaf with an RSA key of 4096 bits, which takes a millisecond or more to sign with. */
function slowPki(): BenchPki {
  const provider = nodeProvider;
  const caKey = generatePrivateKeySync({ provider, random });
  const key = generatePrivateKeySync({ provider, random, type: "RSA", modulusBits: 4096 });
  const shared = { provider, random, signer: caKey, validity: { from: new Date(Date.now() - 60_000), days: 1 } };
  const ca = createCertificateSync({ ...shared, publicKey: caKey, subject: { commonName: "Bench CA" }, ca: {} });
  const leaf = createCertificateSync({ ...shared, publicKey: key, issuer: ca, dnsNames: ["localhost"] });
  return { ca: certificatesToPem(ca), cert: certificatesToPem(leaf), key: privateKeyToPem(key) };
}

/** What becomes of a server while clients in another process connect to it again and again. */
interface Weather {
  /** Milliseconds by which the timers of a turn were late, 99 of 100 at most. */
  readonly delay: number;
  /** Handshakes done, in a second. */
  readonly handshakes: number;
}

function inStorm(
  name: string,
  implementation: (pki: BenchPki) => Implementation,
  figure: (weather: Weather) => number,
): Contender {
  return {
    name,
    async prepare({ milliseconds }) {
      const pki = slowPki();
      let done = 0;
      const { port } = await implementation(pki).serve((socket) => {
        done += 1;
        discard(socket);
        socket.destroy();
      });
      startStorm({ port, ca: pki.ca });
      while (done === 0) await setTimeout(1);
      return async () => {
        const before = done;
        const start = performance.now();
        const delays: number[] = [];
        for (let now = start; now - start < 4 * milliseconds; now = performance.now()) {
          await setTimeout(1);
          delays.push(performance.now() - now - 1);
        }
        const seconds = (performance.now() - start) / 1000;
        return figure({ delay: percentile99(delays), handshakes: (done - before) / seconds });
      };
    },
  };
}

function percentile99(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.ceil(samples.length * 0.99) - 1] ?? Number.NaN;
}

function comparison(what: string, unit: "ms" | "1/s", figure: (weather: Weather) => number): Comparison {
  return {
    what,
    unit,
    contenders: [
      inStorm("node:tls", nodeTls, figure),
      inStorm("node", (pki) => tlskit(pki, nodeProvider), figure),
      inStorm("node, thread pool", (pki) => tlskit(pki, threadPoolProvider), figure),
    ],
  };
}

export const eventLoop: Row = {
  about:
    "A server with an RSA key of 4096 bits in a storm: 16 clients in another process connect again and again. node:tls signs on the main thread.",
  comparisons: [
    comparison("delay of a timer, 99th percentile", "ms", ({ delay }) => delay),
    comparison("handshakes meanwhile", "1/s", ({ handshakes }) => handshakes),
  ],
};
