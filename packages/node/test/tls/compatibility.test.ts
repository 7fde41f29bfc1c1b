import { readdirSync, readFileSync } from "node:fs";
import { Server as NetServer, Socket } from "node:net";
import defaultOfNode, * as node from "node:tls";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type CompatibilityTable,
  connectOptions,
  contextOptions,
  moduleMembers,
  serverEvents,
  serverMembers,
  serverOptions,
  socketEvents,
  socketMembers,
  type socketOptions,
} from "../../src/tls/compatibility.ts";
import * as ours from "../../src/tls/index.ts";
import { nodeTlsPage } from "../helpers/node-tls-page.ts";

test("the tables make NODE-TLS.md", async () => {
  await expect(nodeTlsPage()).toMatchFileSnapshot("../../NODE-TLS.md");
});

describe("the tables have all that Node's own module has", () => {
  test("members of the module", () => {
    expect(Object.keys(moduleMembers)).toEqual(expect.arrayContaining(Object.keys(defaultOfNode)));
  });

  test("members of sockets and servers", () => {
    // What begins with a line below is Node's own affair.
    const raw = new Socket();
    const socket = new node.TLSSocket(raw);
    const beyond = (object: object, base: object): readonly string[] =>
      [...Object.getOwnPropertyNames(Object.getPrototypeOf(object)), ...Object.keys(object)].filter(
        (name) => !(name in base) && !name.startsWith("_"),
      );
    expect(Object.keys(socketMembers)).toEqual(expect.arrayContaining(beyond(socket, raw) as string[]));
    const server = node.createServer({});
    const members = beyond(server, new NetServer()).filter((name) => !Object.hasOwn(server, name));
    expect(Object.keys(serverMembers)).toEqual(expect.arrayContaining(members as string[]));
  });

  test("options and events that its types declare", () => {
    expectTypeOf<keyof node.SecureContextOptions>().toExtend<keyof typeof contextOptions>();
    expectTypeOf<Exclude<keyof node.ConnectionOptions, keyof typeof contextOptions>>().toExtend<
      keyof typeof connectOptions
    >();
    type ServerOptions = Exclude<keyof node.TlsOptions, keyof import("node:net").ServerOpts>;
    expectTypeOf<Exclude<ServerOptions, keyof typeof contextOptions>>().toExtend<keyof typeof serverOptions>();
    expectTypeOf<Exclude<keyof node.TLSSocketOptions, keyof typeof contextOptions>>().toExtend<
      keyof typeof socketOptions
    >();
    type SocketEvents = Exclude<keyof node.TLSSocketEventMap, keyof import("node:net").SocketEventMap>;
    expectTypeOf<SocketEvents>().toExtend<keyof typeof socketEvents>();
    type ServerEvents = Exclude<keyof node.ServerEventMap, keyof import("node:net").ServerEventMap>;
    expectTypeOf<ServerEvents>().toExtend<keyof typeof serverEvents>();
  });
});

describe("what the tables say is true", () => {
  test.each(rows(moduleMembers))("%s of the module: %s", (name, is) => {
    expect(name in ours).toBe(is !== "absent");
    expect(name in ours.default).toBe(is !== "absent");
  });

  test.each(rows(socketMembers))("%s of a socket: %s", (name, is) => {
    const socket = new ours.TLSSocket(new Socket());
    expect(name in socket).toBe(is !== "absent");
    socket.destroy();
  });

  test.each(rows(serverMembers))("%s of a server: %s", (name, is) => {
    expect(name in ours.createServer()).toBe(is !== "absent");
  });

  test.each([...rows(socketEvents), ...rows(serverEvents)])("the event %s: %s", (name, is) => {
    expect(sources.includes(`emit("${name}"`)).toBe(is !== "absent");
  });

  test.each(optionsThatAre("refused"))("the option %s is refused", (name, make) => {
    // Node has a code of its own for what an OpenSSL without engines is told of them.
    const code = expect.stringMatching(/^(refused_option|ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED)$/);
    const value = name === "minDHSize" ? 4096 : "x";
    expect(() => make({ [name]: value })).toThrow(expect.objectContaining({ code }));
    if (make === ours.createSecureContext) return;
    const secureContext = ours.createSecureContext();
    expect(() => make({ [name]: value, secureContext })).toThrow(expect.objectContaining({ code }));
  });

  test.each(optionsThatAre("absent"))("the option %s means nothing", (name, make) => {
    make({ [name]: name === "SNICallback" ? () => undefined : true });
  });
});

type Make = (options: object) => unknown;

function rows(table: CompatibilityTable): readonly (readonly [string, string])[] {
  return Object.entries(table).map(([name, [fate]]) => [name, fate]);
}

/** Each with what takes it. */
function optionsThatAre(wanted: string): readonly (readonly [string, Make])[] {
  const connect: Make = (options) => {
    const socket = ours.connect({ socket: new Socket(), ...options });
    socket.on("error", () => undefined).destroy();
  };
  const byTable: readonly (readonly [CompatibilityTable, Make])[] = [
    [contextOptions, ours.createSecureContext],
    [connectOptions, connect],
    [serverOptions, ours.createServer],
  ];
  return byTable.flatMap(([table, make]) =>
    rows(table).flatMap(([name, is]) => (is === wanted ? [[name, make] as const] : [])),
  );
}

/** All that is written of this package. */
const folder = new URL("../../src/", import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(new URL(name, folder), "utf8"))
  .join("\n");
