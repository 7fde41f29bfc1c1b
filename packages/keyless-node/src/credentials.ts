import { randomFillSync } from "node:crypto";
import type { SigningKey } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { alpnProtocol } from "@tlskit/keyless";
import { ClientContext, type ClientOptions, ownCertificates, ServerContext, type ServerOptions } from "@tlskit/tls";
import { callerError } from "@tlskit/wire";
import { anObject, anyOf, aString, type Expectations, instanceOf, listOf } from "@tlskit/wire/arguments";
import {
  Certificate,
  certificatesFromPem,
  checkRevocation,
  describePassedOver,
  privateKeyFromPem,
  TrustAnchors,
  trustAnchorsFromPem,
} from "@tlskit/x509";
import { handshakeTimeout } from "./limits.ts";

/** Who one is at the other end of the connection between a frontend and a key server, and whom one takes there. */
export interface Credentials {
  /** One's own certificate, and those that certify it: a PEM text, or certificates. */
  readonly cert: string | readonly Certificate[];
  /** Its private key: a PEM text, or whatever signs. */
  readonly key: string | SigningKey;
  /** The authorities of the other side's certificates, which do best to certify nobody else: PEM, or anchors. */
  readonly ca: string | TrustAnchors;
}

export const ofCredentials: Expectations<Credentials> = {
  cert: anyOf("a PEM text or certificates", aString, listOf(instanceOf(Certificate, "@tlskit/x509"))),
  key: anyOf("a PEM text, a private key or a signer", aString, anObject),
  ca: anyOf("a PEM text or trust anchors", aString, instanceOf(TrustAnchors, "@tlskit/x509")),
};

/**
 * A key server's end: clients are asked for a certificate, and there is no connection with one that shows none. Sessions
 * aren't resumed: who connects proves anew who it is.
 * @throws {TlsError} and {X509Error} for what can't be used
 */
export function serverContext(credentials: Credentials): ServerContext {
  const { anchors, revocation, ...settings } = settingsOf(credentials);
  return new ServerContext({ ...settings, clientCertificates: { demand: "required", anchors, revocation } });
}

/**
 * A frontend's end.
 * @throws {TlsError} and {X509Error} for what can't be used
 */
export function clientContext(credentials: Credentials): ClientContext {
  const { certificates, ...settings } = settingsOf(credentials);
  return new ClientContext({ ...settings, certificates: ownCertificates(certificates) });
}

function settingsOf({
  cert,
  key,
  ca,
}: Credentials): Omit<ClientOptions, "certificates"> & Pick<ServerOptions, "certificates"> {
  const chain = typeof cert === "string" ? ownChain(cert) : cert;
  const ownKey = typeof key === "string" ? privateKeyFromPem(key, { provider: nodeProvider }) : key;
  return {
    provider: nodeProvider,
    random: (length) => randomFillSync(new Uint8Array(length)),
    clock: Date.now,
    handshakeTimeout,
    alpnProtocols: [alpnProtocol],
    certificates: [{ chain, key: ownKey }],
    revocation: checkRevocation({ mode: "when_available", certificates: "chain" }),
    anchors: typeof ca === "string" ? trustAnchorsFromPem(ca) : ca,
  };
}

/** Of one's own chain nothing can be spared. */
function ownChain(pem: string): readonly Certificate[] {
  const { certificates, passedOver } = certificatesFromPem(pem);
  const [fault] = passedOver;
  if (fault === undefined) return certificates;
  throw callerError("unreadable_certificate", `a certificate in cert can't be read: ${describePassedOver(fault)}`);
}
