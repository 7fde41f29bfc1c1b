/** Wrong usage: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `tlskit --help` prints. */
export const help: string = `tlskit: TLS on the command line

tlskit connect HOST[:PORT]   opens a connection, verified, to port 443 unless told;
                             then stdin goes to the peer, and what it sends to stdout
  --servername NAME          the name that the server must prove, if it isn't HOST
  --ca FILE                  trust these certificates (PEM) instead of the system's
  --http PATH                send one GET, print the response
  --json                     one JSON object, on one line of stderr, when the handshake is done

tlskit serve --port N        answers any HTTP request with what was negotiated
  --host ADDRESS             127.0.0.1 unless told
  --cert FILE --key FILE     PEM; without them a CA and a leaf for localhost are made,
                             whose keys stay in memory
  --echo                     echo instead of HTTP

Both:
  --alpn a,b                 application protocols, best first
  --cipher NAME              cipher suites, best first, by IANA's or OpenSSL's names
  --group NAME               groups, best first: X25519MLKEM768, x25519 or X25519,
                             secp256r1 or P-256, secp384r1 or P-384, secp521r1 or P-521
  --keylog FILE              append the secrets (NSS key log): whoever has them reads the traffic
  --timeout SECONDS          for the handshake: 30 unless told. serve also closes connections
                             that then bring no request (with --echo, no byte) for so long
  --trace                    print each handshake message, field by field, on stderr

--alpn, --cipher and --group take lists, separated by commas, and may be repeated.

tlskit cert …                shows, verifies, makes, signs and converts certificates:
                             tlskit cert --help

tlskit asn1 FILE             what a file is made of, whatever it is (PEM, DER or BER): each element with
                             its offset, the octets of its header and its contents, type and value.
                             Of what is malformed, what stands in front of the fault

Exit: 0; 1 for a failed handshake or connection, with the alert and the reason on stderr,
and for a file that is malformed; 2 for wrong usage. There is no resumption yet: resumed and earlyData in --json are false.
`;
