import { nodePasswordCryptography as cryptography, nodeProvider as provider } from "@tlskit/crypto-node";
import {
  type Certificate,
  certificatesToPem,
  createCertificateSync,
  createPkcs12Sync,
  type DeclaredPrivateKey,
  encryptPrivateKeySync,
  generatePrivateKeySync,
  privateKeyToPem,
  TrustAnchors,
} from "@tlskit/x509";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const validity = { from: new Date(Date.now() - 60_000), days: 1 };

/** The password of a client's key where it is encrypted. */
export const password = "open sesame";

/** A client's certificate in every form. */
export interface Client {
  readonly chain: readonly Certificate[];
  readonly key: DeclaredPrivateKey;
  /** As texts, for `cert` and `key`. */
  readonly pem: { readonly cert: string; readonly key: string };
  readonly encryptedKey: string;
  readonly pfx: Buffer;
}

/** An authority that certifies clients. */
export class ClientAuthority {
  readonly #key = generatePrivateKeySync({ provider, random });
  readonly certificate: Certificate;
  readonly anchors: TrustAnchors;
  readonly pem: string;

  constructor(commonName: string) {
    this.certificate = createCertificateSync({
      provider,
      random,
      publicKey: this.#key,
      signer: this.#key,
      subject: { commonName },
      validity,
      ca: {},
    });
    this.anchors = TrustAnchors.of([this.certificate]);
    this.pem = certificatesToPem(this.certificate);
  }

  client(commonName: string): Client {
    const key = generatePrivateKeySync({ provider, random });
    const leaf = createCertificateSync({
      provider,
      random,
      publicKey: key,
      signer: this.#key,
      issuer: this.certificate,
      subject: { commonName },
      validity,
      purposes: ["clientAuth"],
    });
    const how = { random, password, cryptography };
    return {
      chain: [leaf],
      key,
      pem: { cert: certificatesToPem(leaf), key: privateKeyToPem(key) },
      encryptedKey: encryptPrivateKeySync(key, how),
      pfx: Buffer.from(createPkcs12Sync({ ...how, key, certificates: [leaf] })),
    };
  }
}

export const authority: ClientAuthority = new ClientAuthority("Clients");
export const alice: Client = authority.client("alice");
export const bob: Client = authority.client("bob");
/** Says that she is alice, and so does an authority that says that it is ours. */
export const mallory: Client = new ClientAuthority("Clients").client("alice");
/** Whom an authority certifies of which nobody knows. */
export const stranger: Client = new ClientAuthority("Strangers").client("alice");
