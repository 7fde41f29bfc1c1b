import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { smtp } from "@tlskit/node/starttls";
import { onPort, type ScannedServer } from "../scanned-server.ts";
import { ThrowawayAuthority } from "./throwaway.ts";

const authority = new ThrowawayAuthority("STARTTLS");
const command = "STARTTLS\r\n";

/** Servers of SMTP that do this or that with what comes in the clear behind the command for TLS. */
export const startTlsServers: readonly ScannedServer[] = [
  serving("keeps what comes behind STARTTLS", ["starttls-injection"], true),
  serving("forgets what comes behind STARTTLS", [], false),
];

function serving(what: string, findings: readonly string[], keeps: boolean): ScannedServer {
  return {
    name: `a server of SMTP that ${what}`,
    findings,
    checks: ["flaws"],
    start: async () => {
      const { chainPem: cert, keyPem: key } = authority.identity();
      const server = createServer((raw) => {
        raw.on("error", () => raw.destroy());
        untilTls(raw).then((rest) => {
          // Of other versions there are flaws that are looked for too.
          const socket = new TLSSocket(raw, { isServer: true, cert, key, minVersion: "TLSv1.3" });
          socket.on("error", () => socket.destroy()).on("end", () => socket.end());
          socket.resume();
          if (keeps && rest !== "") socket.write("250 OK\r\n");
        });
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      // It listens on a port.
      const { port } = server.address() as AddressInfo;
      const running = onPort(port, authority.anchors, () => void server.close());
      return { ...running, target: { ...running.target, startTls: smtp } };
    },
  };
}

/** What is said in the clear. Resolves with what came behind the command for TLS. */
async function untilTls(raw: Socket): Promise<string> {
  raw.write("220 localhost ESMTP\r\n");
  let clear = "";
  return await new Promise((resolve) => {
    const listen = (chunk: Buffer): void => {
      clear += chunk.toString("latin1");
      if (clear.includes(command)) {
        raw.off("data", listen).pause();
        raw.write("220 Ready\r\n");
        resolve(clear.slice(clear.indexOf(command) + command.length));
      } else if (clear.endsWith("\r\n")) raw.write("250-localhost\r\n250 STARTTLS\r\n");
    };
    raw.on("data", listen);
  });
}
