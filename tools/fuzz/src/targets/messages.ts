import { cipherSuites, namedGroups, signatureSchemes } from "@tlskit/ciphersuites";
import {
  decodeMessage,
  encodeMessage,
  explainMessage,
  extensionsOf,
  handshakeHeaderLength,
  helloRetryRequestRandom,
  MessageAssembler,
  messageTypes,
  typeOfMessage,
} from "@tlskit/messages";
import { concat, type Explanation, encode, equalBytes, leavesOf, TlsError, uint16 } from "@tlskit/wire";
import { recorded } from "../recorded.ts";
import { messagePieces } from "../structure.ts";
import { promise, type Target } from "../target.ts";
import { sampleMessages } from "./sample-messages.ts";

/** What is wrong with what a peer sent is the peer's fault. */
export function isPeersFault(error: unknown): boolean {
  return error instanceof TlsError && error.kind === "peer";
}

/** Code points as they stand in messages. */
export const codePoints: readonly Uint8Array[] = [
  ...[...cipherSuites, ...namedGroups, ...signatureSchemes].map(({ code }) => encode(uint16, code)),
  ...Object.values(extensionsOf).flatMap((types) => types.map(({ code }) => encode(uint16, code))),
  ...messageTypes.map(({ code }) => Uint8Array.of(code)),
  ...[0x0301, 0x0303, 0x0304, 0x0a0a, 0x5a5a, 0xfe0d].map((code) => encode(uint16, code)),
  helloRetryRequestRandom,
];

function messageSeeds(): readonly Uint8Array[] {
  return [...sampleMessages(), ...recorded().flatMap(({ messages }) => messages)];
}

/** One handshake message. */
export const messageTarget: Target = {
  name: "message",
  what: "a handshake message: decoded, encoded again, explained",
  maxLength: 4096,
  isRefusal: isPeersFault,
  dictionary: codePoints,
  parse: messagePieces,
  seeds: messageSeeds,
  run(input) {
    const type = typeOfMessage(messageTypes, input);
    if (type === undefined) return;
    checkCovered(explainMessage(type, input), input.length);
    const encoded = encodeMessage(type, decodeMessage(type, input));
    promise(
      equalBytes(encoded.subarray(handshakeHeaderLength), input.subarray(handshakeHeaderLength)),
      "what decodes encodes to the same bytes",
    );
  },
};

/** Each byte of a message is explained, and no other. */
export function checkCovered(explanation: Explanation, length: number): void {
  let end = 0;
  for (const leaf of leavesOf(explanation)) {
    promise(leaf.start === end, `byte ${end} is explained once, and none is left out`);
    end = leaf.end;
  }
  promise(end === length, "an explanation goes to the last byte");
}

/** A stream of handshake messages in fragments. */
export const fragmentsTarget: Target = {
  name: "fragments",
  what: "handshake messages in fragments, each behind a byte with its length",
  maxLength: 4096,
  isRefusal: isPeersFault,
  dictionary: codePoints,
  seeds: () => messageSeeds().map((message) => concat(...inFragments(message))),
  run(input) {
    const assembler = new MessageAssembler();
    const taken: Uint8Array[] = [];
    const pushed: Uint8Array[] = [];
    for (let offset = 0; offset < input.length; ) {
      const fragment = input.subarray(offset + 1, offset + 1 + (input[offset] ?? 0));
      offset += 1 + fragment.length;
      pushed.push(fragment);
      assembler.push(fragment);
      for (let next = assembler.next(messageTypes); next !== undefined; next = assembler.next(messageTypes)) {
        taken.push(next.bytes);
      }
    }
    const stream = concat(...pushed);
    const joined = concat(...taken);
    promise(equalBytes(joined, stream.subarray(0, joined.length)), "messages are what came, in order");
    promise(assembler.isEmpty === (joined.length === stream.length), "what is left over is seen");
  },
};

function inFragments(message: Uint8Array): Uint8Array[] {
  const fragments: Uint8Array[] = [];
  for (let offset = 0; offset < message.length; offset += 200) {
    const part = message.subarray(offset, offset + 200);
    fragments.push(Uint8Array.of(part.length), part);
  }
  return fragments;
}
