import { absent } from "@tlskit/vectors";
import { afterAll, describe, test } from "vitest";
import { gnutls } from "../../src/gnutls.ts";
import { openssl } from "../../src/openssl.ts";
import { stopPrograms } from "../../src/program.ts";

const sentences = {
  openssl: openssl === undefined ? "the command openssl (3.0 or later) is not on this machine" : undefined,
  gnutls: gnutls === undefined ? "gnutls-cli and gnutls-serv (gnutls-bin) are not on this machine" : undefined,
};

/** A `describe` of what needs a peer; one skipped test, with a sentence, where the peer isn't there. */
export function describePeer(peer: keyof typeof sentences, title: string, body: () => void): void {
  const missing = sentences[peer];
  describe(title, () => {
    if (missing !== undefined) {
      test(`with ${peer}`, (context) => absent(context, missing));
      return;
    }
    body();
    afterAll(stopPrograms);
  });
}
