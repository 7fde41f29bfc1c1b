import {
  type ClientSession,
  decodeClientSession,
  decodeServerSession,
  encodeClientSession,
  encodeServerSession,
  maxCertificateInTicket,
  type ServerSession,
} from "@tlskit/sessions";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

const opaque = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const time = fc.nat(2 ** 45);

const clientSessions: fc.Arbitrary<ClientSession> = fc.record({
  version: u16,
  cipherSuite: u16,
  signatureScheme: u16,
  secret: opaque(1, 64),
  extendedMainSecret: fc.boolean(),
  ticket: opaque(0, 300),
  sessionId: opaque(0, 32),
  ticketLifetime: u32,
  ticketAgeAdd: u32,
  maxEarlyData: u32,
  acrossNames: fc.boolean(),
  receivedAt: time,
  verifiedAt: time,
  serverName: opaque(0, 60),
  alpnProtocol: opaque(0, 20),
  binding: opaque(0, 32),
  certificate: opaque(0, 300),
  externalMark: opaque(0, 48),
});

const serverSessions: fc.Arbitrary<ServerSession> = fc.record({
  version: u16,
  cipherSuite: u16,
  signatureScheme: u16,
  secret: opaque(1, 64),
  extendedMainSecret: fc.boolean(),
  ticketAgeAdd: u32,
  maxEarlyData: u32,
  issuedAt: time,
  verifiedAt: time,
  alpnProtocol: opaque(0, 20),
  binding: opaque(0, 32),
  certificate: opaque(0, 300),
  externalIdentity: opaque(0, 300),
  externalMark: opaque(0, 48),
  clientSignatureScheme: u16,
});

const [clientSession] = fc.sample(clientSessions, 1);
const [serverSession] = fc.sample(serverSessions, 1);

describe("a client's session", () => {
  it("is the same when it comes out of bytes, whatever becomes of these", () => {
    fc.assert(
      fc.property(clientSessions, (session) => {
        const bytes = encodeClientSession(session);
        const again = decodeClientSession(bytes);
        bytes.fill(0);
        expect(again).toEqual(session);
      }),
    );
  });

  it("may have a chain of any length", () => {
    const certificate = new Uint8Array(131_072).fill(1);
    const bytes = encodeClientSession({ ...(clientSession as ClientSession), certificate });
    expect(decodeClientSession(bytes)?.certificate).toEqual(certificate);
  });
});

describe("a server's session", () => {
  it("is the same when it comes out of bytes", () => {
    fc.assert(
      fc.property(serverSessions, (session) => {
        expect(decodeServerSession(encodeServerSession(session) ?? new Uint8Array(0))).toEqual(session);
      }),
    );
  });

  it("is none if its client showed more certificates than go into a ticket", () => {
    const withChain = (length: number) =>
      encodeServerSession({ ...(serverSession as ServerSession), certificate: new Uint8Array(length) });
    expect(withChain(maxCertificateInTicket)).toBeDefined();
    expect(withChain(maxCertificateInTicket + 1)).toBeUndefined();
  });
});

describe.each([
  ["a client's", decodeClientSession, encodeClientSession(clientSession as ClientSession)],
  ["a server's", decodeServerSession, encodeServerSession(serverSession as ServerSession) ?? new Uint8Array(0)],
])("bytes that aren't understood as %s session", (_, decodeSession, whole) => {
  it("are none, and no error: each beginning, one byte more, another form, nothing", () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeSession(whole.subarray(0, length)), `${length} bytes`).toBeUndefined();
    }
    expect(decodeSession(Uint8Array.of(...whole, 0))).toBeUndefined();
    for (const form of [0, 1, 2, 5, 255])
      expect(decodeSession(Uint8Array.of(form, ...whole.subarray(1)))).toBeUndefined();
    expect(decodeSession(whole)).toBeDefined();
  });

  it("are none, or a session, whatever they are", () => {
    fc.assert(
      fc.property(opaque(0, 400), (bytes) => {
        expect(() => decodeSession(Uint8Array.of(whole[0] ?? 0, ...bytes))).not.toThrow();
      }),
    );
  });
});
