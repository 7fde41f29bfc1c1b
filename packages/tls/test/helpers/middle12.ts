import {
  type ClientHello,
  ClientHello as ClientHelloType,
  decodeMessage,
  EcdheServerKeyExchange,
  encodeMessage,
  type MessageType,
  type ServerHello,
  ServerHello as ServerHelloType,
} from "@tlskit/messages";
import type { Intercept } from "@tlskit/testing";
import { concat } from "@tlskit/wire";

/** What goes by in TLS 1.2: a handshake message, or a record of another kind, or one that is protected. */
export interface Passing {
  /** Of the record. */
  readonly type: number;
  /** A message with its header, or a record's body. */
  readonly body: Uint8Array;
  /** What the record says its version is, without the 3 in front; TLS 1.2's unless told. */
  readonly minor?: number;
  readonly isProtected?: boolean;
}

export const changeCipherSpec: Passing = { type: 20, body: Uint8Array.of(1) };
export const warning = (description: number): Passing => ({ type: 21, body: Uint8Array.of(1, description) });
export const applicationData: Passing = { type: 23, body: Uint8Array.of(1, 2, 3) };
export const message = <T>(type: MessageType<T>, value: T): Passing => ({ type: 22, body: encodeMessage(type, value) });

/** What of a direction arrives instead. */
export type Edit = (passing: readonly Passing[]) => readonly Passing[];

/** A man in the middle, who sees messages by themselves until they are protected, and sends each in a record of its own. */
export function inTheMiddle(edits: { readonly client?: Edit; readonly server?: Edit }): Intercept {
  const protectedBy = { left: false, right: false };
  return (from, bytes) => {
    const passing: Passing[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
      const [type, body] = [bytes[at] ?? 0, bytes.subarray(at + 5, at + 5 + length)];
      const minor = bytes[at + 2] ?? 0;
      at += 5 + length;
      if (type !== 22 || protectedBy[from]) passing.push({ type, body, minor, isProtected: protectedBy[from] });
      else passing.push(...messagesIn(body).map((each) => ({ type, body: each, minor })));
      if (type === 20) protectedBy[from] = true;
    }
    const edit = from === "left" ? edits.client : edits.server;
    return (edit?.(passing) ?? passing).map(({ type, body, minor = 3 }) =>
      concat(Uint8Array.of(type, 3, minor, body.length >> 8, body.length & 0xff), body),
    );
  };
}

function messagesIn(body: Uint8Array): readonly Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const end = at + 4 + (((body[at + 1] ?? 0) << 16) | ((body[at + 2] ?? 0) << 8) | (body[at + 3] ?? 0));
    messages.push(body.subarray(at, end));
    at = end;
  }
  return messages;
}

const is = ({ code }: MessageType<unknown>, { type, body, isProtected = false }: Passing): boolean =>
  type === 22 && body[0] === code && !isProtected;

/** Changes a message. */
export function changing<T>(type: MessageType<T>, change: (value: T) => T): Edit {
  return (passing) =>
    passing.map((each) =>
      is(type, each) ? { ...each, ...message(type, change(decodeMessage(type, each.body))) } : each,
    );
}

export const changingClientHello = (change: (hello: ClientHello) => Partial<ClientHello>): Edit =>
  changing(ClientHelloType, (hello) => ({ ...hello, ...change(hello) }));

export const changingServerHello = (change: (hello: ServerHello) => Partial<ServerHello>): Edit =>
  changing(ServerHelloType, (hello) => ({ ...hello, ...change(hello) }));

export const changingKeyExchange = (
  change: (exchange: EcdheServerKeyExchange) => Partial<EcdheServerKeyExchange>,
): Edit => changing(EcdheServerKeyExchange, (exchange) => ({ ...exchange, ...change(exchange) }));

/** Puts something in front of the first that is so. */
export function before(isIt: (passing: Passing) => boolean, ...more: readonly Passing[]): Edit {
  let done = false;
  return (passing) =>
    passing.flatMap((each) => {
      if (done || !isIt(each)) return [each];
      done = true;
      return [...more, each];
    });
}

/** Leaves out what is so. */
export function without(isIt: (passing: Passing) => boolean): Edit {
  return (passing) => passing.filter((each) => !isIt(each));
}

export const ofType =
  (type: MessageType<unknown>) =>
  (passing: Passing): boolean =>
    is(type, passing);
export const isChangeCipherSpec = ({ type }: Passing): boolean => type === 20;
