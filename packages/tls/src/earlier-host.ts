import type { CryptoProvider, Random, Steps } from "@tlskit/crypto";
import type { EarlierIo, EarlierKeys } from "@tlskit/handshake";
import { HelloRequest } from "@tlskit/messages";
import { ContentType, type Opening, type Sealing } from "@tlskit/record";
import { Alert, peerError } from "@tlskit/wire";
import type { Incoming } from "./incoming.ts";
import type { TraceEvent } from "./trace.ts";

/** How records of a version before TLS 1.3 are written and read. */
export interface EarlierRecords {
  sealing(provider: CryptoProvider, keys: EarlierKeys, random: Random): Sealing;
  opening(provider: CryptoProvider, keys: EarlierKeys): Opening;
}

/** What of a connection hosts a handshake. */
export interface ConnectionParts {
  readonly role: "client" | "server";
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly incoming: Incoming;
  /** Those of a version that may be negotiated. */
  recordsOf(version: number): EarlierRecords;
  /** Sends what is held back. */
  flush(): void;
  /** Says in unprotected records from here on that their version is this. */
  useRecordVersion(version: number): void;
  /** Seals what is sent from here on. */
  useSealing(sealing: Sealing): void;
  trace(event: TraceEvent): void;
}

/** What a connection is to a handshake of a version before TLS 1.3. */
export class EarlierHost implements EarlierIo {
  readonly #parts: ConnectionParts;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    if (parts.role === "client") parts.incoming.passOver(HelloRequest);
  }

  begin(version: number): void {
    const { incoming } = this.#parts;
    // RFC 5246 §E.1
    this.#parts.useRecordVersion(version);
    incoming.changeCipherSpec = "refuse";
    if (incoming.droppedChangeCipherSpecs === 0) return;
    throw peerError("unexpected_record", Alert.unexpectedMessage, "a change_cipher_spec came before its time");
  }

  /** RFC 5246 §7.1: at the end of a record and of a message. */
  *receiveChangeCipherSpec(): Steps<void> {
    const { incoming } = this.#parts;
    this.#parts.flush();
    incoming.checkNothingLeft();
    incoming.changeCipherSpec = "expect";
    for (;;) {
      const { type, content } = yield* incoming.record();
      if (type === ContentType.changeCipherSpec) break;
      if (type === ContentType.applicationData) incoming.dataInHandshake(content);
      else if (type === ContentType.alert) incoming.alertInHandshake(content);
      else if (!incoming.passesOver(content)) {
        throw peerError(
          "missing_change_cipher_spec",
          Alert.unexpectedMessage,
          "a handshake message came where change_cipher_spec was expected",
        );
      }
    }
    incoming.checkNothingLeft();
    incoming.changeCipherSpec = "refuse";
    this.#parts.trace({ type: "changeCipherSpec", direction: "received" });
  }

  installRead(keys: EarlierKeys): void {
    const { incoming, provider } = this.#parts;
    incoming.protectEarlier(this.#parts.recordsOf(keys.version).opening(provider, keys));
    this.#parts.trace({ type: "keys", direction: "received", kind: `${keys.keys.role} write`, generation: 0 });
  }

  installWrite(keys: EarlierKeys): void {
    const { provider, random } = this.#parts;
    this.#parts.flush();
    this.#parts.useSealing(this.#parts.recordsOf(keys.version).sealing(provider, keys, random));
    this.#parts.trace({ type: "keys", direction: "sent", kind: `${keys.keys.role} write`, generation: 0 });
  }
}
