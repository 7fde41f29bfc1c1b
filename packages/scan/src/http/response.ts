/** The head of a response: HTTP/1.0 or 1.1. */
export interface ResponseHead {
  readonly status: number;
  /** In the order in which they came: names in small letters, values as they are, each octet a character. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** What the beginning of a server's data is. */
export type Response = "incomplete" | "not HTTP" | ResponseHead;

/** What is said by {@link ResponseReader} of all data at once. */
export function responseIn(data: Uint8Array): Response {
  return new ResponseReader().read(data);
}

/**
 * RFC 9112 §2.1, §4, §5: reads the head of a response, the final one behind those that only announce it (1xx). What is
 * behind it isn't looked at, and lines that are no fields are passed over: browsers do so too. What was looked at before isn't
 * again when more comes, so that whoever sends octet by octet gives no work that grows with its square.
 */
export class ResponseReader {
  /** Where the head begins that isn't whole yet. */
  #from = 0;
  /** Where to go on looking for its end: nothing before it is one. */
  #searched = 0;

  /** @param data as much as there is, from the first octet on: what was there the last time, and perhaps more */
  read(data: Uint8Array): Response {
    for (;;) {
      const beginning = latin1(data.subarray(this.#from, this.#from + start.length));
      if (!start.startsWith(beginning)) return "not HTTP";
      const end = this.#endOfHead(data);
      if (end === undefined) return "incomplete";
      const [statusLine = "", ...lines] = latin1(data.subarray(this.#from, end)).split(/\r?\n/);
      const status = /^HTTP\/1\.[0-9] ([1-9][0-9]{2})(?: |$)/.exec(statusLine)?.[1];
      if (status === undefined) return "not HTTP";
      // RFC 9110 §15.2
      if (!status.startsWith("1")) return { status: Number(status), fields: lines.flatMap(fieldIn) };
      this.#from = this.#searched = end;
    }
  }

  /** Where the empty line ends that ends a head; nothing if it hasn't come. */
  #endOfHead(data: Uint8Array): number | undefined {
    for (;;) {
      const at = data.indexOf(lineFeed, this.#searched);
      const next = data[at + 1] === carriageReturn ? at + 2 : at + 1;
      if (at >= 0 && data[next] === lineFeed) return next + 1;
      // What comes behind this line's end may yet be an empty line.
      if (at < 0 || next >= data.length) {
        this.#searched = at < 0 ? data.length : at;
        return undefined;
      }
      this.#searched = at + 1;
    }
  }
}

const start = "HTTP/1.";
const [lineFeed, carriageReturn] = [10, 13];

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
