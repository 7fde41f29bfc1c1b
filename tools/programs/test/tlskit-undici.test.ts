import { answered, describeWebClient, refused } from "./helpers/describe-web-client.ts";
import { itsOwnWay } from "./helpers/ways.ts";

describeWebClient(
  "@tlskit/undici",
  "tlskit-undici.ts",
  (version) => ({
    ...answered(version, "2.0"),
    ...refused((code) => ({ code: codes[code] })),
    "a hundred requests over one connection": { value: 1 },
    "HTTP/1.1": { value: `hello by HTTP/1.1 over ${version}` },
    "a redirection": { value: `hello by HTTP/2.0 over ${version}` },
    "undici's own fetch": { value: [true, `hello by HTTP/2.0 over ${version}`] },
    // As of a DOMException whose name is AbortError.
    "an answer that is given up": { value: { client: 20, server: "closed" } },
    "an answer that is cut off": { error: { code: "ERR_HTTP2_STREAM_ERROR" } },
  }),
  itsOwnWay,
);

/** Ours, by those of `node:tls`. */
const codes: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate_unknown_issuer",
  CERT_HAS_EXPIRED: "certificate_expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate_name_mismatch",
};
