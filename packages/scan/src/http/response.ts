/** The head of a response: HTTP/1.0 or 1.1. */
export interface ResponseHead {
  readonly status: number;
  /** In the order in which they came: names in small letters, values as they are, each octet a character. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** What the beginning of a server's data is. */
export type Response = "incomplete" | "not HTTP" | ResponseHead;

/**
 * RFC 9112 §2.1, §4, §5: reads the head of a response, the final one behind those that only announce it (1xx). What is
 * behind it isn't looked at, and lines that are no fields are passed over: browsers do so too.
 * @param data as much as there is, from the first octet on
 */
export function responseIn(data: Uint8Array): Response {
  for (let from = 0; ; ) {
    const beginning = latin1(data.subarray(from, from + start.length));
    if (!start.startsWith(beginning)) return "not HTTP";
    const end = endOfHead(data, from);
    if (end === undefined) return "incomplete";
    const [statusLine = "", ...lines] = latin1(data.subarray(from, end)).split(/\r?\n/);
    const status = /^HTTP\/1\.[0-9] ([1-9][0-9]{2})(?: |$)/.exec(statusLine)?.[1];
    if (status === undefined) return "not HTTP";
    // RFC 9110 §15.2
    if (!status.startsWith("1")) return { status: Number(status), fields: lines.flatMap(fieldIn) };
    from = end;
  }
}

const start = "HTTP/1.";
const [lineFeed, carriageReturn] = [10, 13];

/** Where the empty line ends that ends a head; nothing if it hasn't come. */
function endOfHead(data: Uint8Array, from: number): number | undefined {
  for (let at = data.indexOf(lineFeed, from); at >= 0; at = data.indexOf(lineFeed, at + 1)) {
    const next = data[at + 1] === carriageReturn ? at + 2 : at + 1;
    if (data[next] === lineFeed) return next + 1;
  }
  return undefined;
}

/** The values of a field, one for each time that it came. */
export function valuesOf({ fields }: ResponseHead, name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map(({ value }) => value);
}

function fieldIn(line: string): ResponseHead["fields"] {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(0, colon));
  // RFC 9110 §5.1, §5.6.2
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return [];
  return [{ name: name.toLowerCase(), value: line.slice(colon + 1).trim() }];
}

/** Each octet is a character: RFC 9110 §5.5 leaves it to nobody to say which. */
function latin1(bytes: Uint8Array): string {
  // In pieces, since a call has room for so many arguments only.
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 4_096) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 4_096)));
  }
  return pieces.join("");
}
