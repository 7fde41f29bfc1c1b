import type { ClientCertificatesFact } from "../../facts.ts";
import { type Block, field, sentence, yesOrNo } from "../block.ts";

export function clientCertificateBlocks({
  requested,
  required,
  authorities,
}: ClientCertificatesFact): readonly Block[] {
  if (!requested) return [sentence("none is asked for")];
  return [
    {
      kind: "fields",
      fields: [
        ...field("Asked for", "yes"),
        ...field("Required", yesOrNo(required)),
        ...field("Of these authorities", ...(authorities.length === 0 ? ["any"] : authorities)),
      ],
    },
  ];
}
