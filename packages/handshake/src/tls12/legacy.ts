/**
 * The handshakes of TLS 1.1 and 1.0, which stand on MD5 and SHA-1: RFC 8996 and RFC 9325 §3.1.1 say that nobody should have
 * them. They are for old devices that have nothing better, and for finding out what a peer has.
 * @module
 */
import {
  defaultLegacyCipherSuites,
  ecdsa_sha1,
  isLegacyCipherSuite,
  legacySignatureAlgorithm,
  legacySignatureSchemes,
  rsa_pkcs1_md5_sha1,
} from "@tlskit/ciphersuites/legacy";
import { CryptoError, type CryptoProvider, type HashFunction, hashOf, md5Of } from "@tlskit/crypto";
import { legacyPrf, legacyTranscriptHash } from "@tlskit/keyschedule/legacy";
import type { MessageType } from "@tlskit/messages";
import { inLegacyForm } from "@tlskit/messages/legacy";
import { callerError } from "@tlskit/wire";
import type { HandshakeIo } from "../io.ts";
import { tls10 as tls10Code, tls11 as tls11Code } from "../version.ts";
import type { Version } from "../versions.ts";
import { certificateKeyOf } from "./certificate-key.ts";
import type { EarlierProtocol, SignatureRules } from "./protocol.ts";
import { type Tls12Options, versionOf } from "./version-of.ts";

/**
 * RFC 4346 §7.4.3, RFC 4492 §5.4: which scheme it is the certificate's key says. That is so whatever a peer lists, as it may
 * that offers TLS 1.2 too (RFC 5246 §7.4.1.4.1).
 */
const signatures: SignatureRules = {
  schemes: () => legacySignatureSchemes,
  taken: (listed, known) => ({
    inHandshakes: legacySignatureSchemes.map(({ code }) => code),
    inCertificates: listed ?? known.map(({ code }) => code),
  }),
  algorithm: legacySignatureAlgorithm,
  named: ({ signature }, keyType) => ({
    algorithm: (certificateKeyOf(keyType) === "RSA" ? rsa_pkcs1_md5_sha1 : ecdsa_sha1).code,
    signature,
  }),
};

function legacyProtocol(code: number, name: string, chainsIvs: boolean): EarlierProtocol {
  return {
    code,
    name,
    takes: isLegacyCipherSuite,
    check: (provider) => {
      try {
        both(provider);
      } catch (error) {
        if (!(error instanceof CryptoError)) throw error;
        throw callerError("unsupported_choice", `${name} needs MD5 and SHA-1: ${error.message}`, error);
      }
    },
    // RFC 4346 §5, §7.4.9
    prf: (provider) => legacyPrf(...both(provider)),
    transcriptHash: (provider) => legacyTranscriptHash(...both(provider)),
    chainsIvs,
    signatures,
    inItsForm,
  };
}

function both(provider: CryptoProvider): readonly [HashFunction<"MD5">, HashFunction] {
  return [md5Of(provider), hashOf(provider, "SHA-1")];
}

/** The same messages, in the same order, which TypeScript can't see of an array that is mapped. */
function inLegacyForms<Types extends readonly MessageType<unknown>[]>(types: Types): Types {
  return types.map(inLegacyForm) as unknown as Types;
}

function inItsForm(io: HandshakeIo): HandshakeIo {
  return {
    receive: (...accept) => io.receive(...inLegacyForms(accept)),
    send: (type, message) => io.send(inLegacyForm(type), message),
    endOfFlight: () => io.endOfFlight(),
    changeCipherSpec: () => io.changeCipherSpec(),
    installRead: (...keys) => io.installRead(...keys),
    installWrite: (...keys) => io.installWrite(...keys),
    skipEarlyData: (limit) => io.skipEarlyData(limit),
    earlier: io.earlier,
  };
}

// RFC 4346 §6.2.3.2: each record has an IV of its own.
const tls11Protocol = /* @__PURE__ */ legacyProtocol(tls11Code, "TLS 1.1", false);
// RFC 2246 §6.2.3.2: each record's IV is the end of the one before.
const tls10Protocol = /* @__PURE__ */ legacyProtocol(tls10Code, "TLS 1.0", true);

/**
 * TLS 1.1 (RFC 4346), to be listed among `versions`. Unless told otherwise it has `defaultLegacyCipherSuites`.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice` (the caller's fault)
 */
export function tls11With(options: Tls12Options): Version {
  return versionOf(tls11Protocol, defaultLegacyCipherSuites, options);
}

/**
 * TLS 1.0 (RFC 2246), to be listed among `versions`. Unless told otherwise it has `defaultLegacyCipherSuites`.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice` (the caller's fault)
 */
export function tls10With(options: Tls12Options): Version {
  return versionOf(tls10Protocol, defaultLegacyCipherSuites, options);
}

/** TLS 1.1 as it is unless told otherwise. */
export const tls11: Version = /* @__PURE__ */ tls11With({});

/** TLS 1.0 as it is unless told otherwise. */
export const tls10: Version = /* @__PURE__ */ tls10With({});
