import {
  Certificate,
  CertificateRequest,
  CertificateVerify,
  ClientHello,
  EncryptedExtensions,
  EndOfEarlyData,
  type Extension,
  type ExtensionPlace,
  Finished,
  HelloRetryRequest,
  helloRetryRequestRandom,
  KeyUpdate,
  type MessageType,
  NewSessionTicket,
  ServerHello,
} from "@tlskit/messages";
import fc from "fast-check";

const code = fc.nat(0xffff);
const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const list = <T>(item: fc.Arbitrary<T>, minLength: number, maxLength = 8): fc.Arbitrary<T[]> =>
  fc.array(item, { minLength, maxLength });

const serverNames = list(fc.record({ nameType: fc.nat(0xff), name: bytes(1, 40) }), 1);
const protocols = list(bytes(1, 20), 1);
const keyShare = fc.record({ group: code, keyExchange: bytes(1, 100) });
const oidFilter = fc.record({ certificateExtensionOid: bytes(1, 20), certificateExtensionValues: bytes(0, 20) });
const offeredPsks = fc.record({
  identities: list(fc.record({ identity: bytes(1, 60), obfuscatedTicketAge: fc.nat(0xffff_ffff) }), 1, 3),
  binders: list(bytes(32, 64), 1, 3),
});

const statusRequest = fc.oneof(
  fc.record({
    statusType: fc.constant(1),
    request: fc.record({ responderIdList: list(bytes(1, 40), 0, 3), requestExtensions: bytes(0, 40) }),
  }),
  fc.record({ statusType: fc.integer({ min: 2, max: 0xff }), request: bytes(0, 40) }),
);
const status = fc.oneof(
  fc.record({ statusType: fc.constant(1), response: bytes(1, 200) }),
  fc.record({ statusType: fc.integer({ min: 2, max: 0xff }), response: bytes(0, 40) }),
);

/** Values of each extension that is described, by place and code point. */
export const extensionValues: Readonly<Record<ExtensionPlace, Readonly<Record<number, fc.Arbitrary<unknown>>>>> = {
  clientHello: {
    0: serverNames,
    5: statusRequest,
    10: list(code, 1),
    11: bytes(1, 5),
    13: list(code, 1),
    16: protocols,
    18: fc.constant(null),
    22: fc.constant(null),
    23: fc.constant(null),
    28: code,
    35: bytes(0, 60),
    33: fc.constant(null),
    41: offeredPsks,
    42: fc.constant(null),
    43: list(code, 1),
    44: bytes(1, 100),
    45: list(fc.nat(0xff), 1),
    47: list(bytes(1, 60), 1),
    49: fc.constant(null),
    50: list(code, 1),
    51: list(keyShare, 0),
    58: fc.record({ newSessionCount: fc.nat(0xff), resumptionCount: fc.nat(0xff) }),
    65281: bytes(0, 36),
  },
  serverHello: {
    0: fc.constant(null),
    5: fc.constant(null),
    11: bytes(1, 5),
    16: protocols,
    18: list(bytes(1, 100), 1, 4),
    22: fc.constant(null),
    23: fc.constant(null),
    33: fc.constant(null),
    35: fc.constant(new Uint8Array(0)),
    41: code,
    43: code,
    51: keyShare,
    65281: bytes(0, 36),
  },
  helloRetryRequest: { 43: code, 44: bytes(1, 100), 51: code },
  encryptedExtensions: {
    0: fc.constant(null),
    10: list(code, 1),
    16: protocols,
    28: code,
    42: fc.constant(null),
    58: fc.nat(0xff),
  },
  certificateRequest: {
    5: fc.constant(null),
    13: list(code, 1),
    18: fc.constant(null),
    47: list(bytes(1, 60), 1),
    48: list(oidFilter, 0),
    50: list(code, 1),
  },
  certificate: { 5: status, 18: list(bytes(1, 100), 1, 4) },
  newSessionTicket: {
    42: fc.nat(0xffff_ffff),
    62: bytes(1, 40),
  },
};

/** Any extensions of a place, none twice: those that are described, and unknown ones. */
export function extensionsOfPlace(place: ExtensionPlace): fc.Arbitrary<Extension[]> {
  const described = Object.entries(extensionValues[place]).map(([type, value]) =>
    fc.record({ code: fc.constant(Number(type)), value }),
  );
  const known = Object.keys(extensionValues[place]).map(Number);
  const unknown = fc.record({ code: code.filter((type) => !known.includes(type)), value: bytes(0, 60) });
  return fc.uniqueArray(fc.oneof(...described, unknown), { selector: (extension) => extension.code, maxLength: 10 });
}

const random = bytes(32, 32);
const serverHelloFields = {
  legacyVersion: code,
  legacySessionIdEcho: bytes(0, 32),
  cipherSuite: code,
  legacyCompressionMethod: fc.nat(0xff),
};

interface Sampled {
  readonly type: MessageType<unknown>;
  readonly message: fc.Arbitrary<unknown>;
  /** Whether its end is open, so that a shorter one may decode too. */
  readonly openEnd?: boolean;
}

function sampled<T>(type: MessageType<T>, message: fc.Arbitrary<T>, openEnd = false): Sampled {
  return { type: type as MessageType<unknown>, message, openEnd };
}

/** Any message of each type. */
export const sampledMessages: readonly Sampled[] = [
  sampled(
    ClientHello,
    fc.record({
      legacyVersion: code,
      random,
      legacySessionId: bytes(0, 32),
      cipherSuites: list(code, 1, 20),
      legacyCompressionMethods: bytes(1, 3),
      extensions: extensionsOfPlace("clientHello"),
    }),
  ),
  sampled(ServerHello, fc.record({ ...serverHelloFields, random, extensions: extensionsOfPlace("serverHello") })),
  sampled(
    HelloRetryRequest,
    fc.record({
      ...serverHelloFields,
      random: fc.constant(helloRetryRequestRandom),
      extensions: extensionsOfPlace("helloRetryRequest"),
    }),
  ),
  sampled(EncryptedExtensions, fc.record({ extensions: extensionsOfPlace("encryptedExtensions") })),
  sampled(
    CertificateRequest,
    fc.record({ certificateRequestContext: bytes(0, 40), extensions: extensionsOfPlace("certificateRequest") }),
  ),
  sampled(
    Certificate,
    fc.record({
      certificateRequestContext: bytes(0, 40),
      certificateList: list(fc.record({ certData: bytes(1, 300), extensions: extensionsOfPlace("certificate") }), 0, 4),
    }),
  ),
  sampled(CertificateVerify, fc.record({ algorithm: code, signature: bytes(0, 300) })),
  sampled(Finished, fc.record({ verifyData: bytes(0, 64) }), true),
  sampled(EndOfEarlyData, fc.constant(null)),
  sampled(
    NewSessionTicket,
    fc.record({
      ticketLifetime: fc.nat(0xffff_ffff),
      ticketAgeAdd: fc.nat(0xffff_ffff),
      ticketNonce: bytes(0, 255),
      ticket: bytes(1, 300),
      extensions: extensionsOfPlace("newSessionTicket"),
    }),
  ),
  sampled(KeyUpdate, fc.record({ requestUpdate: fc.nat(0xff) })),
];
