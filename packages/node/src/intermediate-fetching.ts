import type { LookupAddress } from "node:dns";
import { lookup as resolveAll } from "node:dns/promises";
import { type IncomingMessage, request } from "node:http";
import { isIP, isIPv6, type LookupFunction } from "node:net";
import { callerError, type TlsError } from "@tlskit/tls";
import { type CaIssuersPolicy, type CaIssuersRequest, fetchCaIssuers, type IntermediateSource } from "@tlskit/x509";
import { intermediateTimeout, maxRedirects, maxTimerDelay } from "./limits.ts";
import { isPublicAddress } from "./public-address.ts";

/** Who is to be asked for an intermediate. */
export interface FetchTarget {
  /** As the certificate, or a redirection, has it. */
  readonly hostname: string;
  /** One of its addresses, the one that would be connected to. */
  readonly address: string;
  readonly port: number;
  /** Whether it is the address of a host on the public internet. */
  readonly isPublic: boolean;
}

/** How intermediates are fetched. */
export interface IntermediateFetching extends Pick<CaIssuersPolicy, "toDer" | "limits"> {
  /**
   * Who may be asked: unless told, public addresses at port 80. A server's certificate, which nobody has verified yet,
   * says where to fetch: whoever allows private addresses lets any server make this machine send requests to them.
   */
  readonly allow?: ((target: FetchTarget) => boolean) | undefined;
  /** Milliseconds that one fetch may take, redirections included: 5,000 unless told otherwise. */
  readonly timeout?: number | undefined;
}

/** Who gets intermediates, if anybody does. */
export function intermediateSource(
  fetching: boolean | IntermediateFetching | undefined,
): IntermediateSource | undefined {
  if (fetching === undefined || fetching === false) return undefined;
  const given: IntermediateFetching = fetching === true ? {} : fetching;
  const { allow = isPublicHttp, timeout = intermediateTimeout, toDer, limits } = given;
  return fetchCaIssuers({ fetch: (asked) => fetchWithin(asked, allow, timeout), toDer, limits });
}

type Allow = (target: FetchTarget) => boolean;

const isPublicHttp: Allow = ({ isPublic, port }) => isPublic && port === 80;

/** One fetch, with all its redirections, in the time that it has. */
async function fetchWithin(
  { url, maximumBytes }: CaIssuersRequest,
  allow: Allow,
  timeout: number,
): Promise<Uint8Array> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), Math.min(timeout, maxTimerDelay));
  try {
    let target = new URL(url);
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      const answer = await get(target, allow, ending.signal);
      const { statusCode = 0, headers } = answer;
      if (statusCode === 200) return await bodyOf(answer, maximumBytes);
      answer.destroy();
      if (!redirections.has(statusCode) || headers.location === undefined) {
        throw notFetched(`the answer is ${statusCode}`);
      }
      target = new URL(headers.location, target);
    }
    throw notFetched(`more than ${maxRedirects} redirections`);
  } catch (error) {
    throw ending.signal.aborted ? notFetched(`no answer in ${timeout} ms`) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** RFC 9110 §15.4: those after which GET is sent to another address. */
const redirections: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Sends a request to an address that is allowed, and waits for the head of the answer. */
function get(target: URL, allow: Allow, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // RFC 5280 §8: whoever fetches over HTTPS would have to verify that server first, and fetch for it what is missing
    if (target.protocol !== "http:") throw notFetched(`nothing is fetched over ${target.protocol}`);
    if (target.username !== "" || target.password !== "") throw notFetched("nobody is logged in");
    const hostname = target.hostname.replace(/^\[(.*)\]$/, "$1");
    const port = target.port === "" ? 80 : Number(target.port);
    const isAllowed = (address: string): boolean =>
      // nothing else than true: a promise, for one, may be of a refusal
      allow({ hostname, address, port, isPublic: isPublicAddress(address) }) === true;
    // what is an address already isn't looked up
    if (isIP(hostname) !== 0 && !isAllowed(hostname)) throw notAllowed(hostname, port);
    const asked = request({
      host: hostname,
      port,
      path: `${target.pathname}${target.search}`,
      headers: { host: target.host, accept: "application/pkix-cert, application/pkcs7-mime, */*" },
      lookup: allowedLookup(isAllowed, port),
      // a connection of its own, which nobody else's request has used and none will
      agent: false,
      signal,
    });
    asked.on("response", resolve);
    asked.on("error", reject);
    // without an error where the answer goes over to another protocol
    asked.on("close", () => reject(notFetched("there is no answer")));
    asked.end();
  });
}

/** Looks up a host's addresses and gives those that are allowed: what is connected to is what was looked at. */
function allowedLookup(isAllowed: (address: string) => boolean, port: number): LookupFunction {
  return (hostname, options, done) => {
    const answer = (addresses: readonly LookupAddress[]): void => {
      const allowed = addresses.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (first === undefined) throw notAllowed(hostname, port);
      if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    };
    // also what the caller's function throws is an answer
    resolveAll(hostname, { ...options, all: true })
      .then(answer)
      .catch((error: Error) => done(error, ""));
  };
}

async function bodyOf(answer: IncomingMessage, maximumBytes: number): Promise<Uint8Array> {
  const { "content-encoding": encoding = "identity" } = answer.headers;
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    // nothing was said to be accepted; and what is compressed has no size that could be held to a limit
    if (encoding !== "identity") throw notFetched(`the answer is encoded: ${encoding}`);
    for await (const piece of answer as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > maximumBytes) throw notFetched(`more than ${maximumBytes} bytes came`);
      pieces.push(piece);
    }
    return new Uint8Array(Buffer.concat(pieces));
  } finally {
    answer.destroy();
  }
}

function notAllowed(host: string, port: number): TlsError {
  return notFetched(`${isIPv6(host) ? `[${host}]` : host}:${port} is not allowed`);
}

/** Is told as a reason why a server can't be verified. */
function notFetched(message: string): TlsError {
  return callerError("intermediate_not_fetched", message);
}
