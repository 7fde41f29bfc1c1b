import type { Steps } from "@tlskit/crypto";
import { Transcript } from "@tlskit/keyschedule";
import { ClientHello, HelloRetryRequest, ServerHello } from "@tlskit/messages";
import { noEarlyData } from "./early-data-offer.ts";
import type { Established } from "./established.ts";
import { checkIo, type HandshakeIo } from "./io.ts";
import { makeOffer } from "./offer.ts";
import { checkOwnExtensions } from "./own-extensions.ts";
import { earlyDataOffer } from "./psk-extensions.ts";
import { type ClientHandshakeSettings, checkClientHandshakeSettings } from "./settings.ts";
import { tls13Client } from "./tls13/client.ts";
import { earlierOf } from "./versions.ts";

/** A client's handshake: the ClientHello, and then the lines of the version. */
export function* clientHandshake<Evidence>(
  io: HandshakeIo,
  settings: ClientHandshakeSettings<Evidence>,
): Steps<Established<Evidence>> {
  checkIo(io);
  checkClientHandshakeSettings(settings);
  checkOwnExtensions(settings.extensions);
  const { externalPskOffers } = settings;
  const context = externalPskOffers === undefined ? settings : yield* externalPskOffers.withOwn(settings);
  const transcript = new Transcript();
  const { sessions } = context;
  const resumable = sessions && (yield* sessions.recall(context));
  // RFC 9846 §4.2.2#hello-first
  const offer = yield* makeOffer(io, context, resumable, transcript);
  transcript.add(io.send(ClientHello, offer.hello));
  // RFC 9846 §E.4: once, and in front of early data if there is any.
  let compatible = !context.middleboxCompatibility;
  const changeCipherSpec = (): void => {
    if (!compatible) io.changeCipherSpec();
    compatible = true;
  };
  const early = earlyDataOffer(offer.psks);
  if (early !== undefined) changeCipherSpec();
  const earlyData = sessions?.earlyData(io) ?? noEarlyData;
  earlyData.begin(context, offer.hello, early, transcript);

  const first = yield* io.receive(HelloRetryRequest, ServerHello);
  const start = { offer, transcript, earlyData, changeCipherSpec };
  const { versions } = context;
  const earlier = first.name === "ServerHello" && earlierOf(versions)?.chosen(versions, start, first.message);
  if (earlier) return yield* earlier.client(io, context, start, first);
  return yield* tls13Client(io, context, start, first);
}
