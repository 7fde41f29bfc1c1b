import { secp256r1, x25519 } from "@tlskit/ciphersuites";
import {
  type ClientHello,
  ClientHello as ClientHelloType,
  decodeMessage,
  type Extension,
  extensionName,
  type MessageType,
  type ServerHello,
  ServerHello as ServerHelloType,
  selectedVersion,
  supportedVersions,
} from "@tlskit/messages";
import { type TlsVersion, tls12, tls13 } from "@tlskit/tls";
import { tls10, tls11 } from "@tlskit/tls/legacy";
import { concat } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { changingClientHello, changingServerHello, type Edit, inTheMiddle } from "./helpers/middle12.ts";
import { expectData, expectEstablished } from "./helpers/scenarios.ts";
import { connect, type Pair, pair } from "./helpers/world.ts";

const all: readonly TlsVersion[] = [tls13, tls12, tls11, tls10];
/** Every list without a gap. */
const lists = all.flatMap((_, from) => all.slice(from).map((__, count) => all.slice(from, from + count + 1)));
const named = (versions: readonly TlsVersion[]): string => versions.map(({ name }) => name.slice(4)).join(" ");
const codes = (versions: readonly TlsVersion[]): readonly number[] => versions.map(({ code }) => code);

/** What of each side's hello arrives instead. */
interface Attack {
  readonly name: string;
  client?(hello: ClientHello): Partial<ClientHello> | undefined;
  server?(hello: ServerHello): Partial<ServerHello> | undefined;
}

const withoutExtension =
  (code: number) =>
  <Hello extends { readonly extensions: readonly Extension[] | undefined }>({
    extensions,
  }: Hello): { readonly extensions: readonly Extension[] | undefined } | undefined =>
    extensions?.some((each) => each.code === code)
      ? { extensions: extensions.filter((each) => each.code !== code) }
      : undefined;

/** A client that seems to have nothing better than this. */
const atMost =
  (version: number) =>
  ({ legacyVersion, extensions }: ClientHello): Partial<ClientHello> | undefined => {
    const newest = extensions?.some(({ code }) => code === supportedVersions.code) ? 0x0304 : legacyVersion;
    if (newest <= version) return undefined;
    return {
      legacyVersion: Math.min(version, 0x0303),
      extensions: extensions?.filter(({ code }) => code !== supportedVersions.code),
    };
  };

/** Behind what tells that the server could do better, something that doesn't. */
const withoutMark = ({ random }: ServerHello): Partial<ServerHello> => ({
  random: concat(random.subarray(0, 24), new Uint8Array(8).fill(0x55)),
});

const attacks: readonly Attack[] = [
  ...[0x0303, 0x0302, 0x0301, 0x0300].flatMap((version) => [
    { name: `the client offers 0x${version.toString(16)} at most`, client: atMost(version) },
    {
      name: `the client offers 0x${version.toString(16)} at most, and the server shows no mark`,
      client: atMost(version),
      server: withoutMark,
    },
    {
      name: `the client's legacy_version is 0x${version.toString(16)}`,
      client: ({ legacyVersion }: ClientHello) => (legacyVersion === version ? undefined : { legacyVersion: version }),
    },
    {
      name: `the server chose 0x${version.toString(16)}`,
      server: ({ legacyVersion, extensions }: ServerHello) =>
        legacyVersion === version
          ? undefined
          : { legacyVersion: version, extensions: extensions?.filter(({ code }) => code !== selectedVersion.code) },
    },
  ]),
  {
    name: "the client offers its last suite alone",
    client: ({ cipherSuites }) => (cipherSuites.length > 1 ? { cipherSuites: cipherSuites.slice(-1) } : undefined),
  },
  { name: "the client's random is another", client: () => ({ random: new Uint8Array(32) }) },
  {
    name: "the client seems to have fallen back",
    client: ({ cipherSuites: [...suites] }) => ({ cipherSuites: [...suites, 0x5600] }),
  },
  {
    name: "the server's suite is another of the client's",
    server: ({ cipherSuite }) => ({ cipherSuite: cipherSuite === 0xc009 ? 0xc00a : 0xc009 }),
  },
  { name: "the server's random is another", server: () => ({ random: new Uint8Array(32) }) },
];

/** What hellos have, each taken out. */
function extensionsTakenOut({ atClient }: Pair): readonly Attack[] {
  const codesIn = (type: MessageType<Pick<ClientHello, "extensions">>): readonly number[] => {
    for (const event of atClient.traced) {
      if (event.type !== "message" || event.messageType.name !== type.name) continue;
      return decodeMessage(type, event.bytes).extensions?.map(({ code }) => code) ?? [];
    }
    return [];
  };
  return [
    ...codesIn(ClientHelloType).map((code) => ({
      name: `the client's ${extensionName(code)} is taken out`,
      client: withoutExtension(code),
    })),
    ...codesIn(ServerHelloType).map((code) => ({
      name: `the server's ${extensionName(code)} is taken out`,
      server: withoutExtension(code),
    })),
  ];
}

function connected(
  client: readonly TlsVersion[],
  server: readonly TlsVersion[],
  edits: { client?: Edit; server?: Edit },
): Pair {
  return connect(
    pair({
      namedGroups: [x25519, secp256r1],
      client: { versions: client },
      server: { versions: server },
      link: { intercept: inTheMiddle(edits) },
    }),
  );
}

/** RFC 9846 §4.2.3, §E.1, RFC 5246 §E, §F.1.2: whatever is enabled on either side. */
describe.each(lists.map((versions) => [named(versions), versions] as const))("a client with %s", (_, ofClient) => {
  it.each(lists.map((versions) => [named(versions), versions] as const))("and a server with %s", (__, ofServer) => {
    const best = ofClient.find(({ code }) => codes(ofServer).includes(code));
    const honest = connected(ofClient, ofServer, {});
    if (best === undefined) {
      expect([honest.atClient.info, honest.atServer.info]).toEqual([undefined, undefined]);
      expect(honest.atServer.error ?? honest.atClient.error).toBeDefined();
    } else {
      expectEstablished(honest);
      expect(honest.atClient.info?.version).toBe(best.code);
      expectData(honest, 100);
    }
    let tried = 0;
    for (const { name, client, server } of [...attacks, ...extensionsTakenOut(honest)]) {
      let changed = false;
      const noting =
        <Hello>(change: ((hello: Hello) => Partial<Hello> | undefined) | undefined) =>
        (hello: Hello): Partial<Hello> => {
          const to = change?.(hello);
          if (to !== undefined) changed = true;
          return to ?? {};
        };
      const made = connected(ofClient, ofServer, {
        client: changingClientHello(noting(client)),
        server: changingServerHello(noting(server)),
      });
      if (!changed) continue;
      tried += 1;
      expect([made.atClient.info, made.atServer.info], name).toEqual([undefined, undefined]);
      expect(made.atServer.error ?? made.atClient.error, name).toBeDefined();
    }
    expect(tried).toBeGreaterThan(10);
  });
});
