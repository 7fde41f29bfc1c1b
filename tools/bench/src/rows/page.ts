import { benchPages, type InPage } from "../page/bench-page.ts";
import type { Way } from "../page/in-page.ts";
import type { Contender, Row } from "../row.ts";

const twoMegabytes = 2_000_000;

/** @param warm how many connections a page has made before one that counts; each turn has a new page if it is none. */
function contender(name: Way, what: Parameters<InPage>[0], warm: number): Contender {
  return {
    name,
    async prepare({ amount }) {
      const load = await benchPages(twoMegabytes);
      if (typeof load !== "function") return load;
      if (warm === 0) return async () => (await load())(what, name);
      const measure = await load();
      for (let i = amount(warm); i > 0; i -= 1) await measure(what, name);
      return () => measure(what, name);
    },
  };
}

const connecting = (warm: number) =>
  [
    contender("the WebSocket alone", "connecting", warm),
    contender("crypto-web", "connecting", warm),
    contender("noble", "connecting", warm),
  ] as const;

export const page: Row = {
  about:
    "A page in Chromium without a window, by its own clock: TLS to an HTTPS server of Node's, through a relay, all on one machine.",
  comparisons: [
    {
      what: "connecting, a page's first time: provider, context, WebSocket, handshake and verification",
      unit: "ms",
      withoutRatios: true,
      contenders: [...connecting(0)],
    },
    {
      what: "connecting again, behind ten times",
      unit: "ms",
      withoutRatios: true,
      contenders: [...connecting(10)],
    },
    {
      what: "2 MB by HTTP, over a new connection, behind three times",
      unit: "ms",
      withoutRatios: true,
      contenders: [
        contender("the browser", "downloading", 3),
        contender("crypto-web", "downloading", 3),
        contender("noble", "downloading", 3),
      ],
    },
  ],
};
