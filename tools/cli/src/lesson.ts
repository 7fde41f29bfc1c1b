import { constants, type KeyObject, privateDecrypt } from "node:crypto";
import { TLS_RSA_WITH_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { cipherSuiteName, namedGroupName, signatureSchemeName } from "@tlskit/ciphersuites/names";
import {
  CertificateVerify,
  ClientHello,
  clientShares,
  decodeMessage,
  EcdheClientKeyExchange,
  EcdheServerKeyExchange,
  extensionIn,
  RsaClientKeyExchange,
  ServerHello,
  serverShare,
} from "@tlskit/messages";
import { type TlsVersion, tls12, tls12With, tls13 } from "@tlskit/tls";
import { rsa } from "@tlskit/tls/rsa";
import { toHex } from "@tlskit/wire";
import type { LeafKey } from "./throwaway-authority.ts";

/** A handshake, to be looked at step by step beside others. */
export interface Lesson {
  readonly title: string;
  /** What both ends have: this version alone. */
  readonly version: TlsVersion;
  /** The key of the server's certificate. */
  readonly leafKey: LeafKey;
  /** What a message is for, by who sends it and its name. */
  readonly notes: Readonly<Record<string, (message: Uint8Array) => string>>;
  /** What is different between them, in a few words: rows of a table. */
  readonly inWords: Readonly<Record<"the secret" | "signed" | "seen by all" | "if its key leaks", string>>;
}

/** The beginning of some bytes, in hexadecimal digits. */
export function beginning(bytes: Uint8Array): string {
  return `${toHex(bytes.subarray(0, 4))}…`;
}

const randomOf = (random: Uint8Array): string => `random ${beginning(random)}`;

/** The hellos of TLS 1.2, which say nothing of a key. */
const hellos: Lesson["notes"] = {
  "client ClientHello": (message) => {
    const { random, cipherSuites } = decodeMessage(ClientHello, message);
    const names = cipherSuites.map((code) => cipherSuiteName(code) ?? "one that has no name");
    return `${randomOf(random)}, and what there is to choose from: ${names.join(", ")}. Nothing of a key yet`;
  },
  "server ServerHello": (message) => {
    const { random, cipherSuite } = decodeMessage(ServerHello, message);
    return `${randomOf(random)}, and the choice: ${cipherSuiteName(cipherSuite)}`;
  },
};

const agreed: Lesson = {
  title: "TLS 1.3",
  version: tls13,
  leafKey: "P-256",
  notes: {
    "client ClientHello": (message) => {
      const hello = decodeMessage(ClientHello, message);
      const groups = (extensionIn(hello, clientShares) ?? []).map(({ group }) => namedGroupName(group));
      return `${randomOf(hello.random)}, and a new public key each for ${groups.join(" and ")}`;
    },
    "server ServerHello": (message) => {
      const hello = decodeMessage(ServerHello, message);
      const group = namedGroupName(extensionIn(hello, serverShare)?.group ?? 0);
      return `${randomOf(hello.random)}, and its own for ${group}: both compute the same secret now, and go on encrypted`;
    },
    "server EncryptedExtensions": () => "what else is agreed upon, such as the application protocol",
    "server Certificate": () => "who the server is: nobody else sees it",
    "server CertificateVerify": (message) => {
      const { algorithm, signature } = decodeMessage(CertificateVerify, message);
      return `${signed(algorithm, signature)} over all messages so far: the certificate's key took part, now and here`;
    },
    "server Finished": () => "a MAC over all messages so far: nobody changed one on the way",
    "client Finished": () => "the same of the client, whose data may follow at once",
    "server NewSessionTicket": () => "for a later handshake, without a certificate",
  },
  inWords: {
    "the secret": "agreed by public keys",
    signed: "all messages so far",
    "seen by all": "hellos",
    "if its key leaks": "the past stays secret",
  },
};

const ecdhe: Lesson = {
  title: "TLS 1.2 with ECDHE",
  version: tls12,
  leafKey: "P-256",
  notes: {
    ...hellos,
    "server Certificate": () => "who the server is, for all to see",
    "server ServerKeyExchange": (message) => {
      const { params, signedParams } = decodeMessage(EcdheServerKeyExchange, message);
      const key = `a new public key (${namedGroupName(params.namedCurve)}, ${beginning(params.public)})`;
      return `${key}; ${signed(signedParams.algorithm, signedParams.signature)} over it and both randoms`;
    },
    "server ServerHelloDone": () => "it is the client's turn",
    "client ClientKeyExchange": (message) => {
      const { public: key } = decodeMessage(EcdheClientKeyExchange, message);
      return `the client's new public key (${beginning(key)}): both compute the same secret, which nobody has sent`;
    },
    "client Finished": () => "a MAC over all messages so far, by the secret: nobody changed one on the way",
    "server NewSessionTicket": () => "for a later handshake, without a certificate",
    "server Finished": () => "the same of the server, for which the client has waited with its data",
  },
  inWords: {
    "the secret": "agreed by public keys",
    signed: "server's public key, randoms",
    "seen by all": "hellos, certificate, keys",
    "if its key leaks": "the past stays secret",
  },
};

const encrypted: Lesson = {
  title: "TLS 1.2 with RSA",
  version: tls12With({ cipherSuites: [TLS_RSA_WITH_AES_128_GCM_SHA256], keyExchanges: [rsa] }),
  leafKey: "RSA",
  notes: {
    ...hellos,
    "server Certificate": () => "who the server is, and the public key that the secret will be encrypted to",
    "server ServerHelloDone": () => "it is the client's turn: the server has sent no key, and signs nothing",
    "client ClientKeyExchange": (message) => {
      const { encryptedPreliminarySecret } = decodeMessage(RsaClientKeyExchange, message);
      return `the secret: 48 bytes that the client made up, as ${encryptedPreliminarySecret.length} encrypted ones`;
    },
    "client Finished": () => "a MAC over all messages so far, by the secret: nobody changed one on the way",
    "server NewSessionTicket": () => "for a later handshake, without a certificate",
    "server Finished": () => "takes the secret: only now the server has proved that it has the certificate's key",
  },
  inWords: {
    "the secret": "sent by the client, encrypted",
    signed: "nothing",
    "seen by all": "hellos, certificate",
    "if its key leaks": "all that was recorded is read",
  },
};

function signed(algorithm: number, signature: Uint8Array): string {
  return `a signature (${signatureSchemeName(algorithm)}, ${signature.length} bytes)`;
}

/** The handshakes that are shown beside each other. */
export const lessons: readonly Lesson[] = [agreed, ecdhe, encrypted];

/**
 * What somebody does who has recorded a handshake with RSA, and gets at the server's key some day (RFC 5246 §F.1.1.2): the
 * preliminary secret out of the ClientKeyExchange.
 */
export function openedLater(clientKeyExchange: Uint8Array, key: KeyObject): Uint8Array {
  const { encryptedPreliminarySecret: buffer } = decodeMessage(RsaClientKeyExchange, clientKeyExchange);
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, buffer);
}
