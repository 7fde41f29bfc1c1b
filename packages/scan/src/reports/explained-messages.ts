import type { Tls12KeyExchange } from "@tlskit/ciphersuites";
import {
  decodeMessage,
  explainMessage,
  extensionIn,
  HelloRetryRequest,
  handshakeTypeName,
  type MessageType,
  messageTypes,
  ServerHello,
  selectedVersion,
  tls12MessageTypes,
  tls12MessageTypesOf,
  typeOfMessage,
} from "@tlskit/messages";
import { inLegacyForm } from "@tlskit/messages/legacy";
import { alertMessage, changeCipherSpec } from "@tlskit/record";
import { alertName, type Explanation, explain, TlsError, toHex } from "@tlskit/wire";
import type { SeenMessage } from "../probe/answer.ts";
import { type KnownCipherSuite, knownCipherSuite } from "../registry/cipher-suite.ts";
import { versions } from "../version.ts";
import { maxShownParts } from "./limits.ts";

/** A message of the evidence. */
export interface ExplainedMessage {
  readonly from: SeenMessage["from"];
  /** `ServerHello`, `alert protocol_version`. */
  readonly name: string;
  readonly octets: Uint8Array;
  /** What its octets mean, as far as anybody knows: none, if nobody does. */
  readonly fields: readonly MessageField[];
}

/** A field of a message, without the lengths that stand in front of fields. */
export interface MessageField {
  readonly name: string;
  /** What its octets mean, if they mean more than themselves. */
  readonly meaning?: string | undefined;
  readonly octets: Uint8Array;
  readonly parts: readonly MessageField[];
}

/** Explains messages in their order: what a server has chosen tells how those behind its hello are to be read. */
export function explainedMessages(messages: readonly SeenMessage[]): readonly ExplainedMessage[] {
  let types = tls12MessageTypes;
  return messages.map((message) => {
    const explained = explainedMessage(message, types);
    if (explained.name === ServerHello.name) types = typesAfter(message.bytes);
    return explained;
  });
}

function explainedMessage(
  { from, type, bytes }: SeenMessage,
  types: readonly MessageType<unknown>[],
): ExplainedMessage {
  switch (type) {
    case "handshake": {
      // a HelloRetryRequest comes before anybody knows that the version is TLS 1.3
      const messageType = typeOfMessage([HelloRetryRequest, ...types], bytes);
      if (messageType === undefined) return { from, name: unknownHandshakeName(bytes), octets: bytes, fields: [] };
      return {
        from,
        name: messageType.name,
        octets: bytes,
        fields: fieldsOf(explainMessage(messageType, bytes), bytes),
      };
    }
    case "alert": {
      const name = `alert ${bytes.length === 2 ? alertName(bytes[1] ?? 0) : "of a wrong length"}`;
      return { from, name, octets: bytes, fields: fieldsOf(explain(alertMessage, bytes), bytes) };
    }
    case "change_cipher_spec":
      return { from, name: type, octets: bytes, fields: fieldsOf(explain(changeCipherSpec, bytes), bytes) };
    case "application_data":
      return { from, name: type, octets: bytes, fields: [] };
    case "ssl2":
      return { from, name: "message of SSL 2.0", octets: bytes, fields: [] };
    case "unknown":
      return { from, name: "something that isn't TLS", octets: bytes, fields: [] };
  }
}

/** What a whole message is made of, its head left out: its name says the type. */
function fieldsOf(message: Explanation, bytes: Uint8Array): readonly MessageField[] {
  const body = message.parts.find(({ name }) => name === "body");
  const content = body === undefined ? message : body.parts.find(({ name }) => name !== "length");
  if (content === undefined) return [];
  return content.parts.length === 0 ? [fieldOf(content, bytes)] : partsOf(content, bytes);
}

function partsOf({ parts }: Explanation, bytes: Uint8Array): readonly MessageField[] {
  const all = parts.filter(({ name }) => name !== "length");
  const shown = all.slice(0, maxShownParts).map((part) => fieldOf(part, bytes));
  const [first, ...others] = all.slice(maxShownParts);
  if (first === undefined) return shown;
  const octets = bytes.subarray(first.start, others.at(-1)?.end ?? first.end);
  return [...shown, { name: `and ${others.length + 1} more`, octets, parts: [] }];
}

function fieldOf(explanation: Explanation, bytes: Uint8Array): MessageField {
  const { name, start, end } = explanation;
  const octets = bytes.subarray(start, end);
  const within = partsOf(explanation, bytes);
  const [only] = within;
  const meaning = meaningBesides(octets, explanation.meaning);
  // a vector or a frame around one thing is that thing
  if (within.length === 1 && only !== undefined && !isItem(only)) {
    return { ...only, name, meaning: only.meaning ?? meaning };
  }
  return { name, meaning, octets: explanation.parts.length === 0 ? octets : new Uint8Array(0), parts: within };
}

/** Items of a list have their index for a name. */
function isItem({ name }: MessageField): boolean {
  return /^\d+$/.test(name);
}

/** Octets that mean nothing but themselves are described by their digits. */
function meaningBesides(octets: Uint8Array, meaning: string | undefined): string | undefined {
  return meaning?.startsWith(toHex(octets.subarray(0, 8))) === true ? undefined : meaning;
}

function unknownHandshakeName(bytes: Uint8Array): string {
  const [code] = bytes;
  return code === undefined ? "empty handshake message" : handshakeTypeName(code);
}

/** The messages that follow a ServerHello, as the version and the cipher suite have them that it chooses. */
function typesAfter(serverHello: Uint8Array): readonly MessageType<unknown>[] {
  try {
    const { legacyVersion, cipherSuite, ...hello } = decodeMessage(ServerHello, serverHello);
    if (extensionIn(hello, selectedVersion) === versions["TLS 1.3"]) return messageTypes;
    const types = typesOfSuite(knownCipherSuite(cipherSuite));
    return legacyVersion < versions["TLS 1.2"] ? types.map(inLegacyForm) : types;
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    return tls12MessageTypes;
  }
}

function typesOfSuite(suite: KnownCipherSuite | undefined): readonly MessageType<unknown>[] {
  const keyExchange = suite && keyExchangeOf(suite);
  return keyExchange === undefined ? tls12MessageTypes : tls12MessageTypesOf({ keyExchange });
}

/** What a suite's messages are described by, if anybody has described them. */
function keyExchangeOf({ keyExchange, authentication }: KnownCipherSuite): Tls12KeyExchange | undefined {
  const anonymous = authentication === "anon";
  switch (keyExchange) {
    case "ECDHE":
      return anonymous ? "ECDH_anon" : "ECDHE";
    case "DHE":
      return anonymous ? "DH_anon" : "DHE";
    case "RSA":
    case "PSK":
    case "DHE_PSK":
    case "ECDHE_PSK":
    case "RSA_PSK":
      return keyExchange;
    default:
      return undefined;
  }
}
