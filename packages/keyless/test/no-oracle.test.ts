import { signatureKeysOf, signerFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { KeyServer, type SignedFormName } from "@tlskit/keyless";
import { asciiBytes, concat, toHex } from "@tlskit/wire";
import { verifyCertificateRequestSync } from "@tlskit/x509";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lengthPrefixed, rawMessage, signBody } from "./helpers/raw.ts";
import { algorithm, forAlice, RecordingSigner, serverKeyExchange, world } from "./helpers/world.ts";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

/** What a TLS server signs, told by its hexadecimal digits: RFC 9846 §4.5.2, RFC 8422 §5.4. */
const serversForms: Readonly<Record<SignedFormName, RegExp>> = {
  tls13: new RegExp(`^(20){64}${toHex(asciiBytes("TLS 1.3, server CertificateVerify"))}00([0-9a-f]{64}|[0-9a-f]{96})$`),
  "tls12-ecdhe":
    /^[0-9a-f]{128}03(00174104[0-9a-f]{128}|00186104[0-9a-f]{192}|00198504[0-9a-f]{264}|001d20[0-9a-f]{64}|001e38[0-9a-f]{112})$/,
};

/** Gives a server bytes; what it had signed, each under what it may be. */
function signedOf(bytes: readonly Uint8Array[], forms: readonly SignedFormName[]): string[] {
  const signer = new RecordingSigner();
  const server = new KeyServer({ keys: { www: { ...forAlice, signer, forms } }, clock: () => 0 });
  const connection = server.accept("alice", { bytes: () => undefined, closed: () => undefined });
  for (const piece of bytes) connection.receive(piece);
  return signer.signed.map(({ message }) => toHex(message));
}

const octets = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
/** Requests whose frame is right, around what may be anything. */
const requests: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom("www", "www", "other"),
    fc.constantFrom(...new RecordingSigner().algorithms),
    fc.oneof(
      fc.tuple(fc.constant(1), fc.oneof(octets(32, 32), octets(48, 48), octets(0, 64)).map(lengthPrefixed)),
      fc.tuple(
        fc.constant(2),
        fc
          .tuple(
            octets(64, 64),
            fc.constantFrom(0x17, 0x18, 0x19, 0x1d, 0x1e, 0x20),
            fc.constantFrom(3, 3, 3, 1),
            octets(32, 133),
          )
          .map(([randoms, curve, type, point]) =>
            concat(randoms, Uint8Array.of(type, 0, curve), lengthPrefixed(point)),
          ),
      ),
      fc.tuple(
        fc.constant(2),
        fc
          .tuple(
            octets(64, 64),
            fc.constantFrom([0x17, 65], [0x18, 97], [0x19, 133], [0x1d, 32], [0x1e, 56]),
            octets(133, 133),
          )
          .map(([randoms, [curve = 0, length = 0], point]) =>
            concat(
              randoms,
              Uint8Array.of(3, 0, curve),
              lengthPrefixed(concat(Uint8Array.of(4), point).subarray(0, length)),
            ),
          ),
      ),
      fc.tuple(fc.nat(255), octets(0, 200)),
    ),
    fc.nat(3),
  )
  .map(([key, by, [form, parts], id]) => rawMessage(2, id, signBody(key, by, form, parts)));

/** A stream of requests, some octets of which are changed. */
const streams = fc
  .tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: requests }, { weight: 1, arbitrary: octets(0, 40) }), { maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
  )
  .map(([pieces, changes]) => {
    const stream = concat(...pieces);
    for (const [at, value] of changes) if (stream.length > 0) stream[at % stream.length] = value;
    return stream;
  });

describe("whatever is sent to a key server", () => {
  it.each<[readonly SignedFormName[]]>([[["tls13"]], [["tls12-ecdhe"]], [["tls13", "tls12-ecdhe"]]])(
    "for a key of %j, it signs a TLS server's handshake and nothing else",
    (forms) => {
      let signed = 0;
      fc.assert(
        fc.property(streams, (stream) => {
          for (const message of signedOf([stream], forms)) {
            signed += 1;
            expect(forms.some((form) => serversForms[form].test(message))).toBe(true);
          }
        }),
        { numRuns: 1000 },
      );
      // the property isn't held by signing nothing
      expect(signed).toBeGreaterThan(50);
    },
  );

  it("is the same in whatever pieces it comes", () => {
    const forms: readonly SignedFormName[] = ["tls13", "tls12-ecdhe"];
    fc.assert(
      fc.property(streams, (stream) => {
        expect(
          signedOf(
            [...stream].map((byte) => Uint8Array.of(byte)),
            forms,
          ),
        ).toEqual(signedOf([stream], forms));
      }),
      { numRuns: 200 },
    );
  });
});

describe("TLS 1.2 leaves most of what is signed to whoever asks", () => {
  const random = (length: number) => new Uint8Array(length).fill(5);
  const keys = signatureKeysOf(nodeProvider, "Ed25519");
  const key = keys.fromSecret?.(random(32));
  if (key?.type !== "Ed25519") throw new TypeError("node:crypto tells an Ed25519 key by its seed");
  const signer = signerFor(nodeProvider, key, random);
  const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits.replaceAll(" ", ""), "hex"));

  /** A request for a certificate of this key whose one attribute holds the octets that are not for choosing. */
  const information = concat(
    hex("3062 020100 3000 302a300506032b6570032100"),
    key.publicKey,
    hex("a02f 302d 0603550403 3126 0424"),
    hex("03001d20"), // a curve by its name, x25519, 32 bytes
    new Uint8Array(32).fill(0x41),
  );

  it("so that it can spell what a certificate's request signs", async () => {
    expect(toHex(information)).toMatch(serversForms["tls12-ecdhe"]);
    const signature = await signer.sign("Ed25519", information);
    const der = concat(hex("3081ae"), information, hex("300506032b6570 034100"), signature);
    const request = verifyCertificateRequestSync({ provider: nodeProvider, request: der });
    expect(request.subjectPublicKeyInfo.publicKey).toEqual({ type: "Ed25519", publicKey: key.publicKey });
  });

  it.each<[string, (der: Uint8Array) => Uint8Array]>([
    ["as it is", (der) => der],
    ["as a SET, which CMS signs", (der) => concat(Uint8Array.of(0x31), der.subarray(1))],
    ["with a length that lenient readers take", () => concat(hex("308161 020100 045c"), new Uint8Array(92))],
    ["with an element inside that ends nowhere", (der) => concat(der.subarray(0, 51), hex("a080"), der.subarray(53))],
    ["with an end that is told by two zeros", (der) => concat(hex("3080"), der.subarray(2, -2), hex("0000"))],
    ["with a tag of several bytes", (der) => concat(der.subarray(0, 51), hex("bf812e 2d"), der.subarray(55))],
  ])("and that isn't signed: %s", async (_, changed) => {
    const content = changed(information);
    expect(content).toHaveLength(100);
    const fixed = concat(content.subarray(0, 64), hex("03001d20"), content.subarray(68));
    const recording = new RecordingSigner();
    const { client, server, ended } = world({
      keys: { www: { ...forAlice, signer: recording, forms: ["tls12-ecdhe"] } },
    });
    await expect(client.sign("www", "Ed25519", fixed)).rejects.toMatchObject({ code: "not_a_server_signature" });
    server.receive(rawMessage(2, 1, signBody("www", "Ed25519", 2, fixed)));
    expect(ended.server).toMatchObject({ kind: "peer", code: "decode_error" });
    expect(recording.signed).toEqual([]);
  });

  it("but a random value that begins like DER is one", async () => {
    const message = serverKeyExchange();
    message.set([0x30, 0x62, 0x02, 0x7f]);
    const { client } = world({ keys: { www: { ...forAlice, forms: ["tls12-ecdhe"] } } });
    expect((await client.sign("www", algorithm, message)).length).toBeGreaterThan(60);
  });
});
