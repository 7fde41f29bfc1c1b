import type { Steps } from "@tlskit/crypto";
import { HelloRequest, type MessageType } from "@tlskit/messages";
import { Alert, callerError, peerError } from "@tlskit/wire";
import type { EarlierIo, HandshakeIo, Received } from "../io.ts";
import { maxHelloRequests } from "../limits.ts";

/** What the host has for versions before TLS 1.3: handshakes are only begun with hosts that have it. */
export function earlierIoOf(io: HandshakeIo): EarlierIo {
  if (io.earlier === undefined) throw callerError("unsupported_choice", "this host has TLS 1.3 alone");
  return io.earlier;
}

/** What a client receives in a handshake, in which a server may ask for one. */
export class ClientReceiver {
  readonly #io: HandshakeIo;
  #helloRequests = 0;

  constructor(io: HandshakeIo) {
    this.#io = io;
  }

  /** RFC 5246 §7.4#hello-request-ignored, §7.4.1.1#not-hashed: the next message, HelloRequests passed over: they are no part of the transcript either. */
  *next<const Types extends readonly MessageType<unknown>[]>(...accept: Types): Steps<Received<Types[number]>> {
    for (;;) {
      const received = yield* this.#io.receive(...accept, HelloRequest);
      // Of the types accepted none has its name, which TypeScript can't see.
      if (received.name !== "HelloRequest") return received as Received<Types[number]>;
      this.#helloRequests += 1;
      if (this.#helloRequests > maxHelloRequests) {
        throw peerError(
          "too_many_hello_requests",
          Alert.unexpectedMessage,
          `the server sent more than ${maxHelloRequests} HelloRequests in a handshake`,
        );
      }
    }
  }
}
