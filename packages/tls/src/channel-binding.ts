import { type Expectation, expectation } from "@tlskit/wire/arguments";

/** What binds authentication above a connection to it, by the names that IANA has. */
export type ChannelBindingType = "tls-exporter" | "tls-unique";

/** RFC 9266 §4: what is exported, with an empty context. */
export const channelBindings: Readonly<Record<"tls-exporter", { readonly label: string; readonly length: number }>> = {
  "tls-exporter": { label: "EXPORTER-Channel-Binding", length: 32 },
};

export const aChannelBindingType: Expectation = expectation(
  '"tls-exporter" or "tls-unique"',
  (value) => value === "tls-exporter" || value === "tls-unique",
);
