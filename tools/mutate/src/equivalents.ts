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
    file: "packages/handshake/src/offer.ts",
    line: "const group = byCode(context.namedGroups, extensionIn(retry, selectedGroup) ?? 0);",
    changes: ["extensionIn(retry, selectedGroup) ?? 0 → extensionIn(retry, selectedGroup)", "0 → 1"],
    why: "no group has any of these for its code",
  },
  {
    file: "packages/handshake/src/alpn.ts",
    line: "if (protocol === undefined || chosen.length !== 1) {",
    changes: ["protocol === undefined → false"],
    why: "a list without a first entry has not the length 1 either; the comparison is for the types",
  },
  {
    file: "packages/handshake/src/server-name.ts",
    line: "if (host !== undefined && !/^[a-z0-9_]([a-z0-9_.-]{0,253}[a-z0-9_])?$/i.test(host)) {",
    changes: ["host !== undefined → true"],
    why: "the pattern is then tried on the word `undefined`, which could be a host",
  },
  {
    file: "packages/handshake/src/tls13/server.ts",
    line: "if (share === undefined || shares.length !== 1 || share.group !== group.code) {",
    changes: ["share === undefined → false"],
    why: "a list without a first entry has not the length 1 either; the comparison is for the types",
  },
  {
    file: "packages/handshake/src/tls12/server-hello.ts",
    line: 'if ((ticket?.length ?? 0) > 0) throw decodeError("session_ticket in ServerHello is not empty");',
    changes: ["ticket?.length ?? 0 → ticket?.length"],
    why: "`undefined` isn't greater than 0 either; the other side is for the types",
  },
  {
    file: "packages/handshake/src/tls12/client-hello.ts",
    line: "if ((extensionIn(hello, renegotiationInfo)?.length ?? 0) > 0) {",
    changes: ["extensionIn(hello, renegotiationInfo)?.length ?? 0 → extensionIn(hello, renegotiationInfo)?.length"],
    why: "`undefined` isn't greater than 0 either; the other side is for the types",
  },
];
