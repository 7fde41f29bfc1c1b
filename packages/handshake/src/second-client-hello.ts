import {
  ClientHello,
  clientShares,
  cookie,
  earlyDataIndication,
  encodeMessage,
  extensionIn,
  offeredPsks,
} from "@tlskit/messages";
import { equalBytes, type TlsError } from "@tlskit/wire";
import { illegalParameter } from "./extension-rules.ts";

/** RFC 9846 §4.2.2: what may differ in the second ClientHello: key_share, pre_shared_key, padding, early_data, cookie. */
const changeable: readonly number[] = [clientShares.code, offeredPsks.code, 21, earlyDataIndication.code, cookie.code];

/** RFC 9846 §4.2.2: what a second ClientHello has to have in common with the first. */
export function keptParts(hello: ClientHello): Uint8Array {
  return encodeMessage(ClientHello, {
    ...hello,
    extensions: hello.extensions?.filter(({ code }) => !changeable.includes(code)),
  });
}

/** RFC 9846 §4.2.2: the same ClientHello but for what the HelloRetryRequest asked for. */
export function checkSecondClientHello(
  first: ClientHello,
  second: ClientHello,
  sentCookie: Uint8Array | undefined,
): void {
  checkNoEarlyData(second);
  checkCookie(sentCookie, extensionIn(second, cookie));
  if (!equalBytes(keptParts(first), keptParts(second))) throw secondHelloDiffers();
}

/** RFC 9846 §4.3.10: no early data after a HelloRetryRequest. */
export function checkNoEarlyData(second: ClientHello): void {
  if (extensionIn(second, earlyDataIndication) !== undefined) {
    throw illegalParameter("early_data_after_retry", "early_data in a second ClientHello");
  }
}

/** RFC 9846 §4.3.2: what the HelloRetryRequest had, and nothing if it had none. */
function checkCookie(sent: Uint8Array | undefined, got: Uint8Array | undefined): void {
  if (sent === undefined && got !== undefined) {
    throw illegalParameter("unsolicited_cookie", "a cookie that was not sent");
  }
  if (sent !== undefined && (got === undefined || !equalBytes(sent, got))) {
    throw illegalParameter("invalid_cookie", "the second ClientHello hasn't got the cookie of the HelloRetryRequest");
  }
}

export function secondHelloDiffers(): TlsError {
  return illegalParameter("second_client_hello", "the second ClientHello differs from the first in what must stay");
}
