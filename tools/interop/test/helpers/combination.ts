import { expect } from "vitest";
import { type Identity, identity } from "../../src/certificates.ts";
import { type Combination, offeredSchemes } from "../../src/matrix.ts";
import { type OurClientOptions, type OurEnd, OurServer, ourClient } from "../../src/ours.ts";
import { largePayload } from "../../src/payload.ts";
import { type PeerEnd, sameReport } from "../../src/peer.ts";

/** Who ends a connection. */
export type Ender = "ours" | "peer";

/** Both ends of a connection on which all is well, from the handshake to the end. */
export async function expectWholeConnection(
  ours: OurEnd,
  peer: PeerEnd,
  { cipherSuite, namedGroup, certificate }: Combination,
  ender: Ender,
): Promise<void> {
  const info = await ours.established();
  expect({
    cipherSuite: info.cipherSuite.name,
    namedGroup: info.namedGroup?.name,
    signatureScheme: info.signatureScheme?.name,
  }).toEqual({
    cipherSuite: cipherSuite.name,
    namedGroup: namedGroup.name,
    signatureScheme: certificate.signatureScheme.name,
  });
  await peer.exchange(ours, largePayload());
  const report = await peer.report();
  expect({ ...sameReport(info, report) }).toEqual({ ...sameReport(info, report), ...report });
  await expectOrderlyEnd(ours, peer, ender);
}

/** One end ends the connection, and the other follows, in order. */
export async function expectOrderlyEnd(ours: OurEnd, peer: PeerEnd, ender: Ender): Promise<void> {
  if (ender === "peer") peer.end?.();
  else ours.socket.end();
  expect(await ours.closed).toBeUndefined();
  expect(
    ours.trace
      .filter((event) => event.type === "alert")
      .map(({ direction }) => direction)
      .toSorted(),
  ).toEqual(["received", "sent"]);
  await peer.closed();
}

/** The certificate of a combination. */
export function identityOf({ certificate, shape }: Combination): Identity {
  return identity(certificate.leafKey, shape);
}

/** What our client offers for a combination: nothing else. */
export function clientOptions(combination: Combination): OurClientOptions {
  const { provider, cipherSuite, namedGroup, certificate } = combination;
  return {
    anchors: identityOf(combination).anchors,
    provider,
    cipherSuites: [cipherSuite],
    namedGroups: [namedGroup],
    signatureSchemes: offeredSchemes(certificate.signatureScheme),
  };
}

/** Our client, connecting for a combination. */
export function clientFor(port: number, combination: Combination): OurEnd {
  return ourClient(port, clientOptions(combination));
}

/** Our server, for one combination: with that certificate, suite, group and scheme alone. */
export function serverFor(combination: Combination): Promise<OurServer> {
  const { provider, cipherSuite, namedGroup, certificate } = combination;
  const { chain, key } = identityOf(combination);
  return OurServer.listen({
    certificates: [{ chain, key }],
    provider,
    cipherSuites: [cipherSuite],
    namedGroups: [namedGroup],
    signatureSchemes: [certificate.signatureScheme],
  });
}

/** Takes turns. */
export function enderOf(index: number): Ender {
  return index % 2 === 0 ? "ours" : "peer";
}
