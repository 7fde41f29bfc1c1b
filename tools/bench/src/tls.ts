import { TLS_AES_128_GCM_SHA256 as suite } from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { handshakesPerSecond, megabytesPerSecond } from "./loopback.ts";
import { nodeTls } from "./node-tls.ts";
import { makePki } from "./pki.ts";
import { measureRecordLayer } from "./record-layer.ts";
import { show } from "./show.ts";
import { inTurns } from "./stopwatch.ts";
import { tlskit } from "./tlskit.ts";

const rounds = 5;

/** Our handshakes and bytes beside those of Node's own tls, and the record layer beside the bare AEAD. */
export async function benchTls(): Promise<void> {
  const pki = await makePki();
  const theirs = nodeTls(pki, suite.name);
  const ours = tlskit(pki, nodeProvider, suite);
  const portable = tlskit(pki, nobleProvider, suite);
  console.log(
    `\n${suite.name}, X25519, a P-256 leaf under a P-256 CA; both ends in one process; medians of ${rounds} turns`,
  );

  console.log("\nFull handshakes over loopback, one after the other");
  show(
    "1/s",
    await inTurns(rounds, {
      [theirs.name]: () => handshakesPerSecond(theirs, 1000),
      [ours.name]: () => handshakesPerSecond(ours, 1000),
      [portable.name]: () => handshakesPerSecond(portable, 1000),
    }),
  );

  console.log("\nBulk data over loopback, server to client");
  show(
    "MB/s",
    await inTurns(rounds, {
      [theirs.name]: () => megabytesPerSecond(theirs, 200),
      [ours.name]: () => megabytesPerSecond(ours, 200),
      [portable.name]: () => megabytesPerSecond(portable, 10),
    }),
  );

  for (const provider of [nodeProvider, nobleProvider]) {
    for (const figures of await measureRecordLayer(provider, rounds, 200)) {
      console.log(`\nFull records, ${figures.aead} by ${provider.name}`);
      show("MB/s", { "bare AEAD, seal": figures.bareSeal, "record layer, seal": figures.seal });
      show("MB/s", { "bare AEAD, open": figures.bareOpen, "record layer, open": figures.open });
    }
  }
}
