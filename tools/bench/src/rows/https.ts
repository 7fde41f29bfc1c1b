import { setTimeout } from "node:timers/promises";
import { implementations } from "../implementations.ts";
import { startPeer } from "../peer.ts";
import { answerEnd } from "../peer-process.ts";
import type { Row } from "../row.ts";
import { ownTime } from "../stopwatch.ts";

export const https: Row = {
  about: "Requests to a server of Node's own http, on eight connections that are kept.",
  comparisons: [
    {
      what: "answered by one process, asked by node:tls in another",
      unit: "1/s",
      contenders: implementations({ openssl: { atLeast: 0.95 } }, async (implementation, { milliseconds }, { ca }) => {
        let answered = 0;
        const body = `hello${answerEnd}`;
        const { port } = await implementation.serveHttps((_request, response) => {
          answered += 1;
          response.setHeader("Content-Length", body.length);
          response.end(body);
        });
        startPeer("ask", { port, ca });
        while (answered === 0) await setTimeout(1);
        return async () => {
          const [start, before] = [ownTime(), answered];
          await setTimeout(milliseconds);
          return ((answered - before) * 1000) / (ownTime() - start);
        };
      }),
    },
  ],
};
