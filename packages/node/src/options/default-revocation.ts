import { checkRevocation } from "@tlskit/x509";

/** How revocation is checked where nothing is said of it: peers are asked for OCSP responses, and held to them. */
export const defaultRevocation: ReturnType<typeof checkRevocation> = checkRevocation({
  mode: "when_available",
  certificates: "chain",
});
