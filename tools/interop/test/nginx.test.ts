import { once } from "node:events";
import * as https from "node:https";
import { HttpsAgent, type HttpsAgentOptions } from "@tlskit/node";
import { describe, expect, it } from "vitest";
import { clientIdentity, identity } from "../src/certificates.ts";
import { describeUnless } from "../src/describe-unless.ts";
import { Nginx, type NginxSettings, nginx } from "../src/nginx.ts";

const certificate = identity("P-256");
const alice = clientIdentity("alice");

/** Whose connections a request goes over: Node's own show what is usual. */
const agents: Readonly<Record<string, (options: https.AgentOptions) => https.Agent>> = {
  "node:https": (options) => new https.Agent(options),
  // texts, whatever Node's may be
  ours: ({ ca, cert, key }) => new HttpsAgent({ ca, cert, key } as HttpsAgentOptions),
  "ours in TLS 1.2": ({ ca, cert, key }) =>
    new HttpsAgent({ ca, cert, key, maxVersion: "TLSv1.2" } as HttpsAgentOptions),
};

async function started(verifyClient: NginxSettings["verifyClient"]): Promise<Nginx> {
  return await Nginx.start(nginx ?? "nginx", certificate, { clients: alice, verifyClient });
}

/** What it answers, on one line. */
async function answer(server: Nginx, agent: https.Agent): Promise<string> {
  const [response] = await once(https.get({ host: "localhost", port: server.port, agent }), "response");
  let body = "";
  for await (const chunk of response) body += chunk;
  return `${response.statusCode} ${body.replace(/\s+/g, " ")}`;
}

describeUnless(nginx === undefined ? "the command nginx is not on this machine" : undefined, "nginx", () => {
  describe.each(Object.entries(agents))("by %s", (_name, agentOf) => {
    const ca = certificate.rootPem;

    it("answers a client that shows what it demands", async () => {
      const server = await started("on");
      const agent = agentOf({ ca, cert: alice.chainPem, key: alice.keyPem });
      expect(await answer(server, agent)).toBe("200 SUCCESS CN=alice");
    });

    it("answers one that shows nothing that it would have to", async () => {
      const server = await started("on");
      expect(await answer(server, agentOf({ ca }))).toMatch(/^400 .*No required SSL certificate was sent/);
    });

    it("answers one whose certificate isn't good any more", async () => {
      const server = await started("on");
      const expired = clientIdentity("alice", "P-256", "under Ed25519", { expired: true });
      const agent = agentOf({ ca, cert: expired.chainPem, key: expired.keyPem });
      expect(await answer(server, agent)).toMatch(/^400 .*The SSL certificate error/);
    });

    it("takes what it may be shown", async () => {
      const server = await started("optional");
      expect(await answer(server, agentOf({ ca }))).toBe("200 NONE ");
      const agent = agentOf({ ca, cert: alice.chainPem, key: alice.keyPem });
      expect(await answer(server, agent)).toBe("200 SUCCESS CN=alice");
    });
  });
});
