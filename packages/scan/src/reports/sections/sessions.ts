import { toHex } from "@tlskit/wire";
import type { EarlyDataFact, RenegotiationFact, ResumptionFact } from "../../facts.ts";
import { type Block, counted, field, sentence, yesOrNo } from "../block.ts";
import { secondsText } from "./seconds-text.ts";

export function resumptionBlocks({ psk, ticket, identifier, ticketKeyName }: ResumptionFact): readonly Block[] {
  const fields = [
    ...field(
      "TLS 1.3",
      psk && `${resumedText(psk.resumed)}, ${counted(psk.tickets, "ticket")}${lifetime(psk.lifetimeSeconds)}`,
    ),
    ...field("Tickets", ticket && `${resumedText(ticket.resumed)}${lifetime(ticket.lifetimeSeconds)}`),
    ...field("Session identifiers", identifier && resumedText(identifier.resumed)),
    ...field("Ticket key's name", ticketKeyName && toHex(ticketKeyName)),
  ];
  return fields.length === 0 ? [sentence("nothing to resume was given")] : [{ kind: "fields", fields }];
}

function resumedText(resumed: boolean): string {
  return resumed ? "resumed" : "not resumed";
}

function lifetime(seconds: number | undefined): string {
  return seconds === undefined ? "" : `, for ${secondsText(seconds)}`;
}

export function earlyDataBlocks({ maxSize, accepted, replayed }: EarlyDataFact): readonly Block[] {
  return [
    {
      kind: "fields",
      fields: [
        ...field("Allowed by tickets", maxSize === 0 ? "no" : `up to ${maxSize} octets`),
        ...field("Accepted", yesOrNo(accepted)),
        ...field("The same taken twice", replayed === undefined ? undefined : yesOrNo(replayed)),
      ],
    },
  ];
}

const renegotiations: Readonly<Record<RenegotiationFact["clientInitiated"], string>> = {
  refused: "refused",
  accepted: "accepted",
  closed: "the connection is closed",
};

export function renegotiationBlocks({ clientInitiated, times }: RenegotiationFact): readonly Block[] {
  return [
    {
      kind: "fields",
      fields: [
        ...field("Asked for by a client", renegotiations[clientInitiated]),
        ...field("Accepted in a row", clientInitiated === "accepted" ? counted(times, "time") : undefined),
      ],
    },
  ];
}
