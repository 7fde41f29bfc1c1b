import { byCode, cipherSuites, suitePrimitives } from "@tlskit/ciphersuites";
import { type CryptoProvider, run, wait } from "@tlskit/crypto";
import { EarlyStage, Transcript } from "@tlskit/keyschedule";
import {
  Certificate,
  CertificateRequest,
  CertificateVerify,
  certificateStatus,
  decodeMessage,
  EncryptedExtensions,
  extensionIn,
  HandshakeType,
  handshakeHeaderLength,
  messageTypes,
  serverShare,
  signedCertificateTimestamps,
} from "@tlskit/messages";
import { tls13Opening } from "@tlskit/record";
import type { MadeHello } from "./client-hello.ts";
import type { Draft } from "./draft.ts";
import type { ServerMessages } from "./server-messages.ts";

/** What a TLS 1.3 flight's keys are derived from, besides the shares. */
export interface HellosSent {
  /** That which the server's ServerHello answers. */
  readonly last: MadeHello;
  /** All messages until the ServerHello, in order: with a HelloRetryRequest the first hello and that are in front. */
  readonly messages: readonly Uint8Array[];
}

/** RFC 8879 §4: CompressedCertificate, which is known by its type alone. */
const compressedCertificate = 25;

/**
 * Decrypts what comes behind the ServerHello until the server's Finished (RFC 9846 §2), in whatever order. Nothing of it is
 * verified: neither the signature nor the Finished.
 */
export async function readTls13Flight(
  messages: ServerMessages,
  answer: Draft,
  hellos: HellosSent,
  provider: CryptoProvider,
): Promise<void> {
  if (!(await installKeys(messages, answer, hellos, provider))) return;
  messages.types = messageTypes;
  for (;;) {
    const message = await messages.next();
    if (message === undefined) return;
    const { bytes } = message;
    switch (bytes[0]) {
      case HandshakeType.encryptedExtensions:
        answer.encryptedExtensions = decodeMessage(EncryptedExtensions, bytes);
        break;
      case HandshakeType.certificateRequest:
        answer.certificateRequest = decodeMessage(CertificateRequest, bytes);
        break;
      case HandshakeType.certificate:
        noteCertificate(answer, decodeMessage(Certificate, bytes));
        break;
      case compressedCertificate:
        answer.compressedBy = ((bytes[handshakeHeaderLength] ?? 0) << 8) | (bytes[handshakeHeaderLength + 1] ?? 0);
        break;
      case HandshakeType.certificateVerify:
        answer.certificateVerify = decodeMessage(CertificateVerify, bytes);
        break;
      case HandshakeType.finished:
        return;
    }
  }
}

function noteCertificate(answer: Draft, certificate: Certificate): void {
  const [leaf] = certificate.certificateList;
  answer.certificate = certificate;
  answer.chain = certificate.certificateList.map(({ certData }) => certData);
  if (leaf === undefined) return;
  answer.ocspResponse = extensionIn(leaf, certificateStatus)?.response;
  answer.signedCertificateTimestamps = extensionIn(leaf, signedCertificateTimestamps);
}

/** RFC 9846 §7.1. Answers whether the rest can be read. */
async function installKeys(
  messages: ServerMessages,
  answer: Draft,
  hellos: HellosSent,
  provider: CryptoProvider,
): Promise<boolean> {
  const hello = answer.serverHello;
  if (hello === undefined) return false;
  const suite = byCode(cipherSuites, hello.cipherSuite);
  if (suite === undefined || !provider.aeads.some(({ name }) => name === suite.aead)) {
    messages.unreadable(
      `its flight is under a cipher suite that isn't known here, 0x${hello.cipherSuite.toString(16)}`,
    );
    return false;
  }
  const share = extensionIn(hello, serverShare);
  const own = hellos.last.shares.find(({ group }) => group === share?.group);
  if (share === undefined || own === undefined) {
    messages.unreadable("its ServerHello has no key share in a group that it was sent one in");
    return false;
  }
  const { hash, aead } = suitePrimitives(provider, suite);
  const secret = await run(wait(own.offer.finish(share.keyExchange)));
  const stage = EarlyStage.withoutPsk(hash).withSharedSecret(secret, transcriptOf(hellos).current());
  messages.protect(
    tls13Opening(
      { aead, ...stage.server.keys(aead.keyLength, aead.nonceLength), recordLimit: suite.recordLimit },
      true,
    ),
  );
  return true;

  function transcriptOf({ messages: sent }: HellosSent): Transcript {
    const transcript = new Transcript();
    transcript.useHash(hash);
    for (const [index, message] of sent.entries()) {
      transcript.add(message);
      // RFC 9846 §4.1: behind the first hello of four comes a HelloRetryRequest.
      if (index === 0 && sent.length > 2) transcript.replaceClientHello1();
    }
    return transcript;
  }
}
