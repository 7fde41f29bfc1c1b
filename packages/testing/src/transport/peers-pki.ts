import { type CryptoProvider, type Random, runSync } from "@tlskit/crypto";
import { certificatesToPem, createCertificateSync, generatePrivateKeySync, privateKeyToPem } from "@tlskit/x509";
import type { BadChainName } from "../pki/bad-chains.ts";
import type { TestCertificate } from "../pki/certify.ts";
import { type ThrowawayPki, throwawayPki } from "../pki/throwaway-pki.ts";
import type { PemIdentity } from "./peers.ts";

/** The host of the server in the cases. */
export const peersHost = "localhost";

/** Who is who in the cases: made once for all of them. */
export class PeersPki {
  readonly #servers: ThrowawayPki;
  /** A server's, for {@link peersHost}, by `authority`. */
  readonly server: PemIdentity;
  readonly authority: string;
  /** An authority that certified nobody here. */
  readonly otherAuthority: string;
  /** A client's, by `clientAuthority`. */
  readonly client: PemIdentity;
  readonly clientAuthority: string;
  /** One with the name of the one that certified `client`, and another key. */
  readonly namesakeOfClientAuthority: string;

  /** @param provider one that answers at once. */
  constructor(provider: CryptoProvider, random: Random, now: number) {
    const clients = throwawayPki(provider, random, ["client.example"], now, { purpose: "clientAuth" });
    const namesake = throwawayPki(provider, random, ["client.example"], now, { purpose: "clientAuth" });
    const otherKey = generatePrivateKeySync({ provider, random });
    const other = createCertificateSync({
      provider,
      random,
      publicKey: otherKey,
      signer: otherKey,
      subject: { commonName: "Somebody Else" },
      validity: { from: new Date(now - 60_000) },
      ca: {},
    });
    this.#servers = throwawayPki(provider, random, [peersHost], now);
    this.server = pem(this.#servers.certificate);
    this.authority = certificatesToPem(this.#servers.root.certificate);
    this.otherAuthority = certificatesToPem(other);
    this.client = pem(clients.certificate);
    this.clientAuthority = certificatesToPem(clients.root.certificate);
    this.namesakeOfClientAuthority = certificatesToPem(namesake.root.certificate);
  }

  /** A server's that nobody may accept. */
  bad(name: BadChainName): PemIdentity {
    return pem(runSync(this.#servers.bad(name)));
  }
}

function pem({ chain, key }: TestCertificate): PemIdentity {
  return { certificates: certificatesToPem(...chain), key: privateKeyToPem(key) };
}
