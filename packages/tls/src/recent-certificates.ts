import { equalBytes } from "@tlskit/wire";
import { Certificate, type CertificateCollection, certificatesFromDer, type PassedOver } from "@tlskit/x509";
import { maxRecentCertificateLength, maxRecentCertificates } from "./limits.ts";

/**
 * Certificates that peers have shown of late, as read. Clients mostly meet the same ones again and again: to compare one
 * takes less time than to read it, and connections that are open share it. Nothing follows from its being here: whether it
 * is good is judged each time.
 */
export class RecentCertificates {
  #certificates: readonly Certificate[] = [];

  /** As `Certificate.fromDer`. */
  read(der: Uint8Array): Certificate {
    return this.#find(der) ?? this.#add(Certificate.fromDer(der));
  }

  /** As `certificatesFromDer`. */
  readAll(ders: readonly Uint8Array[], number: number): CertificateCollection {
    const certificates: Certificate[] = [];
    const passedOver: PassedOver[] = [];
    for (const [index, der] of ders.entries()) {
      const known = this.#find(der);
      const read = known === undefined ? certificatesFromDer([der], index + number) : undefined;
      certificates.push(...(known === undefined ? [] : [known]), ...(read?.certificates ?? []));
      passedOver.push(...(read?.passedOver ?? []));
      for (const certificate of read?.certificates ?? []) this.#add(certificate);
    }
    return { certificates, passedOver };
  }

  #find(der: Uint8Array): Certificate | undefined {
    return this.#certificates.find((certificate) => equalBytes(certificate.der, der));
  }

  /** It takes the place of the one that has been here longest. */
  #add(certificate: Certificate): Certificate {
    if (certificate.der.length <= maxRecentCertificateLength) {
      this.#certificates = [certificate, ...this.#certificates].slice(0, maxRecentCertificates);
    }
    return certificate;
  }
}
