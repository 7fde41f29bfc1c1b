import { connect, type Socket } from "node:net";
import type { Random } from "@tlskit/crypto";
import { randomBelow } from "@tlskit/testing";

/** A server that `tlskit connect` must fail with. */
export interface HostileServer {
  readonly name: string;
  /** What `tlskit connect` is to say: an alert's name or another reason. */
  readonly reason: RegExp;
  /** @param honest the port of a server whose answers may be passed on. */
  serve(socket: Socket, random: Random, honest: number): void;
}

/** What an honest server answers a ClientHello with has more bytes than this, and no alert is in it. */
const flightLength = 1000;

const alerts =
  /(unexpected_message|decode_error|illegal_parameter|protocol_version|record_overflow|bad_record_mac|decrypt_error|handshake_failure|unsupported_extension|missing_extension|unsupported_certificate|bad_certificate|unknown_ca|certificate_unknown|no_application_protocol|internal_error): /;
const cutOff = /the stream ended (during the handshake|without a close_notify)|ECONNRESET|EPIPE/;
const tooSlow = /the handshake took more than \d+ ms/;
const any = new RegExp(`${alerts.source}|${cutOff.source}|${tooSlow.source}`);

/** Passes on what an honest server answers, changed by `change`, which gets each chunk with its place in the stream. */
function relay(socket: Socket, honest: number, change: (bytes: Buffer, offset: number) => void): void {
  const upstream = connect({ host: "127.0.0.1", port: honest });
  upstream.on("error", () => undefined);
  socket.once("close", () => upstream.destroy());
  socket.pipe(upstream);
  let offset = 0;
  upstream.on("data", (bytes: Buffer) => {
    change(bytes, offset);
    offset += bytes.length;
  });
}

export const hostileServers: readonly HostileServer[] = [
  { name: "says nothing", reason: tooSlow, serve: (socket) => void socket.resume() },
  { name: "hangs up", reason: cutOff, serve: (socket) => void socket.end() },
  { name: "resets", reason: cutOff, serve: (socket) => void socket.resetAndDestroy() },
  {
    name: "sends random bytes",
    reason: any,
    serve: (socket, random) => void socket.end(random(1 + randomBelow(random, 4096))),
  },
  {
    name: "sends random bytes in a record",
    reason: any,
    serve: (socket, random) => {
      const length = 1 + randomBelow(random, 512);
      socket.write(
        Buffer.concat([Uint8Array.of(20 + randomBelow(random, 4), 3, 3, length >> 8, length), random(length)]),
      );
      socket.end();
    },
  },
  {
    name: "speaks another protocol",
    reason: /the greeting of SMTP or FTP/,
    serve: (socket) => void socket.write("220 mail.example ESMTP\r\n"),
  },
  {
    name: "sends a huge record",
    reason: /record_overflow: /,
    serve: (socket, random) => void socket.write(Buffer.concat([Uint8Array.of(22, 3, 3, 0xff, 0xff), random(65_535)])),
  },
  {
    name: "announces a message that is too long",
    reason: /decode_error: /,
    serve: (socket) => void socket.write(Uint8Array.of(22, 3, 3, 0, 4, 2, 0xff, 0xff, 0xff)),
  },
  {
    name: "sends change_cipher_spec without end",
    reason: /unexpected_message: /,
    serve: (socket) => void socket.write(Buffer.alloc(6 * 1000, Uint8Array.of(20, 3, 3, 0, 1, 1))),
  },
  {
    name: "sends warnings without end",
    reason: /unexpected_message: /,
    serve: (socket) => void socket.write(Buffer.alloc(7 * 1000, Uint8Array.of(21, 3, 3, 0, 2, 1, 90))),
  },
  {
    name: "sends an alert",
    reason: /the peer's alert: handshake_failure/,
    serve: (socket) => void socket.end(Uint8Array.of(21, 3, 3, 0, 2, 2, 40)),
  },
  {
    name: "hangs up somewhere in its flight",
    reason: cutOff,
    serve: (socket, random, honest) => {
      const end = randomBelow(random, flightLength);
      relay(socket, honest, (bytes, offset) => {
        socket.write(bytes.subarray(0, Math.max(0, end - offset)));
        if (offset + bytes.length >= end) socket.end();
      });
    },
  },
  {
    name: "resets somewhere in its flight",
    reason: cutOff,
    serve: (socket, random, honest) => {
      const end = randomBelow(random, flightLength);
      relay(socket, honest, (bytes, offset) => {
        socket.write(bytes.subarray(0, Math.max(0, end - offset)), () => {
          if (offset + bytes.length >= end) socket.resetAndDestroy();
        });
      });
    },
  },
  {
    name: "says nothing more somewhere in its flight",
    reason: tooSlow,
    serve: (socket, random, honest) => {
      const end = randomBelow(random, flightLength);
      relay(socket, honest, (bytes, offset) => void socket.write(bytes.subarray(0, Math.max(0, end - offset))));
    },
  },
  {
    name: "goes on with random bytes somewhere in its flight",
    reason: any,
    serve: (socket, random, honest) => {
      const end = randomBelow(random, flightLength);
      relay(socket, honest, (bytes, offset) => {
        const honestPart = bytes.subarray(0, Math.max(0, end - offset));
        socket.write(Buffer.concat([honestPart, random(bytes.length - honestPart.length)]));
      });
    },
  },
  {
    name: "has a byte changed somewhere in its flight",
    reason: any,
    serve: (socket, random, honest) => {
      // Not where it means nothing: the version of a record that is not protected (RFC 9846 §5.1).
      const at = 5 + randomBelow(random, 100);
      relay(socket, honest, (bytes, offset) => {
        const byte = bytes[at - offset];
        if (byte !== undefined) bytes[at - offset] = byte ^ (1 + randomBelow(random, 255));
        socket.write(bytes);
      });
    },
  },
  {
    name: "sends a byte every 100 ms",
    reason: tooSlow,
    serve: (socket, _random, honest) => {
      const queue: number[] = [];
      const timer = setInterval(() => {
        const byte = queue.shift();
        if (byte !== undefined) socket.write(Uint8Array.of(byte));
      }, 100);
      socket.once("close", () => clearInterval(timer));
      relay(socket, honest, (bytes) => void queue.push(...bytes));
    },
  },
];
