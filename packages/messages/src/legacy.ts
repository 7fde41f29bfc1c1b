/**
 * Messages that TLS 1.0 and 1.1 have in another form than TLS 1.2: what is signed doesn't say by which scheme, and nobody
 * lists any.
 * @module
 */
import { type Codec, enumeration, opaqueVector, struct, vector } from "@tlskit/wire";
import type { MessageType } from "./message.ts";
import { CertificateVerify } from "./messages.ts";
import {
  certificateTypeName,
  DheServerKeyExchange,
  type DigitallySigned,
  EcdheServerKeyExchange,
  serverDhParams,
  serverEcdhParams,
  Tls12CertificateRequest,
} from "./tls12-messages.ts";

/** Where nothing is written, this is read. */
function unwritten<T>(value: T): Codec<T> {
  return { type: "nothing", read: () => value, write: () => {} };
}

/** RFC 4346 §4.7: `opaque signature<0..2^16-1>`. No scheme has the number 0. */
const digitallySigned = struct<DigitallySigned>("DigitallySigned", {
  algorithm: unwritten(0),
  signature: opaqueVector(0, 0xffff),
});

/** RFC 4346 §7.4.3, RFC 4492 §5.4. */
const ecdheServerKeyExchange: MessageType<EcdheServerKeyExchange, "ServerKeyExchange"> = {
  ...EcdheServerKeyExchange,
  body: struct<EcdheServerKeyExchange>("ServerKeyExchange", {
    params: serverEcdhParams,
    signedParams: digitallySigned,
  }),
};

/** RFC 4346 §7.4.3. */
const dheServerKeyExchange: MessageType<DheServerKeyExchange, "ServerKeyExchange"> = {
  ...DheServerKeyExchange,
  body: struct<DheServerKeyExchange>("ServerKeyExchange", { params: serverDhParams, signedParams: digitallySigned }),
};

/** RFC 4346 §7.4.8. */
const certificateVerify: MessageType<CertificateVerify, "CertificateVerify"> = {
  ...CertificateVerify,
  body: struct<CertificateVerify>("CertificateVerify", {
    algorithm: unwritten(0),
    signature: opaqueVector(0, 0xffff),
  }),
};

/** RFC 4346 §7.4.4. */
const certificateRequest: MessageType<Tls12CertificateRequest, "CertificateRequest"> = {
  ...Tls12CertificateRequest,
  body: struct<Tls12CertificateRequest>("CertificateRequest", {
    certificateTypes: vector(enumeration("ClientCertificateType", 1, certificateTypeName), 1, 0xff),
    supportedSignatureAlgorithms: unwritten([]),
    certificateAuthorities: vector({ ...opaqueVector(1, 0xffff), type: "DistinguishedName" }, 0, 0xffff),
  }),
};

const forms: ReadonlyMap<MessageType<unknown>, MessageType<unknown>> = new Map<
  MessageType<unknown>,
  MessageType<unknown>
>([
  [EcdheServerKeyExchange, ecdheServerKeyExchange],
  [DheServerKeyExchange, dheServerKeyExchange],
  [CertificateVerify, certificateVerify],
  [Tls12CertificateRequest, certificateRequest],
]);

/** A type of message as TLS 1.0 and 1.1 write it: of the same messages, with what isn't written as 0 or empty. */
export function inLegacyForm<Type extends MessageType<unknown>>(type: Type): Type {
  // The pairs above are of the same messages, which the map's type can't say.
  return (forms.get(type) ?? type) as Type;
}
