import type { Registered } from "@tlskit/ciphersuites";
import { available } from "./choices.ts";
import { bothOptions, connectOptions, decryptOptions, type Option, serveOptions } from "./options.ts";

/** Where what an option does stands, and how long a line is. */
const column = 29;
const width = 100;

/** What can be chosen by an option that takes names. */
const names: Readonly<Record<string, readonly string[]>> = {
  cipher: [
    ...listed(available.cipherSuites.map(allNames)),
    "or of TLS 1.2: unless they are named ECDHE with AES-GCM or ChaCha20-Poly1305 alone.",
    "All that there are: tlskit ciphers",
  ],
  group: listed(available.namedGroups.map(allNames)),
};

function optionHelp(options: Readonly<Record<string, Option>>): string {
  return Object.entries(options)
    .flatMap(([name, { short, argument, help: lines }]) => {
      const letter = short === undefined ? "" : `, -${short}`;
      const usage = `  --${name}${letter}${argument === undefined ? "" : ` ${argument}`}`;
      return [...lines, ...(names[name] ?? [])].map(
        (line, at) => `${(at === 0 ? usage : "").padEnd(column - 1)} ${line}`,
      );
    })
    .join("\n");
}

function allNames({ name, aliases = [] }: Registered): string {
  return [name, ...aliases].join(" or ");
}

/** In as many lines as it takes. */
function listed(entries: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const [at, entry] of entries.entries()) {
    const text = `${entry}${at === entries.length - 1 ? "" : ","}`;
    const longer = lines.length === 0 ? text : `${lines.at(-1)} ${text}`;
    if (lines.length > 0 && column + longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(text);
  }
  return lines;
}

/** What `tlskit --help` prints. */
export const help: string = `tlskit: TLS on the command line

tlskit connect HOST[:PORT]   opens a connection, verified, to port 443 unless told;
                             then stdin goes to the peer, and what it sends to stdout
${optionHelp(connectOptions)}

tlskit serve --port N        answers any HTTP request with what was negotiated
${optionHelp(serveOptions)}

Both:
${optionHelp(bothOptions)}

--alpn, --tls, --cipher and --group take lists, separated by commas, and may be repeated.

tlskit decrypt CAPTURE       tells what is in the TLS of a capture (pcap, pcapng): messages, alerts, plaintext
${optionHelp(decryptOptions)}

tlskit cert …                shows, verifies, makes, signs and converts certificates:
                             tlskit cert --help

tlskit ciphers               every cipher suite, with its version, IANA's and OpenSSL's name,
                             and whether it is used without being named

tlskit asn1 FILE             what a file is made of, whatever it is (PEM, DER or BER): each element with
                             its offset, the octets of its header and its contents, type and value.
                             Of what is malformed, what stands in front of the fault

Exit: 0; 1 for a failed handshake or connection, with the alert and the reason on stderr,
for a file that is malformed, and for a capture of which not everything could be decrypted;
2 for wrong usage.
`;
