import { randomFillSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { byCode, type NamedGroup, namedGroups, type SignatureScheme, signatureSchemes } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { ClientContext, type ContextOptions, type ServerCertificate, ServerContext, TrustAnchors } from "@tlskit/tls";
import { certificatesFromPem, privateKeyFromPem } from "@tlskit/x509";
import { type Config, type CredentialConfig, Unimplemented } from "./flags.ts";

/** The name in the runner's certificates. */
export const defaultHost = "test";

export function clientContext(config: Config): ClientContext {
  if (config.certFile !== undefined || config.credentials.length > 0) throw new Unimplemented("client certificates");
  if (config.trustCert === undefined) throw new Unimplemented("a server whose certificate can't be verified");
  const keyShareGroups = config.keyShares?.map(group);
  return new ClientContext({
    ...shared(config),
    anchors: TrustAnchors.fromPem(readFileSync(config.trustCert, "utf8")),
    alpnProtocols: alpnList(config.advertiseAlpn),
    ...(config.verifyPrefs.length === 0 ? {} : { signatureSchemes: schemes(config.verifyPrefs) }),
    ...(keyShareGroups === undefined ? {} : { keyShareGroups }),
  });
}

export function serverContext(config: Config): ServerContext {
  const own = config.certFile === undefined ? [] : [config];
  const all = [...config.credentials, ...own];
  const preferences = [...new Set(all.flatMap(({ signingPrefs }) => signingPrefs))];
  if (all.length > 1 && preferences.length > 0) throw new Unimplemented("signature schemes of each certificate's own");
  return new ServerContext({
    ...shared(config),
    certificates: all.map(certificate),
    alpnProtocols: config.selectAlpn === undefined ? [] : [config.selectAlpn],
    ...(preferences.length === 0 ? {} : { signatureSchemes: schemes(preferences) }),
  });
}

function shared(config: Config): Pick<ContextOptions, "provider" | "random" | "clock" | "namedGroups"> {
  return {
    provider: nodeProvider,
    random: (length) => randomFillSync(new Uint8Array(length)),
    clock: Date.now,
    ...(config.curves.length === 0 ? {} : { namedGroups: config.curves.map(group) }),
  };
}

function group(code: number): NamedGroup {
  const found = byCode(namedGroups, code);
  if (found === undefined) throw new Unimplemented(`the group ${code}`);
  return found;
}

function schemes(codes: readonly number[]): readonly SignatureScheme[] {
  return codes.map((code) => {
    const found = byCode(signatureSchemes, code);
    if (found === undefined) throw new Unimplemented(`the signature scheme ${code}`);
    return found;
  });
}

function certificate({ certFile, keyFile }: CredentialConfig): ServerCertificate {
  if (certFile === undefined || keyFile === undefined) throw new Unimplemented("a certificate without its key");
  const chain = certificatesFromPem(readFileSync(certFile, "utf8"));
  return { chain, key: privateKeyFromPem(readFileSync(keyFile, "utf8"), { provider: nodeProvider }) };
}

/** Protocols, each behind its length. */
function alpnList(list: string | undefined): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < (list?.length ?? 0); ) {
    const length = list?.charCodeAt(at) ?? 0;
    names.push(list?.slice(at + 1, at + 1 + length) ?? "");
    at += 1 + length;
  }
  return names;
}
