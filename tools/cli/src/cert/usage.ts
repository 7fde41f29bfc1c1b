/** What `tlskit cert --help` prints. */
export const certHelp: string = `tlskit cert: certificates on the command line

tlskit cert show FILE|HOST[:PORT]
                         what certificates say, and what is wrong with them or about to be:
                         those of a file (PEM, DER or PKCS#7), or those that a server shows
  --json                 one JSON object

tlskit cert verify LEAF  whether a certificate is valid: the path found, or every reason against it.
                         Further certificates of the file count as intermediates
  --intermediates FILE   certificates that may lie in between, in any order; may be repeated
  --ca FILE              trust these certificates instead of the system's; may be repeated
  --hostname NAME        whom it must name: a host or an IP address
  --purpose PURPOSE      server (unless told), client or any
  --at TIME              2026-11-24, or 2026-11-24T09:00:00Z; now unless told
  --crl FILE             a CRL (PEM or DER); may be repeated. With --crl or --ocsp the certificate
  --ocsp FILE            itself must be known to be good, and none of its issuers revoked;
                         --ocsp is an OCSP response (DER)
  --explain              also every path that was tried, and why it doesn't do
  --json                 one JSON object

tlskit cert create       a CA of one's own for local development, if there is none yet, and with
                         --host a certificate by it. Trusting the CA is up to you
  --ca DIR               where ca.pem and ca-key.pem are, or will be; --out unless told
  --host a,b             host names (*.test too), IP and mail addresses; may be repeated
  --client               for a client instead of a server
  --key KIND             ec (P-256, unless told), rsa (2048 bits) or ed25519
  --days N               90 unless told, for a CA alone 3650
  --out DIR              where NAME.pem and NAME-key.pem go; here unless told
  --force                write over files that are there

tlskit cert csr          a private key, and a request for a certificate
  --host, --client, --key, --out, --force   as above: NAME.csr and NAME-key.pem
  --key-file FILE        the key to use (PEM) instead of a new one

tlskit cert sign REQUEST a certificate for a request (PEM or DER), by a CA as create makes it
  --ca DIR               where ca.pem and ca-key.pem are
  --host a,b             these names instead of those that the request asks for
  --client, --days N     as above
  --out FILE             stdout unless told
  --force                write over it

tlskit cert convert FILE certificates and keys (PEM, DER, PKCS#7, PKCS#12, JWK)
                         in another form
  --to FORM              pem, der, pkcs12 or jwk
  --with FILE            more to go in, such as the key or the chain; may be repeated
  --password-file FILE   the password of what is read: the first line of a file,
  --password-env NAME    or a variable of the environment. --password TEXT works and warns:
                         everybody on the machine can read a command line
  --out-password-file FILE, --out-password-env NAME
                         likewise: the password that protects what is written. --out-password TEXT warns
  --out FILE             stdout unless told
  --force                write over it

Where DER is read, BER is too; certificates and CRLs may come in PKCS#7 (.p7b).
Files with private keys are readable by their owner alone (mode 0600).

Of several certificates or CRLs in a file, those that can't be read are passed over, and told
on stderr; only a LEAF has to be readable.

Exit: 0; 1 for a certificate that isn't valid, a file that is malformed, whatever it was to be,
or a wrong password; 2 for wrong usage, such as an option's file with nothing of its kind in it.
`;
