import { concat, notTls, Reader } from "@tlskit/wire";
import { type Dialogue, malformed, noTls, octets } from "../dialogue.ts";
import { maxLineLength } from "../limits.ts";
import type { Protocol } from "../protocol.ts";

/**
 * MySQL and MariaDB. The server's first packet, which has what its authentication begins with, is in
 * {@link StartTls.received}; what follows under TLS has the sequence number 2.
 */
export const mysql: Protocol = {
  name: "mysql",
  specification: "https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html",
  port: 3306,
  client,
};

// Capabilities, and whoever says the second has the form of packets that is here.
const [withTls, protocol41, secureConnection, pluginAuthentication] = [1 << 11, 1 << 9, 1 << 15, 1 << 19];
const [handshakeV10, errorPacket] = [10, 0xff];
/** utf8mb4 */
const characterSet = 45;

function* client(): Dialogue {
  const [first = 0, second = 0, third = 0, sequence] = yield* octets(4);
  const length = first | (second << 8) | (third << 16);
  if (length > maxLineLength) {
    throw notTls("message_too_long", `the server's first packet has ${length} octets, more than ${maxLineLength}`);
  }
  if (sequence !== 0) throw malformed("a packet out of sequence");
  const packet = new Reader(yield* octets(length));
  const version = packet.u8();
  if (version === errorPacket) throw noTls("answered the connection with an error");
  if (version !== handshakeV10) throw malformed(`a packet of the protocol's version ${version}`);
  // The server's version, the connection's number, eight octets for the authentication, a filler.
  while (packet.u8() !== 0);
  packet.bytes(4 + 8 + 1);
  const [low = 0, high = 0] = packet.bytes(2);
  if (((low | (high << 8)) & withTls) === 0) throw noTls("doesn't offer CLIENT_SSL");
  // SSLRequest: no answer comes, TLS begins.
  yield concat(
    Uint8Array.of(32, 0, 0, 1),
    littleEndian(withTls | protocol41 | secureConnection | pluginAuthentication),
    littleEndian(2 ** 24 - 1), // the longest packet
    Uint8Array.of(characterSet),
    new Uint8Array(23),
  );
}

function littleEndian(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
}
