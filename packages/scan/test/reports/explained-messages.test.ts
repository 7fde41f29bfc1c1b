import { CertificateRequest, encodeMessage, extension, signatureAlgorithms } from "@tlskit/messages";
import { concat } from "@tlskit/wire";
import { expect, test } from "vitest";
import { explainedMessages, type MessageField } from "../../src/reports/explained-messages.ts";
import { maxShownParts } from "../../src/reports/limits.ts";
import { flightOfTls13 } from "./exchanges.ts";

/** The schemes of a CertificateRequest with so many. */
function schemesOf(count: number): readonly MessageField[] {
  const schemes = Array.from({ length: count }, (_, at) => at);
  const bytes = encodeMessage(CertificateRequest, {
    certificateRequestContext: new Uint8Array(0),
    extensions: [extension(signatureAlgorithms, schemes)],
  });
  const messages = explainedMessages([...flightOfTls13.messages, { from: "server", type: "handshake", bytes }]);
  const parts = (fields: readonly MessageField[]): readonly MessageField[] =>
    fields.length > 1 && /^\d+$/.test(fields[0]?.name ?? "") ? fields : fields.flatMap((field) => parts(field.parts));
  return parts(messages.at(-1)?.fields ?? []);
}

test("a list is shown item by item up to the limit, and the rest of it in one", () => {
  expect(schemesOf(maxShownParts)).toHaveLength(maxShownParts);
  const fields = schemesOf(maxShownParts + 2);
  expect(fields).toHaveLength(maxShownParts + 1);
  const octets = concat(Uint8Array.of(maxShownParts >> 8, 0), Uint8Array.of(maxShownParts >> 8, 1));
  expect(fields.at(-1)).toEqual({ name: "and 2 more", octets, parts: [] });
});
