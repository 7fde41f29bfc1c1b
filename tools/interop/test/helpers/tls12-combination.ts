import { tls12With, tls13 } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhe } from "@tlskit/tls/dhe";
import { rsa } from "@tlskit/tls/rsa";
import { expect } from "vitest";
import { identity } from "../../src/certificates.ts";
import { offeredSchemes } from "../../src/matrix.ts";
import { type OurEnd, OurServer, ourClient } from "../../src/ours.ts";
import { largePayload } from "../../src/payload.ts";
import { curveOf, schemesOf, type Tls12Combination } from "../../src/tls12-matrix.ts";
import { ourTls12Report, type Tls12PeerEnd, wantedTls12Report } from "../../src/tls12-report.ts";
import { type Ender, expectOrderlyEnd } from "./combination.ts";

/** Ours has both versions, and of TLS 1.2 one of everything. */
const oneSuite = ({ provider, cipherSuite }: Tls12Combination) => ({
  provider,
  versions: [tls13, tls12With({ cipherSuites: [cipherSuite], keyExchanges: [dhe, rsa], cbc })],
});

/** Our client, connecting for a combination. What it wants stands first. */
export function tls12ClientFor(port: number, combination: Tls12Combination): OurEnd {
  const { leafKey, namedGroup, signatureScheme } = combination;
  // RFC 8422 §5.1.1: the curve of the certificate's key has to be among the groups.
  const groups = [namedGroup, curveOf(leafKey)].filter((group) => group !== undefined);
  return ourClient(port, {
    anchors: identity(leafKey).anchors,
    ...oneSuite(combination),
    ...(groups.length === 0 ? {} : { namedGroups: [...new Set(groups)] }),
    signatureSchemes: offeredSchemes(signatureScheme),
  });
}

/** Our server, for one combination; of signature schemes it has all of its key's. */
export function tls12ServerFor(combination: Tls12Combination): Promise<OurServer> {
  const { leafKey, namedGroup } = combination;
  const { chain, key } = identity(leafKey);
  return OurServer.listen({
    certificates: [{ chain, key }],
    ...oneSuite(combination),
    ...(namedGroup === undefined ? {} : { namedGroups: [namedGroup] }),
    signatureSchemes: schemesOf(leafKey),
  });
}

/** Both ends of a connection on which all is well, from the handshake to the end, and who agree on what it came to. */
export async function expectWholeTls12Connection(
  ours: OurEnd,
  peer: Tls12PeerEnd,
  combination: Tls12Combination,
  ender: Ender,
): Promise<void> {
  const wanted = wantedTls12Report(combination);
  expect((await ours.established()).version).toBe(0x0303);
  expect(await ourTls12Report(ours)).toEqual(wanted);
  await peer.exchange(ours, largePayload());
  const report = await peer.tls12Report();
  expect({ ...wanted, ...report }).toEqual(wanted);
  await expectOrderlyEnd(ours, peer, ender);
}

/** In an order in which one process of a peer can serve many in a row, if `settings` tells those apart that it can't. */
export function inRows(
  combinations: readonly Tls12Combination[],
  settings: (combination: Tls12Combination) => string,
): readonly Tls12Combination[] {
  return combinations.toSorted((a, b) => settings(a).localeCompare(settings(b)));
}
