import { nodeProvider as provider } from "@tlskit/crypto-node";
import { RotatingTicketKeys, SealedTickets, StoredTickets } from "@tlskit/sessions";
import {
  ClientContext,
  type ClientOptions,
  callerError,
  ExternalPsk,
  ownCertificates,
  PskClientContext,
  ServerContext,
  type ServerOptions,
  tls12,
  tls13,
  VerifiedSignatures,
} from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { clientPki, sharedPki } from "./helpers/world.ts";

const none = (): never => {
  throw callerError("nothing_here", "there is neither randomness nor a clock at the top of a Worker's module");
};
const world = { provider, random: none, clock: none };
const versions = [tls13, tls12];
const { anchors } = sharedPki();
const { certificate } = clientPki();
const externalPsks = [new ExternalPsk({ identity: new Uint8Array(8), key: new Uint8Array(32) })];
const keys = new RotatingTicketKeys({ random: none, clock: none });

const clients: readonly (readonly [string, Partial<ClientOptions>])[] = [
  ["with nothing but anchors", {}],
  ["of two versions", { versions }],
  ["with a certificate", { certificates: ownCertificates([certificate]) }],
  ["that chooses a certificate", { certificates: ownCertificates(() => certificate) }],
  ["that remembers signatures", { verifiedSignatures: new VerifiedSignatures() }],
];
const servers: readonly (readonly [string, Partial<ServerOptions>])[] = [
  ["with a certificate", {}],
  ["of two versions", { versions }],
  ["with sealed tickets", { tickets: new SealedTickets({ provider, random: none, keys }) }],
  ["that keeps its sessions", { tickets: new StoredTickets({ random: none, clock: none }) }],
  ["that asks for certificates", { clientCertificates: { demand: "required", anchors: clientPki().anchors } }],
];

// A Worker makes its contexts there, once for all requests.
describe("a context takes neither randomness nor the time when it is made:", () => {
  it.each(clients)("a client's %s", (_, options) => {
    expect(() => new ClientContext({ ...world, anchors, ...options })).not.toThrow();
  });

  it("a client's with a pre-shared key", () => {
    expect(() => new PskClientContext({ ...world, externalPsks })).not.toThrow();
  });

  it.each(servers)("a server's %s", (_, options) => {
    expect(() => new ServerContext({ ...world, certificates: [sharedPki().certificate], ...options })).not.toThrow();
  });
});
