import { absent } from "@tlskit/vectors";
import { afterAll, describe, test } from "vitest";
import { gnutls } from "../../src/gnutls.ts";
import { openssl } from "../../src/openssl.ts";
import { stopPrograms } from "../../src/program.ts";

const sentences = {
  openssl: openssl === undefined ? "the command openssl (3.0 or later) is not on this machine" : undefined,
  gnutls: gnutls === undefined ? "gnutls-cli and gnutls-serv (gnutls-bin) are not on this machine" : undefined,
};

/** A `describe` of what needs OpenSSL or GnuTLS. */
export function describePeer(peer: keyof typeof sentences, title: string, body: () => void): void {
  describeUnless(sentences[peer], title, body);
}

/** A `describe` of what needs another program; one skipped test, with the sentence, where there is a reason against it. */
export function describeUnless(missing: string | undefined, title: string, body: () => void): void {
  describe(title, () => {
    if (missing !== undefined) {
      test("needs what is missing", (context) => absent(context, missing));
      return;
    }
    body();
    afterAll(stopPrograms);
  });
}
