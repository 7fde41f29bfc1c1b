import { TlsError } from "@tlskit/tls";
import { referenceIdentity } from "@tlskit/x509";
import type { Conversation } from "../connection/conversation.ts";
import { establishedIn } from "../connection/established.ts";
import { earlierVisit, evidenceOf, newestVisit, type Visit } from "../connection/visits.ts";
import type { HttpFact } from "../facts.ts";
import { insecureCookie } from "../http/cookies.ts";
import { type ResponseHead, responseIn, valuesOf } from "../http/response.ts";
import { strictTransportSecurity } from "../http/strict-transport-security.ts";
import { type Check, type Scanning, Skipped } from "../scanning.ts";

/** What a server that speaks HTTP says of itself in the head of its answer: HSTS, redirects, cookies. */
export const http: Check<"http"> = {
  name: "http",
  about: "HTTP",
  needs: [],
  run: async (scanning) => {
    const { startTls } = scanning.target;
    if (startTls !== undefined) return new Skipped(`it speaks ${startTls.name}`);
    const { asked, conversation } = await visitThatCame(scanning);
    establishedIn(conversation);
    if (!asked) return new Skipped("it refuses http/1.1 (no_application_protocol)");
    scanning.note(evidenceOf("GET /", conversation));
    const response = responseIn(conversation.data);
    if (typeof response === "object") return factOf(response, scanning.target.host);
    return notHttp(conversation);
  },
};

/** The newest version is to be asked, and an older one where nothing comes of that. */
async function visitThatCame(scanning: Scanning): Promise<Visit> {
  const newest = await scanning.shared(newestVisit);
  if (newest.conversation.info !== undefined) return newest;
  const earlier = await scanning.shared(earlierVisit);
  return earlier.conversation.info === undefined ? newest : earlier;
}

/** @throws {TlsError} `response_too_long`, and what ended the connection, where nobody knows what it speaks */
function notHttp({ data, end }: Conversation): Skipped {
  if (end.how === "failed") throw end.error;
  if (responseIn(data) === "not HTTP") return new Skipped("what it says isn't HTTP");
  if (end.how === "silent") return new Skipped(`it didn't answer an HTTP request within ${end.seconds} seconds`);
  if (end.how === "too much") {
    const message = `the server answers an HTTP request with a head of more than ${end.octets} octets`;
    throw new TlsError("peer", "response_too_long", message);
  }
  return new Skipped("it ends the connection without an answer to an HTTP request");
}

function factOf(head: ResponseHead, host: string): HttpFact {
  const [first, ...others] = valuesOf(head, "strict-transport-security");
  return {
    status: head.status,
    server: valuesOf(head, "server")[0],
    hsts: first === undefined ? undefined : hstsOf(first, others.length, host),
    location: valuesOf(head, "location")[0],
    cookiesWithoutSecure: valuesOf(head, "set-cookie").flatMap((cookie) => insecureCookie(cookie) ?? []),
  };
}

/** RFC 6797 §8.1: the first field counts, and others don't. */
function hstsOf(first: string, others: number, host: string): HttpFact["hsts"] {
  const hsts = strictTransportSecurity(first);
  // RFC 6797 §8.1.1
  if (!("dnsName" in referenceIdentity(host))) {
    return { ...hsts, maxAgeSeconds: 0, problem: hsts.problem ?? "it is for names alone, and this is an address" };
  }
  const isSecond = others > 0 ? "it comes more than once, and the first alone counts" : undefined;
  return { ...hsts, problem: hsts.problem ?? isSecond };
}
