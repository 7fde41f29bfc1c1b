import { KeySharesAhead } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { VerifiedSignatures } from "@tlskit/x509";
import { memoryPairs } from "../memory-pair.ts";
import { makeCertificates } from "../pki.ts";
import { random } from "../random.ts";
import type { Contender, Row } from "../row.ts";
import { ownTime } from "../stopwatch.ts";

/** Handshakes between two idle times. */
const burst = 32;

interface Options {
  readonly verifiedSignatures?: boolean;
  readonly sharesAhead?: boolean;
}

/** Handshakes in memory, in bursts; what is done between bursts isn't counted, since it is idle time. */
function contender(name: string, { verifiedSignatures, sharesAhead }: Options): Contender {
  return {
    name,
    async prepare({ milliseconds }) {
      const idle: (() => void)[] = [];
      const rest = (): void => {
        for (let work = idle.shift(); work !== undefined; work = idle.shift()) work();
      };
      const ahead = new KeySharesAhead({
        provider: nodeProvider,
        random,
        keyExchanges: ["X25519"],
        // one of each side
        count: 2 * burst,
        whenIdle: (work) => idle.push(work),
      });
      const connect = memoryPairs(sharesAhead === true ? ahead.provider : nodeProvider, makeCertificates(), {
        verifiedSignatures: verifiedSignatures === true ? new VerifiedSignatures() : undefined,
      });
      return async () => {
        let elapsed = 0;
        let times = 0;
        while (elapsed < milliseconds) {
          if (sharesAhead === true) rest();
          const start = ownTime();
          for (let i = 0; i < burst; i += 1) connect();
          elapsed += ownTime() - start;
          times += burst;
        }
        return elapsed / times;
      };
    },
  };
}

export const handshakeOptions: Row = {
  about: "A full handshake in memory, both ends together, and what the options spare that are off unless told.",
  comparisons: [
    {
      what: "a full handshake in memory, node",
      unit: "ms",
      processes: "one",
      contenders: [
        contender("as ever", {}),
        contender("signatures verified before", { verifiedSignatures: true }),
        contender("key shares made ahead", { sharesAhead: true }),
        contender("both", { verifiedSignatures: true, sharesAhead: true }),
      ],
    },
  ],
};
