import type { Steps } from "@tlskit/crypto";
import { ClientHello } from "@tlskit/messages";
import type { Established } from "./established.ts";
import { checkIo, type HandshakeIo } from "./io.ts";
import { checkServerHandshakeSettings, type ServerHandshakeSettings } from "./settings.ts";
import { tls13Server } from "./tls13/server.ts";
import { earlierOf } from "./versions.ts";

/** A server's handshake: the ClientHello, and then the lines of the version. */
export function* serverHandshake<Evidence>(
  io: HandshakeIo,
  settings: ServerHandshakeSettings<Evidence>,
): Steps<Established<Evidence>> {
  checkIo(io);
  checkServerHandshakeSettings(settings);
  const first = yield* io.receive(ClientHello);
  const { versions } = settings;
  const earlier = earlierOf(versions)?.choose(versions, first.message);
  if (earlier !== undefined) return yield* earlier.server(io, settings, first);
  return yield* tls13Server(io, settings, first);
}
