import { Relay, type RelayOptions } from "@tlskit/relay";
import { maxCredit, maxCreditedMessage } from "@tlskit/web/relay-protocol";
import { describe, expect, it } from "vitest";

const options: RelayOptions = { targets: ["db.example:5432"], origins: ["https://app.example"] };
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a wrong argument", () => {
  it.each<[string, unknown]>([
    ["Relay", undefined],
    ["targets", { ...options, targets: undefined }],
    ["targets\\[0\\]", { ...options, targets: [1] }],
    ["origins", { ...options, origins: "https://app.example" }],
    ["allowWithoutOrigin", { ...options, allowWithoutOrigin: 1 }],
    ["authorize", { ...options, authorize: true }],
    ["cert", { ...options, cert: 1 }],
    ["key", { ...options, key: 1 }],
    ["maxConnections", { ...options, maxConnections: "1" }],
    ["idleTimeout", { ...options, idleTimeout: "1" }],
    ["connectTimeout", { ...options, connectTimeout: "1" }],
    ["maxMessageLength", { ...options, maxMessageLength: "1" }],
    ["maxWaiting", { ...options, maxWaiting: "1" }],
    ["told", { ...options, told: 1 }],
  ])("is named: %s", (name, wrong) => {
    expect(() => new Relay(given(wrong))).toThrow(
      expect.objectContaining({
        name: "TlsError",
        kind: "caller",
        code: "invalid_argument",
        message: expect.stringMatching(new RegExp(`^${name} is `)),
      }),
    );
  });

  it.each<[string, string, object]>([
    ["unknown_option", "an option that there isn't", { allowAll: true }],
    ["invalid_target", "a pattern for targets", { targets: ["*.example:5432"] }],
    ["invalid_target", "a target without a port", { targets: ["db.example"] }],
    ["invalid_origin", "a pattern for origins", { origins: ["*"] }],
    ["invalid_origin", "the origin of pages that have none", { origins: ["null"] }],
    ["invalid_origin", "an origin with a path", { origins: ["https://app.example/"] }],
    ["invalid_origin", "an origin with the scheme's own port", { origins: ["https://app.example:443"] }],
    ["invalid_origin", "a host", { origins: ["app.example"] }],
    ["out_of_range", "no connection", { maxConnections: 0 }],
    ["out_of_range", "more than a timer waits", { idleTimeout: 2 ** 31 }],
    ["out_of_range", "no time to connect", { connectTimeout: 0.5 }],
    ["out_of_range", "no message", { maxMessageLength: 0 }],
    ["out_of_range", "messages shorter than those of credits", { maxMessageLength: maxCreditedMessage - 1 }],
    ["out_of_range", "more room than there is credit", { maxWaiting: maxCredit + 1 }],
    ["out_of_range", "no room", { maxWaiting: 0 }],
    ["conflicting_options", "a certificate without a key", { cert: "-----BEGIN CERTIFICATE-----" }],
  ])("is %s: %s", (code, _, changes) => {
    expect(() => new Relay({ ...options, ...changes })).toThrow(expect.objectContaining({ kind: "caller", code }));
  });

  it.each(["http://localhost:8080", "https://app.example", "https://[::1]:8443", "chrome-extension://abcdef"])(
    "isn't the origin %s",
    (origin) => {
      expect(() => new Relay({ ...options, origins: [origin] })).not.toThrow();
    },
  );
});
