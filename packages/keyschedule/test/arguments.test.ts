import { type Decrypter, type Encrypter, hashOf, runSync } from "@tlskit/crypto";
import { nobleProvider as provider } from "@tlskit/crypto-noble";
import {
  decryptPreliminarySecret,
  deriveSecret,
  EarlyStage,
  Exporter,
  ExternalPsk,
  encryptPreliminarySecret,
  expandLabel,
  keyLogLine,
  MainSecret,
  PreliminarySecret,
  PresharedKey,
  parseImportedIdentity,
  parseKeyLog,
  prf,
  TrafficSecret,
  Transcript,
} from "@tlskit/keyschedule";
import { legacyPrf, legacyTranscriptHash } from "@tlskit/keyschedule/legacy";
import { describe, expect, it } from "vitest";

const hash = hashOf(provider, "SHA-256");
const bytes = new Uint8Array(32);
const secret = new TrafficSecret("client application", hash, bytes);
const handshake = () => EarlyStage.withoutPsk(hash).withSharedSecret(bytes, bytes);
const main = () => handshake().atServerFinished(bytes);
const prfOfTls12 = prf(hash);
const preliminary = () => PreliminarySecret.ofEcdhe(bytes);
const mainOfTls12 = new MainSecret(prfOfTls12, new Uint8Array(48), true);
const hellos = { client: bytes, server: bytes };
const encrypter: Encrypter = { modulusLength: 256, encrypt: () => new Uint8Array(256) };
const decrypter: Decrypter = { modulusLength: 256, decrypt: () => new Uint8Array(256) };
const random = (length: number): Uint8Array => new Uint8Array(length);
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["hash", () => EarlyStage.withoutPsk(given("SHA-256"))],
    ["encrypter", () => runSync(encryptPreliminarySecret(given({ modulusLength: 256 }), 0x0303, random))],
    ["version", () => runSync(encryptPreliminarySecret(encrypter, given("1.2"), random))],
    ["random", () => runSync(encryptPreliminarySecret(encrypter, 0x0303, given(undefined)))],
    ["decrypter", () => runSync(decryptPreliminarySecret(given(encrypter), bytes, 0x0303, random))],
    ["encrypted", () => runSync(decryptPreliminarySecret(decrypter, given([1]), 0x0303, random))],
    ["version", () => runSync(decryptPreliminarySecret(decrypter, bytes, given(undefined), random))],
    ["random", () => runSync(decryptPreliminarySecret(decrypter, bytes, 0x0303, given(undefined)))],
    ["sharedSecret", () => EarlyStage.withoutPsk(hash).withSharedSecret(given("secret"), bytes)],
    ["transcriptHash", () => EarlyStage.withoutPsk(hash).withSharedSecret(bytes, given(undefined))],
    ["hash", () => PresharedKey.ofTicket(given(undefined), bytes)],
    ["key", () => PresharedKey.ofTicket(hash, given("secret"))],
    ["presharedKey", () => EarlyStage.withPsk(given(bytes))],
    ["presharedKey", () => EarlyStage.withPsk(given({ kind: "resumption", hash }))],
    ["identity", () => new ExternalPsk({ identity: given("client"), key: bytes })],
    ["key", () => new ExternalPsk({ identity: bytes, key: given("00".repeat(16)) })],
    ["hash", () => new ExternalPsk({ identity: bytes, key: bytes, hash: given("SHA-512") })],
    ["importContext", () => new ExternalPsk({ identity: bytes, key: bytes, importContext: given(true) })],
    ["ExternalPsk", () => new ExternalPsk(given(undefined))],
    ["identity", () => parseImportedIdentity(given("client"))],
    ["transcriptHash", () => EarlyStage.withPsk(PresharedKey.ofTicket(hash, bytes)).binder(given(undefined))],
    ["transcriptHash", () => EarlyStage.withPsk(PresharedKey.ofTicket(hash, bytes)).clientEarly(given(undefined))],
    ["transcriptHash", () => EarlyStage.withPsk(PresharedKey.ofTicket(hash, bytes)).exporter(given(undefined))],
    [
      "transcriptHash",
      () => EarlyStage.withPsk(PresharedKey.ofTicket(hash, bytes)).withoutSharedSecret(given(undefined)),
    ],
    ["transcriptHash", () => handshake().atServerFinished(given(undefined))],
    ["transcriptHash", () => main().atClientFinished(given([]))],
    ["ticketNonce", () => main().atClientFinished(bytes).presharedKey(given(undefined))],
    ["kind", () => new TrafficSecret(given(1), hash, bytes)],
    ["hash", () => new TrafficSecret("client application", given({}), bytes)],
    ["secret", () => new TrafficSecret("client application", hash, given("secret"))],
    ["generation", () => new TrafficSecret("client application", hash, bytes, given("1"))],
    ["keyLength", () => secret.keys(given("16"), 12)],
    ["ivLength", () => secret.keys(16, given(undefined))],
    ["transcriptHash", () => secret.verifyData(given(undefined))],
    ["hash", () => new Exporter(given(undefined), bytes)],
    ["secret", () => new Exporter(hash, given(undefined))],
    ["kind", () => new Exporter(hash, bytes, given(1))],
    ["label", () => new Exporter(hash, bytes).export(given(undefined))],
    ["context", () => new Exporter(hash, bytes).export("EXPERIMENTAL", given("context"))],
    ["secret", () => keyLogLine(given(bytes), bytes)],
    ["text", () => parseKeyLog(given(undefined)).next()],
    ["clientRandom", () => keyLogLine(secret, given(undefined))],
    ["hash", () => expandLabel(given(undefined), bytes, "key", bytes, 16)],
    ["secret", () => expandLabel(hash, given("secret"), "key", bytes, 16)],
    ["label", () => expandLabel(hash, bytes, given(bytes), bytes, 16)],
    ["context", () => expandLabel(hash, bytes, "key", given(undefined), 16)],
    ["length", () => expandLabel(hash, bytes, "key", bytes, given("16"))],
    ["transcriptHash", () => deriveSecret(hash, bytes, "key", given(undefined))],
    ["message", () => new Transcript().add(given("message"))],
    ["hash", () => new Transcript().useHash(given(undefined))],
    ["hash", () => new Transcript().before(given(undefined), bytes)],
    ["hash", () => new Transcript().recallClientHello1(given("hash"))],
    ["hash", () => prf(given("SHA-256"))],
    ["secret", () => prfOfTls12(given("secret"), "label", bytes, 1)],
    ["label", () => prfOfTls12(bytes, given(bytes), bytes, 1)],
    ["seed", () => prfOfTls12(bytes, "label", given("seed"), 1)],
    ["length", () => prfOfTls12(bytes, "label", bytes, given("1"))],
    ["md5", () => legacyPrf(given(undefined), hash)],
    ["sha1", () => legacyPrf(hash, given({}))],
    ["md5", () => legacyTranscriptHash(given(undefined), hash)],
    ["sha1", () => legacyTranscriptHash(hash, given({}))],
    ["secret", () => legacyPrf(hash, hash)(given("secret"), "label", bytes, 1)],
    ["sharedSecret", () => PreliminarySecret.ofEcdhe(given("secret"))],
    ["sharedSecret", () => PreliminarySecret.ofDhe(given("secret"))],
    ["preliminarySecret", () => PreliminarySecret.ofRsa(given("secret"))],
    ["externalPsk", () => PreliminarySecret.ofExternalPsk(given("secret"))],
    ["externalPsk", () => preliminary().withExternalPsk(given("secret"))],
    ["prf", () => preliminary().mainSecret(given(hash), hellos)],
    ["hellos", () => preliminary().mainSecret(prfOfTls12, given(bytes))],
    ["prf", () => preliminary().extendedMainSecret(given(hash), bytes)],
    ["sessionHash", () => preliminary().extendedMainSecret(prfOfTls12, given("hash"))],
    ["prf", () => new MainSecret(given(hash), bytes, true)],
    ["secret", () => new MainSecret(prfOfTls12, given("secret"), true)],
    ["extended", () => new MainSecret(prfOfTls12, bytes, given("yes"))],
    ["hellos", () => mainOfTls12.keyBlock(given(undefined), { mac: 0, key: 16, iv: 4 })],
    ["lengths", () => mainOfTls12.keyBlock(hellos, given({ key: 16 }))],
    ["sender", () => mainOfTls12.verifyData(given(1), bytes)],
    ["transcriptHash", () => mainOfTls12.verifyData("client", given(undefined))],
    ["hellos", () => mainOfTls12.exporter(given(undefined))],
    ["label", () => mainOfTls12.exporter(hellos).export(given(1), undefined, 1)],
    ["context", () => mainOfTls12.exporter(hellos).export("EXPERIMENTAL", given("context"), 1)],
    ["length", () => mainOfTls12.exporter(hellos).export("EXPERIMENTAL", undefined, given("1"))],
    ["clientRandom", () => mainOfTls12.keyLogLine(given(undefined))],
    ["beginning", () => new Transcript().before(hash, given(undefined))],
  ])("is named: %s", (name, call) => {
    expect(call).toThrow(
      expect.objectContaining({
        name: "TlsError",
        kind: "caller",
        code: "invalid_argument",
        message: expect.stringMatching(new RegExp(`^${name} is `)),
      }),
    );
  });
});

describe("a secret", () => {
  it("is the caller's to wipe", () => {
    const given = new Uint8Array(32).fill(7);
    const [traffic, exporter] = [new TrafficSecret("client application", hash, given), new Exporter(hash, given)];
    const before = [traffic.verifyData(bytes), exporter.export("EXPERIMENTAL")];
    given.fill(0);
    expect([traffic.verifyData(bytes), exporter.export("EXPERIMENTAL")]).toEqual(before);
  });
});
