import { onFreePort } from "@tlskit/interop/free-port";
import { Program } from "@tlskit/interop/program";
import { identityFiles, scratchFile, scratchFolder } from "@tlskit/interop/scratch";
import type { WebPorts } from "../programs/web.ts";
import { alice, large, server } from "./web-servers.ts";

/** An nginx that hands on to `web-server.ts`, as its client, what it is asked in the clear, and answers over TLS. */
export interface NginxProxy {
  readonly program: Program;
  /** In the clear: paths begin with one of the names of `upstreams`, and a version of TLS. */
  readonly plainPort: number;
  /** HTTP/1.1 and HTTP/2: `/found` tells what it found, `/large` is a file, `/digest` is handed on. */
  readonly securePort: number;
}

const { chain, key, root } = identityFiles(alice);

interface Upstream {
  readonly listener: keyof WebPorts;
  /** What nginx is told besides. */
  readonly told?: string;
  /** Whether connections are. */
  readonly kept?: boolean;
}

/** Servers as nginx sees them, by the beginning of a path. */
const upstreams: Readonly<Record<string, Upstream>> = {
  usual: { listener: "http2" },
  alice: { listener: "demanding", told: `proxy_ssl_certificate ${chain}; proxy_ssl_certificate_key ${key};` },
  nobody: { listener: "demanding" },
  stranger: { listener: "http2", told: `proxy_ssl_trusted_certificate ${root};` },
  expired: { listener: "expired" },
  misnamed: { listener: "misnamed" },
  resuming: { listener: "https" },
  kept: { listener: "https", told: 'proxy_set_header Connection "";', kept: true },
};
const versions = ["TLSv1.2", "TLSv1.3"];

/** Starts it; it runs until all programs are stopped. */
export async function startNginxProxy(command: string, ports: WebPorts): Promise<NginxProxy> {
  return await onFreePort((plainPort) =>
    onFreePort(async (securePort) => {
      const folder = scratchFolder("nginx");
      const file = scratchFile("nginx.conf", configuration(folder, plainPort, securePort, ports));
      const program = new Program(command, ["-p", folder, "-c", file, "-e", "stderr"]);
      const [, failed] = await program.waitForLine(/using the ".*" event method|(Address already in use)/);
      if (failed === undefined) return { program, plainPort, securePort };
      await program.stop();
      return undefined;
    }),
  );
}

function configuration(folder: string, plainPort: number, securePort: number, ports: WebPorts): string {
  const files = identityFiles(server);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const all = versions.flatMap((version) =>
    Object.entries(upstreams).map(([name, upstream]) => ({ ...upstream, name, version })),
  );
  // Each is an upstream of its own: sessions, which aren't verified again, belong to one.
  const groups = all.map(
    ({ name, version, listener, kept = false }) =>
      `upstream ${name}-${version} { server 127.0.0.1:${ports[listener]}; ${kept ? "keepalive 1;" : ""} }`,
  );
  const locations = all.map(
    ({ name, version, told = "" }) => `location /${name}/${version}/ {
      proxy_pass https://${name}-${version}/;
      proxy_ssl_protocols ${version};
      ${told}
    }`,
  );
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  client_max_body_size 0;
  proxy_http_version 1.1;
  proxy_request_buffering off;
  proxy_ssl_verify on;
  proxy_ssl_trusted_certificate ${files.root};
  proxy_ssl_name localhost;
  proxy_ssl_server_name on;
  proxy_ssl_session_reuse on;
  ${groups.join("\n  ")}
  server {
    listen 127.0.0.1:${plainPort};
    ${locations.join("\n    ")}
  }
  server {
    listen 127.0.0.1:${securePort} ssl http2;
    ssl_protocols ${versions.join(" ")};
    ssl_certificate ${files.chain};
    ssl_certificate_key ${files.key};
    ssl_client_certificate ${root};
    ssl_verify_client optional;
    location /found { return 200 "$server_protocol $ssl_protocol $ssl_client_verify $ssl_client_s_dn"; }
    location /large { alias ${large}; }
    location /digest { proxy_pass https://127.0.0.1:${ports.https}; }
  }
}
`;
}
