import { fileURLToPath } from "node:url";
import { Relay } from "@tlskit/relay";
import { describe, expect, it } from "vitest";
import { help, readCommandLine } from "../src/command-line.ts";

const target = ["--target", "db.example:5432"];
const both = [...target, "--origin", "https://app.example"];
const noCertificate = fileURLToPath(import.meta.url);

describe("a command line", () => {
  it("has everything that may be said of a relay", () => {
    const numbers = ["max-connections", "idle-timeout", "connect-timeout", "max-message-length", "max-waiting"];
    const given = [
      ...["--target", "a.example:1", "--target", "b.example:2", "--origin", "https://a.example"],
      ...["--allow-without-origin", "--port", "0", "--host", "::"],
      ...numbers.flatMap((name, index) => [`--${name}`, String(index + 1)]),
    ];
    expect(readCommandLine(given)).toEqual({
      port: 0,
      host: "::",
      options: {
        targets: ["a.example:1", "b.example:2"],
        origins: ["https://a.example"],
        allowWithoutOrigin: true,
        cert: undefined,
        key: undefined,
        ...{ maxConnections: 1, idleTimeout: 2, connectTimeout: 3, maxMessageLength: 4, maxWaiting: 5 },
      },
    });
    for (const option of given.filter((word) => word.startsWith("--"))) expect(help).toContain(`  ${option} `);
  });

  it("listens where nobody else can reach it, unless told otherwise", () => {
    expect(readCommandLine(both)).toMatchObject({ host: "127.0.0.1", port: 8080 });
  });

  it.each<[string, readonly string[], RegExp]>([
    ["no target", ["--origin", "https://app.example"], /no --target/],
    ["no site", target, /no --origin/],
    ["a pattern for targets", ["--target", "*:1", "--allow-without-origin"], /"\*:1" is no target/],
    ["an option that there isn't", ["--targets", "db.example:1"], /--targets/],
    ["a word that is no option", [...both, "db.example:2"], /db\.example:2/],
    ["a number that is none", [...both, "--port", "1e3"], /--port is 1e3/],
    ["no connections", [...both, "--max-connections", "0"], /maxConnections is 0/],
    ["a key without a certificate", [...both, "--key", noCertificate], /cert and key/],
    ["a file that there isn't", [...both, "--cert", "/none", "--key", noCertificate], /\/none can't be read/],
    ["a certificate that is none", [...both, "--cert", noCertificate, "--key", noCertificate], /no block CERTIFICATE/],
  ])("is refused with %s, in a sentence that says so", (_, args, sentence) => {
    expect(() => new Relay(readCommandLine(args).options)).toThrow(sentence);
  });
});
