import { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, PeerCertificate } from "node:tls";
import type { Certificate, VerifiedChain } from "@tlskit/tls";

/** What a peer showed and what it was verified by: its own certificate first, the anchor's last where it has one. */
export function chainToAnchor({ certificates, anchor }: VerifiedChain): readonly Certificate[] {
  const { certificate } = anchor;
  return certificate === undefined || certificates.includes(certificate)
    ? certificates
    : [...certificates, certificate];
}

/** A certificate as the object that `getPeerCertificate` of `node:tls` gives. */
export function peerCertificate(chain: readonly Certificate[]): PeerCertificate | undefined {
  return legacyObjects(chain.slice(0, 1))[0];
}

/** The same, each with its issuer's; one that is signed by itself with itself. */
export function detailedPeerCertificate(chain: readonly Certificate[]): DetailedPeerCertificate | undefined {
  return linked(legacyObjects(chain), chain)[0] as DetailedPeerCertificate | undefined; // what `linked` adds is what that has more
}

/** A certificate as `node:crypto` has it, with its issuer's. */
export function peerX509Certificate(chain: readonly Certificate[]): X509Certificate | undefined {
  return linked(
    chain.map(({ der }) => new X509Certificate(der)),
    chain,
  )[0];
}

/** What Node itself makes of certificates: the very same fields. */
function legacyObjects(chain: readonly Certificate[]): PeerCertificate[] {
  return chain.map(({ der }) => new X509Certificate(der).toLegacyObject());
}

function linked<T extends object>(objects: readonly T[], chain: readonly Certificate[]): readonly T[] {
  for (const [index, object] of objects.entries()) {
    const issuer = objects[index + 1] ?? (chain[index]?.selfIssued === true ? object : undefined);
    if (issuer !== undefined) {
      Object.defineProperty(object, "issuerCertificate", {
        value: issuer,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return objects;
}
