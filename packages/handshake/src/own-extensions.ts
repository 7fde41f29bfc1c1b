import { type Steps, wait } from "@tlskit/crypto";
import {
  type ClientHello,
  describeExtension,
  type Extension,
  type HasExtensions,
  isRegisteredExtension,
  type RawExtension,
} from "@tlskit/messages";
import { callerError } from "@tlskit/wire";
import type { AnswerExtensions, OwnExtensionsOffer } from "./client-offer.ts";

/**
 * Registered extensions that RFC 9846 §4.3 has in ClientHello and EncryptedExtensions alone, and that mean nothing to the
 * handshake: use_srtp, supported_ekt_ciphers, external_id_hash, external_session_id, quic_transport_parameters.
 */
const forApplications: readonly number[] = [14, 39, 55, 56, 57];

/**
 * Whether an extension can be the caller's own: one of these, or one that isn't registered. The handshake owns the others,
 * or they change its messages or the records, or they are answered elsewhere than in EncryptedExtensions.
 */
function canBeOwn(code: number): boolean {
  return forApplications.includes(code) || !isRegisteredExtension(code);
}

/**
 * Extensions of the caller's own, checked.
 * @throws {TlsError} `extension_not_own`, `duplicate_extension`, `out_of_range` (the caller's fault)
 */
export function checkOwnExtensions(own: readonly RawExtension[]): void {
  const seen = new Set<number>();
  for (const { code, data } of own) {
    if (!Number.isInteger(code) || code < 0 || code > 0xffff) {
      throw callerError("out_of_range", `an extension's code is a number of two bytes, not ${code}`);
    }
    if (!canBeOwn(code)) {
      throw callerError("extension_not_own", `${describeExtension(code)} can't be an extension of the caller's own`);
    }
    if (seen.has(code)) throw callerError("duplicate_extension", `${describeExtension(code)} is given twice`);
    if (!(data instanceof Uint8Array) || data.length > 0xffff) {
      throw callerError(
        "out_of_range",
        `the data of ${describeExtension(code)} isn't a Uint8Array of up to 65535 bytes`,
      );
    }
    seen.add(code);
  }
}

/** As they stand in a message. */
export function ownExtensions(own: readonly RawExtension[]): readonly Extension[] {
  return own.map(({ code, data }) => ({ code, value: data }));
}

/** Those of a message that can be the caller's own, in copies. */
export function ownExtensionsIn(message: HasExtensions<Extension>): readonly RawExtension[] {
  return (message.extensions ?? [])
    .filter(({ code }) => canBeOwn(code))
    .map(({ code, value }) => {
      // What is described is the handshake's, and what isn't is bytes.
      const bytes = value as Uint8Array;
      // not slice: a Buffer's slice is a view
      return { code, data: new Uint8Array(bytes) };
    });
}

/** What a server's caller answers to a client's extensions, and what there was to answer. */
export interface OwnAnswers {
  readonly offered: readonly RawExtension[];
  readonly answers: readonly RawExtension[];
}

/**
 * RFC 9846 §4.3#responses-sent: only what the client offers is answered.
 * @throws {TlsError} `extension_not_offered` (the caller's fault), and as {@link checkOwnExtensions}
 */
export function* answerOwnExtensions(
  answerExtensions: AnswerExtensions | undefined,
  hello: ClientHello,
  known: Omit<OwnExtensionsOffer, "extensions">,
): Steps<OwnAnswers> {
  if (answerExtensions === undefined) return { offered: [], answers: [] };
  const offered = ownExtensionsIn(hello);
  const answers = yield* wait(answerExtensions({ ...known, extensions: offered }));
  checkOwnExtensions(answers);
  for (const { code } of answers) {
    if (!offered.some((extension) => extension.code === code)) {
      throw callerError(
        "extension_not_offered",
        `${describeExtension(code)} is answered, and the client doesn't offer it`,
      );
    }
  }
  return { offered, answers };
}
