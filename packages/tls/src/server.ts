import type { Steps } from "@tlskit/crypto";
import { type Established, type HandshakeIo, serverHandshake } from "@tlskit/handshake";
import { Connection, type ConnectionInfo, type Role } from "./connection.ts";
import type { ServerContext } from "./context.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { selectCredential } from "./server-credential.ts";

/** What a server knows of a connection: clients show no certificates. */
export type ServerInfo = ConnectionInfo<undefined>;

/** A server's end of a connection. */
export class TlsServer extends Connection<never, ServerInfo> {
  constructor(context: ServerContext, handlers: ConnectionHandlers<ServerInfo>) {
    super(context, new ServerRole(context), handlers);
  }
}

class ServerRole implements Role<never, ServerInfo> {
  readonly name = "server";
  readonly #context: ServerContext;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  handshake(io: HandshakeIo): Steps<Established<never>> {
    const context = this.#context;
    return serverHandshake(io, {
      provider: context.provider,
      random: context.random,
      cipherSuites: context.cipherSuites,
      namedGroups: context.namedGroups,
      signatureSchemes: context.signatureSchemes,
      alpnProtocols: context.alpnProtocols,
      keyLog: context.keyLog,
      selectCredential: (request) => selectCredential(context.credentials, request),
    });
  }

  info(established: Established<never>): ServerInfo {
    return { role: "server", ...established.negotiated, peer: undefined };
  }
}
