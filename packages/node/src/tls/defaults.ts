import { constants } from "node:crypto";
import {
  availableCipherSuites,
  availableTls12CipherSuites,
  defaultCipherSuites,
  defaultTls12CipherSuites,
} from "@tlskit/ciphersuites";
import type { ProtocolName } from "@tlskit/ciphersuites/openssl-names";
import { nodeProvider } from "@tlskit/crypto-node";
import { inOpensslsOrder } from "../options/cipher-list.ts";
import { runtimeTls } from "../runtime-tls.ts";

/** What holds where nobody says anything: programs assign to these, as they do to those of `node:tls`. */
export interface Defaults {
  /** A list of ciphers: all that there are unless told otherwise, which are with ECDHE and an AEAD. */
  DEFAULT_CIPHERS: string;
  /** A list of groups, or `auto`. */
  DEFAULT_ECDH_CURVE: string;
  DEFAULT_MIN_VERSION: ProtocolName;
  DEFAULT_MAX_VERSION: ProtocolName;
  /** Of no effect: servers here never renegotiate. */
  CLIENT_RENEG_LIMIT: number;
  /** Of no effect: servers here never renegotiate. */
  CLIENT_RENEG_WINDOW: number;
}

/** The suites that there are unless told otherwise, by their names; and of versions before TLS 1.2 theirs. */
const ownCiphers = [
  ...availableCipherSuites(nodeProvider, defaultCipherSuites).map(({ name }) => name),
  ...inOpensslsOrder(availableTls12CipherSuites(nodeProvider, defaultTls12CipherSuites)).flatMap(
    ({ aliases }) => aliases,
  ),
  "HIGH",
].join(":");

/** Node's own, which its command line may have changed (`--tls-cipher-list`, `--tls-min-v1.3`): then that holds. */
const { DEFAULT_CIPHERS, DEFAULT_ECDH_CURVE, DEFAULT_MIN_VERSION, DEFAULT_MAX_VERSION } = runtimeTls;

export const defaults: Defaults = {
  DEFAULT_CIPHERS: DEFAULT_CIPHERS === constants.defaultCoreCipherList ? ownCiphers : DEFAULT_CIPHERS,
  DEFAULT_ECDH_CURVE,
  DEFAULT_MIN_VERSION,
  DEFAULT_MAX_VERSION,
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
};
