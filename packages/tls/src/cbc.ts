/**
 * TLS 1.2's records by block ciphers in CBC mode, for suites with them: `tls12With({ cipherSuites, cbc })`. They are apart,
 * so that nobody has them who doesn't ask for them. Where the peer has encrypt-then-MAC (RFC 7366) it is used; without it
 * see SECURITY.md.
 * @module
 */
import { tls12CbcOpening, tls12CbcSealing } from "@tlskit/record/cbc";
import { cbcKeys } from "./cbc-keys.ts";
import type { EarlierRecords } from "./earlier-host.ts";

/** How records are protected by CBC. */
export const cbc: EarlierRecords = {
  sealing: (provider, keys, random) => tls12CbcSealing(cbcKeys(provider, keys), random),
  opening: (provider, keys) => tls12CbcOpening(cbcKeys(provider, keys)),
};
