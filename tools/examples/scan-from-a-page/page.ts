/** Scans a server from a page, through a relay, and shows what is wrong with its TLS. */
import { createWebProvider } from "@tlskit/crypto-web";
import { mozillaRoots } from "@tlskit/roots";
import { htmlReport, scan, type Transport } from "@tlskit/scan";
import { protocols } from "@tlskit/starttls";
import { trustAnchorsFromPem } from "@tlskit/tls";
import { relayStream } from "@tlskit/web";

/** What the form says. */
type Field = "relay" | "host" | "port" | "starttls" | "authority";

/** Begun at once, and waited for when it is used: the form works from the start. */
const providing = createWebProvider(crypto.subtle);

async function reportOn(given: (field: Field) => string, tell: (doing: string) => void): Promise<string> {
  const authority = given("authority");
  const transport: Transport = { connect: (to, signal) => relayStream(given("relay"), to, { signal }) };
  const report = await scan(
    {
      host: given("host"),
      port: Number(given("port")),
      startTls: protocols.find(({ name }) => name === given("starttls")),
    },
    {
      transport,
      provider: await providing,
      anchors: authority === "" ? mozillaRoots() : trustAnchorsFromPem(authority),
      progress: ({ about, connections }) => tell(`${about}, ${connections} connections`),
    },
  );
  return htmlReport([report]);
}

const form = document.querySelector("form");
const output = document.querySelector("output");
const frame = document.querySelector("iframe");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (output === null || frame === null) return;
  const data = new FormData(form);
  const tell = (doing: string): void => {
    output.value = doing;
  };
  try {
    frame.srcdoc = await reportOn((field) => String(data.get(field)), tell);
    tell("done");
  } catch (error) {
    tell(String(error));
  }
});
