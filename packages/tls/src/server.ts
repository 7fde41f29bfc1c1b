import { type Awaitable, run, type Steps, wait } from "@tlskit/crypto";
import {
  type ClientOffer,
  type Established,
  type HandshakeIo,
  type ServerHandshakeSettings,
  serverHandshake,
} from "@tlskit/handshake";
import { asciiBytes, callerError } from "@tlskit/wire";
import { check, instanceOf } from "@tlskit/wire/arguments";
import { selectCredential } from "./certificate-credential.ts";
import { Connection, type ConnectionInfo, type Role } from "./connection.ts";
import { ServerContext } from "./context.ts";
import type { ConnectionHandlers } from "./handlers.ts";

/** What a server knows of a connection: clients show no certificates, and have a pre-shared key if there is an `externalPsk`. */
export type ServerInfo = ConnectionInfo<undefined>;

/** A server's end of a connection. */
export class TlsServer extends Connection<never, ServerInfo> {
  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  constructor(context: ServerContext, handlers: ConnectionHandlers<ServerInfo>) {
    check(context, "context", instanceOf(ServerContext, "@tlskit/tls"));
    super(context.settings, new ServerRole(context), handlers);
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
    const { contextFor } = context;
    if (contextFor === undefined) return serverHandshake(io, settings(context));
    const forClient = (offer: ClientOffer): Awaitable<ServerHandshakeSettings> =>
      run(settingsOfChosen(context, contextFor(offer)));
    return serverHandshake(io, { ...settings(context), forClient });
  }

  info(established: Established<never>): ServerInfo {
    return { role: "server", ...established.negotiated, peer: undefined };
  }
}

function settings(context: ServerContext): ServerHandshakeSettings {
  return {
    ...context.settings,
    selectCredential: (request) => selectCredential(context.credentials, request),
    sessionBinding: sessionBinding(context),
  };
}

/** What a context's sessions belong to, besides what the handshake sees: two parts that can't be taken for others. */
function sessionBinding({ settings: { sessionContext, alpnProtocols } }: ServerContext): Uint8Array {
  const parts = JSON.stringify([sessionContext, alpnProtocols]);
  return asciiBytes(parts.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)};`));
}

function* settingsOfChosen(context: ServerContext, choice: Awaitable<ServerContext>): Steps<ServerHandshakeSettings> {
  const chosen = yield* wait(choice);
  check(chosen, "what contextFor gave", instanceOf(ServerContext, "@tlskit/tls"));
  // Records are protected by the connection's provider, which has to know every suite that can be chosen.
  if (chosen.settings.provider !== context.settings.provider) {
    throw callerError("unsupported_choice", "contextFor gave a context with another provider");
  }
  return settings(chosen);
}
