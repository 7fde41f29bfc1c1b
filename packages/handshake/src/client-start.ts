import type { Transcript } from "@tlskit/keyschedule";
import type { EarlyDataOffer } from "./early-data-offer.ts";
import type { Offer } from "./offer.ts";

/** A client whose ClientHello is on its way, whatever version the server is going to choose. */
export interface ClientStart<Evidence> {
  readonly offer: Offer<Evidence>;
  readonly transcript: Transcript;
  readonly earlyData: EarlyDataOffer;
  /** RFC 9846 §E.4: sends the record that makes the handshake look like one of TLS 1.2, unless that is done. */
  readonly changeCipherSpec: () => void;
}
