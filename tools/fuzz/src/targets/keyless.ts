import type { SignatureAlgorithm } from "@tlskit/crypto";
import { KeyClientConnection, KeyServer, type KeyServerConnection } from "@tlskit/keyless";
import { asciiBytes, concat, encode, toHex, uint16 } from "@tlskit/wire";
import { promise, type Target } from "../target.ts";
import { isPeersFault } from "./messages.ts";

const algorithms: readonly SignatureAlgorithm[] = ["ECDSA/P-256/SHA-256", "RSA-PSS/SHA-256", "RSA-PKCS1/SHA-256"];
const context = asciiBytes("TLS 1.3, server CertificateVerify");

/** What TLS servers sign, in hexadecimal digits: RFC 9846 §4.5.2, RFC 8422 §5.4. */
const serverSignatures = [
  new RegExp(`^(20){64}${toHex(context)}00([0-9a-f]{64}|[0-9a-f]{96})$`),
  /^[0-9a-f]{128}03(00174104[0-9a-f]{128}|00186104[0-9a-f]{192}|00198504[0-9a-f]{264}|001d20[0-9a-f]{64}|001e38[0-9a-f]{112})$/,
];

/** What was told of the end of a connection, as an exception. */
class Ending {
  error: unknown;
  readonly closed = (error: unknown): void => {
    this.error = error;
  };

  rethrow(): void {
    if (this.error !== undefined) throw this.error;
  }
}

function serverWith(
  signed: (algorithm: SignatureAlgorithm, message: Uint8Array) => void,
  bytes: (bytes: Uint8Array) => void,
  ending: Ending,
): KeyServerConnection<string> {
  const sign = (algorithm: SignatureAlgorithm, message: Uint8Array): Uint8Array => {
    signed(algorithm, message);
    return Uint8Array.of(1);
  };
  const signer = { algorithms, sign };
  const server = new KeyServer<string>({
    clock: () => 0,
    keys: {
      www: { signer, mayUse: () => true, forms: ["tls13", "tls12-ecdhe"] },
      new: { signer, mayUse: () => true },
      others: { signer, mayUse: () => false, forms: ["tls13", "tls12-ecdhe"] },
    },
  });
  return server.accept("fuzzer", { bytes, closed: ending.closed });
}

/** What a TLS server has signed in each version. */
function contents(): readonly Uint8Array[] {
  const hashes = [32, 48].map((length) =>
    concat(new Uint8Array(64).fill(0x20), context, Uint8Array.of(0), new Uint8Array(length).fill(7)),
  );
  const points = [
    [0x17, 65],
    [0x18, 97],
    [0x1d, 32],
  ].map(([curve = 0, length = 0]) =>
    concat(new Uint8Array(64).fill(1), Uint8Array.of(3, 0, curve, length), new Uint8Array(length).fill(4)),
  );
  return [...hashes, ...points];
}

/** What a client of ours sends for one request. */
function requestBytes(ask: (client: KeyClientConnection) => Promise<unknown>): Uint8Array {
  const sent: Uint8Array[] = [];
  const client = new KeyClientConnection(
    { clock: () => 0 },
    { bytes: (bytes) => sent.push(bytes), closed: () => undefined },
  );
  ask(client).catch(() => undefined);
  client.close();
  return concat(...sent);
}

function requests(): readonly Uint8Array[] {
  return [
    ...["www", "new", "others"].flatMap((key) =>
      contents().map((content) => requestBytes((client) => client.sign(key, "RSA-PSS/SHA-256", content))),
    ),
    requestBytes((client) => client.sign("www", "RSA-PKCS1/SHA-256", contents()[3] ?? new Uint8Array(0))),
    requestBytes((client) => client.algorithms("www")),
    requestBytes((client) => client.algorithms("nobody")),
  ];
}

const dictionary = [
  ...["www", "new", "others", ...algorithms].map((name) => concat(Uint8Array.of(name.length), asciiBytes(name))),
  ...[0x17, 0x18, 0x19, 0x1d, 0x1e].map((code) => concat(Uint8Array.of(3), encode(uint16, code))),
  asciiBytes("TLS 1.3, client CertificateVerify"),
  // what certificates and requests for them begin with
  Uint8Array.of(0x30, 0x81, 0x82, 0xa0, 0x03, 0x02, 0x01, 0x02),
  Uint8Array.of(0x30, 0x62, 0x02, 0x01, 0x00, 0x30, 0x00),
];

/** What a frontend sends to a key server. */
export const keyServerTarget: Target = {
  name: "key-server",
  what: "requests to a key server: nothing is signed but what a TLS server signs",
  maxLength: 4096,
  isRefusal: isPeersFault,
  dictionary,
  seeds: () => [...requests(), concat(...requests().slice(0, 4))],
  run(input) {
    const ending = new Ending();
    const signed = (algorithm: SignatureAlgorithm, message: Uint8Array): void => {
      const digits = toHex(message);
      const form = serverSignatures.findIndex((pattern) => pattern.test(digits));
      promise(form >= 0, "what is signed is what a TLS server signs");
      promise(form === 1 || algorithm !== "RSA-PKCS1/SHA-256", "in TLS 1.3, nothing is signed by PKCS#1 v1.5");
    };
    let answers = 0;
    const connection = serverWith(signed, () => (answers += 1), ending);
    connection.receive(input);
    promise(connection.unread === 0, "what is answered at once never waits");
    promise(answers <= input.length / 8, "there is no more than one answer to a message");
    ending.rethrow();
  },
};

/** What a key server sends to a frontend. */
export const keyClientTarget: Target = {
  name: "key-client",
  what: "answers of a key server, to two requests that are open",
  maxLength: 4096,
  isRefusal: isPeersFault,
  dictionary,
  seeds() {
    const sent: Uint8Array[] = [];
    const connection = serverWith(
      () => undefined,
      (bytes) => sent.push(bytes),
      new Ending(),
    );
    const [content = new Uint8Array(0)] = contents();
    connection.receive(requestBytes((client) => client.sign("www", "RSA-PSS/SHA-256", content)));
    connection.receive(requestBytes((client) => client.sign("others", "RSA-PSS/SHA-256", content)));
    connection.receive(requestBytes((client) => client.algorithms("www")));
    return [...sent, concat(...sent.slice(0, 1))];
  },
  run(input) {
    const ending = new Ending();
    const client = new KeyClientConnection({ clock: () => 0 }, { bytes: () => undefined, closed: ending.closed });
    const [content = new Uint8Array(0)] = contents();
    for (const asked of [client.sign("www", "RSA-PSS/SHA-256", content), client.algorithms("www")]) {
      asked.catch(() => undefined);
    }
    client.receive(input);
    ending.rethrow();
  },
};
