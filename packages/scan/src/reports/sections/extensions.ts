import type { AlpnFact, ExtensionsFact, ToleranceFact } from "../../facts.ts";
import { type Block, type Field, field, sentence, yesOrNo } from "../block.ts";

export function extensionBlocks(facts: ExtensionsFact): readonly Block[] {
  return [
    {
      kind: "fields",
      fields: [
        ...ifAsked("Secure renegotiation", facts.secureRenegotiation),
        ...ifAsked("Extended main secret", facts.extendedMainSecret),
        ...ifAsked("Encrypt-then-MAC", facts.encryptThenMac),
        ...ifAsked("Fallback SCSV", facts.fallbackScsv),
        ...field("Compression", facts.compression.map(({ name }) => name).join(", ") || "none"),
        ...field("Heartbeat", yesOrNo(facts.heartbeat)),
        ...field("Truncated HMAC", yesOrNo(facts.truncatedHmac)),
        ...field("Maximum fragment length", yesOrNo(facts.maxFragmentLength)),
        ...field("Record size limit", facts.recordSizeLimit === undefined ? "none" : `${facts.recordSizeLimit} octets`),
        ...field("Certificate compression", facts.certificateCompression.map(({ name }) => name).join(", ") || "none"),
      ],
    },
  ];
}

function ifAsked(label: string, value: boolean | undefined): readonly Field[] {
  return field(label, value === undefined ? undefined : yesOrNo(value));
}

const unknownProtocols: Readonly<Record<AlpnFact["unknown"], string>> = {
  refused: "refused",
  ignored: "ignored: the connection goes on without one",
  accepted: "accepted, though it can't know it",
};

export function alpnBlocks({ accepted, unknown }: AlpnFact): readonly Block[] {
  return [
    {
      kind: "fields",
      fields: [
        ...field("Spoken", accepted.join(", ") || "none of those that were offered"),
        ...field("One that nobody has", unknownProtocols[unknown]),
      ],
    },
  ];
}

export function toleranceBlocks(facts: readonly ToleranceFact[]): readonly Block[] {
  if (facts.length === 0) return [sentence("nothing was tried")];
  return [
    {
      kind: "table",
      columns: ["What was tried", "Tolerated", "What the server did"],
      rows: facts.map(({ about, tolerated, how }) => [about, yesOrNo(tolerated), how ?? ""]),
    },
  ];
}
