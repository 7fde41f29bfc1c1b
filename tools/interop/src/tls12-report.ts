import { decodeMessage, encryptThenMac, extendedMainSecret, extensionIn, ServerHello } from "@tlskit/messages";
import type { OurEnd } from "./ours.ts";
import type { PeerEnd } from "./peer.ts";
import type { Tls12Combination } from "./tls12-matrix.ts";

/** What one end says that a handshake of TLS 1.2 came to, in IANA's names. */
export interface Tls12Report {
  readonly cipherSuite: string;
  readonly namedGroup: string | undefined;
  readonly signatureScheme: string | undefined;
  readonly encryptThenMac: boolean;
  readonly extendedMainSecret: boolean;
}

/** A peer's end of a connection of TLS 1.2, which tells what it came to: some all of it, some a part. */
export interface Tls12PeerEnd extends PeerEnd {
  tls12Report(): Promise<Partial<Tls12Report>>;
}

/** What our end says: extensions by the ServerHello that went by. */
export async function ourTls12Report(ours: OurEnd): Promise<Tls12Report> {
  const { cipherSuite, namedGroup, signatureScheme } = await ours.established();
  const hello = ours.trace.find((event) => event.type === "message" && event.messageType.name === "ServerHello");
  if (hello?.type !== "message") throw new RangeError("there was a ServerHello");
  const serverHello = decodeMessage(ServerHello, hello.bytes);
  return {
    cipherSuite: cipherSuite.name,
    namedGroup: namedGroup?.name,
    signatureScheme: signatureScheme?.name,
    encryptThenMac: extensionIn(serverHello, encryptThenMac) !== undefined,
    extendedMainSecret: extensionIn(serverHello, extendedMainSecret) !== undefined,
  };
}

/** What both ends are to say. */
export function wantedTls12Report(combination: Tls12Combination): Tls12Report {
  const { cipherSuite, namedGroup, signatureScheme } = combination;
  return {
    cipherSuite: cipherSuite.name,
    namedGroup: namedGroup?.name,
    signatureScheme: signatureScheme?.name,
    encryptThenMac: combination.encryptThenMac,
    extendedMainSecret: combination.extendedMainSecret,
  };
}
