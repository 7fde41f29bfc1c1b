import { constants, type KeyObject, privateDecrypt, randomBytes } from "node:crypto";
import { alert, record } from "./flight.ts";
import type { PretendedFlaws } from "./pretence.ts";

const RecordType = { changeCipherSpec: 20, handshake: 22, heartbeat: 24 } as const;
const Alert = { badRecordMac: 20, handshakeFailure: 40, decryptError: 51 } as const;
const clientKeyExchange = 16;

/** What a server says to a record of a client that goes on; `undefined`: what one without flaws does. */
export type FlawedAnswer = Uint8Array | "nothing" | undefined;

/** What a server with these flaws says to one record after the other. */
export function flawedAnswers({
  heartbleed,
  ccsInjection,
  robot,
}: PretendedFlaws): (type: number, content: Uint8Array) => FlawedAnswer {
  let changes = 0;
  return (type, content) => {
    if (heartbleed === true && type === RecordType.heartbeat) return heartbeat(content);
    if (ccsInjection === true && type === RecordType.changeCipherSpec) {
      changes += 1;
      return changes === 1 ? "nothing" : alert(0x0303, Alert.badRecordMac);
    }
    if (robot !== undefined && type === RecordType.handshake && content[0] === clientKeyExchange) {
      return alert(0x0303, isPkcs1(robot, content) ? Alert.decryptError : Alert.handshakeFailure);
    }
    return undefined;
  };
}

/** RFC 6520 §4: a response, of as many octets as the request said it had, whatever it had. */
function heartbeat(request: Uint8Array): Uint8Array {
  const [, high = 0, low = 0] = request;
  const response = Buffer.concat([Uint8Array.of(2, high, low), randomBytes(((high << 8) | low) + 16)]);
  return record(RecordType.heartbeat, 0x0303, response);
}

/** Whether what a ClientKeyExchange of TLS has encrypted begins as a block of PKCS #1 v1.5 does. */
function isPkcs1(key: KeyObject, message: Uint8Array): boolean {
  const headerAndLength = 6;
  const block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, message.subarray(headerAndLength));
  return block[0] === 0 && block[1] === 2;
}
