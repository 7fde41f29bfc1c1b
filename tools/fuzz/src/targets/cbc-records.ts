import { blockCipherOf, hashOf, runSync } from "@tlskit/crypto";
import { ContentType } from "@tlskit/record";
import { type Tls12CbcKeys, tls12CbcOpening } from "@tlskit/record/cbc";
import { seededRandom, Tls12CbcProtection } from "@tlskit/testing";
import { concat, toHex } from "@tlskit/wire";
import { type Item, itemsPieces, readItems, writeItems } from "../items.ts";
import { promise, type Target } from "../target.ts";
import { provider } from "../world.ts";
import { isPeersFault } from "./messages.ts";
import { readTwice, recordStarts } from "./records.ts";

const keys: Omit<Tls12CbcKeys, "encryptThenMac"> = {
  cipher: blockCipherOf(provider, "AES-128-CBC"),
  hash: hashOf(provider, "SHA-256"),
  key: new Uint8Array(16).fill(1),
  macKey: new Uint8Array(32).fill(2),
  blockLimit: 2 ** 34,
};
const blockLength = 16;

const kinds = { data: 0, padded: 1, blocks: 2, raw: 3 } as const;
const item = (kind: number, ...content: readonly number[]): Item => ({ kind, content: Uint8Array.from(content) });

/** Records by a block cipher with a key that is known: only what was sealed is ever read. */
export const cbcRecordsTarget: Target = {
  name: "cbc-records",
  what: "a byte, odd for encrypt-then-MAC, and items: 0 data, 1 data with much padding, 2 what is encrypted as it is, 3 bytes",
  maxLength: 8192,
  isRefusal: isPeersFault,
  dictionary: recordStarts,
  parse: (input) => itemsPieces(input.subarray(1)),
  seeds: () =>
    [0, 1].flatMap((how) => [
      concat(Uint8Array.of(how), writeItems(item(kinds.data, 1, 2, 3), item(kinds.padded, 4), item(kinds.data))),
      concat(Uint8Array.of(how), writeItems(item(kinds.data, 1), item(kinds.blocks, ...new Uint8Array(64)))),
      concat(Uint8Array.of(how), writeItems(item(kinds.raw, 23, 3, 3, 0, 32, ...new Uint8Array(32)))),
    ]),
  budget: (length) => ({ steps: 500_000 + 200 * length, bytes: 1_000_000 + 100 * length }),
  run(input) {
    const encryptThenMac = ((input[0] ?? 0) & 1) === 1;
    const items = readItems(input.subarray(1))
      .map(({ kind, content }) => ({ kind: kind % 4, content }))
      .filter(({ kind, content }) => kind !== kinds.raw || content.length > 0);
    const role = { role: "client", iv: new Uint8Array(0), key: keys.key, macKey: keys.macKey } as const;
    const sealing = new Tls12CbcProtection(keys.cipher, keys.hash, role, encryptThenMac, seededRandom(6));
    const stream = items.map(({ kind, content }) => {
      if (kind === kinds.raw) return content;
      if (kind === kinds.blocks) {
        const missing = blockLength - (content.length % blockLength || blockLength);
        return sealing.sealBlocks(ContentType.applicationData, concat(content, new Uint8Array(missing)));
      }
      return runSync(sealing.seal(ContentType.applicationData, content, kind === kinds.padded ? 12 * blockLength : 0));
    });
    const { records } = readTwice(concat(...stream), (reader) =>
      reader.protect(tls12CbcOpening({ ...keys, encryptThenMac })),
    );
    const right = items.findIndex(({ kind }) => kind > kinds.padded);
    const sealed = items.slice(0, right < 0 ? items.length : right).map(({ content }) => `23 ${toHex(content)}`);
    promise(
      records.slice(0, sealed.length).join() === sealed.slice(0, records.length).join(),
      "what was sealed is read, in its order",
    );
    // With encrypt-then-MAC what is encrypted has been sealed rightly, whatever it is.
    if (!encryptThenMac) promise(records.length <= sealed.length, "nothing is read whose MAC isn't right");
  },
};
