import { type Expectation, expectation } from "@tlskit/wire/arguments";

/** What binds authentication above a connection to it, by the names that IANA has. */
export type ChannelBindingType = "tls-exporter";

/** RFC 9266 §4: what is exported for each, with an empty context. */
export const channelBindings: Readonly<
  Record<ChannelBindingType, { readonly label: string; readonly length: number }>
> = { "tls-exporter": { label: "EXPORTER-Channel-Binding", length: 32 } };

export const aChannelBindingType: Expectation = expectation(
  '"tls-exporter"',
  (value) => typeof value === "string" && Object.hasOwn(channelBindings, value),
);
