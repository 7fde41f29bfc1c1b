import { randomFillSync } from "node:crypto";
import type { SignatureKeyType } from "@tlskit/crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  type Certificate,
  createCertificateSync,
  type DeclaredPrivateKey,
  generatePrivateKeySync,
  TrustAnchors,
} from "@tlskit/x509";

export const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

/** Somebody with a certificate. */
export interface Certified {
  readonly chain: readonly Certificate[];
  readonly key: DeclaredPrivateKey;
}

export interface CertifiedOptions {
  readonly type?: SignatureKeyType;
  readonly purposes?: readonly ("serverAuth" | "clientAuth")[];
  readonly uri?: string;
}

/** Certifies whom it is told to. */
export class Authority {
  readonly certificate: Certificate;
  readonly #key = generatePrivateKeySync({ provider, random });

  constructor(commonName: string) {
    this.certificate = createCertificateSync({
      ...{ provider, random, publicKey: this.#key.subjectPublicKeyInfo, signer: this.#key },
      ...{ subject: { commonName }, validity: { from: new Date(Date.now() - 60_000) }, ca: {} },
    });
  }

  get anchors(): TrustAnchors {
    return TrustAnchors.of([this.certificate]);
  }

  certify(name: string, { type = "P-256", purposes = ["serverAuth"], uri }: CertifiedOptions = {}): Certified {
    const key = generatePrivateKeySync({ provider, random, type });
    const names =
      uri === undefined ? {} : { alternativeNames: [{ type: "uniformResourceIdentifier", value: uri } as const] };
    const leaf = createCertificateSync({
      ...{ provider, random, publicKey: key.subjectPublicKeyInfo, signer: this.#key, issuer: this.certificate },
      ...{ dnsNames: [name], validity: { from: new Date(Date.now() - 60_000) }, purposes, ...names },
    });
    return { chain: [leaf], key };
  }
}
