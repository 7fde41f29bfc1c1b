/** Mutants that no test can notice, since they change nothing that anybody could see, and why. */
export interface Equivalent {
  readonly file: string;
  /** The line as it stands in the source, without its indentation. */
  readonly line: string;
  /** What of the line is replaced by what, as the report says it: `… → …`. */
  readonly changes: readonly string[];
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: "packages/record/src/nonces.ts",
    line: "nonce[i] = (nonce[i] ?? 0) ^ (rest % 256);",
    changes: ["nonce[i] ?? 0 → nonce[i]", "0 → 1"],
    why: "a number below 2^53 has seven bytes and an IV eight at least, so there is a byte; `??` is for the types",
  },
  {
    file: "packages/record/src/record-reader.ts",
    line: "const type = record[0] ?? 0;",
    changes: ["record[0] ?? 0 → record[0]", "0 → 1"],
    why: "a record that was taken has its header; `??` is for the types",
  },
  {
    file: "packages/handshake/src/client.ts",
    line: "const group = byCode(context.namedGroups, extensionIn(retry, selectedGroup) ?? 0);",
    changes: ["extensionIn(retry, selectedGroup) ?? 0 → extensionIn(retry, selectedGroup)", "0 → 1"],
    why: "no group has any of these for its code",
  },
  {
    file: "packages/handshake/src/client.ts",
    line: "if (protocol === undefined || chosen.length !== 1) {",
    changes: ["protocol === undefined → false"],
    why: "a list without a first entry has not the length 1 either; the comparison is for the types",
  },
  {
    file: "packages/handshake/src/client.ts",
    line: 'for (const entry of message.certificateList) checkResponses("certificate", entry, extensionCodes(offer.hello));',
    changes: ['"certificate" → ""'],
    why: "of what the client offers nothing has a place in a Certificate: all is refused in either case",
  },
  {
    file: "packages/handshake/src/server.ts",
    line: "if (host !== undefined && !/^[a-z0-9_]([a-z0-9_.-]{0,253}[a-z0-9_])?$/i.test(host)) {",
    changes: ["host !== undefined → true"],
    why: "the pattern is then tried on the word `undefined`, which could be a host",
  },
  ...[
    ["versions: extensionIn(hello, supportedVersions) ?? [],", "extensionIn(hello, supportedVersions)"],
    ["namedGroups: extensionIn(hello, supportedGroups) ?? [],", "extensionIn(hello, supportedGroups)"],
    ["signatureSchemes: extensionIn(hello, signatureAlgorithms) ?? [],", "extensionIn(hello, signatureAlgorithms)"],
    ["const groups = extensionIn(hello, supportedGroups) ?? [];", "extensionIn(hello, supportedGroups)"],
    ["const offered = extensionIn(hello, signatureAlgorithms) ?? [];", "extensionIn(hello, signatureAlgorithms)"],
    ["const shares = extensionIn(hello, clientShares) ?? [];", "extensionIn(hello, clientShares)"],
  ].map(([line = "", found = ""]) => ({
    file: "packages/handshake/src/server.ts",
    line,
    changes: [`${found} ?? [] → ${found}`, '[] → ["Stryker was here"]'],
    why: "checkClientHello has refused a hello without the extension; `??` is for the types",
  })),
  {
    file: "packages/handshake/src/server.ts",
    line: "return extensionIn(hello, clientShares)?.find((share) => share.group === group.code);",
    changes: ["extensionIn(hello, clientShares)?.find → extensionIn(hello, clientShares).find"],
    why: "checkClientHello has refused a hello without the extension; `?.` is for the types",
  },
  {
    file: "packages/handshake/src/server.ts",
    line: "extensions: hello.extensions?.filter(({ code }) => !changeable.includes(code)),",
    changes: ["hello.extensions?.filter → hello.extensions.filter"],
    why: "checkClientHello has refused a hello without extensions; `?.` is for the types",
  },
  {
    file: "packages/handshake/src/server.ts",
    line: "if (share === undefined || shares.length !== 1 || share.group !== group.code) {",
    changes: ["share === undefined → false"],
    why: "a list without a first entry has not the length 1 either; the comparison is for the types",
  },
];
