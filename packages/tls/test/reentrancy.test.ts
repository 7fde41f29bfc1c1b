import { TLS_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { LateTasks, lateProvider, seededRandom } from "@tlskit/testing";
import { ClientContext, ServerContext, TlsClient, type TlsError, TlsServer } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { text } from "./helpers/scenarios.ts";
import { host, now, sharedPki } from "./helpers/world.ts";

/** What the callbacks of one side do, with both connections at hand. */
interface Behaviour {
  readonly established?: (own: TlsClient | TlsServer) => void;
  readonly plaintext?: (own: TlsClient | TlsServer, data: Uint8Array) => void;
  readonly ended?: (own: TlsClient | TlsServer) => void;
  readonly ciphertext?: (own: TlsClient | TlsServer) => void;
}

interface Wired {
  readonly client: TlsClient;
  readonly server: TlsServer;
  readonly log: string[];
  readonly tasks: LateTasks | undefined;
}

/** Two ends wired directly to each other: each one's callback calls the other in the very call. */
function wired(atClient: Behaviour, atServer: Behaviour, tasks?: LateTasks): Wired {
  const provider = tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks);
  const common = { provider, clock: () => now, cipherSuites: [TLS_AES_128_GCM_SHA256], namedGroups: [x25519] };
  const log: string[] = [];
  const handlers = (
    name: string,
    own: () => TlsClient | TlsServer,
    other: () => TlsClient | TlsServer,
    does: Behaviour,
  ) => {
    let over = false;
    const note = (event: string): void => {
      log.push(`${name} ${event}${over ? " after closed" : ""}`);
    };
    return {
      ciphertext: (bytes: Uint8Array) => {
        if (over) note("ciphertext");
        does.ciphertext?.(own());
        other().receive(bytes);
      },
      plaintext: (bytes: Uint8Array) => {
        note(`got ${new TextDecoder().decode(bytes)}`);
        does.plaintext?.(own(), bytes);
      },
      established: () => {
        note("established");
        does.established?.(own());
      },
      ended: () => {
        note("ended");
        does.ended?.(own());
      },
      closed: (error: TlsError | undefined) => {
        note(`closed ${error?.code ?? "orderly"}`);
        over = true;
        other().receiveEnd();
      },
    };
  };
  const server: TlsServer = new TlsServer(
    new ServerContext({ ...common, random: seededRandom(1), certificates: sharedPki().certificates }),
    handlers(
      "server",
      () => server,
      () => client,
      atServer,
    ),
  );
  const client: TlsClient = new TlsClient(
    new ClientContext({ ...common, random: seededRandom(2), anchors: sharedPki().anchors }),
    { host },
    handlers(
      "client",
      () => client,
      () => server,
      atClient,
    ),
  );
  return { client, server, log, tasks };
}

function start({ client, server, log, tasks }: Wired): string[] {
  client.start();
  server.start();
  while (tasks?.step() === true);
  return log;
}

const worlds = {
  "answers at once": () => undefined,
  "answers late": () => new LateTasks(),
  "answers late, the last first": () => new LateTasks("last in, first out"),
} as const;

for (const [world, tasks] of Object.entries(worlds)) {
  describe(`two ends wired directly to each other, with a provider that ${world}`, () => {
    it("shake hands, though the client was started first", () => {
      const log = start(wired({}, {}, tasks()));
      expect(log.toSorted()).toEqual(["client established", "server established"]);
    });

    it("send from `established`", () => {
      const log = start(
        wired({ established: (own) => own.send(text("a")) }, { established: (own) => own.send(text("b")) }, tasks()),
      );
      expect(log.toSorted()).toEqual(["client established", "client got b", "server established", "server got a"]);
      expect(log.indexOf("client established")).toBeLessThan(log.indexOf("client got b"));
      expect(log.indexOf("server established")).toBeLessThan(log.indexOf("server got a"));
    });

    it("play ping-pong from `plaintext`, in order", () => {
      let rounds = 0;
      const answer = (own: TlsClient | TlsServer): void => {
        rounds += 1;
        if (rounds < 50) own.send(text(String(rounds)));
      };
      const log = start(
        wired({ established: (own) => own.send(text("0")), plaintext: answer }, { plaintext: answer }, tasks()),
      );
      const numbers = log.flatMap((line) => (line.includes("got") ? [Number(line.split(" ")[2])] : []));
      expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index));
    });

    it("close from `plaintext` and from `ended`", () => {
      const log = start(
        wired(
          { established: (own) => own.send(text("bye")), ended: (own) => own.close() },
          { plaintext: (own) => own.close() },
          tasks(),
        ),
      );
      expect(log.toSorted()).toEqual([
        "client closed orderly",
        "client ended",
        "client established",
        "server closed orderly",
        "server ended",
        "server established",
        "server got bye",
      ]);
    });

    it("close from `established`, at both ends", () => {
      const log = start(wired({ established: (own) => own.close() }, { established: (own) => own.close() }, tasks()));
      expect(log).toContain("client closed orderly");
      expect(log).toContain("server closed orderly");
      expect(log.filter((line) => line.includes("after closed"))).toEqual([]);
    });

    it("update keys from `plaintext`", () => {
      let updates = 0;
      const log = start(
        wired(
          {
            established: (own) => {
              own.send(text("1"));
              own.send(text("2"));
              own.send(text("3"));
            },
          },
          {
            plaintext: (own, data) => {
              updates += 1;
              own.updateKeys(true);
              own.send(data);
            },
          },
          tasks(),
        ),
      );
      expect(updates).toBe(3);
      expect(log.filter((line) => line.startsWith("client got"))).toEqual([
        "client got 1",
        "client got 2",
        "client got 3",
      ]);
    });

    it("send from `ciphertext`, in the very call that hands it over", () => {
      let sent = false;
      const log = start(
        wired(
          {
            ciphertext: (own) => {
              if (sent || own.info === undefined) return;
              sent = true;
              own.send(text("from inside"));
            },
            established: (own) => own.send(text("first")),
          },
          {},
          tasks(),
        ),
      );
      expect(log.filter((line) => line.startsWith("server got")).toSorted()).toEqual([
        "server got first",
        "server got from inside",
      ]);
    });

    it("get garbage from `plaintext`, and fail once", () => {
      const log = start(
        wired(
          { established: (own) => own.send(text("x")) },
          {
            plaintext: (own) => {
              own.receive(text("garbage"));
              own.receive(text("garbage"));
            },
          },
          tasks(),
        ),
      );
      expect(log.filter((line) => line.startsWith("server closed"))).toEqual(["server closed unknown_record_type"]);
      expect(log.filter((line) => line.startsWith("client closed"))).toEqual([
        "client closed alert_unexpected_message",
      ]);
    });
  });
}

/** A server that gets the end of a handshake, a question, and garbage that ends the connection, all in one call. */
function garbageInTheSameBytes(event: "established" | "plaintext", act: (server: TlsServer) => void): string[] {
  const common = { provider: nodeProvider, clock: () => now };
  const toServer: Uint8Array[] = [];
  const outcomes: string[] = [];
  const server: TlsServer = new TlsServer(
    new ServerContext({ ...common, random: seededRandom(1), certificates: sharedPki().certificates }),
    {
      ciphertext: (bytes) => client.receive(bytes),
      plaintext: () => event === "plaintext" && act(server),
      established: () => event === "established" && act(server),
      closed: (error) => outcomes.push(error?.code ?? "orderly"),
    },
  );
  const client: TlsClient = new TlsClient(
    new ClientContext({ ...common, random: seededRandom(2), anchors: sharedPki().anchors }),
    { host },
    {
      ciphertext: (bytes) => toServer.push(bytes),
      plaintext: () => {},
      established: () => client.send(text("question")),
      closed: () => {},
    },
  );
  server.start();
  client.start();
  server.receive(concat(...toServer.splice(0)));
  server.receive(concat(...toServer, text("garbage")));
  return outcomes;
}

describe("an application that can't know yet that the peer has ended the connection", () => {
  const acts: Readonly<Record<string, (server: TlsServer) => void>> = {
    sends: (server) => server.send(text("answer")),
    "updates keys": (server) => server.updateKeys(true),
    closes: (server) => server.close(),
    "asks for keying material": (server) => server.exportKeyingMaterial("EXPERIMENTAL test", new Uint8Array(0), 16),
  };
  for (const [what, act] of Object.entries(acts)) {
    for (const event of ["established", "plaintext"] as const) {
      it(`${what} from \`${event}\`, to no effect, and is told then`, () => {
        expect(garbageInTheSameBytes(event, act)).toEqual(["unknown_record_type"]);
      });
    }
  }

  it("is refused once it has been told", () => {
    const servers: TlsServer[] = [];
    garbageInTheSameBytes("established", (server) => servers.push(server));
    expect(() => servers[0]?.send(text("more"))).toThrow(expect.objectContaining({ code: "closed" }));
    expect(() => servers[0]?.updateKeys()).toThrow(expect.objectContaining({ code: "closed" }));
    expect(() => servers[0]?.exportKeyingMaterial("EXPERIMENTAL test", new Uint8Array(0), 16)).toThrow(
      expect.objectContaining({ code: "closed" }),
    );
  });
});

describe("a handler that throws", () => {
  it("throws to whoever made the call, and takes nothing from those behind it", () => {
    let thrown = false;
    const { client, server, log } = wired(
      {},
      {
        plaintext: () => {
          if (thrown) return;
          thrown = true;
          throw new RangeError("a bug in the application");
        },
      },
    );
    client.start();
    server.start();
    expect(() => client.send(text("1"))).toThrow("a bug in the application");
    client.send(text("2"));
    server.send(text("3"));
    expect(log.filter((line) => line.includes("got"))).toEqual(["server got 1", "server got 2", "client got 3"]);
  });
});
