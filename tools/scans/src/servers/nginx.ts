import { writeFileSync } from "node:fs";
import { Nginx, nginx } from "@tlskit/interop/nginx";
import { identityFiles, scratchPath } from "@tlskit/interop/scratch";
import { onPort, type ScannedServer } from "../scanned-server.ts";
import { ThrowawayAuthority } from "./throwaway.ts";

/** Why there is no nginx here; nothing if there is one. */
export const nginxMissing: string | undefined =
  nginx === undefined ? "the command nginx is not on this machine" : undefined;

/** The lines that Mozilla's generator writes for its intermediate configuration, version 5.7. */
const intermediate = `
    ssl_session_timeout 1d;
    ssl_session_cache shared:throwaway:10m;
    ssl_session_tickets off;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ecdh_curve X25519:prime256v1:secp384r1;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
    ssl_prefer_server_ciphers off;
    add_header Strict-Transport-Security "max-age=63072000" always;`;

export const nginxServers: readonly ScannedServer[] = [
  {
    name: "nginx as Mozilla recommends it, with a staple",
    findings: ["no-post-quantum-group"],
    start: async () => {
      const authority = new ThrowawayAuthority("nginx");
      const identity = authority.identity("P-256");
      const [leaf] = identity.chain;
      if (leaf === undefined) throw new RangeError("a chain");
      const staple = scratchPath("staple.der");
      writeFileSync(staple, authority.ocspResponse(leaf));
      const { chain, key, root } = identityFiles(identity);
      const server = await Nginx.startWith(
        nginx ?? "nginx",
        (port) => `
  server {
    listen 127.0.0.1:${port} ssl http2;
    server_name localhost;
    ssl_certificate ${chain};
    ssl_certificate_key ${key};${intermediate}
    server_tokens off;
    ssl_stapling on;
    ssl_stapling_file ${staple};
    ssl_trusted_certificate ${root};
    location / { return 200 "well"; }
  }`,
      );
      return onPort(server.port, authority.anchors, () => server.program.stop());
    },
  },
  {
    name: "nginx as a distribution's example has it, with tickets and no HSTS",
    findings: [
      "cbc-cipher-suites",
      "cookies-without-secure",
      "early-data-accepted",
      "early-data-replayed",
      "no-hsts",
      "no-post-quantum-group",
      "server-version-told",
      "sha1-signatures",
      "tls1.0-cbc",
      "tls1.0-spoken",
      "tls1.1-spoken",
    ],
    start: async () => {
      const authority = new ThrowawayAuthority("nginx");
      const { chain, key } = identityFiles(authority.identity("P-256"));
      const server = await Nginx.startWith(
        nginx ?? "nginx",
        (port) => `
  server {
    listen 127.0.0.1:${port} ssl default_server;
    ssl_certificate ${chain};
    ssl_certificate_key ${key};
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_ciphers DEFAULT:@SECLEVEL=0;
    ssl_early_data on;
    location / {
      add_header Set-Cookie "session=1";
      return 200 "well";
    }
  }`,
      );
      return onPort(server.port, authority.anchors, () => server.program.stop());
    },
  },
];
