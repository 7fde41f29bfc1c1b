import { callerError, ExternalPsk, type ExternalPskFor, type FindExternalPsk } from "@tlskit/tls";
import { invalidArgumentType } from "./argument-errors.ts";
import type { ConnectionOptions, ServerConnectionOptions } from "./options.ts";
import type { TLSSocket } from "./tls-socket.ts";

/** A client's `pskCallback` as what is asked for its keys. It gives one key for every version, as `node:tls` has it. */
export function pskGiver(callback: NonNullable<ConnectionOptions["pskCallback"]>): ExternalPskFor {
  return ({ protocol, hint }) => {
    const given = callback(hint === undefined ? null : Buffer.from(hint).toString());
    if (given === null || given === undefined) return undefined;
    return new ExternalPsk({ identity: Buffer.from(given.identity), key: bytesOf(given.psk), protocol });
  };
}

/** A server's `pskCallback` as what finds the key of one connection's client. */
export function pskFinder(
  callback: NonNullable<ServerConnectionOptions["pskCallback"]>,
  self: { readonly socket: TLSSocket | undefined },
): FindExternalPsk {
  return ({ identity, protocol }) => {
    const { socket } = self;
    if (socket === undefined) throw callerError("not_started", "a key is asked for before there is a socket");
    const key = callback(socket, Buffer.from(identity).toString());
    return key === null || key === undefined ? undefined : new ExternalPsk({ identity, key: bytesOf(key), protocol });
  };
}

function bytesOf(key: unknown): Uint8Array {
  if (!ArrayBuffer.isView(key)) throw invalidArgumentType("psk", "an instance of Buffer, TypedArray, or DataView", key);
  return new Uint8Array(key.buffer, key.byteOffset, key.byteLength);
}
