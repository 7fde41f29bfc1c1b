import type { HttpFact } from "../../facts.ts";
import { type Block, field } from "../block.ts";
import { secondsText } from "./seconds-text.ts";

export function httpBlocks({
  status,
  server,
  hsts,
  location,
  contentEncoding,
  cookiesWithoutSecure,
}: HttpFact): readonly Block[] {
  return [
    {
      kind: "fields",
      fields: [
        ...field("Status", `${status}`),
        ...field("Server", server),
        ...field("Redirects to", location),
        ...field("Compressed by", contentEncoding ?? "nothing"),
        ...field("Strict-Transport-Security", hsts?.header ?? "none"),
        ...field("Which means", hsts && hstsText(hsts)),
        ...field("Cookies without Secure", ...(cookiesWithoutSecure.length === 0 ? ["none"] : cookiesWithoutSecure)),
      ],
    },
  ];
}

function hstsText({
  maxAgeSeconds,
  includeSubDomains,
  preload,
  problem,
  repeated,
}: NonNullable<HttpFact["hsts"]>): string {
  if (problem !== undefined) return `nothing: ${problem}`;
  const subdomains = includeSubDomains ? "with subdomains" : "without subdomains";
  const others = repeated === true ? ", the first time that it is said, which alone counts" : "";
  return `for ${secondsText(maxAgeSeconds)}, ${subdomains}${preload ? ", preload asked for" : ""}${others}`;
}
