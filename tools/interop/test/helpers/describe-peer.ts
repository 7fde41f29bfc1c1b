import { describeUnless } from "../../src/describe-unless.ts";
import { gnutls } from "../../src/gnutls.ts";
import { openssl } from "../../src/openssl.ts";

const sentences = {
  openssl: openssl === undefined ? "the command openssl (3.0 or later) is not on this machine" : undefined,
  gnutls: gnutls === undefined ? "gnutls-cli and gnutls-serv (gnutls-bin) are not on this machine" : undefined,
};

/** A `describe` of what needs OpenSSL or GnuTLS. */
export function describePeer(peer: keyof typeof sentences, title: string, body: () => void): void {
  describeUnless(sentences[peer], title, body);
}
