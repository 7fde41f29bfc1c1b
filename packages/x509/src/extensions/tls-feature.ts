import { decodeDer } from "../der-reader.ts";
import { derSequence, derSmallInteger } from "../der-writer.ts";

/** RFC 7633: `Features ::= SEQUENCE OF INTEGER`: numbers of TLS extensions that a server promises; 5 is status_request. */
export function decodeTlsFeature(value: Uint8Array): ReadonlySet<number> {
  const what = "the TLS feature extension";
  return decodeDer(value, what, (reader) => {
    const list = reader.sequence(what);
    const features = new Set<number>();
    while (!list.done) features.add(list.smallInteger(0xffff, what));
    return features;
  });
}

export function encodeTlsFeature(features: Iterable<number>): Uint8Array {
  return derSequence(...Array.from(features, derSmallInteger));
}
