import { TlsError } from "@tlskit/tls";
import type { Conversation } from "../connection/conversation.ts";
import { establishedIn } from "../connection/established.ts";
import { earlierVisit, evidenceOf, newestVisit, type Visit } from "../connection/visits.ts";
import type { HttpFact } from "../facts.ts";
import { insecureCookie } from "../http/cookies.ts";
import { http11 } from "../http/request.ts";
import { type ResponseHead, responseIn, valuesOf } from "../http/response.ts";
import { strictTransportSecurity } from "../http/strict-transport-security.ts";
import { type Check, foundOf, type Scanning, Skipped } from "../scanning.ts";
import { type ScanTarget, serverNameOf } from "../target.ts";

/** What a server that speaks HTTP says of itself in the head of its answer: HSTS, redirects, cookies. */
export const http: Check<"http"> = {
  name: "http",
  about: "HTTP",
  needs: [],
  uses: ["alpn"],
  run: async (scanning, found) => {
    const { startTls } = scanning.target;
    if (startTls !== undefined) return new Skipped(`it speaks ${startTls.name}`);
    const { asked, conversation } = await visitThatCame(scanning);
    establishedIn(conversation);
    if (!asked) {
      if (foundOf(found.alpn)?.accepted.some(isNewerHttp))
        throw noAnswer("it speaks HTTP of other versions than 1.1 alone");
      return new Skipped("it refuses http/1.1 (no_application_protocol)");
    }
    scanning.note(evidenceOf("GET /", conversation));
    const response = responseIn(conversation.data);
    if (typeof response === "object") return factOf(response, scanning.target);
    return notHttp(conversation, scanning.target);
  },
};

function isNewerHttp(protocol: string): boolean {
  return protocol === "h2" || protocol.startsWith("spdy/");
}

/** RFC 9110 §4.2.2 */
const portOfHttps = 443;

/** The newest version is to be asked, and an older one where nothing comes of that. */
async function visitThatCame(scanning: Scanning): Promise<Visit> {
  const newest = await scanning.shared(newestVisit);
  if (newest.conversation.info !== undefined) return newest;
  const earlier = await scanning.shared(earlierVisit);
  return earlier.conversation.info === undefined ? newest : earlier;
}

/**
 * Why there is no answer. Whoever agreed to speak HTTP, or began to, or has its port, speaks it: what it would say isn't known.
 * @throws {TlsError} `response_too_long`, `no_response`, and what ended the connection, where nobody knows what it speaks
 */
function notHttp({ data, end, info }: Conversation, { port }: ScanTarget): Skipped {
  if (end.how === "failed") throw end.error;
  if (responseIn(data) === "not HTTP") return new Skipped("what it says isn't HTTP");
  if (end.how === "too much") {
    const message = `the server answers an HTTP request with a head of more than ${end.octets} octets`;
    throw new TlsError("peer", "response_too_long", message);
  }
  const reason =
    end.how === "silent"
      ? `it didn't answer an HTTP request within ${end.seconds} seconds`
      : "it ends the connection without an answer to an HTTP request";
  if (info?.alpnProtocol === http11 || data.length > 0 || port === portOfHttps) throw noAnswer(reason);
  return new Skipped(reason);
}

function noAnswer(reason: string): TlsError {
  return new TlsError("peer", "no_response", reason);
}

function factOf(head: ResponseHead, target: ScanTarget): HttpFact {
  const [first, ...others] = valuesOf(head, "strict-transport-security");
  return {
    status: head.status,
    server: valuesOf(head, "server")[0],
    hsts: first === undefined ? undefined : hstsOf(first, others.length, target),
    location: valuesOf(head, "location")[0],
    contentEncoding: valuesOf(head, "content-encoding")[0],
    cookiesWithoutSecure: valuesOf(head, "set-cookie").flatMap((cookie) => insecureCookie(cookie) ?? []),
  };
}

/** RFC 6797 §8.1: the first field counts, and others don't. */
function hstsOf(first: string, others: number, target: ScanTarget): HttpFact["hsts"] {
  const hsts = { ...strictTransportSecurity(first), ...(others > 0 ? { repeated: true } : {}) };
  // RFC 6797 §8.1.1
  if (serverNameOf(target) !== undefined) return hsts;
  return { ...hsts, maxAgeSeconds: 0, problem: hsts.problem ?? "it is for names alone, and this is an address" };
}
