import { TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256 } from "@tlskit/ciphersuites";
import { aeadOf, type CryptoProvider, runSync } from "@tlskit/crypto";
import {
  ContentType,
  maxPlaintextLength,
  type RecordKeys,
  RecordReader,
  RecordWriter,
  tls13Opening,
  tls13Sealing,
} from "@tlskit/record";
import { inTurns, perSecond } from "./stopwatch.ts";

/** MB/s of the record layer, sealing and opening full records, beside the bare AEAD beneath it. */
export interface RecordLayerFigures {
  readonly aead: string;
  readonly seal: number;
  readonly bareSeal: number;
  readonly open: number;
  readonly bareOpen: number;
}

const megabytes = maxPlaintextLength / 1e6;

/** Measures one provider's AEADs. */
export async function measureRecordLayer(
  provider: CryptoProvider,
  rounds: number,
  milliseconds: number,
): Promise<readonly RecordLayerFigures[]> {
  const figures: RecordLayerFigures[] = [];
  for (const suite of [TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256]) {
    const algorithm = aeadOf(provider, suite.aead);
    const key = new Uint8Array(algorithm.keyLength).fill(1);
    const iv = new Uint8Array(algorithm.nonceLength).fill(2);
    const keys: RecordKeys = { aead: algorithm, key, iv, recordLimit: Number.MAX_SAFE_INTEGER };
    const content = new Uint8Array(maxPlaintextLength).fill(3);

    const writer = new RecordWriter();
    writer.protect(tls13Sealing(keys));
    const bare = algorithm.withKey(key);
    const header = Uint8Array.of(23, 3, 3, 0x40, 0x11);
    const inner = new Uint8Array(maxPlaintextLength + 1).fill(3);
    const sealedByAead = new Uint8Array(inner.length + algorithm.tagLength);
    await bare.seal(iv, header, [inner], sealedByAead, 0);
    const place = new Uint8Array(sealedByAead.length);

    // Opening wants records in order, so they are made in batches; their making isn't timed.
    const batch = 256;
    const openBatch = async (): Promise<number> => {
      const sealing = new RecordWriter();
      sealing.protect(tls13Sealing(keys));
      const reader = new RecordReader();
      reader.protect(tls13Opening(keys, true));
      for (let i = 0; i < batch; i += 1) reader.push(runSync(sealing.record(ContentType.applicationData, content)));
      const start = performance.now();
      for (let i = 0; i < batch; i += 1) runSync(reader.next());
      return (batch * 1000) / (performance.now() - start);
    };

    const { seal, bareSeal, open, bareOpen } = await inTurns(rounds, {
      seal: () => perSecond(() => runSync(writer.record(ContentType.applicationData, content)), milliseconds),
      bareSeal: () => perSecond(() => bare.seal(iv, header, [inner], place, 0), milliseconds),
      open: openBatch,
      bareOpen: () => perSecond(() => bare.open(iv, header, sealedByAead, place, 0), milliseconds),
    });
    figures.push({
      aead: suite.aead,
      seal: seal * megabytes,
      bareSeal: bareSeal * megabytes,
      open: open * megabytes,
      bareOpen: bareOpen * megabytes,
    });
  }
  return figures;
}
