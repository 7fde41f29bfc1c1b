import { type TlsVersion, tls12, tls13 } from "@tlskit/tls";
import { expect, test } from "vitest";
import { clientCertificatesCheck } from "../../src/checks/client-certificates.ts";
import { probe } from "../../src/probe/probe.ts";
import { InMemoryScanning } from "../helpers/in-memory-scanning.ts";
import { connectionTo, serverContext, sharedPki } from "../helpers/in-memory-server.ts";
import { takingSuites } from "../helpers/model-server.ts";

const suites = { "TLS 1.3": [0x1301], "TLS 1.2": [0xc02b] } as const;

/** A server of ours of one version. */
function asking(version: TlsVersion, demand?: "optional" | "required") {
  const name = version.name as keyof typeof suites;
  const context = serverContext({
    versions: [version],
    ...(demand === undefined ? {} : { clientCertificates: { anchors: sharedPki().anchors, demand } }),
  });
  const scanning: InMemoryScanning = new InMemoryScanning(() => connectionTo(context), {
    probe: (offer, until = "hello") =>
      probe(connectionTo(context), offer, until, {
        provider: scanning.provider,
        random: scanning.random,
        serverName: undefined,
        patience: { silence: 5_000, answer: 5_000 },
      }),
  });
  return { scanning, found: takingSuites({ [name]: suites[name] }) };
}

test.each([tls13, tls12])("a server of $name that asks nobody", async (version) => {
  const { scanning, found } = asking(version);
  expect(await scanning.outcomeOf(clientCertificatesCheck, found)).toMatchObject({
    value: { requested: false, required: false, authorities: [] },
  });
  expect(scanning.connections).toBe(0);
});

test.each([tls13, tls12])("a server of $name that takes clients without one as well", async (version) => {
  const { scanning, found } = asking(version, "optional");
  expect(await scanning.outcomeOf(clientCertificatesCheck, found)).toMatchObject({
    value: { requested: true, required: false, authorities: [expect.stringContaining("CN=")] },
  });
});

test.each([tls13, tls12])("a server of $name that refuses clients without one", async (version) => {
  const { scanning, found } = asking(version, "required");
  expect(await scanning.outcomeOf(clientCertificatesCheck, found)).toMatchObject({
    value: { requested: true, required: true },
  });
});
