import { signatureAlgorithmsCert } from "@tlskit/messages";
import { encode, notTls, type TlsError } from "@tlskit/wire";
import type { Named, SignatureSchemesFact } from "../facts.ts";
import { eliminate, type Offering } from "../negotiation/elimination.ts";
import { newestWith, offerOf13, suitesTaken } from "../negotiation/known-offer.ts";
import { keyExchangeIn } from "../negotiation/server-key-exchange.ts";
import type { Answer } from "../probe/answer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { codeText } from "../registry/code-text.ts";
import { knownSignatureScheme, knownSignatureSchemes } from "../registry/signature-scheme.ts";
import type { Check, Scanning } from "../scanning.ts";
import type { Version } from "../version.ts";

/** By which schemes a server signs its handshakes. Before TLS 1.2 nobody has a choice. */
export const signatureSchemesCheck: Check<"signatureSchemes"> = {
  name: "signatureSchemes",
  about: "signature schemes",
  needs: ["versions", "cipherSuites", "groups"],
  run: async (scanning, found) => {
    const signed = newestWith(
      found,
      ({ keyExchange, authentication }) =>
        (keyExchange === "ECDHE" || keyExchange === "DHE") && authentication !== "anon",
    );
    const offer13 = offerOf13(scanning, found);
    if (offer13 === undefined && suitesTaken(found, "TLS 1.3").length > 0) throw noScheme("TLS 1.3");
    const facts = await Promise.all([
      offer13 && schemesOf(scanning, "TLS 1.3", offer13, ({ certificateVerify }) => certificateVerify?.algorithm),
      signed?.version === "TLS 1.2" &&
        schemesOf(
          scanning,
          "TLS 1.2",
          { versions: ["TLS 1.2"], cipherSuites: signed.suites },
          (answer) => keyExchangeIn(answer)?.signatureScheme,
        ),
    ]);
    return facts.filter((fact) => typeof fact === "object");
  },
};

async function schemesOf(
  scanning: Scanning,
  version: SignatureSchemesFact["version"],
  offer: HelloOffer,
  schemeIn: (answer: Answer) => number | undefined,
): Promise<SignatureSchemesFact> {
  const known = knownSignatureSchemes.filter(({ inTls13 }) => version === "TLS 1.2" || inTls13).map(({ code }) => code);
  // RFC 9846 §4.3.3: the certificates may be signed by any, so that nothing but the handshake's signature is asked about.
  const certificates = {
    code: signatureAlgorithmsCert.code,
    data: encode(
      signatureAlgorithmsCert.data,
      knownSignatureSchemes.map(({ code }) => code),
    ),
  };
  let unasked: number | undefined;
  const offering: Offering = async (codes) => {
    const answer = await scanning.probe({ ...offer, signatureSchemes: codes, extensions: [certificates] }, "flight");
    const code = answer.version === version ? schemeIn(answer) : undefined;
    if (code !== undefined)
      scanning.note({ about: `${version}: signed by ${named(code).name}`, messages: answer.seen });
    // RFC 5246 §7.4.1.4.1 forbids it, and servers do it: with SHA-1, mostly.
    if (code === undefined || codes.includes(code)) return { code, answer };
    unasked = code;
    return { code: undefined, answer };
  };
  const accepted = await eliminate(known, offering);
  const all = unasked === undefined || accepted.includes(unasked) ? accepted : [...accepted, unasked];
  if (all.length === 0) throw noScheme(version);
  return { version, accepted: all.map(named) };
}

/** A server that is known to sign has one. */
function noScheme(version: Version): TlsError {
  return notTls("no_signature_scheme", `nothing that the server signs in ${version} can be read here`);
}

function named(code: number): Named {
  return { code, name: knownSignatureScheme(code)?.name ?? codeText(code) };
}
