import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { type Identity, identity } from "@tlskit/interop/certificates";
import { dhPem, shortSafePrime } from "@tlskit/interop/dh-params";
import { GnutlsServer } from "@tlskit/interop/gnutls";
import { Nginx, nginx } from "@tlskit/interop/nginx";
import { OpensslServer } from "@tlskit/interop/openssl";
import { PostgresServer, postgres } from "@tlskit/interop/postgres";
import { identityFiles, scratchFile } from "@tlskit/interop/scratch";
import { createHttpsServer } from "@tlskit/node";
import type { Configuration, ConfigurationName, StartedConfiguration } from "./configuration.ts";

const everything = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
const hsts = { "Strict-Transport-Security": "max-age=63072000; includeSubDomains" };

/** Twelve: as they come, as Mozilla recommends them, and as nobody should. */
export const configurations: readonly Configuration[] = [
  nginxConfiguration("nginx as Mozilla recommends it", "P-256", [
    "ssl_protocols TLSv1.2 TLSv1.3;",
    "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;",
    "ssl_prefer_server_ciphers off;",
    "ssl_session_tickets off;",
    "ssl_session_cache shared:rivals:1m;",
    'add_header Strict-Transport-Security "max-age=63072000" always;',
  ]),
  nginxConfiguration("nginx of TLS 1.3 alone, with early data", "P-256", [
    "ssl_protocols TLSv1.3;",
    "ssl_early_data on;",
    'add_header Strict-Transport-Security "max-age=63072000" always;',
  ]),
  nginxConfiguration("nginx as it comes", "RSA", []),
  opensslConfiguration("s_server as it comes", "RSA", ["-www"]),
  opensslConfiguration("s_server with all that it has", "RSA", [
    ...["-cipher", everything, "-dhparam", scratchFile("dh.pem", dhPem(shortSafePrime))],
    ...["-client_renegotiation", "-no_etm", "-www"],
  ]),
  opensslConfiguration("s_server of TLS 1.0 and 1.1 alone", "RSA", [
    ...["-no_tls1_3", "-no_tls1_2", "-cipher", "AES128-SHA:AES256-SHA:@SECLEVEL=0", "-serverpref", "-www"],
  ]),
  httpsConfiguration("node:https as it comes", identity("RSA"), {}, (options) => createServer(options, answering({}))),
  httpsConfiguration(
    "node:https with an expired certificate",
    identity("P-256", undefined, { expired: true }),
    {},
    (options) => createServer(options, answering(hsts)),
  ),
  httpsConfiguration(
    "node:https with another name's certificate",
    identity("P-384", "through an intermediate", { dnsNames: ["other.example"] }),
    { maxVersion: "TLSv1.2", honorCipherOrder: true },
    (options) => createServer(options, answering(hsts)),
  ),
  httpsConfiguration("tlskit as it comes", identity("P-256"), {}, ({ cert, key }) =>
    createHttpsServer({ cert: String(cert), key: String(key) }, answering(hsts)),
  ),
  {
    name: "gnutls-serv with RC4 and Triple DES",
    start: async () => {
      const own = identity("RSA");
      const outdated = "NORMAL:+VERS-ALL:+ARCFOUR-128:+3DES-CBC:+MD5:+RSA:+DHE-RSA:+ANON-ECDH:%SERVER_PRECEDENCE";
      const server = await GnutlsServer.start(own, ["--priority", outdated, "--http"]);
      return started(server.port, own, () => server.program.stop());
    },
  },
  {
    name: "PostgreSQL by STARTTLS",
    startTls: "postgres",
    start: async () => {
      if (typeof postgres === "string") throw new Error(postgres);
      const own = identity("P-256");
      const server = await PostgresServer.start(postgres, own);
      return started(server.port, own, () => server.stop());
    },
  },
];

function started(port: number, own: Identity, stop: () => Promise<void> | void): StartedConfiguration {
  return { port, rootFile: identityFiles(own).root, stop };
}

function nginxConfiguration(name: ConfigurationName, key: "P-256" | "RSA", lines: readonly string[]): Configuration {
  return {
    name,
    start: async () => {
      const own = identity(key);
      const files = identityFiles(own);
      const server = await Nginx.startWith(
        nginx ?? "nginx",
        (port) => `
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${files.chain};
    ssl_certificate_key ${files.key};
    ${lines.join("\n    ")}
    location / { return 200 "well"; }
  }`,
      );
      return started(server.port, own, () => server.program.stop());
    },
  };
}

function opensslConfiguration(name: ConfigurationName, key: "RSA", args: readonly string[]): Configuration {
  return {
    name,
    start: async () => {
      const own = identity(key);
      const server = await OpensslServer.start(own, ...args);
      return started(server.port, own, () => server.program.stop());
    },
  };
}

function httpsConfiguration(
  name: ConfigurationName,
  own: Identity,
  options: ServerOptions,
  create: (options: ServerOptions) => Server,
): Configuration {
  return {
    name,
    start: async () => {
      const server = create({ ...options, cert: own.chainPem, key: own.keyPem });
      server.on("clientError", (_error, socket) => socket.destroy());
      await once(server.listen(0, "127.0.0.1"), "listening");
      const { port } = server.address() as AddressInfo; // it listens on a port, so it has one
      return started(port, own, () => {
        server.closeAllConnections();
        server.close();
      });
    },
  };
}

function answering(headers: Readonly<Record<string, string>>): RequestListener {
  return (_request, response) => {
    response.writeHead(200, headers).end("well\n");
  };
}
