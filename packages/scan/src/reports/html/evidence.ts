import { toHex } from "@tlskit/wire";
import type { Evidence } from "../../facts.ts";
import { counted } from "../block.ts";
import { type ExplainedMessage, explainedMessages, type MessageField } from "../explained-messages.ts";
import { html, Markup } from "./markup.ts";

/** The messages that something was seen in, field by field. */
export function evidenceMarkup(evidence: readonly Evidence[]): Markup | undefined {
  if (evidence.length === 0) return undefined;
  return html`<details class="evidence"><summary>Evidence: ${counted(evidence.length, "exchange")}</summary>
${evidence.map(exchangeMarkup)}</details>`;
}

function exchangeMarkup({ about, messages }: Evidence): Markup {
  return html`<p class="exchange">${about}</p>
${explainedMessages(messages).map(messageMarkup)}`;
}

function messageMarkup({ from, name, octets, fields }: ExplainedMessage): Markup {
  const sender = from === "client" ? "→" : "←";
  return html`<details class="message"><summary>${sender} ${name}, ${counted(octets.length, "octet")}</summary>
${fields.length === 0 ? html`<p class="octets">${digits(octets)}</p>` : fieldsMarkup(fields)}</details>
`;
}

function fieldsMarkup(fields: readonly MessageField[]): Markup {
  return html`<ul>${fields.map(
    ({ name, meaning, octets, parts }) =>
      html`<li>${name}${octets.length === 0 ? undefined : html` <span class="octets">${digits(octets)}</span>`}${
        meaning === undefined ? undefined : html` <span class="meaning">${meaning}</span>`
      }${parts.length === 0 ? undefined : fieldsMarkup(parts)}</li>
`,
  )}</ul>`;
}

/** Hexadecimal digits have nothing to escape, and a message may be longer than texts are shown. */
function digits(octets: Uint8Array): Markup {
  return new Markup(toHex(octets));
}
