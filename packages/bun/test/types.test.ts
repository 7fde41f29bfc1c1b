import { describe, expectTypeOf, it } from "vitest";
import {
  type BinaryType,
  connect,
  listen,
  type Pem,
  type SocketHandler,
  type TlsSocket,
  upgradable,
  type upgradeTLS,
} from "../src/index.ts";
import type { OwnSocket, PlainSocket, RawEvents, RawHandlers, RawListener, RawSocket } from "../src/runtime.ts";
import type { socketMembers } from "./helpers/socket-members.ts";

describe("what is used of Bun", () => {
  it("is what Bun declares", () => {
    expectTypeOf<Bun.Socket<{ some: "data" }>>().toExtend<RawSocket>();
    expectTypeOf<Bun.Socket<{ some: "data" }>>().toExtend<PlainSocket>();
    expectTypeOf<Bun.Socket<RawEvents>>().toExtend<OwnSocket>();
    expectTypeOf<Bun.TCPSocketListener<RawEvents>>().toExtend<RawListener>();
    expectTypeOf<Bun.UnixSocketListener<RawEvents>>().toExtend<RawListener>();
    expectTypeOf<RawHandlers<Bun.Socket<RawEvents>>>().toExtend<Bun.SocketHandler<RawEvents>>();
    expectTypeOf<Bun.BunFile>().toExtend<Pem>();
    expectTypeOf<Bun.Socket<number>>().toExtend<Parameters<typeof upgradeTLS>[0]>();
  });

  it("goes through upgradable as it is", () => {
    const handlers: Bun.SocketHandler<number> = upgradable({
      open(socket) {
        expectTypeOf(socket).toEqualTypeOf<Bun.Socket<number>>();
      },
      data(_socket, data) {
        expectTypeOf(data).toEqualTypeOf<Buffer>();
      },
    });
    expectTypeOf(handlers).toExtend<Bun.SocketHandler<number>>();
  });
});

describe("a socket of ours", () => {
  it("has what Bun's have, but for what the README says is absent", () => {
    type Absent = {
      [Name in keyof Bun.Socket]-?: (typeof socketMembers)[Name]["is"] extends "absent" ? Name : never;
    }[keyof Bun.Socket];
    expectTypeOf<Exclude<keyof Bun.Socket, keyof TlsSocket>>().toEqualTypeOf<Absent>();
  });

  it("is told to handlers of the same names, which are told what those of Bun are", () => {
    expectTypeOf<Exclude<keyof Bun.SocketHandler, keyof SocketHandler>>().toBeNever();
    type DataOf<Binary extends BinaryType> = Parameters<NonNullable<SocketHandler<undefined, Binary>["data"]>>[1];
    expectTypeOf<DataOf<"buffer">>().toEqualTypeOf<Buffer>();
    expectTypeOf<DataOf<"arraybuffer">>().toEqualTypeOf<ArrayBuffer>();
    expectTypeOf<DataOf<"uint8array">>().toEqualTypeOf<Uint8Array<ArrayBuffer>>();
  });

  it("has the type of its data, and of what it is given, out of its options", () => {
    const example = async (): Promise<void> => {
      const tls = { ca: "" };
      const socket = await connect({
        hostname: "localhost",
        port: 1,
        tls,
        data: { count: 1 },
        socket: {
          binaryType: "arraybuffer",
          data(socket, data) {
            expectTypeOf(socket.data).toEqualTypeOf<{ count: number }>();
            expectTypeOf(data).toEqualTypeOf<ArrayBuffer>();
          },
        },
      });
      expectTypeOf(socket).toEqualTypeOf<TlsSocket<{ count: number }>>();
      expectTypeOf(await connect({ unix: "a", tls, socket: {} })).toEqualTypeOf<TlsSocket>();
      const listener = listen<string>({ hostname: "localhost", port: 0, tls: {}, socket: {} });
      expectTypeOf(listener.port).toEqualTypeOf<number>();
      expectTypeOf(listener.data).toEqualTypeOf<string>();
      expectTypeOf(listen({ unix: "a", tls: {}, socket: {} }).unix).toEqualTypeOf<string>();
    };
    expectTypeOf(example).toBeFunction();
  });

  it("can be used as one of Bun's by whoever reads and writes", () => {
    type Used = Pick<
      Bun.Socket<number>,
      | "write"
      | "end"
      | "data"
      | "pause"
      | "resume"
      | "flush"
      | "timeout"
      | "terminate"
      | "shutdown"
      | "ref"
      | "unref"
      | "close"
      | "authorized"
      | "isSessionReused"
      | "setNoDelay"
      | "setKeepAlive"
      | "bytesWritten"
      | "getServername"
      | "setServername"
      | "getSharedSigalgs"
      | "setMaxSendFragment"
    >;
    expectTypeOf<TlsSocket<number>>().toExtend<Used>();
  });
});
