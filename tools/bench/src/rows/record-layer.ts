import { runSync, wait } from "@tlskit/crypto";
import {
  type Allocate,
  ContentType,
  maxPlaintextLength,
  type RecordKeys,
  RecordReader,
  RecordWriter,
  tls13Opening,
  tls13Sealing,
} from "@tlskit/record";
import { ByteQueue } from "@tlskit/wire";
import { preparedWith, providers } from "../providers.ts";
import type { Comparison, Goal, Measure, Row } from "../row.ts";
import { ownTime } from "../stopwatch.ts";
import { FullRecord, measuredAeads, megabytesPerSecond } from "./full-records.ts";

/** Full records in a buffer, which is what a transport gives or takes at once. */
const batch = 4;

function keysOf({ algorithm, key, nonce }: FullRecord): RecordKeys {
  return { aead: algorithm, key, iv: nonce, recordLimit: Number.MAX_SAFE_INTEGER };
}

/** As Node's transports have it. */
const allocate: Allocate = (length) => new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);

/** Seals a buffer full. */
function sealer(record: FullRecord): () => Uint8Array {
  const writer = new RecordWriter(allocate);
  writer.protect(tls13Sealing(keysOf(record)));
  const content = new Uint8Array(batch * maxPlaintextLength).fill(3);
  return () => {
    const queue = new ByteQueue();
    queue.push(content);
    const { bytes, sealed } = writer.records(ContentType.applicationData, queue);
    runSync(wait(sealed));
    return bytes;
  };
}

function sealing(record: FullRecord, milliseconds: number): Measure {
  const seal = sealer(record);
  return async () => batch * (await megabytesPerSecond(seal, milliseconds));
}

/** Opening wants records in order, so they are made in batches; their making isn't timed. */
function opening(record: FullRecord, milliseconds: number): Measure {
  const seal = sealer(record);
  const reader = new RecordReader(allocate);
  reader.protect(tls13Opening(keysOf(record), true));
  return async () => {
    let [elapsed, opened] = [0, 0];
    while (elapsed < milliseconds) {
      const bytes = seal();
      const start = ownTime();
      reader.push(bytes);
      while (runSync(reader.next()) !== undefined) opened += 1;
      reader.handedOut();
      elapsed += ownTime() - start;
    }
    return (opened * maxPlaintextLength) / 1000 / elapsed;
  };
}

const goals: Readonly<Record<string, Goal>> = { noble: { atLeast: 0.95 } };

export const recordLayer: Row = {
  about: "Full records sealed and opened, the record layer beside its AEAD, which writes into a place.",
  comparisons: providers.flatMap((provider) =>
    measuredAeads.flatMap((aead): Comparison[] => {
      const goal = goals[provider.name] ?? { atLeast: 0.92 };
      const shape = { unit: "MB/s", processes: "one" } as const;
      const contender = (
        name: string,
        of: (record: FullRecord, milliseconds: number) => Measure | Promise<Measure>,
        aimed?: Goal,
      ) => ({
        name,
        goal: aimed,
        prepare: preparedWith(provider, (made, { milliseconds }) => of(new FullRecord(made, aead), milliseconds)),
      });
      return [
        {
          ...shape,
          what: `sealing full records with ${aead}, ${provider.name}`,
          contenders: [
            contender("AEAD", (record, milliseconds) => record.sealing(milliseconds)),
            contender("record layer", sealing, goal),
          ],
        },
        {
          ...shape,
          what: `opening full records with ${aead}, ${provider.name}`,
          contenders: [
            contender("AEAD", (record, milliseconds) => record.opening(milliseconds)),
            contender("record layer", opening, goal),
          ],
        },
      ];
    }),
  ),
};
