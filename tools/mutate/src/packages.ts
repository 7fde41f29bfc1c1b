/** Which tests are to notice what is broken in a package: its own, and those of what is built on it. */
export interface Mutated {
  readonly tests: readonly string[];
}

/** The same deterministic connections as in other tests, cut and delayed in many ways: slow, and about `tls`. */
const aboutTransport = ["splits", "late-provider", "in-memory"];

const ofTls = `packages/tls/test/!(${aboutTransport.join("|")}).test.ts`;

/** The packages whose checks guard what is secret, in order or limited. */
export const packages: Readonly<Record<string, Mutated>> = {
  record: { tests: ["packages/record/test/**/*.test.ts", ofTls] },
  keyschedule: {
    tests: [
      "packages/keyschedule/test/**/*.test.ts",
      "packages/handshake/test/**/*.test.ts",
      "packages/tls/test/{rfc8448,keying-material}.test.ts",
    ],
  },
  sessions: { tests: ["packages/sessions/test/**/*.test.ts"] },
  handshake: { tests: ["packages/handshake/test/**/*.test.ts", ofTls] },
};
