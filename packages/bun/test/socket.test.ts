import { nodeProvider } from "@tlskit/crypto-node";
import { LateTasks, lateProvider } from "@tlskit/testing";
import { concat, equalBytes } from "@tlskit/wire";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bytesSealedAtOnce, lingerTime, maxLingerBytes, maxUnreadBytes, maxWaitingBytes } from "../src/limits.ts";
import { ClientWorld } from "./helpers/client-world.ts";
import { overConnection } from "./helpers/over-connection.ts";

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251);
/** What the application's own calls lead to is told behind them. */
const soon = (): Promise<void> => Promise.resolve();
const caller = (code: string): object => expect.objectContaining({ name: "TlsError", kind: "caller", code });

describe("write", () => {
  it("takes nothing before the handshake is done, and tells when there is room", () => {
    let taken: number | undefined;
    const world = new ClientWorld({
      handshake: () => undefined,
      open: (socket) => {
        taken = socket.write("early");
      },
    });
    world.connect();
    expect(taken).toBe(0);
    world.settle();
    expect(world.told).toEqual(["open", "handshake true", "drain"]);
    expect(world.atServer).toEqual([]);
  });

  it("takes a piece at a time, as long as the socket below takes all of it, and keeps nothing of the rest", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    const data = bytes(3 * bytesSealedAtOnce);
    world.raw.room = 1.5 * bytesSealedAtOnce;
    // The second piece is taken though the socket below takes half of it: it is sealed.
    expect(socket.write(data)).toBe(2 * bytesSealedAtOnce);
    expect(socket.write(data, 2 * bytesSealedAtOnce)).toBe(0);
    world.settle();
    expect(world.told).toEqual([]);
    world.raw.drain(world.events, Number.POSITIVE_INFINITY);
    expect(world.told).toEqual(["drain"]);
    expect(socket.write(data, 2 * bytesSealedAtOnce)).toBe(bytesSealedAtOnce);
    world.settle();
    expect(equalBytes(concat(...world.atServer), data)).toBe(true);
  });

  it("tells of a drain once, and only whoever was refused", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    world.events.drain();
    expect(world.told).toEqual([]);
    world.raw.room = 10;
    expect(socket.write(bytes(100))).toBe(100);
    world.raw.drain(world.events, 20);
    expect(socket.write(bytes(100))).toBe(0);
    world.raw.drain(world.events, 1000);
    world.events.drain();
    expect(world.told).toEqual(["drain"]);
  });

  it("takes a part of a buffer, and refuses one that isn't there", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    expect(socket.write(bytes(10), 2, 3)).toBe(3);
    expect(socket.write(bytes(10).buffer, 8)).toBe(2);
    expect(socket.write(new DataView(bytes(4).buffer, 1))).toBe(3);
    expect(socket.write("ä")).toBe(2);
    expect(socket.write("")).toBe(0);
    world.settle();
    expect(concat(...world.atServer)).toEqual(Uint8Array.of(2, 3, 4, 8, 9, 1, 2, 3, 0xc3, 0xa4));
    for (const [offset, length] of [[11], [0, 11], [-1], [0, -1], [0.5], [5, 6]] as const) {
      expect(() => socket.write(bytes(10), offset, length)).toThrow(caller("out_of_range"));
    }
  });

  it("may be given a buffer that is changed when it returns", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    const data = bytes(100);
    world.raw.room = 10;
    socket.write(data);
    data.fill(0);
    world.raw.drain(world.events, Number.POSITIVE_INFINITY);
    world.settle();
    expect(concat(...world.atServer)).toEqual(bytes(100));
  });

  it("takes nothing of a socket that is ended or closed", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    socket.end();
    expect(socket.write("x")).toBe(-1);
    expect(socket.end("x")).toBe(-1);
    socket.terminate();
    expect(socket.write("x")).toBe(-1);
  });

  it("goes out together with the end of the handshake, in one write", () => {
    const world = new ClientWorld({ open: (socket) => void socket.write("request") });
    world.connect();
    world.server.receive(world.raw.taken());
    world.raw.calls.length = 0;
    world.events.data(world.withheld());
    expect(world.raw.calls).toEqual(["write"]);
  });

  it("finds out by itself that the socket below is closed, and waits to be told", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    world.raw.refuse();
    expect(socket.write(bytes(10))).toBe(10);
    world.events.close(new Error("ECONNRESET"));
    expect(world.told).toEqual(["error truncated", "close truncated"]);
  });
});

describe("what is read", () => {
  it("waits for a handshake that has been paused as well, and no longer", async () => {
    const world = new ClientWorld({ handshake: () => undefined, open: (socket) => socket.pause() });
    world.connect();
    world.settle();
    expect(world.told).toEqual(["open", "handshake true"]);
    expect(world.raw.calls.at(-1)).toBe("pause");
    world.server.send(bytes(3));
    world.settle();
    expect(world.told).toEqual(["open", "handshake true"]);
    world.socket?.resume();
    await soon();
    expect(world.told).toEqual(["open", "handshake true", "data 3"]);
  });

  it("waits while the socket is paused, and its end behind it", async () => {
    const world = new ClientWorld({ data: (socket) => socket.pause() }, { allowHalfOpen: true });
    const socket = world.begun();
    for (let i = 0; i < 3; i += 1) {
      world.server.send(bytes(20_000));
      world.server.send(bytes(5));
    }
    world.server.close();
    world.events.data(world.withheld());
    const first = [...world.told];
    expect(first).toHaveLength(1);
    expect(world.raw.calls).toEqual(["pause"]);
    while (world.told.at(-1) !== "end") {
      const before = world.told.length;
      socket.resume();
      expect(world.told.length).toBe(before);
      await soon();
      expect(world.told.length).toBe(before + 1);
    }
    expect(concat(...world.received)).toHaveLength(3 * 20_005);
  });

  it("doesn't keep a paused socket from writing", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    socket.pause();
    world.server.send(bytes(10));
    world.events.data(world.withheld());
    world.raw.room = 0;
    expect(socket.write(bytes(bytesSealedAtOnce + 1))).toBe(bytesSealedAtOnce);
    world.raw.drain(world.events, Number.POSITIVE_INFINITY);
    expect(world.told).toEqual(["drain"]);
  });

  it("is told before a failure that came in the same chunk, also when the socket is paused", async () => {
    const world = new ClientWorld({ data: (socket) => socket.pause() });
    const socket = world.begun();
    world.server.send(bytes(10));
    world.server.abort();
    world.events.data(world.withheld());
    const told = ["the server: closed aborted", "data 10"];
    expect(world.told).toEqual(told);
    socket.resume();
    await soon();
    expect(world.told).toEqual([...told, "error alert_internal_error", "close alert_internal_error"]);
  });

  it("has the form that was asked for, in memory of its own", () => {
    const forms: unknown[] = [];
    for (const binaryType of ["buffer", "uint8array", "arraybuffer"] as const) {
      const world = new ClientWorld();
      const socket = world.begun();
      socket.reload({ socket: { binaryType, data: (_socket, data) => void forms.push(data) } });
      world.server.send(bytes(3));
      world.settle();
    }
    const [buffer, array, memory] = forms;
    expect(Buffer.isBuffer(buffer)).toBe(true);
    expect(array).toEqual(bytes(3));
    expect(memory).toBeInstanceOf(ArrayBuffer);
    expect(memory).toEqual(bytes(3).buffer);
  });

  it("is thrown away behind shutdown(true), and the connection goes on", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    socket.shutdown(true);
    world.server.send(bytes(10));
    world.settle();
    expect(socket.write("still there")).toBe(11);
    world.settle();
    expect(world.told).toEqual([]);
    expect(concat(...world.atServer)).toHaveLength(11);
  });

  it(`waits when more than ${maxWaitingBytes} bytes wait for a peer that makes us answer and reads nothing`, () => {
    let answer = 0;
    const { events, raw } = overConnection((handlers) => handlers.ciphertext(new Uint8Array(answer)));
    raw.room = 0;
    answer = maxWaitingBytes;
    events.data(bytes(1));
    expect(raw.calls).not.toContain("pause");
    answer = 1;
    events.data(bytes(1));
    expect(raw.calls.at(-1)).toBe("pause");
    raw.drain(events, 1);
    expect(raw.calls.at(-1)).toBe("resume");
  });

  it("doesn't wait because data waits, which never comes to so much", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    world.raw.room = 0;
    expect(socket.write(bytes(2 * maxWaitingBytes))).toBe(bytesSealedAtOnce);
    expect(socket.end(bytes(2 * maxWaitingBytes))).toBe(2 * maxWaitingBytes);
    expect(world.raw.calls).not.toContain("pause");
  });

  it(`makes the socket below wait when more than ${maxUnreadBytes} bytes wait for a provider`, async () => {
    const tasks = new LateTasks();
    const world = new ClientWorld({}, { tls: { provider: lateProvider(nodeProvider, tasks) } });
    world.connect();
    const settle = async (): Promise<void> => {
      do {
        while (tasks.step());
        // What comes late is told behind it.
        await Promise.resolve();
        world.settle();
      } while (tasks.pending > 0);
    };
    await settle();
    await expect(world.established).resolves.toBe(world.socket);
    await settle();
    world.raw.calls.length = 0;
    world.server.send(bytes(2 * maxUnreadBytes));
    const records = world.withheld();
    const chunk = 1000;
    let fed = 0;
    for (; world.raw.calls.length === 0; fed += chunk) world.events.data(records.slice(fed, fed + chunk));
    expect(world.raw.calls).toEqual(["pause"]);
    // What the provider has in its hands doesn't wait.
    expect(fed).toBeGreaterThan(maxUnreadBytes);
    expect(fed).toBeLessThan(1.5 * maxUnreadBytes);
    world.events.data(records.slice(fed));
    await settle();
    expect(world.raw.calls.at(-1)).toBe("resume");
    expect(concat(...world.received)).toHaveLength(2 * maxUnreadBytes);
  });
});

describe("handlers", () => {
  const uncaught: unknown[] = [];
  beforeEach(() => {
    uncaught.length = 0;
    vi.stubGlobal("queueMicrotask", (task: () => void) => {
      try {
        task();
      } catch (error) {
        uncaught.push(error);
      }
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("are never called inside one another", () => {
    let inside = 0;
    const once = (): void => {
      inside += 1;
      expect(inside).toBe(1);
    };
    const world: ClientWorld = new ClientWorld({
      data: (socket) => {
        once();
        // Whose answer comes at once, as of a peer in the same process.
        if (world.received.length < 3) {
          socket.write("more");
          world.server.receive(world.raw.taken());
          world.server.send(bytes(world.received.length));
          world.events.data(world.withheld());
        } else socket.terminate();
        inside -= 1;
      },
      close: () => {
        once();
        inside -= 1;
      },
    });
    world.begun();
    world.server.send(bytes(9));
    world.settle();
    expect(world.told).toEqual(["data 9", "data 1", "data 2", "close in order"]);
  });

  it("are never called inside a call of the application's", async () => {
    vi.unstubAllGlobals();
    const world = new ClientWorld();
    const socket = world.begun();
    world.raw.room = 0;
    socket.write(bytes(2 * bytesSealedAtOnce));
    socket.pause();
    world.server.send(bytes(3));
    world.events.data(world.withheld());
    // All that there is to be told by now waits until these are done.
    const calls = [
      () => socket.resume(),
      () => socket.updateKeys(true),
      () => socket.end("x"),
      () => socket.close(),
      () => socket.terminate(),
    ];
    for (const call of calls) {
      const before = world.told.length;
      call();
      expect(world.told.length).toBe(before);
      await soon();
    }
    expect(world.told).toEqual(["data 3", "close in order"]);
  });

  it("that throw are told to error, and the connection goes on", () => {
    const world = new ClientWorld({
      data: () => {
        throw new Error("in data");
      },
      error: () => undefined,
    });
    world.begun();
    world.server.send(bytes(1));
    world.settle();
    world.server.send(bytes(2));
    world.settle();
    expect(world.told).toEqual(["data 1", "error in data", "data 2", "error in data"]);
    expect(uncaught).toEqual([]);
  });

  it("that throw where there is no error, or in it, are nobody's but the program's", () => {
    const [first, second] = [new Error("first"), new Error("second")];
    const world = new ClientWorld();
    const socket = world.begun();
    const throws = (error: Error) => (): never => {
      throw error;
    };
    socket.reload({ socket: { data: throws(first) } });
    world.server.send(bytes(1));
    world.settle();
    socket.reload({ socket: { data: throws(first), error: throws(second) } });
    world.server.send(bytes(1));
    world.settle();
    expect(uncaught).toEqual([first, second]);
    expect(socket.readyState).toBe(1);
  });

  it("whose promise fails are told to error", async () => {
    const told = Promise.withResolvers<Error>();
    const world = new ClientWorld({
      data: () => Promise.reject(new Error("later")),
      error: (_socket, error) => told.resolve(error),
    });
    world.begun();
    world.server.send(bytes(1));
    world.settle();
    await expect(told.promise).resolves.toMatchObject({ message: "later" });
  });

  it("are told what is no Error as one", () => {
    const errors: Error[] = [];
    const world = new ClientWorld({
      data: () => {
        throw "a text";
      },
      error: (_socket, error) => void errors.push(error),
    });
    world.begun();
    world.server.send(bytes(1));
    world.settle();
    expect(errors).toEqual([caller("handler_threw")]);
  });
});

describe("an end", () => {
  it("is a close_notify, and TCP's end behind it when everything has gone", () => {
    const world = new ClientWorld({}, { allowHalfOpen: true });
    const socket = world.begun();
    world.raw.room = 10;
    expect(socket.end(bytes(3 * bytesSealedAtOnce))).toBe(3 * bytesSealedAtOnce);
    expect(socket.readyState).toBe(-2);
    expect(world.raw.calls).toEqual(["write"]);
    for (let i = 0; i < 4; i += 1) world.raw.drain(world.events, bytesSealedAtOnce);
    expect(world.raw.calls.at(-1)).toBe("shutdown");
    world.settle();
    expect(concat(...world.atServer)).toHaveLength(3 * bytesSealedAtOnce);
    expect(world.told).toEqual(["the server: ended"]);
    // The other direction stays.
    world.server.send(bytes(7));
    world.server.close();
    world.settle();
    expect(world.told).toEqual(["the server: ended", "the server: closed in order", "data 7", "end", "close in order"]);
    expect(world.raw.calls.at(-1)).toBe("end");
    expect(socket.readyState).toBe(0);
  });

  it("waits for the handshake", () => {
    const world = new ClientWorld({ handshake: () => undefined, open: (socket) => void socket.end("all of it") });
    world.connect();
    world.settle();
    expect(concat(...world.atServer)).toHaveLength(9);
    expect(world.told).toEqual(["open", "handshake true", "the server: ended"]);
  });

  it("of the peer's is this side's as well, unless it is told otherwise", () => {
    for (const allowHalfOpen of [false, true]) {
      const world = new ClientWorld({}, { allowHalfOpen });
      const socket = world.begun();
      world.server.close();
      world.settle();
      expect(world.told.includes("close in order")).toBe(!allowHalfOpen);
      expect(socket.write("x")).toBe(allowHalfOpen ? 1 : -1);
    }
  });

  it("of the stream without close_notify is none", () => {
    for (const cut of ["end", "close"] as const) {
      const world = new ClientWorld();
      world.begun();
      world.server.send(bytes(5));
      world.events.data(world.withheld());
      if (cut === "end") world.events.end();
      else world.events.close(undefined);
      expect(world.told).toEqual(["data 5", "error truncated", "close truncated"]);
    }
  });

  it("of the stream without close_notify is one where that was asked for", () => {
    const world = new ClientWorld({}, { tls: { dangerouslyAcceptTruncation: true } });
    world.begun();
    world.server.send(bytes(5));
    world.events.data(world.withheld());
    world.events.end();
    expect(world.told).toEqual(["data 5", "end", "close in order"]);
  });

  it("of a socket below that can't be written to any more is in order only if this side had ended", () => {
    const world = new ClientWorld({}, { allowHalfOpen: true });
    world.begun();
    world.server.close();
    world.settle();
    world.events.close(new Error("ECONNRESET"));
    expect(world.told).toEqual(["end", "error truncated", "close truncated"]);
  });

  it("by close throws away what still comes, and waits for the peer to hang up", async () => {
    const world = new ClientWorld();
    const socket = world.begun();
    socket.close();
    await soon();
    expect(world.told).toEqual(["close in order"]);
    expect(world.raw.calls).toEqual(["write", "shutdown"]);
    world.server.send(bytes(10));
    world.settle();
    expect(world.told).toEqual(["close in order", "the server: ended"]);
    world.events.end();
    expect(world.raw.calls.at(-1)).toBe("end");
  });

  it("by terminate is at once, and tells so", async () => {
    const world = new ClientWorld();
    const socket = world.begun();
    socket.pause();
    world.server.send(bytes(10));
    world.events.data(world.withheld());
    socket.terminate();
    expect(world.raw.calls.at(-1)).toBe("terminate");
    await soon();
    expect(world.told).toEqual(["close in order"]);
    world.events.close(undefined);
    socket.terminate();
    socket.close();
    await soon();
    expect(world.told).toEqual(["close in order"]);
  });
});

describe("what is said last", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  const failed = (): ClientWorld => {
    const world = new ClientWorld();
    world.begun();
    // A record that nobody has protected.
    world.events.data(Uint8Array.of(23, 3, 3, 0, 20, ...bytes(20)));
    expect(world.told).toEqual(["error bad_record_mac", "close bad_record_mac"]);
    return world;
  };

  it("is on its way before the socket below is closed", () => {
    const world = failed();
    expect(world.raw.calls.at(-1)).toBe("shutdown");
    world.settle();
    expect(world.told.at(-1)).toBe("the server: closed alert_bad_record_mac");
  });

  it(`has ${lingerTime} ms to arrive`, () => {
    const world = failed();
    vi.advanceTimersByTime(lingerTime - 1);
    expect(world.raw.calls).not.toContain("terminate");
    vi.advanceTimersByTime(1);
    expect(world.raw.calls.at(-1)).toBe("terminate");
  });

  it(`is heard by a peer that sends ${maxLingerBytes} bytes meanwhile, and not one more`, () => {
    const world = failed();
    world.events.data(bytes(maxLingerBytes));
    expect(world.raw.calls).not.toContain("terminate");
    world.events.data(bytes(1));
    expect(world.raw.calls.at(-1)).toBe("terminate");
  });

  it("goes on when the socket below drains", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    world.raw.room = 0;
    socket.write("data");
    world.events.data(Uint8Array.of(23, 3, 3, 0, 20, ...bytes(20)));
    expect(world.raw.calls).not.toContain("shutdown");
    world.raw.drain(world.events, Number.POSITIVE_INFINITY);
    expect(world.raw.calls.at(-1)).toBe("shutdown");
    world.settle();
    expect(world.told.at(-1)).toBe("the server: closed alert_bad_record_mac");
  });
});

describe("time", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
  afterEach(() => void vi.useRealTimers());

  it("for the handshake runs out", async () => {
    const world = new ClientWorld({ handshake: () => undefined }, { tls: { handshakeTimeout: 1000 } });
    world.connect();
    vi.advanceTimersByTime(999);
    expect(world.told).toEqual(["open"]);
    vi.advanceTimersByTime(1);
    expect(world.told).toEqual(["open", "handshake false", "close handshake_timeout"]);
    await expect(world.established).rejects.toMatchObject({ kind: "timeout" });
  });

  it("is told by timeout, whatever happens meanwhile, and the socket stays", () => {
    const world = new ClientWorld({ timeout: () => undefined });
    const socket = world.begun();
    socket.timeout(2);
    vi.advanceTimersByTime(1999);
    world.server.send(bytes(1));
    world.settle();
    vi.advanceTimersByTime(1);
    expect(world.told).toEqual(["data 1", "timeout"]);
    socket.timeout(1);
    socket.timeout(0);
    vi.advanceTimersByTime(5000);
    expect(world.told).toEqual(["data 1", "timeout"]);
  });

  it("ends a socket that has no handler for it", async () => {
    const world = new ClientWorld();
    world.begun().timeout(0.5);
    vi.advanceTimersByTime(500);
    await soon();
    expect(world.told).toEqual(["close in order"]);
    for (const seconds of [-1, Number.NaN]) {
      expect(() => world.socket?.timeout(seconds)).toThrow(caller("out_of_range"));
    }
  });
});

describe("a handshake that fails", () => {
  it("is told to connectError, and to the promise", async () => {
    const world = new ClientWorld({}, { tls: { serverName: "other.example" } });
    world.connect();
    world.settle();
    expect(world.told).toEqual(["connectError certificate_name_mismatch", "the server: closed alert_bad_certificate"]);
    await expect(world.established).rejects.toMatchObject({ code: "certificate_name_mismatch" });
    expect(world.raw.calls.at(-1)).toBe("shutdown");
  });

  it("is told to handshake and close, where the socket was opened before", () => {
    const world = new ClientWorld({ handshake: () => undefined }, { tls: { serverName: "other.example" } });
    world.connect();
    world.settle();
    expect(world.told.slice(0, 3)).toEqual(["open", "handshake false", "close certificate_name_mismatch"]);
    expect(world.socket?.getAuthorizationError()).toMatchObject({ code: "certificate_name_mismatch" });
    expect(world.socket?.readyState).toBe(0);
  });

  it("is one that is cut off, closed or terminated as well", async () => {
    const ways: Readonly<Record<string, (world: ClientWorld) => void>> = {
      truncated: (world) => world.events.end(),
      closed_during_handshake: (world) => world.socket?.terminate(),
    };
    for (const [code, end] of Object.entries(ways)) {
      const world = new ClientWorld({ handshake: () => undefined });
      world.connect();
      end(world);
      await soon();
      expect(world.told).toEqual(["open", "handshake false", `close ${code}`]);
      await expect(world.established).rejects.toMatchObject({ code });
    }
    const closed = new ClientWorld({ handshake: () => undefined, open: (socket) => socket.close() });
    closed.connect();
    expect(closed.told).toEqual(["open", "handshake false", "close closed_during_handshake"]);
    expect(closed.raw.taken()).toHaveLength(0);
  });

  it("is none of a socket that can't be connected: the error is Bun's", async () => {
    const world = new ClientWorld({ handshake: () => undefined });
    const refused = Object.assign(new Error("Failed to connect"), { code: "ECONNREFUSED" });
    world.events.refused(refused);
    expect(world.told).toEqual(["connectError ECONNREFUSED"]);
    await expect(world.established).rejects.toBe(refused);
  });
});

describe("before the handshake", () => {
  it("a client can be told another name, which counts", () => {
    const world = new ClientWorld({
      handshake: () => undefined,
      open: (socket) => socket.setServername("other.example"),
    });
    world.connect();
    world.settle();
    expect(world.told.at(1)).toBe("handshake false");
    expect(world.socket?.getServername()).toBe("other.example");
  });

  it("and not from then on", () => {
    const world = new ClientWorld();
    const socket = world.begun();
    expect(() => socket.setServername("other.example")).toThrow(caller("started"));
    expect(() => socket.setSession(bytes(10))).toThrow(caller("started"));
    expect(socket.getServername()).toBe("localhost");
  });

  it("a name that is none is refused at once", () => {
    const world = new ClientWorld({
      handshake: () => undefined,
      open: (socket) => expect(() => socket.setServername("not a name")).toThrow(caller("invalid_host")),
      error: (_socket, error) => {
        throw error;
      },
    });
    world.connect();
    world.settle();
    expect(world.told).toEqual(["open", "handshake true"]);
  });
});
