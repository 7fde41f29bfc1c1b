import type { Tls12CipherSuite, Tls12KeyExchange } from "@tlskit/ciphersuites";
import { HandshakeType } from "./handshake-type.ts";
import type { MessageType } from "./message.ts";
import {
  DhAnonServerKeyExchange,
  DheClientKeyExchange,
  DhePskClientKeyExchange,
  DhePskServerKeyExchange,
  DheServerKeyExchange,
  EcdhAnonServerKeyExchange,
  EcdheClientKeyExchange,
  EcdhePskClientKeyExchange,
  EcdhePskServerKeyExchange,
  EcdheServerKeyExchange,
  PskClientKeyExchange,
  PskServerKeyExchange,
  RsaClientKeyExchange,
  RsaPskClientKeyExchange,
  tls12MessageTypes,
} from "./tls12-messages.ts";

/** What a ServerKeyExchange, where one may come, and a ClientKeyExchange are. */
const keyExchangeMessages: Readonly<Record<Tls12KeyExchange, readonly MessageType<unknown>[]>> = {
  ECDHE: [EcdheServerKeyExchange, EcdheClientKeyExchange],
  DHE: [DheServerKeyExchange, DheClientKeyExchange],
  RSA: [RsaClientKeyExchange],
  ECDHE_PSK: [EcdhePskServerKeyExchange, EcdhePskClientKeyExchange],
  DHE_PSK: [DhePskServerKeyExchange, DhePskClientKeyExchange],
  RSA_PSK: [PskServerKeyExchange, RsaPskClientKeyExchange],
  PSK: [PskServerKeyExchange, PskClientKeyExchange],
  ECDH_anon: [EcdhAnonServerKeyExchange, EcdheClientKeyExchange],
  DH_anon: [DhAnonServerKeyExchange, DheClientKeyExchange],
};

/**
 * Every handshake message of TLS 1.2 as it is with a cipher suite, for whoever only looks on: `tls12MessageTypes`, with the
 * key exchange's own in place of bytes. Before TLS 1.2 the same in their older form, by `inLegacyForm` of
 * `@tlskit/messages/legacy`.
 */
export function tls12MessageTypesOf({
  keyExchange,
}: Pick<Tls12CipherSuite, "keyExchange">): readonly MessageType<unknown>[] {
  const { serverKeyExchange, clientKeyExchange } = HandshakeType;
  return [
    ...tls12MessageTypes.filter(({ code }) => code !== serverKeyExchange && code !== clientKeyExchange),
    ...keyExchangeMessages[keyExchange],
  ];
}
