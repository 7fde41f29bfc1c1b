import type { Steps } from "@tlskit/crypto";
import { Finished } from "@tlskit/messages";
import { Alert, peerError, TlsError } from "@tlskit/wire";
import type { HandshakeIo, Received } from "../io.ts";

/**
 * RFC 4279 §2: a client's Finished with a pre-shared key. Whether its key is another one or isn't known by its name, the record can't be
 * opened, and the alert is the same.
 */
export function* receiveFinishedUnderPsk(io: HandshakeIo): Steps<Received<typeof Finished>> {
  try {
    return yield* io.receive(Finished);
  } catch (error) {
    if (!(error instanceof TlsError && error.kind === "peer" && error.alert === Alert.badRecordMac)) throw error;
    throw peerError(
      "wrong_psk",
      Alert.decryptError,
      "the client's Finished is under other keys: it has another pre-shared key, or one whose name isn't known",
    );
  }
}
