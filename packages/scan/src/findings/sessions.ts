/** Findings about sessions that are resumed, early data, and handshakes that clients begin in a connection. */
import { toHex } from "@tlskit/wire";
import { maxRenegotiationsTried } from "../connection/limits.ts";
import type { ResumptionFact } from "../facts.ts";
import type { FindingRule, Remedies } from "../finding.ts";

const [hour, day, week] = [3_600, 86_400, 604_800];

/** Apache's counts for tickets too; Caddy's sessions last as Go has it, seven days. */
const oneDay: Remedies = {
  nginx: "ssl_session_timeout 1d;",
  apache: "SSLSessionCacheTimeout 86400",
  haproxy: "tune.ssl.lifetime 86400",
  node: "sessionTimeout: 86400",
};

const withoutTickets: Remedies = {
  nginx: "ssl_session_tickets off;",
  apache: "SSLSessionTickets off",
  haproxy: "ssl-default-bind-options no-tls-tickets",
};

/** Of servers here only these have it, and by their own will alone. HAProxy: without `allow-0rtt` in the line. */
const noEarlyData: Remedies = {
  nginx: "ssl_early_data off;",
  haproxy: "bind :443 ssl crt /etc/haproxy/site.pem",
};

export const sessionFindings: readonly FindingRule[] = [
  {
    id: "ticket-key-unchanged",
    severity: "medium",
    title: "Tickets are sealed under a key that isn't changed",
    why: "Whoever gets at the key of the tickets, however much later, can decrypt every recorded connection of TLS 1.2 that had one, and early data: forward secrecy lasts no longer than that key does.",
    source: "RFC 9325 §3.4; RFC 5077 §5.5",
    remedy:
      "Change the keys of tickets every day, on all servers that share them, and destroy old ones; or keep sessions in a cache and give no tickets.",
    remedies: {
      ...withoutTickets,
      node: "setInterval(() => server.setTicketKeys(crypto.randomBytes(48)), 86_400_000);",
    },
    needs: ["resumption"],
    needsEarlier: true,
    seen: ({ resumption }, { now, earlier }) => {
      const key = resumption?.ticketKeyName && toHex(resumption.ticketKeyName);
      if (earlier === undefined || key === undefined || key !== earlier.ticketKeyName) return [];
      const seconds = (now - earlier.begun) / 1000;
      // RFC 9325 §3.4: once every week, for example
      return seconds > week ? [`The key is ${key}, as it was ${Math.floor(seconds / day)} days ago.`] : [];
    },
    unknown: ({ resumption }, { earlier }) =>
      resumption?.ticketKeyName !== undefined && earlier !== undefined && earlier.ticketKeyName === undefined
        ? { because: "failed", reason: "the earlier scan has no name of a key of tickets" }
        : undefined,
  },
  {
    id: "ticket-lifetime-too-long",
    severity: "low",
    title: "Tickets are said to be good for more than a week",
    why: "TLS 1.3 forbids it, and in what is older it is no better: the longer a session may be resumed, the longer its key, and that of the tickets, is worth stealing.",
    source: "RFC 9846 §4.7.1; RFC 9325 §3.4",
    remedy: "Give tickets a day, and change their keys as often.",
    remedies: oneDay,
    needs: ["resumption"],
    seen: ({ resumption }) => lifetimes(resumption, (seconds) => seconds > week),
  },
  {
    id: "ticket-lifetime-long",
    severity: "info",
    title: "Tickets are good for more than a day",
    why: "In TLS 1.2 whoever gets at the key of a ticket while that is kept decrypts the connection that it came in, and a client whose certificate was withdrawn stays as long as its session does.",
    source: "RFC 9325 §3.4; RFC 5246 §F.1.4",
    remedy: "Give tickets a day, and change their keys as often.",
    remedies: oneDay,
    needs: ["resumption"],
    seen: ({ resumption }) => lifetimes(resumption, (seconds) => seconds > day && seconds <= week),
  },
  {
    id: "tickets-not-resumed",
    severity: "low",
    title: "Tickets are given and not taken",
    why: "Clients send what they were given in vain and make full handshakes: mostly servers behind one address that don't share their keys.",
    source: "RFC 9846 §4.7.1",
    remedy: "Give all servers behind the address the same keys, and change these together; or give no tickets.",
    remedies: withoutTickets,
    needs: ["resumption"],
    seen: ({ resumption }) => {
      const { psk, ticket } = resumption ?? {};
      return [
        ...(psk !== undefined && psk.tickets > 0 && !psk.resumed ? ["TLS 1.3: a ticket wasn't taken."] : []),
        ...(ticket !== undefined && !ticket.resumed ? ["TLS 1.2 or earlier: a ticket wasn't taken."] : []),
      ];
    },
  },
  {
    id: "no-resumption",
    severity: "info",
    title: "No session is resumed",
    why: "Each connection takes a full handshake, with a signature of the server's and, before TLS 1.3, another round trip.",
    source: "RFC 9325 §3.4",
    remedy: "Keep sessions in a cache that all processes share, or give tickets whose keys are changed every day.",
    remedies: {
      nginx: "ssl_session_cache shared:TLS:10m;",
      apache: 'SSLSessionCache "shmcb:/run/apache2/ssl_scache(512000)"',
      haproxy: "tune.ssl.cachesize 20000",
    },
    needs: ["resumption"],
    seen: ({ resumption }) => {
      if (resumption === undefined) return [];
      const { psk, ticket, identifier } = resumption;
      const ways = [
        ...(psk === undefined ? [] : [{ name: "TLS 1.3", ...psk }]),
        ...(ticket === undefined ? [] : [{ name: "tickets before TLS 1.3", ...ticket }]),
        ...(identifier === undefined ? [] : [{ name: "identifiers before TLS 1.3", ...identifier }]),
      ];
      return ways.length === 0 || ways.some(({ resumed }) => resumed)
        ? []
        : [`Not by ${ways.map(({ name }) => name).join(", ")}.`];
    },
  },
  {
    id: "early-data-replayed",
    severity: "medium",
    title: "The same early data is taken twice",
    why: "Whoever sees a client's first flight go by can send it again, as often as they like, and the server does once more what the client asked for once.",
    source: "RFC 9846 §8; RFC 8470",
    remedy:
      "Take no early data; or only with a guard that all servers share, and only requests that do no harm when they are done twice, others being answered with 425 (Too Early).",
    remedies: noEarlyData,
    needs: ["earlyData"],
    seen: ({ earlyData }) =>
      earlyData?.replayed === true ? ["The same flight was accepted in two connections, early data and all."] : [],
    unknown: ({ earlyData }) =>
      earlyData?.accepted === true && earlyData.replayed === undefined
        ? { because: "not asked", reason: "earlyData: a replay is tried by an option alone" }
        : undefined,
  },
  {
    id: "early-data-accepted",
    severity: "low",
    title: "Early data is taken",
    why: "Early data has no forward secrecy, and anybody can send it again: it is safe only for requests that may be done twice, which the application has to see to.",
    source: "RFC 9846 §2.3, §8; RFC 8470",
    remedy:
      "Take no early data, unless what is behind it answers requests that change something with 425 (Too Early): it has to be told which came early (Early-Data: 1).",
    remedies: {
      ...noEarlyData,
      nginx: "ssl_early_data off;\n# or, for what is behind it:\nproxy_set_header Early-Data $ssl_early_data;",
    },
    needs: ["earlyData"],
    seen: ({ earlyData }) =>
      earlyData?.accepted === true ? [`Up to ${earlyData.maxSize} octets; a request was accepted so.`] : [],
  },
  {
    id: "client-renegotiation-unlimited",
    severity: "medium",
    title: "Clients may begin handshakes in a connection, without limit",
    why: "A handshake costs the server more than it costs a client, so that one connection is enough to keep a core busy.",
    source: "CVE-2011-1473; RFC 5746 §5",
    remedy: "Refuse handshakes that clients begin; current versions of nginx, Apache, HAProxy and Caddy do.",
    remedies: { node: "secureOptions: crypto.constants.SSL_OP_NO_RENEGOTIATION" },
    needs: ["renegotiation"],
    seen: ({ renegotiation }) =>
      renegotiation?.clientInitiated === "accepted" && renegotiation.times >= maxRenegotiationsTried
        ? [`${renegotiation.times} handshakes in a row were made in one connection.`]
        : [],
  },
  {
    id: "client-renegotiation",
    severity: "low",
    title: "Clients may begin handshakes in a connection",
    why: "A handshake costs the server more than it costs a client, and no client that is still in use needs it.",
    source: "CVE-2011-1473; RFC 5746 §5",
    remedy: "Refuse handshakes that clients begin; current versions of nginx, Apache, HAProxy and Caddy do.",
    remedies: { node: "secureOptions: crypto.constants.SSL_OP_NO_RENEGOTIATION" },
    needs: ["renegotiation"],
    seen: ({ renegotiation }) =>
      renegotiation?.clientInitiated === "accepted" && renegotiation.times < maxRenegotiationsTried
        ? [`Made in one connection: ${renegotiation.times}.`]
        : [],
  },
];

function lifetimes(resumption: ResumptionFact | undefined, isMeant: (seconds: number) => boolean): readonly string[] {
  const { psk, ticket } = resumption ?? {};
  const said = [
    { version: "TLS 1.3", seconds: psk?.lifetimeSeconds },
    { version: "TLS 1.2 or earlier", seconds: ticket?.lifetimeSeconds },
  ];
  return said.flatMap(({ version, seconds }) =>
    seconds !== undefined && isMeant(seconds) ? [`${version}: ${inHours(seconds)}.`] : [],
  );
}

function inHours(seconds: number): string {
  return `${seconds} seconds (${Math.round(seconds / hour)} hours)`;
}
