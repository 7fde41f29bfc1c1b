import type { Registered } from "@tlskit/ciphersuites";
import { available } from "./choices.ts";
import { listedInLines, optionHelp } from "./option-help.ts";
import { bothOptions, connectOptions, decryptOptions, serveOptions } from "./options.ts";

/** What can be chosen by an option that takes names. */
const names: Readonly<Record<string, readonly string[]>> = {
  cipher: [
    ...listedInLines(available.cipherSuites.map(allNames)),
    "or of TLS 1.2: unless they are named ECDHE with AES-GCM or ChaCha20-Poly1305 alone.",
    "All that there are: tlskit ciphers",
  ],
  group: listedInLines(available.namedGroups.map(allNames)),
};

function allNames({ name, aliases = [] }: Registered): string {
  return [name, ...aliases].join(" or ");
}

/** What `tlskit --help` prints. */
export const help: string = `tlskit: TLS on the command line

tlskit connect HOST[:PORT]   opens a connection, verified, to port 443 unless told;
                             then stdin goes to the peer, and what it sends to stdout
${optionHelp(connectOptions)}

tlskit serve --port N        answers any HTTP request with what was negotiated
${optionHelp(serveOptions)}

Both:
${optionHelp(bothOptions, names)}

--alpn, --tls, --cipher and --group take lists, separated by commas, and may be repeated.

tlskit decrypt CAPTURE       tells what is in the TLS of a capture (pcap, pcapng): messages, alerts, plaintext
${optionHelp(decryptOptions)}

tlskit scan HOST[:PORT]…     tells what a server's TLS is, and what is wrong with it:
                             tlskit scan --help

tlskit cert …                shows, verifies, makes, signs and converts certificates:
                             tlskit cert --help

tlskit ciphers               every cipher suite, with its version, IANA's and OpenSSL's name,
                             and whether it is used without being named

tlskit asn1 FILE             what a file is made of, whatever it is (PEM, DER or BER): each element with
                             its offset, the octets of its header and its contents, type and value.
                             Of what is malformed, what stands in front of the fault

Exit: 0; 1 for a failed handshake or connection, with the alert and the reason on stderr,
for a file that is malformed, and for a capture of which not everything could be decrypted;
2 for wrong usage. scan and cert say their own.
`;
