import {
  CertificateVerify,
  ClientHello,
  DheClientKeyExchange,
  DheServerKeyExchange,
  decodeMessage,
  EcdheClientKeyExchange,
  EcdheServerKeyExchange,
  encodeMessage,
  explainMessage,
  Finished,
  HelloRequest,
  handshakeHeaderLength,
  type MessageType,
  RsaClientKeyExchange,
  ServerHello,
  ServerHelloDone,
  Tls12Certificate,
  Tls12CertificateRequest,
  Tls12CertificateStatus,
  Tls12NewSessionTicket,
} from "@tlskit/messages";
import { concat, equalBytes } from "@tlskit/wire";
import { leaf, messagePieces, sequence } from "../structure.ts";
import { promise, type Target } from "../target.ts";
import { checkCovered, codePoints, isPeersFault } from "./messages.ts";
import { tls12SampleMessages } from "./tls12-sample-messages.ts";

/** In the order of the sample messages: key exchanges don't describe themselves. */
const types: readonly MessageType<unknown>[] = [
  HelloRequest,
  ClientHello,
  ServerHello,
  Tls12Certificate,
  Tls12CertificateStatus,
  EcdheServerKeyExchange,
  Tls12CertificateRequest,
  ServerHelloDone,
  EcdheClientKeyExchange,
  CertificateVerify,
  Tls12NewSessionTicket,
  Finished,
  DheServerKeyExchange,
  DheClientKeyExchange,
  RsaClientKeyExchange,
];

/** A message of TLS 1.2. */
export const tls12MessageTarget: Target = {
  name: "tls12-message",
  what: "a byte that says what is expected, and a handshake message of TLS 1.2: decoded, encoded again, explained",
  maxLength: 4096,
  isRefusal: isPeersFault,
  dictionary: codePoints,
  parse: (input) => sequence([leaf(input.subarray(0, 1)), messagePieces(input.subarray(1))]),
  seeds: () => tls12SampleMessages().map((message, index) => concat(Uint8Array.of(index), message)),
  run(input) {
    const message = input.subarray(1);
    const type = types[(input[0] ?? 0) % types.length];
    if (type === undefined || message[0] !== type.code) return;
    checkCovered(explainMessage(type, message), message.length);
    const encoded = encodeMessage(type, decodeMessage(type, message));
    promise(
      equalBytes(encoded.subarray(handshakeHeaderLength), message.subarray(handshakeHeaderLength)),
      "what decodes encodes to the same bytes",
    );
  },
};
