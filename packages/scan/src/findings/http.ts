/** Findings about what a server that speaks HTTP says in the head of its answers. */
import type { HttpFact } from "../facts.ts";
import type { FindingRule, Judged, Remedies } from "../finding.ts";
import { serverNameOf } from "../target.ts";

/** Two years, as Mozilla and the list that browsers are shipped with have it. */
const sendHsts: Remedies = {
  nginx: 'add_header Strict-Transport-Security "max-age=63072000" always;',
  apache: 'Header always set Strict-Transport-Security "max-age=63072000"',
  haproxy: "http-response set-header Strict-Transport-Security max-age=63072000",
  caddy: "header Strict-Transport-Security max-age=63072000",
  node: 'response.setHeader("Strict-Transport-Security", "max-age=63072000");',
};

const sendHstsOfSubdomains: Remedies = {
  nginx: 'add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;',
  apache: 'Header always set Strict-Transport-Security "max-age=63072000; includeSubDomains"',
  haproxy: 'http-response set-header Strict-Transport-Security "max-age=63072000; includeSubDomains"',
  caddy: 'header Strict-Transport-Security "max-age=63072000; includeSubDomains"',
  node: 'response.setHeader("Strict-Transport-Security", "max-age=63072000; includeSubDomains");',
};

const withoutHsts =
  "Browsers that were told nothing follow links in the clear, where whoever is in between keeps them (SSL stripping), and let people click warnings away.";

/** Seconds of half a year: what SSL Labs and Mozilla's Observatory ask for at least. */
const halfAYear = 15_552_000;
/** Seconds of a year: what the list that browsers are shipped with asks for (https://hstspreload.org). */
const year = 31_536_000;

export const httpFindings: readonly FindingRule[] = [
  {
    id: "no-hsts",
    severity: "medium",
    title: "Browsers aren't told to come by HTTPS alone",
    why: withoutHsts,
    source: "RFC 6797 §7.2; RFC 9325 §3.2",
    remedy:
      "Send Strict-Transport-Security with every answer over TLS, errors and redirects too; begin with a day, and raise it when nothing is missing.",
    remedies: sendHsts,
    needs: ["http"],
    seen: ({ http }, about) =>
      http !== undefined && http.hsts === undefined && isName(about)
        ? [`The answer (${http.status}) has no Strict-Transport-Security.`]
        : [],
  },
  {
    id: "hsts-ignored",
    severity: "medium",
    title: "What browsers are told of HTTPS isn't in order, and they pass it over",
    why: withoutHsts,
    source: "RFC 6797 §6.1, §8.1",
    remedy: "Send the field in the form of the standard: directives between semicolons, each once, max-age among them.",
    remedies: sendHsts,
    needs: ["http"],
    seen: ({ http }, about) => {
      const { header, problem } = http?.hsts ?? {};
      return problem !== undefined && isName(about) ? [`${header}: ${problem}.`] : [];
    },
  },
  {
    id: "hsts-off",
    severity: "medium",
    title: "Browsers are told to forget that HTTPS is wanted",
    why: withoutHsts,
    source: "RFC 6797 §6.1.1",
    remedy: "Raise max-age, unless the site is to be had in the clear again.",
    remedies: sendHsts,
    needs: ["http"],
    seen: ({ http }) => {
      const { header, problem, maxAgeSeconds } = http?.hsts ?? {};
      return problem === undefined && maxAgeSeconds === 0 ? [`${header}.`] : [];
    },
  },
  {
    id: "hsts-short",
    severity: "low",
    title: "Browsers are told to come by HTTPS for less than half a year",
    why: "Who doesn't come back in that time begins in the clear again, and whoever is in between keeps them there.",
    source: "RFC 6797 §11.2, §14.6",
    remedy: "Raise max-age to a year or two when everything is to be had by HTTPS.",
    remedies: sendHsts,
    needs: ["http"],
    seen: ({ http }) => {
      const { maxAgeSeconds = 0 } = http?.hsts ?? {};
      return maxAgeSeconds > 0 && maxAgeSeconds < halfAYear ? [`max-age is ${maxAgeSeconds} seconds.`] : [];
    },
  },
  {
    id: "hsts-repeated",
    severity: "low",
    title: "Browsers are told of HTTPS more than once in an answer",
    why: "Only the first field counts: what another says, of subdomains for one, is passed over.",
    source: "RFC 6797 §8.1",
    remedy: "Send it in one place: in front of the application, or by it.",
    remedies: { nginx: "proxy_hide_header Strict-Transport-Security;" },
    needs: ["http"],
    seen: ({ http }) => (http?.hsts?.repeated === true ? [`The first is: ${http.hsts.header}.`] : []),
  },
  {
    id: "hsts-preload-unfit",
    severity: "info",
    title: "The list of browsers is asked for, and won't have the host as it is",
    why: "The list takes hosts only with max-age of a year and includeSubDomains, and drops those that no longer have them.",
    source: "https://hstspreload.org",
    remedy: "Give it both, or take preload away.",
    remedies: sendHstsOfSubdomains,
    needs: ["http"],
    seen: ({ http }) => {
      const { preload, problem, maxAgeSeconds = 0, includeSubDomains, header } = http?.hsts ?? {};
      const isFit = maxAgeSeconds >= year && includeSubDomains === true && problem === undefined;
      return preload === true && !isFit ? [`${header}.`] : [];
    },
  },
  {
    id: "redirect-to-clear-text",
    severity: "medium",
    title: "A redirect leads back into the clear",
    why: "The next request goes without TLS, cookies that have no Secure go with it, and whoever is in between answers.",
    source: "RFC 9325 §3.2",
    remedy:
      "Redirect to https: addresses, or to such as have no scheme; tell the application behind a proxy that TLS was there.",
    remedies: {
      nginx: "proxy_set_header X-Forwarded-Proto $scheme;\nproxy_redirect http:// https://;",
      apache: "Header always edit Location ^http: https:",
      haproxy: "http-response replace-header Location ^http://(.*)$ https://\\1",
      caddy: "header >Location ^http: https:",
      node: 'response.writeHead(301, { Location: "https://example.com/" });',
    },
    needs: ["http"],
    seen: ({ http }) =>
      // RFC 9110 §10.2.2: with another status it leads nobody anywhere.
      http?.location !== undefined && http.status >= 300 && http.status < 400 && /^http:/i.test(http.location)
        ? [`Location: ${http.location}`]
        : [],
  },
  {
    id: "cookies-without-secure",
    severity: "medium",
    title: "Cookies are set that browsers also send in the clear",
    why: "One request without TLS, which whoever is in between can bring about, is enough to read them.",
    source: "RFC 6265 §8.3",
    remedy: "Set cookies with Secure, best with names that begin with __Host-.",
    remedies: {
      nginx: "proxy_cookie_flags ~ secure;",
      apache: 'Header always edit Set-Cookie "^((?:(?!;\\s*secure).)*)$" "$1; Secure"',
      haproxy: "http-response replace-header Set-Cookie '^((?:(?!;\\s*[Ss]ecure).)*)$' '\\1; Secure'",
      caddy: 'header >Set-Cookie (.*) "$1; Secure"',
      node: 'response.setHeader("Set-Cookie", "__Host-session=…; Secure; Path=/; HttpOnly; SameSite=Lax");',
    },
    needs: ["http"],
    seen: ({ http }) => (http?.cookiesWithoutSecure ?? []).map((name) => `The cookie ${name} has no Secure.`),
  },
  {
    id: "compressed-answers",
    severity: "low",
    title: "Answers are compressed (BREACH)",
    why: "Where a page repeats what a request said beside something that is secret, such as a token against forged requests, the length of what comes tells how well the one was guessed from the other.",
    source: "CVE-2013-3587; RFC 9325 §3.3",
    remedy:
      "Compress what holds no secret (scripts, styles, pictures) and no pages that repeat what a request said; or have tokens masked anew for each answer. Nothing is wrong where no page has both.",
    remedies: {
      nginx: "gzip off;",
      apache: "SetEnv no-gzip 1\nSetEnv no-brotli 1",
      haproxy: "http-request del-header Accept-Encoding",
      caddy: "request_header -Accept-Encoding",
      node: 'response.setHeader("Cache-Control", "no-transform");',
    },
    needs: ["http"],
    seen: ({ http }) =>
      http?.contentEncoding !== undefined && compresses(http.contentEncoding)
        ? [`Content-Encoding: ${http.contentEncoding}`]
        : [],
  },
  {
    id: "server-version-told",
    severity: "info",
    title: "The server tells its version",
    why: "Whoever looks for servers with a flaw finds it by that, without trying.",
    source: "RFC 9110 §10.2.4",
    remedy: "Tell the name alone, or nothing; it is no substitute for updates.",
    remedies: {
      nginx: "server_tokens off;",
      apache: "ServerTokens Prod",
      haproxy: "http-response del-header Server",
      caddy: "header -Server",
      node: 'response.removeHeader("Server");',
    },
    needs: ["http"],
    seen: ({ http }) => (http?.server !== undefined && tellsVersion(http) ? [`Server: ${http.server}`] : []),
  },
];

/** RFC 6797 §8.1.1: for an address nothing can be told. */
function isName({ target }: Judged): boolean {
  return serverNameOf(target) !== undefined;
}

/** RFC 9110 §8.4.1: all codings that are registered but this one, and `aes128gcm`, compress. */
function compresses(contentEncoding: string): boolean {
  const codings = contentEncoding.split(",").map((coding) => coding.trim().toLowerCase());
  return codings.some((coding) => coding !== "" && coding !== "identity" && coding !== "aes128gcm");
}

/** RFC 9110 §10.2.4: `product ["/" product-version]` */
function tellsVersion({ server = "" }: HttpFact): boolean {
  return /\/[0-9]/.test(server);
}
