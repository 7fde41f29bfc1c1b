/**
 * The messages of the protocol. Each has a version, so that another one can be told; a type; an id, by which an answer
 * finds its request; and a body behind its length:
 *
 * ```
 * struct {
 *     uint8 version = 1;
 *     MessageType type;
 *     uint32 id;
 *     opaque body<0..2^16-1>;
 * } Message;
 * ```
 */
import type { SignatureAlgorithm } from "@tlskit/crypto";
import {
  type Codec,
  concat,
  encode,
  enumeration,
  opaqueVector,
  struct,
  uint8,
  uint16,
  uint32,
  vector,
} from "@tlskit/wire";
import {
  maxAlgorithmNameLength,
  maxAnswerLength,
  maxKeyNameLength,
  maxRequestLength,
  maxSignatureLength,
} from "./limits.ts";
import { ToBeSigned } from "./signed-form.ts";
import { visibleText } from "./text.ts";

/** The version of the protocol, the first byte of each message. */
export const protocolVersion = 1;

/** The name of the protocol for ALPN (RFC 7301). */
export const alpnProtocol = "tlskit-keyless/1";

/** What a key can sign with, by the client that asks. */
export interface DescribeRequest {
  readonly key: string;
}
export const DescribeRequest: Codec<DescribeRequest> = struct<DescribeRequest>("DescribeRequest", {
  key: visibleText(maxKeyNameLength),
});

/** A signature of a handshake. */
export interface SignRequest {
  readonly key: string;
  /** As `@tlskit/crypto` names it. */
  readonly algorithm: string;
  readonly content: ToBeSigned;
}
export const SignRequest: Codec<SignRequest> = struct<SignRequest>("SignRequest", {
  key: visibleText(maxKeyNameLength),
  algorithm: visibleText(maxAlgorithmNameLength),
  content: ToBeSigned,
});

/** The answer to a {@link DescribeRequest}. */
export interface Description {
  readonly algorithms: readonly string[];
}
export const Description: Codec<Description> = struct<Description>("Description", {
  algorithms: vector(visibleText(maxAlgorithmNameLength), 2, 512),
});

/** The answer to a {@link SignRequest}. */
export interface SignatureAnswer {
  readonly signature: Uint8Array;
}
export const SignatureAnswer: Codec<SignatureAnswer> = struct<SignatureAnswer>("SignatureAnswer", {
  signature: opaqueVector(1, maxSignatureLength),
});

/** Why a request is refused. */
export type RefusalReason =
  /** There is no key of the name, or it isn't for this client: which of the two isn't told. */
  | "no_such_key"
  | "algorithm_not_allowed"
  | "form_not_allowed"
  /** As many signatures as may be are waited for of this key's signer. */
  | "key_too_busy"
  | "signer_failed"
  | "signature_timeout";

/** By code. */
export const refusalReasons: Readonly<Record<number, RefusalReason>> = {
  1: "no_such_key",
  2: "algorithm_not_allowed",
  3: "form_not_allowed",
  4: "key_too_busy",
  5: "signer_failed",
  6: "signature_timeout",
};

/** The answer to any request. */
export interface Refusal {
  readonly reason: number;
}
export const Refusal: Codec<Refusal> = struct<Refusal>("Refusal", {
  reason: enumeration("RefusalReason", 1, (code) => refusalReasons[code]),
});

export function refusalFor(reason: RefusalReason): Refusal {
  const code = Object.entries(refusalReasons).find(([, name]) => name === reason)?.[0];
  return { reason: Number(code) };
}

/** A type of message: its code, and what its body is. */
export interface MessageType<Name extends string, T> {
  readonly name: Name;
  readonly code: number;
  readonly body: Codec<T>;
  readonly maxLength: number;
}

/** What clients send, by name. */
export const requests: {
  readonly describe: MessageType<"describe", DescribeRequest>;
  readonly sign: MessageType<"sign", SignRequest>;
} = {
  describe: { name: "describe", code: 1, body: DescribeRequest, maxLength: maxRequestLength },
  sign: { name: "sign", code: 2, body: SignRequest, maxLength: maxRequestLength },
};

/** What servers answer, by name. */
export const answers: {
  readonly description: MessageType<"description", Description>;
  readonly signature: MessageType<"signature", SignatureAnswer>;
  readonly refusal: MessageType<"refusal", Refusal>;
} = {
  description: { name: "description", code: 3, body: Description, maxLength: maxAnswerLength },
  signature: { name: "signature", code: 4, body: SignatureAnswer, maxLength: maxAnswerLength },
  refusal: { name: "refusal", code: 5, body: Refusal, maxLength: maxAnswerLength },
};

/** What stands before a body. */
export interface Header {
  readonly version: number;
  readonly type: number;
  readonly id: number;
  readonly length: number;
}
export const Header: Codec<Header> = struct<Header>("Header", {
  version: uint8,
  type: enumeration("MessageType", 1, (code) => typeNames[code]),
  id: uint32,
  length: uint16,
});
export const headerLength = 8;

const typeNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.values({ ...requests, ...answers }).map(({ code, name }) => [code, name]),
);

export function encodeMessage<T>(type: MessageType<string, T>, id: number, value: T): Uint8Array {
  const body = encode(type.body, value);
  return concat(encode(Header, { version: protocolVersion, type: type.code, id, length: body.length }), body);
}

/** Every algorithm that there may be, so that a name is one. */
export const algorithms: readonly SignatureAlgorithm[] = [
  ...(["P-256", "P-384", "P-521"] as const).flatMap((curve) =>
    (["SHA-256", "SHA-384", "SHA-512"] as const).map((hash) => `ECDSA/${curve}/${hash}` as const),
  ),
  ...(["SHA-256", "SHA-384", "SHA-512"] as const).flatMap((hash) => [`RSA-PSS/${hash}`, `RSA-PKCS1/${hash}`] as const),
  "Ed25519",
  "Ed448",
];

export function algorithmNamed(name: string): SignatureAlgorithm | undefined {
  return algorithms.find((algorithm) => algorithm === name);
}
