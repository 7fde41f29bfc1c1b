import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import {
  createServer as createNodeServer,
  type ServerOptions as NodeOptions,
  type Server as NodeServer,
} from "node:https";
import type { AddressInfo } from "node:net";
import { createHttpsServer, type HttpsServerOptions } from "@tlskit/node";
import { checkNames } from "@tlskit/scan";
import type { ReplayGuard } from "@tlskit/sessions";
import { toHex } from "@tlskit/wire";
import { onPort, type RunningServer, type ScannedServer } from "../scanned-server.ts";
import { type KeyType, ThrowawayAuthority } from "./throwaway.ts";

/** A response's headers. */
type Headers = Readonly<Record<string, string | readonly string[]>>;

const strictTransport: Headers = { "Strict-Transport-Security": "max-age=63072000; includeSubDomains" };

const authority = new ThrowawayAuthority("In-process");

const early = (guard: ReplayGuard): HttpsServerOptions => ({ earlyData: { maxSize: 16_384, guard } });
const week = 604_800;
const fixedTicketKeys = { ticketKeys: Buffer.alloc(48, 7) };

/** Servers of this process: ours and `node:https`. */
export const inProcessServers: readonly ScannedServer[] = [
  ours("as it comes, with HSTS", []),
  {
    ...ours("that demands certificates of clients", ["client-certificates-requested"], {
      options: { requestCert: true, ca: authority.identity().rootPem },
    }),
    checks: ["cipherSuites", "groups", "clientCertificates"],
  },
  {
    ...ours("that takes early data once", ["early-data-accepted"], { options: early(oncePerHello()) }),
    checks: ["earlyData"],
  },
  {
    ...ours("that takes early data as often as it comes", ["early-data-accepted", "early-data-replayed"], {
      options: early({ admit: () => true }),
    }),
    checks: ["earlyData"],
  },
  { ...ours("without tickets", ["no-resumption"], { options: { tickets: false } }), checks: ["resumption"] },
  {
    ...node(
      "as it comes, without HSTS",
      ["cbc-cipher-suites", "client-renegotiation", "no-hsts", "static-rsa-cipher-suites"],
      { headers: {} },
    ),
    // It says nothing to what is tried at a key exchange by RSA, two seconds each time.
    checks: checkNames.filter((name) => name !== "flaws"),
  },
  {
    ...node("of TLS 1.2 whose tickets are good for eight days", ["ticket-lifetime-too-long", "tls1.3-not-spoken"], {
      options: { sessionTimeout: week + 86_400, maxVersion: "TLSv1.2" },
    }),
    checks: ["resumption"],
  },
  {
    ...node("whose tickets are good for a week", ["ticket-lifetime-long"], { options: { sessionTimeout: week } }),
    checks: ["resumption"],
  },
  {
    ...node("that doesn't know its own tickets", ["no-resumption", "tickets-not-resumed"], {
      prepare: (server) => server.on("connection", () => server.setTicketKeys(randomBytes(48))),
    }),
    checks: ["resumption"],
  },
  {
    ...node("with the same ticket keys a day later", [], { options: fixedTicketKeys }),
    checks: ["resumption"],
    daysBetweenScans: 1,
  },
  {
    ...node("with the same ticket keys eight days later", ["ticket-key-unchanged"], { options: fixedTicketKeys }),
    checks: ["resumption"],
    daysBetweenScans: 8,
  },
  answers("HSTS for a day", ["hsts-short"], hsts("max-age=86400")),
  answers("HSTS that is taken back", ["hsts-off"], hsts("max-age=0")),
  answers("HSTS that nobody can read", ["hsts-ignored"], hsts("forever")),
  answers("HSTS twice", ["hsts-repeated"], hsts("max-age=63072000", "max-age=63072000")),
  answers(
    "HSTS that asks for the list without what that wants",
    ["hsts-preload-unfit"],
    hsts("max-age=63072000; preload"),
  ),
  answers("a cookie without Secure", ["cookies-without-secure"], { ...strictTransport, "Set-Cookie": "session=1" }),
  answers("a cookie with Secure", [], { ...strictTransport, "Set-Cookie": "session=1; Secure; HttpOnly" }),
  answers("where to go without TLS", ["redirect-to-clear-text"], { ...strictTransport, Location: "http://localhost/" }),
  answers("in gzip", ["compressed-answers"], { ...strictTransport, "Content-Encoding": "gzip" }),
  answers("its version", ["server-version-told"], { ...strictTransport, Server: "throwaway/1.2.3" }),
];

function hsts(...values: readonly string[]): Headers {
  return { "Strict-Transport-Security": values };
}

/** One of ours, of whose answer alone is asked. */
function answers(what: string, findings: readonly string[], headers: Headers): ScannedServer {
  return { ...ours(`that answers ${what}`, findings, { headers }), checks: ["http"] };
}

interface Changes<Options> {
  readonly options?: Options;
  /** HSTS alone, for two years, unless told otherwise. */
  readonly headers?: Headers;
  /** P-256 unless told otherwise, at node:https RSA. */
  readonly key?: KeyType;
  /** What is to be done to it before it listens. */
  readonly prepare?: (server: NodeServer) => unknown;
}

function ours(name: string, findings: readonly string[], changes: Changes<HttpsServerOptions> = {}): ScannedServer {
  const { options, headers = strictTransport, key = "P-256" } = changes;
  return {
    name: `ours ${name}`,
    findings,
    start: async () => await listening(createHttpsServer({ ...identity(key), ...options }, answering(headers))),
  };
}

/** One by `node:https`. */
export function node(name: string, findings: readonly string[], changes: Changes<NodeOptions> = {}): ScannedServer {
  const { options, headers = strictTransport, key = "RSA" } = changes;
  return {
    name: `node:https ${name}`,
    findings,
    start: async () => {
      const server = createNodeServer({ ...identity(key), ...options }, answering(headers));
      changes.prepare?.(server);
      return await listening(server);
    },
  };
}

/** RFC 9846 §8.2, without the wait of a guard that has to think of what came before it began. */
function oncePerHello(): ReplayGuard {
  const seen = new Set<string>();
  return {
    admit: ({ binder }) => {
      const key = toHex(binder);
      return !seen.has(key) && seen.add(key).has(key);
    },
  };
}

function identity(keyType: KeyType): { readonly cert: string; readonly key: string } {
  const { chainPem: cert, keyPem: key } = authority.identity(keyType);
  return { cert, key };
}

function answering(headers: Headers): RequestListener {
  const raw = Object.entries(headers).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value]));
  return (_request, response) => response.writeHead("Location" in headers ? 301 : 200, raw).end("well\n");
}

async function listening(server: Server): Promise<RunningServer> {
  server.on("clientError", (_error, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return onPort(port, authority.anchors, () => {
    server.closeAllConnections();
    server.close();
  });
}
