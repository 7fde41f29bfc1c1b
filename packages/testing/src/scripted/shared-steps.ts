import { RecordType, type ScriptedPeer, scriptedData } from "./peer.ts";
import { type Step, step } from "./script.ts";

/** RFC 9846 §6.1. */
export const closeNotify: Uint8Array = Uint8Array.of(1, 0);

/** Steps that both roles take. */
export const sharedSteps: {
  readonly changeCipherSpec: Step<ScriptedPeer>;
  readonly data: Step<ScriptedPeer>;
  readonly close: Step<ScriptedPeer>;
} = {
  /** RFC 9846 §E.4. */
  changeCipherSpec: step("change_cipher_spec", function* (peer) {
    yield* peer.flush();
    peer.unprotected(RecordType.changeCipherSpec, Uint8Array.of(1));
  }),
  data: step("data", (peer) => peer.record(RecordType.applicationData, scriptedData)),
  close: step("close", function* (peer) {
    yield* peer.record(RecordType.alert, closeNotify);
    peer.endStream();
  }),
};
