import { aFunction, type Expectation, expectation, objectWith, optional } from "@tlskit/wire/arguments";
import type { SocketHandler } from "./handlers.ts";

export const aPort: Expectation = expectation(
  "a port, 0 to 65535",
  (value) => typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535,
);

const each: Record<keyof SocketHandler, Expectation> = {
  open: optional(aFunction),
  handshake: optional(aFunction),
  data: optional(aFunction),
  drain: optional(aFunction),
  end: optional(aFunction),
  error: optional(aFunction),
  close: optional(aFunction),
  connectError: optional(aFunction),
  timeout: optional(aFunction),
  session: optional(aFunction),
  earlyData: optional(aFunction),
  binaryType: optional(
    expectation('"buffer", "uint8array" or "arraybuffer"', (value) =>
      ["buffer", "uint8array", "arraybuffer"].some((name) => name === value),
    ),
  ),
};

const withThese = objectWith("an object of handlers", each);

/** What is told of sockets: a name that means nothing may have been meant to be one of these. */
export const aHandlerSet: Expectation = (value, name) => {
  const problem = withThese(value, name);
  if (problem !== undefined || typeof value !== "object" || value === null) return problem;
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(each, key));
  return unknown === undefined ? undefined : `${name} has a handler ${JSON.stringify(unknown)}, which nobody calls`;
};
