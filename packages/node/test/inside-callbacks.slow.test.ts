import { once } from "node:events";
import { createServer as createTcpServer } from "node:net";
import * as tls from "node:tls";
import { nodeProvider } from "@tlskit/crypto-node";
import { lateProvider } from "@tlskit/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect, type TlsSocket } from "../src/index.ts";
import { listening, ourClient, ourServer, pem, pki, text } from "./helpers/world.ts";

/** Where an application is called, and gets at the socket. */
const places: Readonly<Record<string, (socket: TlsSocket, act: () => void) => void>> = {
  secureConnect: (socket, act) => socket.once("secureConnect", act),
  data: (socket, act) => socket.once("data", act),
  readable: (socket, act) =>
    socket.once("readable", () => {
      socket.read();
      act();
    }),
  end: (socket, act) => socket.resume().once("end", act),
  "the callback of a write": (socket, act) => socket.write("0", act),
  "a timer": (socket, act) => socket.once("secureConnect", () => setTimeout(act, 1)),
};

/** What it does there, all in one go. */
const acts: Readonly<Record<string, { readonly act: (socket: TlsSocket) => void; readonly all: string }>> = {
  "write, destroy": {
    act: (socket) => {
      socket.write("a");
      socket.destroy();
    },
    all: "a",
  },
  "write, write, destroy": {
    act: (socket) => {
      socket.write("a");
      socket.write("b");
      socket.destroy();
    },
    all: "ab",
  },
  "write much, destroy": {
    act: (socket) => {
      socket.write("a".repeat(40_000));
      socket.destroy();
    },
    all: "a",
  },
  "write, end": {
    act: (socket) => {
      socket.write("a");
      socket.end();
    },
    all: "a",
  },
  "write, end, destroy": {
    act: (socket) => {
      socket.write("a");
      socket.end("b");
      socket.destroy();
    },
    all: "ab",
  },
  "write, destroySoon": {
    act: (socket) => {
      socket.write("a");
      socket.destroySoon();
    },
    all: "a",
  },
  "write, destroy with an error": {
    act: (socket) => {
      socket.write("a");
      socket.destroy(new Error("enough"));
    },
    all: "a",
  },
  "cork, write, uncork, destroy": {
    act: (socket) => {
      socket.cork();
      socket.write("a");
      socket.write("b");
      socket.uncork();
      socket.destroy();
    },
    all: "ab",
  },
};

/** What a server by Node gets of a client that does so, however it ends. */
async function received(
  open: (port: number) => TlsSocket,
  place: (typeof places)[string],
  act: (socket: TlsSocket) => void,
): Promise<string> {
  const options: tls.TlsOptions = { cert: pem.cert, key: pem.key, allowHalfOpen: true };
  const server = tls.createServer(options);
  const port = await listening(server);
  const client = open(port);
  client.on("error", () => undefined);
  onTestFinished(() => void client.destroy());
  place(client, () => act(client));
  return await new Promise((resolve) => {
    let text = "";
    server.once("tlsClientError", () => resolve(text));
    server.once("secureConnection", (socket) => {
      socket.setEncoding("utf8");
      socket.on("data", (data: string) => (text += data));
      socket.on("error", () => undefined);
      socket.once("close", () => resolve(text));
      socket.end("go");
    });
  });
}

const ours = (port: number): TlsSocket =>
  connect({ host: "127.0.0.1", servername: "localhost", port, ca: pki.anchors, allowHalfOpen: true });

describe.each(Object.entries(places))("inside of %s", (_place, place) => {
  test.each(Object.entries(acts))("%s: the peer gets all of it", async (_act, { act, all }) => {
    const text = await received(ours, place, act);
    expect(text.replace(/^0/, "").replace(/^a+/, "a")).toBe(all);
  });
});

describe("with a provider that answers late", () => {
  /** One that answers in a later turn of the event loop. */
  const provider = lateProvider(nodeProvider, { later: setImmediate });

  test.each(Object.entries(places))(
    "what is written inside of %s and has its callback is there",
    async (_place, place) => {
      const late = (port: number): TlsSocket =>
        connect({ host: "127.0.0.1", servername: "localhost", port, ca: pki.anchors, allowHalfOpen: true, provider });
      const text = await received(late, place, (socket) => {
        socket.write("a", () => socket.destroy());
      });
      expect(text.endsWith("a")).toBe(true);
    },
  );
});

test("no listener is called inside of a write", async () => {
  let behindTask = (): void => undefined;
  // What a task leads to is told in the next tick: what is done right behind it comes before.
  const later = (task: () => void): void => {
    setImmediate(() => {
      task();
      behindTask();
    });
  };
  const { port } = await ourServer({}, (socket) => socket.pipe(socket));
  const client = ourClient(port, { provider: lateProvider(nodeProvider, { later }) });
  await new Promise((written) => client.write("data", written));
  let writing = false;
  // The next task opens the answer.
  behindTask = () => {
    writing = true;
    client.write("more");
    writing = false;
  };
  const inside = await new Promise((resolve) => client.once("data", () => resolve(writing)));
  expect(inside).toBe(false);
});

describe("a listener", () => {
  /** What is thrown to nobody while a test goes on. */
  function uncaught(): readonly unknown[] {
    const errors: unknown[] = [];
    process.setUncaughtExceptionCaptureCallback((error) => errors.push(error));
    onTestFinished(() => process.setUncaughtExceptionCaptureCallback(null));
    return errors;
  }
  const mistake = new Error("a listener's mistake");
  const fail = (): never => {
    throw mistake;
  };

  test.each(["connect", "secure", "secureConnect"])(
    "that throws at %s takes nothing from the others",
    async (event) => {
      const { port } = await ourServer({}, (socket) => socket.pipe(socket));
      const errors = uncaught();
      const client = ourClient(port, { allowHalfOpen: true });
      client.on(event, fail);
      const told: string[] = [];
      for (const other of ["secure", "secureConnect"]) client.on(other, () => told.push(other));
      client.end("all");
      expect(await text(client)).toBe("all");
      expect(errors).toEqual([mistake]);
      expect(told).toEqual(["secure", "secureConnect"].filter((other) => other !== event));
    },
  );

  test("that destroys the socket at secure is the last to be told of the handshake", async () => {
    const { port } = await ourServer();
    const client = ourClient(port);
    const told: string[] = [];
    client.on("secure", () => client.destroy());
    for (const event of ["secureConnect", "close"]) client.on(event, () => told.push(event));
    await once(client, "close");
    expect(told).toEqual(["close"]);
  });
});

test.each([2 ** 31, Number.POSITIVE_INFINITY])("times of %d milliseconds aren't over at once", async (time) => {
  const overflows: Error[] = [];
  const warned = (warning: Error): void => void overflows.push(warning);
  process.on("warning", warned);
  onTestFinished(() => void process.off("warning", warned));
  const client = ourClient(await listening(createTcpServer()), { handshakeTimeout: time, timeout: time });
  await once(client, "ready");
  // Node warns in the next tick of a timer that can't wait so long.
  await new Promise((later) => setImmediate(later));
  expect(overflows).toEqual([]);
});
