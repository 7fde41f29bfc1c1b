import { type ClientHello, ecPointFormats, extensionIn, renegotiationInfo } from "@tlskit/messages";
import { Alert, peerError } from "@tlskit/wire";
import { checkPlaces, illegalParameter } from "../extension-rules.ts";
import { checkServerName } from "../server-name.ts";

/** RFC 5746 §3.3: what a client may offer in place of an empty renegotiation_info. */
const renegotiationScsv = 0x00ff;

/** RFC 5246 §7.4.1.2: what every ClientHello of TLS 1.2 fulfils. */
export function checkClientHello(hello: ClientHello): void {
  // RFC 9846 §4.2.2#older-compression, RFC 5246 §7.4.1.2#null-compression: other methods may be offered, and aren't taken.
  if (!hello.legacyCompressionMethods.includes(0)) {
    throw illegalParameter("compression", "compression_methods has no null method");
  }
  checkPlaces("clientHello", hello);
  checkServerName(hello);
  // RFC 5746 §3.6#empty-checked: at first there is nothing to be bound to.
  if ((extensionIn(hello, renegotiationInfo)?.length ?? 0) > 0) {
    throw peerError(
      "renegotiation_info",
      Alert.handshakeFailure,
      "renegotiation_info is not empty in a first handshake",
    );
  }
  // RFC 8422 §5.1.2#checked
  if (extensionIn(hello, ecPointFormats)?.includes(0) === false) {
    throw illegalParameter("ec_point_formats", "the client takes no uncompressed points");
  }
}

/** RFC 5746 §3.6#checked: whether a client asks to have renegotiations bound to what was before them. */
export function offersSecureRenegotiation(hello: ClientHello): boolean {
  return hello.cipherSuites.includes(renegotiationScsv) || extensionIn(hello, renegotiationInfo) !== undefined;
}
