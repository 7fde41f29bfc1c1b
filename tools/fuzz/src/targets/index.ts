import type { Target } from "../target.ts";
import { captureTarget, segmentsTarget } from "./captures.ts";
import { cbcRecordsTarget } from "./cbc-records.ts";
import { certificateTarget, chainTarget, nameTarget, publicKeyTarget, timestampsTarget } from "./certificates.ts";
import { berTarget, signedDataTarget } from "./encodings.ts";
import { hostTarget, logListTarget, pemTarget, privateKeyTarget } from "./files.ts";
import { jwkTarget } from "./jwk.ts";
import { keyClientTarget, keyServerTarget } from "./keyless.ts";
import { fragmentsTarget, messageTarget } from "./messages.ts";
import { tls12MessageTarget } from "./messages12.ts";
import { opensslTarget } from "./openssl.ts";
import { clientTarget, serverTarget } from "./peers.ts";
import { tls12ClientTarget, tls12ServerTarget } from "./peers12.ts";
import { encryptedKeyTarget, pkcs12Target } from "./protected-files.ts";
import { importedIdentityTarget } from "./psks.ts";
import { protectedRecordsTarget, recordsTarget } from "./records.ts";
import { crlTarget, ocspRequestTarget, ocspResponseTarget } from "./revocation.ts";
import { sessionTarget, ticketTarget } from "./sessions.ts";
import { requestTarget, signedCrlTarget, signedOcspTarget, verificationTarget } from "./signed.ts";
import { clientStreamTarget, serverStreamTarget } from "./streams.ts";

/** Everything that is fuzzed. */
export const targets: readonly Target[] = [
  messageTarget,
  tls12MessageTarget,
  fragmentsTarget,
  recordsTarget,
  protectedRecordsTarget,
  cbcRecordsTarget,
  captureTarget,
  segmentsTarget,
  clientStreamTarget,
  serverStreamTarget,
  clientTarget,
  serverTarget,
  tls12ClientTarget,
  tls12ServerTarget,
  sessionTarget,
  ticketTarget,
  importedIdentityTarget,
  keyServerTarget,
  keyClientTarget,
  certificateTarget,
  chainTarget,
  nameTarget,
  publicKeyTarget,
  privateKeyTarget,
  encryptedKeyTarget,
  pkcs12Target,
  berTarget,
  signedDataTarget,
  jwkTarget,
  crlTarget,
  ocspResponseTarget,
  ocspRequestTarget,
  verificationTarget,
  signedCrlTarget,
  signedOcspTarget,
  requestTarget,
  timestampsTarget,
  logListTarget,
  pemTarget,
  hostTarget,
  opensslTarget,
];
