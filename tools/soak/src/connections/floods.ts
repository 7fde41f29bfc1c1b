import type { Steps } from "@tlskit/crypto";
import { RecordType, type ScriptedPeer, ScriptedTls13Peer } from "@tlskit/testing";
import type { Version } from "../implementations.ts";
import type { Role } from "./kinds.ts";

/** Something that a peer sends without end. */
export interface Flood {
  readonly name: string;
  /** Whether in the handshake too, at each step. */
  readonly anywhere?: true;
  readonly only?: { readonly role?: Role; readonly version?: Version };
  /** Whether it reads nothing meanwhile. */
  readonly readsNothing?: true;
  /** Once. */
  send(peer: ScriptedPeer): Steps<void>;
  /** What the end under test has to make of it. */
  readonly ends: RegExp;
}

const nothing = new Uint8Array(0);
const message = (type: number, body: Uint8Array = nothing): Uint8Array =>
  Uint8Array.of(type, 0, body.length >> 8, body.length & 0xff, ...body);

/** RFC 9846 §4.7.3; the keys are changed behind it. */
function* keyUpdate(peer: ScriptedPeer, request: 0 | 1): Steps<void> {
  yield* peer.record(RecordType.handshake, message(24, Uint8Array.of(request)));
  if (peer instanceof ScriptedTls13Peer) yield* peer.updateWriteKeys();
}

const ticket = Uint8Array.of(0, 0, 14, 16, 1, 2, 3, 4, 1, 7, 0, 32, ...new Uint8Array(32), 0, 0);

const tooMuch = /^(unexpected_message|unexpected_record|unknown_record_type|too_many_\w+)$/;

export const floods: readonly Flood[] = [
  {
    name: "records without content",
    anywhere: true,
    send: (peer) => peer.record(RecordType.handshake, nothing),
    ends: tooMuch,
  },
  {
    name: "warnings",
    anywhere: true,
    send: (peer) => peer.record(RecordType.alert, Uint8Array.of(1, 90)),
    ends: tooMuch,
  },
  {
    name: "change_cipher_spec",
    anywhere: true,
    // biome-ignore lint/correctness/useYield: whatever sends is a generator
    *send(peer) {
      peer.unprotected(RecordType.changeCipherSpec, Uint8Array.of(1));
    },
    ends: tooMuch,
  },
  { name: "empty records of data", send: (peer) => peer.record(RecordType.applicationData, nothing), ends: tooMuch },
  { name: "KeyUpdates", only: { version: "TLSv1.3" }, send: (peer) => keyUpdate(peer, 0), ends: tooMuch },
  {
    name: "KeyUpdates that ask for another",
    only: { version: "TLSv1.3" },
    send: (peer) => keyUpdate(peer, 1),
    ends: tooMuch,
  },
  {
    name: "NewSessionTickets",
    only: { version: "TLSv1.3", role: "server" },
    send: (peer) => peer.record(RecordType.handshake, message(4, ticket)),
    ends: tooMuch,
  },
  {
    name: "HelloRequests",
    only: { version: "TLSv1.2", role: "server" },
    send: (peer) => peer.record(RecordType.handshake, message(0)),
    ends: tooMuch,
  },
  {
    name: "ClientHellos",
    only: { role: "client" },
    send: (peer) => peer.record(RecordType.handshake, peer.transcript[0] ?? nothing),
    ends: tooMuch,
  },
  {
    name: "data, reading nothing,",
    only: { role: "client" },
    readsNothing: true,
    send: (peer) => peer.record(RecordType.applicationData, new Uint8Array(16_384)),
    ends: /^idle$/,
  },
];
