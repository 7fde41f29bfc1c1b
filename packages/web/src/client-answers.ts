import { type ClientAnswer, callerError, type ServerInfo, type TlsServer } from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { SettledLater } from "./settled-later.ts";

/** Requests for certificates after the handshake, and what clients answer. */
export class ClientAnswers {
  readonly #awaited = new Map<string, SettledLater<ClientAnswer<ServerInfo>>>();
  #server: TlsServer | undefined;

  /** The server that asks. */
  of(server: TlsServer): TlsServer {
    this.#server = server;
    return server;
  }

  /** @throws {TlsError} what `requestClientCertificate` of the server throws */
  ask(): Promise<ClientAnswer<ServerInfo>> {
    if (this.#server === undefined) throw callerError("not_established", "the handshake is not done");
    const request = toHex(this.#server.requestClientCertificate());
    const answer = new SettledLater<ClientAnswer<ServerInfo>>();
    this.#awaited.set(request, answer);
    return answer.promise;
  }

  answered(answer: ClientAnswer<ServerInfo>): void {
    const request = toHex(answer.request);
    this.#awaited.get(request)?.resolve(answer);
    this.#awaited.delete(request);
  }

  /** No more come. */
  end(error: Error): void {
    for (const answer of this.#awaited.values()) answer.reject(error);
    this.#awaited.clear();
  }
}
